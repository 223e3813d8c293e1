//! What is read from whole answers, in the shapes of the API's own types.

use crate::fixtures::{ACCOUNT, ITEM, connector, connector_json, item, item_json, json_answer, later, now};
use jiff::civil::date;
use pluggy::{
    AccountKind, AccountSubtype, Amount, ConnectorType, HealthStatus, InvestmentStatus, Item, LoanKind,
    Masked, Product, TransactionDirection, TransactionStatus, UserActionKind, judge_accounts, judge_bills,
    judge_connector, judge_consents, judge_identity, judge_investments, judge_item, judge_loans,
    judge_transactions,
};
use serde_json::{Value, json};
use web::Response;

fn list(element: &Value) -> Response {
    json_answer(200, &json!({ "results": [element], "page": 1, "total": 1, "totalPages": 1 }))
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn account_json() -> Value {
    json!({
        "id": ACCOUNT, "itemId": ITEM, "type": "BANK", "subtype": "CHECKING_ACCOUNT", "number": "0001/12345-6",
        "balance": 120_950.07, "name": "Conta Corrente", "marketingName": "CONTA IPÊ+", "owner": "Ana Lúcia de Souza",
        "taxNumber": "416.799.495-00", "currencyCode": "BRL",
        "bankData": {
            "transferNumber": "999/0001/12345-6", "closingBalance": 120_950.07, "automaticallyInvestedBalance": 0,
            "overdraftContractedLimit": null, "overdraftUsedLimit": null, "unarrangedOverdraftAmount": null,
            "hasReservedBalance": true,
            "reservedBalances": [{ "name": "Férias", "identification": "r-1", "availableAmounts": [{ "amount": 10.1, "currencyCode": "BRL" }, { "amount": "0.20" }] }]
        },
        "creditData": null
    })
}

#[test]
fn a_connector_is_read() {
    let connector = connector(json!({}));
    assert_eq!(
        (connector.id, connector.name.as_deref(), connector.country.as_deref()),
        (600, Some("Banco Ipê"), Some("BR"))
    );
    assert_eq!(connector.kind, Some(ConnectorType::PersonalBank));
    assert_eq!(connector.primary_color.as_deref(), Some("1a7f37"));
    assert!(connector.oauth && connector.is_open_finance && !connector.is_sandbox && !connector.has_mfa);
    let health = connector.health.unwrap();
    assert_eq!((health.status, health.is_beta, health.message), (HealthStatus::Online, false, None));
    assert_eq!(connector.products.len(), 5);
    assert_eq!(connector.fields[0].name, "cpf");
}

#[test]
fn colors_have_six_digits() {
    for (sent, read) in [
        (json!("#CC092F"), Some("cc092f")),
        (json!("cc092f"), Some("cc092f")),
        (json!("red;background:url(x)"), None),
        (json!("fff"), None),
        (json!(null), None),
    ] {
        assert_eq!(connector(json!({ "primaryColor": sent })).primary_color.as_deref(), read, "{sent}");
    }
}

#[test]
fn links_lead_to_pages_only() {
    for (sent, kept) in [
        ("https://www.bancoipe.example/senha", true),
        ("http://www.bancoipe.example/", true),
        ("javascript:alert(1)", false),
        ("JaVaScRiPt:alert(1)", false),
        ("data:text/html,<script>", false),
        ("file:///etc/passwd", false),
        ("//www.bancoipe.example", false),
        ("https://ana:senha@bancoipe.example", false),
        ("", false),
    ] {
        let connector =
            connector(json!({ "institutionUrl": sent, "imageUrl": sent, "resetPasswordUrl": sent }));
        let links = [connector.institution_url, connector.image_url, connector.reset_password_url];
        assert!(links.iter().all(|link| link.is_some() == kept), "{sent}");
    }
}

#[test]
fn new_words_survive() {
    let connector = connector(json!({
        "type": "CRYPTO_BANK", "products": ["ACCOUNTS", "PENSIONS", 7, null],
        "health": { "status": "SLEEPY", "stage": "BETA", "details": { "error": "Lento" } }
    }));
    assert_eq!(connector.kind, Some(ConnectorType::Other("CRYPTO_BANK".to_owned())));
    assert_eq!(connector.products, [Product::Accounts, Product::Other("PENSIONS".to_owned())]);
    let health = connector.health.clone().unwrap();
    assert_eq!(health.status, HealthStatus::Other("SLEEPY".to_owned()));
    assert_eq!((health.is_beta, health.message.as_deref()), (true, Some("Lento")));
    let stored = serde_json::to_string(&connector).unwrap();
    assert_eq!(serde_json::from_str::<pluggy::Connector>(&stored).unwrap(), connector);
}

#[test]
fn an_item_is_read() {
    let item = item(json!({
        "status": "WAITING_USER_ACTION", "executionStatus": "WAITING_USER_ACTION",
        "consentExpiresAt": "2027-11-21T12:00:00Z", "consecutiveFailedLoginAttempts": 2,
        "userAction": {
            "type": "authorize-access", "instructions": "Autorize no app", "expiresAt": "2026-11-21T12:10:00.000Z",
            "attributes": { "url": "https://auth.bancoipe.example/1?CANARY", "n": 7 }
        },
        "error": { "code": "ACCOUNT_NEEDS_ACTION", "message": "m", "providerMessage": "Senha vencida", "attributes": { "a": "b" } }
    }));
    assert_eq!((item.id.as_str(), item.client_user_id.as_deref()), (ITEM, Some("familia-souza")));
    assert_eq!(item.connector.as_ref().map(|connector| connector.id), Some(600));
    assert_eq!(item.consent_expires_at, Some(later(365 * 24 * 3_600)));
    assert_eq!(item.consecutive_failed_login_attempts, 2);
    let action = item.user_action.as_ref().unwrap();
    assert_eq!(
        (action.kind.clone(), action.expires_at),
        (Some(UserActionKind::AuthorizeAccess), Some(later(600)))
    );
    assert_eq!(action.attributes.keys().collect::<Vec<_>>(), ["url"]);
    assert_eq!(item.error.as_ref().unwrap().provider_message.as_deref(), Some("Senha vencida"));
    assert!(!format!("{item:?}").contains("CANARY"), "whoever has the address may approve");
    let stored = serde_json::to_string(&item).unwrap();
    assert_eq!(serde_json::from_str::<Item>(&stored).unwrap(), item);
}

#[test]
fn null_may_stand_everywhere_but_in_identifiers() {
    let emptied = |value: Value| {
        let Value::Object(members) = value else { panic!() };
        let empty = members.into_iter().map(|(name, value)| {
            let kept = name == "id";
            (name, if kept { value } else { Value::Null })
        });
        Value::Object(empty.collect())
    };
    let item = judge_item(&json_answer(200, &emptied(item_json())), now()).unwrap();
    assert_eq!((item.id.as_str(), item.status, item.connector), (ITEM, None, None));
    let connector = judge_connector(&json_answer(200, &emptied(connector_json())), now()).unwrap();
    assert_eq!((connector.id, connector.name, connector.fields.len()), (600, None, 0));
    let accounts = judge_accounts(&list(&emptied(account_json())), now()).unwrap();
    assert_eq!((accounts.skipped, accounts.results[0].balance), (0, None));
    let bare = list(&json!({ "id": "x" }));
    assert_eq!(judge_transactions(&bare, now()).unwrap().results[0].status, TransactionStatus::Posted);
    assert_eq!(judge_investments(&bare, now()).unwrap().results.len(), 1);
    assert_eq!(judge_loans(&bare, now()).unwrap().results.len(), 1);
    assert_eq!(judge_consents(&bare, now()).unwrap().results.len(), 1);
    assert_eq!(judge_bills(&bare, now()).unwrap().results.len(), 1);
    assert!(judge_identity(&json_answer(200, &json!({ "id": "x" })), now()).unwrap().emails.is_empty());
}

#[test]
fn an_account_is_read_and_masked() {
    let account = judge_accounts(&list(&account_json()), now()).unwrap().results.remove(0);
    assert_eq!(
        (account.kind.clone(), account.subtype.clone()),
        (Some(AccountKind::Bank), Some(AccountSubtype::Checking))
    );
    assert_eq!((account.balance, account.currency.as_deref()), (Some(amount("120950.07")), Some("BRL")));
    let bank = account.bank_data.as_ref().unwrap();
    assert_eq!((bank.closing_balance, bank.overdraft_used_limit), (Some(amount("120950.07")), None));
    assert_eq!(bank.reserved_balances[0].amounts, [amount("10.1"), amount("0.20")]);
    let (number, document) = (account.number.as_ref().unwrap(), account.tax_number.as_ref().unwrap());
    assert_eq!((number.whole(), number.to_string()), ("0001/12345-6", "••••45-6".to_owned()));
    assert_eq!(document.to_string(), "••••5-00");
    let printed = format!("{account:?}");
    assert!(!printed.contains("12345") && !printed.contains("416.799"), "{printed}");
    let stored = serde_json::to_value(&account).unwrap();
    assert_eq!((&stored["balance"], &stored["number"]), (&json!("120950.07"), &json!("0001/12345-6")));
    assert_eq!(serde_json::from_value::<pluggy::Account>(stored).unwrap(), account);
}

#[test]
fn a_mask_never_shows_the_most_of_it() {
    for (whole, shown) in
        [("", "••••"), ("1", "••••1"), ("1234", "••••34"), ("1234567", "••••67"), ("12345678", "••••5678")]
    {
        assert_eq!(Masked::new(whole.to_owned()).to_string(), shown);
    }
}

#[test]
fn a_card_is_read() {
    let card = json!({
        "id": "c-1", "type": "CREDIT", "subtype": "CREDIT_CARD", "number": "4321", "balance": "1.50", "currencyCode": "BRL",
        "creditData": {
            "level": "PLATINUM", "brand": "MASTERCARD", "balanceCloseDate": "2026-12-01T03:00:00.000Z",
            "balanceDueDate": "2026-12-10", "availableCreditLimit": 200_000, "balanceForeignCurrency": 0,
            "minimumPayment": 16_190.18, "creditLimit": 300_000, "isLimitFlexible": false, "status": "ACTIVE", "holderType": "MAIN"
        }
    });
    let card = judge_accounts(&list(&card), now()).unwrap().results.remove(0);
    assert_eq!((card.kind, card.balance), (Some(AccountKind::Credit), Some(amount("1.50"))));
    let credit = card.credit_data.unwrap();
    assert_eq!(
        (credit.balance_close_date, credit.balance_due_date),
        (Some(date(2026, 12, 1)), Some(date(2026, 12, 10)))
    );
    assert_eq!(
        (credit.minimum_payment, credit.credit_limit),
        (Some(amount("16190.18")), Some(amount("300000")))
    );
}

#[test]
fn amounts_are_exact() {
    for (sent, read) in [
        ("0.1", Some("0.1")),
        ("120950.07", Some("120950.07")),
        ("-0.10", Some("-0.10")),
        ("9007199254740993", Some("9007199254740993")),
        ("1234567890123456789012345.678", Some("1234567890123456789012345.678")),
        ("1e3", Some("1000")),
        ("1.5E-2", Some("0.015")),
        ("-1.5e-1", Some("-0.15")),
        ("12.345e1", Some("123.45")),
        ("12.345e+3", Some("12345")),
        ("0e0", Some("0")),
        ("\"1e1e1\"", None),
        ("\"e5\"", None),
        ("\"-e5\"", None),
        ("\"1-2e5\"", None),
        ("\"1e\"", None),
        ("\"-\"", None),
        ("\".\"", None),
        ("\"1.2.3\"", None),
        ("0", Some("0")),
        ("\"1234.56\"", Some("1234.56")),
        ("\" -7 \"", Some("-7")),
        ("\"1,234.56\"", None),
        ("\"1.234,56\"", None),
        ("\"R$ 5\"", None),
        ("\"\"", None),
        ("\"NaN\"", None),
        ("1e400", None),
        ("0.00000000000000000000000000001", None),
        ("1e-29", None),
        ("1.2345678901234567890123456789012e2", None),
        ("1e99999999999999999999", None),
        ("123456789012345678901234567890", None),
        ("true", None),
        ("{}", None),
        ("null", None),
    ] {
        let body = format!("[{{\"id\":\"a\",\"balance\":{sent}}}]");
        let account = judge_accounts(&crate::fixtures::answer(200, body), now()).unwrap().results.remove(0);
        assert_eq!(account.balance.map(|amount| amount.to_string()).as_deref(), read, "{sent}");
    }
    assert!(amount("-0.01").is_negative() && !amount("-0").is_negative());
}

#[test]
fn a_transaction_is_read() {
    let transaction = json!({
        "id": "t-1", "accountId": ACCOUNT, "date": "2026-11-20T22:15:00.000Z", "description": "PIX para João",
        "descriptionRaw": "PIX ENVIADO JOAO P", "type": "DEBIT", "amount": -150.5, "amountInAccountCurrency": null,
        "balance": 99.99, "currencyCode": "BRL", "category": "Transferências", "categoryId": "05000000", "status": "PENDING",
        "providerCode": "123", "operationType": "PIX", "operationTypeAdditionalInfo": null, "providerId": null,
        "paymentData": {
            "payer": { "name": "Ana Lúcia de Souza", "documentNumber": { "type": "CPF", "value": "416.799.495-00" }, "accountNumber": "12345-6", "branchNumber": "0001", "routingNumber": "999" },
            "receiver": { "name": "João Pereira", "documentNumber": null }, "paymentMethod": "PIX", "reason": "Almoço", "boletoMetadata": null
        },
        "creditCardMetadata": { "installmentNumber": 2, "totalInstallments": 10, "totalAmount": 1_505, "payeeMCC": 5_411, "purchaseDate": "2026-10-20T00:00:00.000Z", "billId": "b-1", "cardNumber": "5123********4321" },
        "merchant": { "name": "Mercado Ipê", "businessName": "MERCADO IPE LTDA", "cnpj": "11.222.333/0001-81", "cnae": "4711", "category": "Mercado" },
        "createdAt": "2026-11-21T00:00:00.000Z", "updatedAt": "2026-11-21T00:00:00.000Z"
    });
    let read = judge_transactions(&list(&transaction), now()).unwrap().results.remove(0);
    assert_eq!(
        (read.direction.clone(), read.status.clone()),
        (Some(TransactionDirection::Debit), TransactionStatus::Pending)
    );
    assert_eq!(
        (read.amount, read.balance, read.amount_in_account_currency),
        (Some(amount("-150.5")), Some(amount("99.99")), None)
    );
    assert_eq!(read.date, Some("2026-11-20T22:15:00Z".parse().unwrap()));
    let payment = read.payment_data.as_ref().unwrap();
    assert_eq!(payment.payer.as_ref().unwrap().document.as_ref().map(Masked::whole), Some("416.799.495-00"));
    assert_eq!(payment.receiver.as_ref().unwrap().name.as_deref(), Some("João Pereira"));
    let card = read.card_metadata.as_ref().unwrap();
    assert_eq!(
        (card.installment_number, card.total_installments, card.payee_mcc.as_deref()),
        (Some(2), Some(10), Some("5411"))
    );
    assert_eq!(card.purchase_date, Some(date(2026, 10, 20)));
    assert_eq!(read.merchant.as_ref().unwrap().business_name.as_deref(), Some("MERCADO IPE LTDA"));
    assert!(!format!("{read:?}").contains("416.799"));
}

#[test]
fn instants_come_with_a_zone_or_without() {
    let at = |text: &str| {
        let list = list(&json!({ "id": "t", "date": text }));
        judge_transactions(&list, now()).unwrap().results.remove(0).date.map(|at| at.to_string())
    };
    for (text, read) in [
        ("2026-11-21T12:00:00.000Z", Some("2026-11-21T12:00:00Z")),
        ("2026-11-21T12:00:00-03:00", Some("2026-11-21T15:00:00Z")),
        ("2026-11-21T12:00:00", Some("2026-11-21T12:00:00Z")),
        ("2026-11-21 12:00:00", Some("2026-11-21T12:00:00Z")),
        ("2026-11-21", Some("2026-11-21T00:00:00Z")),
        ("21/11/2026", None),
        ("2026-02-30T00:00:00Z", None),
        ("", None),
        ("1795262400", None),
    ] {
        assert_eq!(at(text).as_deref(), read, "{text}");
    }
}

#[test]
fn days_stay_the_day_that_was_written() {
    let due = |text: &str| {
        let list = list(&json!({ "id": "b", "dueDate": text }));
        judge_bills(&list, now()).unwrap().results.remove(0).due_date
    };
    for text in [
        "2026-12-10",
        "2026-12-10T00:00:00.000Z",
        "2026-12-10T03:00:00.000Z",
        "2026-12-10T23:59:59-03:00",
        "2026-12-10T00:00:00",
    ] {
        assert_eq!(due(text), Some(date(2026, 12, 10)), "{text}");
    }
    assert_eq!((due("10/12/2026"), due("2026-13-10"), due("2026-12-1é")), (None, None, None));
}

#[test]
fn an_identity_is_read() {
    let identity = json!({
        "id": "i-1", "itemId": ITEM, "fullName": "Ana Lúcia de Souza", "socialName": null, "document": "416.799.495-00",
        "documentType": "CPF", "taxNumber": null, "birthDate": "1984-02-29T00:00:00.000Z", "jobTitle": "Contadora",
        "phoneNumbers": [{ "type": "Personal", "value": "+55 11 98765-4321" }, { "type": "Work" }],
        "emails": [{ "type": null, "value": "ana@bancoipe.example" }],
        "addresses": [{ "fullAddress": "Rua das Acácias, 12, São Paulo", "city": "São Paulo", "postalCode": "01000-000", "state": "SP", "country": "Brasil", "type": "Personal" }],
        "relations": [{ "type": "Mother", "name": "Maria de Souza", "document": null }],
        "createdAt": "2026-11-21T00:00:00.000Z", "updatedAt": "2026-11-21T00:00:00.000Z"
    });
    let identity = judge_identity(&json_answer(200, &identity), now()).unwrap();
    assert_eq!(
        (identity.full_name.as_deref(), identity.birth_date),
        (Some("Ana Lúcia de Souza"), Some(date(1984, 2, 29)))
    );
    assert_eq!((identity.phone_numbers.len(), identity.emails.len(), identity.relations.len()), (1, 1, 1));
    assert_eq!(identity.addresses[0].city.as_deref(), Some("São Paulo"));
    assert!(!format!("{identity:?}").contains("416.799"));
}

#[test]
fn investments_loans_consents_and_bills_are_read() {
    let investment = json!({
        "id": "v-1", "type": "FIXED_INCOME", "subtype": "CDB", "name": "CDB Ipê", "currencyCode": "BRL", "balance": 1_359.39,
        "amount": 1_400.01, "quantity": 1.123_456_78, "rate": 110, "rateType": "CDI", "dueDate": "2027-10-08T00:00:00.000Z",
        "status": "ACTIVE", "institution": { "name": "Banco Ipê", "number": null },
        "transactions": [{ "id": "vt-1", "type": "BUY", "amount": 500, "movementType": "CREDIT", "date": "2026-01-05T00:00:00.000Z" }, {}]
    });
    let investment = judge_investments(&list(&investment), now()).unwrap().results.remove(0);
    assert_eq!(
        (investment.quantity, investment.status),
        (Some(amount("1.12345678")), Some(InvestmentStatus::Active))
    );
    assert_eq!((investment.due_date, investment.transactions.len()), (Some(date(2027, 10, 8)), 1));

    let loan = json!({
        "id": "l-1", "kind": "FINANCING", "productName": "Crédito Imobiliário", "contractAmount": 250_000, "CET": 0.1234,
        "dueDate": "2050-01-10T00:00:00.000Z", "contractNumber": "9988776655",
        "interestRates": [{ "taxType": "EFFECTIVE", "taxPeriodicity": "YEARLY", "preFixedRate": 0.0899, "postFixedRate": null }],
        "installments": { "totalNumberOfInstallments": 360, "paidInstallments": 12, "dueInstallments": 348, "pastDueInstallments": 0 },
        "payments": { "contractOutstandingBalance": 241_000.55, "releases": [{ "paidDate": "2026-11-10T00:00:00.000Z", "paidAmount": 2_100.1 }] }
    });
    let loan = judge_loans(&list(&loan), now()).unwrap().results.remove(0);
    assert_eq!((loan.kind, loan.outstanding_balance), (Some(LoanKind::Financing), Some(amount("241000.55"))));
    assert_eq!(
        (loan.installments.unwrap().total, loan.payments[0].paid_amount),
        (Some(360), Some(amount("2100.1")))
    );
    assert_eq!(loan.interest_rates[0].kind.as_deref(), Some("EFFECTIVE"));

    let consent = |expires: Value, revoked: Value| {
        let consent = json!({
            "id": "n-1", "itemId": ITEM, "products": ["ACCOUNTS"], "openFinancePermissionsGranted": ["ACCOUNTS_READ"],
            "createdAt": "2026-01-01T00:00:00.000Z", "expiresAt": expires, "revokedAt": revoked
        });
        judge_consents(&list(&consent), now()).unwrap().results.remove(0)
    };
    assert!(consent(json!(null), json!(null)).holds(now()), "most have no end");
    assert!(consent(json!("2026-11-21T12:00:01Z"), json!(null)).holds(now()));
    assert!(!consent(json!("2026-11-21T12:00:00Z"), json!(null)).holds(now()));
    assert!(!consent(json!(null), json!("2026-11-01T00:00:00Z")).holds(now()));

    let bill = json!({
        "id": "b-1", "dueDate": "2026-12-10T00:00:00.000Z", "billClosingDate": null, "totalAmount": 1_234.5, "totalAmountCurrencyCode": "BRL",
        "minimumPaymentAmount": 123.45, "allowsInstallments": true, "financeCharges": [{ "id": "f", "type": "IOF", "amount": 0.38 }],
        "payments": [{ "id": "p", "valueType": "FULL_PAYMENT", "paymentDate": "2026-12-09T00:00:00.000Z", "paymentMode": "PIX", "amount": 1_234.5 }]
    });
    let bill = judge_bills(&list(&bill), now()).unwrap().results.remove(0);
    assert_eq!(
        (bill.total_amount, bill.finance_charges[0].amount),
        (Some(amount("1234.5")), Some(amount("0.38")))
    );
    assert_eq!(
        (bill.payments[0].mode.as_deref(), bill.payments[0].date),
        (Some("PIX"), Some(date(2026, 12, 9)))
    );
}
