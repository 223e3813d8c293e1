//! CSV, read back by a reader.

use crate::fixtures::usual;
use export::Format;

fn read(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
}

#[test]
fn each_transaction_is_a_row_and_nothing_can_break_it() {
    let written = Format::Csv.write(&usual());
    assert_eq!((written.accounts, written.transactions, written.left_out), (3, 6, 0));
    let rows = read(&written.text);
    assert_eq!(rows.len(), 7);
    assert_eq!(rows[0][..3], ["date", "description", "amount"]);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert!(written.text.ends_with("\r\n"));
    let quoted = rows.iter().find(|row| row[12] == "t-3").unwrap();
    assert!(quoted[1].contains("\"Bom\"\r\nlinha"), "a line end in a cell stays in the cell");
}

#[test]
fn a_formula_is_a_text_and_a_negative_number_is_a_number() {
    let rows = read(&Format::Csv.write(&usual()).text);
    let risky = rows.iter().find(|row| row[12] == "t-2").unwrap();
    assert_eq!(risky[1], "'=HYPERLINK(\"http://evil\")");
    assert_eq!(risky[2], "-12.30");
    for beginning in ["=1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1"] {
        let mut export = usual();
        export.statements[0].account.account.name = beginning.to_owned();
        export.statements[0].transactions[0].amount = Some(beginning.to_owned());
        let rows = read(&Format::Csv.write(&export).text);
        let refused = |cell: &str| cell == format!("'{beginning}");
        assert!(rows.iter().any(|row| refused(&row[7])), "{beginning:?}");
        assert!(rows.iter().any(|row| refused(&row[2])), "{beginning:?} is no number");
    }
}

#[test]
fn accounts_are_rows_of_their_own_and_a_debt_is_negative() {
    let written = Format::CsvAccounts.write(&usual());
    let rows = read(&written.text);
    assert_eq!(rows.len(), 4);
    let card = rows.iter().find(|row| row[2] == "creditCard").unwrap();
    assert_eq!((card[5].as_str(), card[6].as_str(), card[7].as_str()), ("-899.50", "BRL", "5000.00"));
}
