//! Whatever an institution says: amounts come back digit by digit, no cell breaks a row, no text a document.

use crate::fixtures::{account, export, line};
use connections::view::{AccountKind, TransactionView};
use export::{Export, Format};
use proptest::prelude::*;

fn amounts() -> impl Strategy<Value = String> {
    "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,8})?"
}

fn lines() -> impl Strategy<Value = Vec<TransactionView>> {
    let category = proptest::option::of(any::<String>());
    let one = (0..3000i32, any::<String>(), amounts(), category, any::<bool>());
    let one = one.prop_map(|(day, description, amount, category, pending)| {
        let date = jiff::civil::date(2020, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
        TransactionView { category, pending, ..line("", &date.to_string(), &description, &amount) }
    });
    proptest::collection::vec(one, 0..12).prop_map(|mut all| {
        for (number, one) in all.iter_mut().enumerate() {
            one.id = number.to_string();
        }
        all
    })
}

fn made(lines: Vec<TransactionView>, name: String) -> Export {
    let mut account = account("a", AccountKind::Checking, Some("1.00"));
    account.account.name = name;
    export(vec![(account, lines)])
}

proptest! {
    #[test]
    fn csv_comes_back(lines in lines(), name in any::<String>()) {
        let export = made(lines, name);
        let text = Format::Csv.write(&export).text;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let expected = &export.statements[0].transactions;
        prop_assert_eq!(rows.len(), expected.len());
        for (row, one) in rows.iter().zip(expected) {
            prop_assert_eq!(&row[2], one.amount.as_deref().unwrap());
            prop_assert_eq!(&row[12], one.id.as_str());
            let said = row[1].strip_prefix('\'').filter(|rest| *rest == one.description).unwrap_or(&row[1]);
            prop_assert_eq!(said, one.description.as_str());
            for cell in [&row[1], &row[4], &row[7]] {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", cell);
            }
        }
    }

    #[test]
    fn json_comes_back(lines in lines(), name in any::<String>()) {
        let export = made(lines, name);
        let value: serde_json::Value = serde_json::from_str(&Format::Json.write(&export).text).unwrap();
        let back = value["accounts"][0]["transactions"].as_array().unwrap();
        for (row, one) in back.iter().zip(&export.statements[0].transactions) {
            prop_assert_eq!(row["amount"].as_str(), one.amount.as_deref());
            prop_assert_eq!(row["description"].as_str().unwrap(), &one.description);
        }
    }

    #[test]
    fn ofx_has_an_element_for_each_and_no_more(lines in lines(), name in any::<String>()) {
        let export = made(lines, name);
        for format in [Format::Ofx, Format::OfxSgml] {
            let written = format.write(&export);
            prop_assert_eq!(written.text.matches("<STMTTRN>").count(), written.transactions);
            prop_assert_eq!(written.transactions + written.left_out, export.statements[0].transactions.len());
            let mut amounts: Vec<&str> = written.text.split("<TRNAMT>").skip(1).map(|part| part.split(['<', '\n']).next().unwrap()).collect();
            let booked = export.statements[0].transactions.iter().filter(|one| !one.pending);
            let mut expected: Vec<&str> = booked.map(|one| one.amount.as_deref().unwrap()).collect();
            amounts.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(amounts, expected);
        }
    }
}
