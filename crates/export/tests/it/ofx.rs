//! OFX, by the rules of the specification. That others read it is in `tests/tests/peers/ofx.rs`.

use crate::fixtures::{account, export, line, usual};
use connections::view::AccountKind;
use export::Format;

/// What lies between the tags of the first such element.
fn value<'a>(text: &'a str, name: &str) -> &'a str {
    let from = text.split_once(&format!("<{name}>")).unwrap().1;
    from.split('<').next().unwrap().trim_end()
}

#[test]
fn accounts_and_cards_have_their_own_message_sets() {
    for format in [Format::Ofx, Format::OfxSgml] {
        let written = format.write(&usual());
        assert_eq!((written.accounts, written.transactions, written.left_out), (3, 4, 2), "{format:?}");
        let text = &written.text;
        assert_eq!(text.matches("<STMTTRNRS>").count(), 2);
        assert_eq!(text.matches("<CCSTMTTRNRS>").count(), 1);
        let (banks, cards) = text.split_once("<CREDITCARDMSGSRSV1>").unwrap();
        assert!(banks.contains("<BANKACCTFROM>") && !banks.contains("<CCACCTFROM>"));
        assert_eq!(value(cards, "BALAMT"), "-899.50", "what is owed is negative");
        assert_eq!(value(banks, "CURDEF"), "BRL");
        assert_eq!(value(banks, "DTSTART"), "20261102120000[0:GMT]");
        assert!(value(banks, "ACCTID").len() <= 22);
    }
}

#[test]
fn what_an_institution_says_closes_no_element() {
    let text = Format::Ofx.write(&usual()).text;
    assert!(text.contains("Mercado \"Bom\"  linha dois &amp; mais"), "{text}");
    assert!(!text.contains("<aqui>") && text.contains("&lt;aqui&gt;"));
    let forged = line("t", "2026-11-01", "</NAME><TRNAMT>999", "-1.00");
    let text =
        Format::OfxSgml.write(&export(vec![(account("a", AccountKind::Checking, None), vec![forged])])).text;
    assert_eq!(text.matches("<TRNAMT>").count(), 1);
}

#[test]
fn identifiers_are_the_same_in_each_export_and_apart_from_each_other() {
    let one = Format::Ofx.write(&usual()).text;
    let later = export::Export { made_at: "2027-01-01T00:00:00Z".parse().unwrap(), ..usual() };
    let two = Format::Ofx.write(&later).text;
    let ids = |text: &str, name: &str| -> Vec<String> {
        text.split(&format!("<{name}>"))
            .skip(1)
            .map(|part| part.split('<').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&one, "FITID"), ids(&two, "FITID"));
    assert_eq!(ids(&one, "ACCTID"), ids(&two, "ACCTID"));
    let mut accounts = ids(&one, "ACCTID");
    accounts.dedup();
    assert_eq!(accounts.len(), 3);
    let long = |end: &str| line(&format!("{}{end}", "x".repeat(300)), "2026-11-01", "a", "1");
    let checking = account("a", AccountKind::Checking, None);
    let text = Format::Ofx.write(&export(vec![(checking, vec![long("1"), long("2")])])).text;
    let fit = ids(&text, "FITID");
    assert!(fit[0] != fit[1] && fit.iter().all(|id| id.len() <= 255));
}
