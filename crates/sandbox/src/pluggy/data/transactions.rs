//! Transactions of an account: the same for the same account and day, whenever they are asked for.
//!
//! Invariants
//! - Nothing lies after the item's last update, so an update brings what happened since.
//! - The history begins ninety days before the item was made.
//!
//! Sources: npm `pluggy-sdk` 0.90.0 `types/transaction.d.ts`; in public captures of Pluggy's sandbox a purchase by card
//! is a DEBIT or a CREDIT with a sign of its own: here the amount on a card is positive when it is owed, as in the
//! account's balance (checked 2026-11-21).

use super::accounts::{Account, Kind};
use crate::clock::later;
use crate::pluggy::ids::{self, Numbers};
use crate::pluggy::item::Item;
use crate::pluggy::json::{instant, money};
use crate::pluggy::login::Variant;
use crate::pluggy::products::Product;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::time::Duration;

/// Days of history before an item was made.
const HISTORY_DAYS: i64 = 90;
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// Words of an expense, its category, and from which to which amount in cents.
type Habit = (&'static str, &'static str, i64, i64);

const CHECKING: &[Habit] = &[
    ("PIX ENVIADO - MARCOS VIEIRA", "Transfer - PIX", -35_000, -2_000),
    ("PIX RECEBIDO - JULIA RAMOS", "Transfer - PIX", 1_500, 42_000),
    ("PAGAMENTO DE BOLETO - CONDOMINIO VILA VERDE", "Housing", -82_000, -61_000),
    ("PAGAMENTO DE BOLETO - ENERGIA RIO MANSO", "Utilities", -28_000, -9_500),
    ("COMPRA NO DEBITO - MERCADO BOA COMPRA", "Groceries", -24_000, -1_800),
    ("COMPRA NO DEBITO - PADARIA PAO DA TERRA", "Food and drinks", -4_800, -600),
    ("COMPRA NO DEBITO - FARMACIA VIDA NOVA", "Pharmacy", -13_000, -1_200),
    ("SAQUE 24 HORAS", "Cash withdrawal", -30_000, -5_000),
    ("TARIFA PACOTE DE SERVICOS", "Bank fees", -3_490, -1_990),
    ("TED RECEBIDA - ESTUDIO GAROA LTDA", "Transfer - TED", 60_000, 240_000),
];
const SAVINGS: &[Habit] = &[
    ("RENDIMENTO POUPANCA", "Interest", 300, 4_500),
    ("APLICACAO PROGRAMADA", "Transfer - Internal", 5_000, 30_000),
];
const CARD: &[Habit] = &[
    ("POSTO CAMINHO LIVRE", "Gas stations", 6_000, 28_000),
    ("RESTAURANTE TEMPERO DA VILA", "Eating out", 3_200, 16_000),
    ("LIVRARIA PAGINA UM", "Bookstore", 2_900, 14_000),
    ("CINE ESTRELA", "Leisure", 2_200, 7_800),
    ("STREAMING VARANDA", "Video streaming", 1_990, 5_590),
    ("LOJA PASSO FIRME", "Shopping", 8_900, 46_000),
    ("TRANSPORTE POR APLICATIVO", "Taxi and ride-hailing", 900, 6_400),
];

/// One transaction.
#[derive(Clone, Debug)]
pub(in crate::pluggy) struct Transaction {
    identity: (u64, u64),
    pub at: Timestamp,
    /// Signed; on a card positive when it is owed.
    pub cents: i64,
    description: &'static str,
    category: &'static str,
    /// The update that brought it.
    pub brought_at: Timestamp,
}

/// All transactions of an account up to the last update, newest first.
pub(in crate::pluggy) fn of_account(account: &Account, item: &Item) -> Vec<Transaction> {
    let mut all = unsorted(account, item);
    all.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.identity.cmp(&other.identity)));
    all
}

/// The sum of an account's transactions since an instant, in cents.
pub(in crate::pluggy) fn sum(account: &Account, item: &Item, since: Timestamp) -> i64 {
    unsorted(account, item).iter().filter(|one| one.at >= since).map(|one| one.cents).sum()
}

fn unsorted(account: &Account, item: &Item) -> Vec<Transaction> {
    let Some(last) = item.last_success() else { return Vec::new() };
    let day_of = |at: Timestamp| at.as_second().div_euclid(DAY);
    let mut all = Vec::new();
    for day in day_of(item.created_at) - HISTORY_DAYS..=day_of(last) {
        of_day(account, item, day, &mut all);
    }
    if account.kind == Kind::Checking {
        all.extend(item.successes.iter().skip(1).map(|at| of_update(account, *at)));
    }
    all.retain(|one| one.at <= last);
    all
}

fn of_day(account: &Account, item: &Item, day: i64, all: &mut Vec<Transaction>) {
    let Ok(midnight) = Timestamp::from_second(day.saturating_mul(DAY)) else { return };
    let mut numbers = Numbers::of(&account.id, day);
    let habits = match account.kind {
        Kind::Checking => CHECKING,
        Kind::Savings => SAVINGS,
        Kind::Card => CARD,
    };
    // Savings move about once a fortnight, the others about once a day.
    let usual = match account.kind {
        Kind::Savings => i64::from(numbers.between(0, 14) == 0),
        _ => numbers.between(0, 3),
    };
    let times = if let Variant::Many(times) = item.variant() { i64::from(times) } else { 1 };
    for _ in 0..usual.saturating_mul(times) {
        let Some((description, category, low, high)) = numbers.pick(habits).copied() else { continue };
        let seconds = u64::try_from(numbers.between(7 * 3600, 22 * 3600)).unwrap_or(0);
        let cents = numbers.between(low, high);
        let identity = (numbers.next(), numbers.next());
        let at = later(midnight, Duration::from_secs(seconds));
        all.push(Transaction {
            identity,
            at,
            cents,
            description,
            category,
            brought_at: brought_at(item, at),
        });
    }
    if account.kind == Kind::Checking && midnight.to_zoned(TimeZone::UTC).day() == 5 {
        let at = later(midnight, Duration::from_secs(9 * 3600));
        all.push(Transaction {
            identity: (numbers.next(), numbers.next()),
            at,
            cents: 785_000,
            description: "SALARIO - OFICINA DO SOL LTDA",
            category: "Salary",
            brought_at: brought_at(item, at),
        });
    }
}

/// What happened at the moment of an update after the first: so that an update always shows.
fn of_update(account: &Account, at: Timestamp) -> Transaction {
    let mut numbers = Numbers::of(&account.id, at.as_millisecond());
    Transaction {
        identity: (numbers.next(), numbers.next()),
        at,
        cents: numbers.between(1_000, 25_000),
        description: "PIX RECEBIDO - CAIO MENDES",
        category: "Transfer - PIX",
        brought_at: at,
    }
}

/// The first update at or after `at`.
fn brought_at(item: &Item, at: Timestamp) -> Timestamp {
    item.successes.iter().find(|success| **success >= at).copied().unwrap_or(at)
}

impl Transaction {
    pub(in crate::pluggy) fn id(&self) -> String {
        ids::of_numbers(self.identity)
    }

    pub(in crate::pluggy) fn to_json(&self, account: &Account, item: &Item) -> Value {
        let is_card = account.kind == Kind::Card;
        let inward = if is_card { self.cents < 0 } else { self.cents > 0 };
        let payment = (!is_card && item.has(Product::PaymentData)).then(|| self.payment_data()).flatten();
        json!({
            "id": self.id(),
            "accountId": account.id,
            "date": instant(self.at),
            "description": self.description,
            "descriptionRaw": self.description,
            "type": if inward { "CREDIT" } else { "DEBIT" },
            "amount": money(self.cents),
            "amountInAccountCurrency": null,
            "balance": null,
            "currencyCode": "BRL",
            "category": self.category,
            "categoryId": super::person::category_id(self.category),
            "status": "POSTED",
            "providerCode": null,
            "providerId": null,
            "paymentData": payment,
            "creditCardMetadata": is_card.then(|| json!({ "payeeMCC": 5999, "billId": null })),
            "merchant": null,
            "operationType": null,
            "operationTypeAdditionalInfo": null,
            "order": 0,
            "createdAt": instant(self.brought_at),
            "updatedAt": instant(self.brought_at),
        })
    }

    fn payment_data(&self) -> Option<Value> {
        let method = ["PIX", "TED", "BOLETO"].into_iter().find(|method| self.description.contains(method))?;
        let party = json!({
            "name": self.description.rsplit(" - ").next(),
            "documentNumber": null,
            "accountNumber": null,
            "branchNumber": null,
            "routingNumber": null,
            "routingNumberISPB": null,
        });
        let own = json!({ "name": super::person::NAME, "documentNumber": { "type": "CPF", "value": super::person::CPF } });
        let (payer, receiver) = if self.cents > 0 { (party, own) } else { (own, party) };
        Some(json!({
            "payer": payer,
            "receiver": receiver,
            "paymentMethod": method,
            "reason": null,
            "receiverReferenceId": null,
            "referenceNumber": null,
            "boletoMetadata": null,
        }))
    }
}
