//! What an item delivered. For an API key, but for a reduced list of accounts.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `client.js`, `types/common.d.ts`; the cursor form as public captures show it: `next`
//! is a query to append, unknown parameters are refused (checked 2026-11-21).

use super::{page, whole};
use crate::Misbehaviour;
use crate::pluggy::World;
use crate::pluggy::data::accounts::{self, Account};
use crate::pluggy::data::transactions::{self, Transaction};
use crate::pluggy::data::{person, wealth};
use crate::pluggy::item::Item;
use crate::pluggy::json::{filter, instant, maybe};
use crate::pluggy::products::Product;
use crate::pluggy::refusal::Refusal;
use crate::pluggy::tokens::{Caller, Client, out_of_scope};
use crate::values::{Parameters, base64url};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

type Answer = Result<Json<Value>, Refusal>;
type Place = State<Arc<World>>;

/// Transactions on a page of the cursor form.
const CURSOR_PAGE: usize = 500;

fn query(raw: Option<String>) -> Parameters {
    Parameters::parse(raw.unwrap_or_default().as_bytes())
}

fn one<'q>(query: &'q Parameters, name: &str) -> Result<Option<&'q str>, Refusal> {
    query.one(name).map_err(|_| Refusal::bad(format!("{name} must stand once")))
}

fn needed<'q>(query: &'q Parameters, name: &str) -> Result<&'q str, Refusal> {
    one(query, name)?.ok_or_else(|| Refusal::bad(format!("{name} is required")))
}

fn number(query: &Parameters, name: &str, usual: usize) -> Result<usize, Refusal> {
    let wrong = |_| Refusal::bad(format!("{name} must be a number"));
    one(query, name)?.map_or(Ok(usual), |text| text.parse().map_err(wrong))
}

/// Which page, and how long pages are.
fn bounds(query: &Parameters) -> Result<(usize, usize), Refusal> {
    Ok((number(query, "page", 1)?, number(query, "pageSize", 20)?))
}

impl World {
    /// Hands an item, as the clock has it, to `look`.
    fn with_item<T>(&self, id: &str, look: impl FnOnce(&Item) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let item = self.book.look(|state| {
            let item = state.item_mut(id).ok_or_else(|| Refusal::not_found("Item"))?;
            item.settle(self.pace(), self.now());
            Ok::<_, Refusal>(item.clone())
        })?;
        look(&item)
    }

    /// Every item, as the clock has it.
    fn items_now(&self) -> Vec<Item> {
        let (pace, now) = (self.pace(), self.now());
        self.book.look(|state| {
            state.items.iter_mut().for_each(|item| item.settle(pace, now));
            state.items.iter().cloned().collect()
        })
    }

    fn accounts_of(&self, item: &Item) -> Vec<Account> {
        accounts::of_item(item, self.settings.accounts)
    }

    fn account_json(&self, account: &Account, item: &Item, reduced: bool) -> Result<Value, Refusal> {
        let connector = self.connector(item.connector).ok_or_else(|| Refusal::not_found("Connector"))?;
        Ok(account.to_json(item, connector, reduced))
    }

    /// The account with this id, and its item.
    fn account_named(&self, id: &str) -> Result<(Account, Item), Refusal> {
        let missing = || Refusal::not_found("Account");
        let known = self.places.look(id);
        let (item, position) = match known {
            Some(place) => place,
            None => self.places.learn(id, self.all_places()).ok_or_else(missing)?,
        };
        self.with_item(&item, |item| {
            let account = accounts::at(item, self.settings.accounts, position).ok_or_else(missing)?;
            Ok((account, item.clone()))
        })
        .map_err(|_| missing())
    }

    /// Every account there is: its id, its item and its position there.
    fn all_places(&self) -> impl Iterator<Item = (String, (String, usize))> {
        self.items_now().into_iter().flat_map(|item| {
            let accounts = accounts::of_person(&item, self.settings.accounts);
            accounts.into_iter().map(move |account| (account.id, (item.id.clone(), account.position)))
        })
    }
}

/// `GET /accounts?itemId&type`: without details for the connect token of the item.
pub(in crate::pluggy) async fn accounts(
    State(world): Place,
    caller: Caller,
    RawQuery(raw): RawQuery,
) -> Answer {
    let query = query(raw);
    let kind = one(&query, "type")?;
    world.with_item(needed(&query, "itemId")?, |item| {
        if !caller.may_use(item) {
            return Err(out_of_scope());
        }
        let reduced = matches!(caller, Caller::Session { .. });
        let wanted = world.accounts_of(item);
        let wanted = wanted.iter().filter(|one| kind.is_none_or(|kind| kind == one.type_name()));
        let results: Result<Vec<_>, _> =
            wanted.map(|account| world.account_json(account, item, reduced)).collect();
        Ok(Json(whole(&results?)))
    })
}

/// `GET /accounts/:id`.
pub(in crate::pluggy) async fn account(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    let (account, item) = world.account_named(&id)?;
    Ok(Json(world.account_json(&account, &item, false)?))
}

/// Transactions between two instants, and of these ids only where some are named.
struct Wanted {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    brought_after: Option<Timestamp>,
    ids: Option<Vec<String>>,
}

impl Wanted {
    fn read(query: &Parameters, from: &str, to: &str) -> Result<Self, Refusal> {
        // A day that ends a range ends with its last moment.
        let end = |text: &str| {
            let day: Result<jiff::civil::Date, _> = text.parse();
            match day {
                Ok(_) if text.len() == 10 => filter(&format!("{text}T23:59:59.999Z")),
                _ => filter(text),
            }
        };
        Ok(Self {
            from: one(query, from)?.map(filter).transpose()?,
            to: one(query, to)?.map(end).transpose()?,
            brought_after: one(query, "createdAtFrom")?.map(filter).transpose()?,
            ids: one(query, "ids")?.map(|ids| ids.split(',').map(str::to_owned).collect()),
        })
    }

    fn takes(&self, one: &Transaction) -> bool {
        self.from.is_none_or(|from| one.at >= from)
            && self.to.is_none_or(|to| one.at <= to)
            && self.brought_after.is_none_or(|after| one.brought_at >= after)
            && self.ids.as_ref().is_none_or(|ids| ids.contains(&one.id()))
    }

    fn of(&self, account: &Account, item: &Item) -> Vec<Transaction> {
        if !item.has(Product::Transactions) {
            return Vec::new();
        }
        transactions::of_account(account, item).into_iter().filter(|one| self.takes(one)).collect()
    }
}

/// Whether transactions are part of the plan.
fn allowed(world: &World) -> Result<(), Refusal> {
    if world.mood().plays(Misbehaviour::PluggyNoTransactions) {
        return Err(Refusal::forbidden("Your plan does not include this product"));
    }
    Ok(())
}

/// `GET /transactions?accountId&from&to&page&pageSize`.
pub(in crate::pluggy) async fn transactions(
    State(world): Place,
    _: Client,
    RawQuery(raw): RawQuery,
) -> Answer {
    allowed(&world)?;
    if world.mood().plays(Misbehaviour::PluggyPagesGone) {
        let gone = Refusal::new(StatusCode::GONE, "Use GET /v2/transactions with cursor pagination instead");
        return Err(gone.described("ENDPOINT_DEPRECATED"));
    }
    let query = query(raw);
    let wanted = Wanted::read(&query, "from", "to")?;
    let (account, item) = world.account_named(needed(&query, "accountId")?)?;
    let (number_of_page, size) = bounds(&query)?;
    let found = wanted.of(&account, &item);
    Ok(Json(page(&found, number_of_page, size, |one| one.to_json(&account, &item))?))
}

/// `GET /v2/transactions?accountId&dateFrom&dateTo&createdAtFrom&ids&after`.
pub(in crate::pluggy) async fn transactions_by_cursor(
    State(world): Place,
    _: Client,
    RawQuery(raw): RawQuery,
) -> Answer {
    allowed(&world)?;
    let query = query(raw);
    let known = ["accountId", "dateFrom", "dateTo", "createdAtFrom", "ids", "after"];
    if let Some(name) = query.names().find(|name| !known.contains(name)) {
        return Err(Refusal::bad(format!("property {name} should not exist")));
    }
    if one(&query, "dateFrom")?.is_some() && one(&query, "createdAtFrom")?.is_some() {
        return Err(Refusal::bad("dateFrom and createdAtFrom exclude each other"));
    }
    let wanted = Wanted::read(&query, "dateFrom", "dateTo")?;
    let id = needed(&query, "accountId")?;
    let (account, item) = world.account_named(id)?;
    let all = wanted.of(&account, &item);
    let start = one(&query, "after")?.map_or(Ok(0), |cursor| position(cursor, &all))?;
    let shown = all.get(start..).unwrap_or_default();
    let results: Vec<_> = shown.iter().take(CURSOR_PAGE).map(|one| one.to_json(&account, &item)).collect();
    let more = shown.get(CURSOR_PAGE - 1).filter(|_| shown.len() > CURSOR_PAGE);
    let next = more.map(|last| format!("?accountId={id}&after={}", base64url(last.id())));
    Ok(Json(json!({ "results": results, "next": next })))
}

/// The position after the transaction that a cursor names.
fn position(cursor: &str, all: &[Transaction]) -> Result<usize, Refusal> {
    let wrong = || Refusal::bad("after is not a cursor of this list");
    let id = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let found = all.iter().position(|one| one.id().as_bytes() == id).ok_or_else(wrong)?;
    Ok(found + 1)
}

/// `GET /transactions/:id`.
pub(in crate::pluggy) async fn transaction(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    for item in world.items_now() {
        for account in world.accounts_of(&item) {
            let all = transactions::of_account(&account, &item);
            if let Some(found) = all.iter().find(|one| one.id() == id) {
                return Ok(Json(found.to_json(&account, &item)));
            }
        }
    }
    Err(Refusal::not_found("Transaction"))
}

/// Finds one thing by its id among those of every item.
fn by_id(world: &World, id: &str, what: &str, of: impl Fn(&Item) -> Vec<Value>) -> Answer {
    let items = world.items_now();
    let found = items.iter().flat_map(of).find(|one| one.get("id").and_then(Value::as_str) == Some(id));
    found.map(Json).ok_or_else(|| Refusal::not_found(what))
}

fn of_item(world: &World, raw: Option<String>, of: impl Fn(&Item) -> Vec<Value>) -> Answer {
    let query = query(raw);
    world.with_item(needed(&query, "itemId")?, |item| {
        let (number_of_page, size) = bounds(&query)?;
        Ok(Json(page(&of(item), number_of_page, size, Value::clone)?))
    })
}

fn brought(item: &Item, product: Product, all: impl FnOnce(&Item) -> Vec<Value>) -> Vec<Value> {
    if item.has(product) { all(item) } else { Vec::new() }
}

fn investments_of(item: &Item) -> Vec<Value> {
    brought(item, Product::Investments, wealth::investments)
}

fn loans_of(item: &Item) -> Vec<Value> {
    brought(item, Product::Loans, wealth::loans)
}

fn consents_of(item: &Item) -> Vec<Value> {
    let consent = item.consent.iter().map(|consent| {
        json!({
            "id": consent.id,
            "itemId": item.id,
            "products": item.products,
            "openFinancePermissionsGranted": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
            "createdAt": instant(consent.created_at),
            "expiresAt": maybe(consent.expires_at),
            "revokedAt": maybe(consent.revoked_at),
        })
    });
    consent.collect()
}

/// `GET /investments?itemId&type`.
pub(in crate::pluggy) async fn investments(
    State(world): Place,
    _: Client,
    RawQuery(raw): RawQuery,
) -> Answer {
    let kind = one(&query(raw.clone()), "type")?.map(str::to_owned);
    of_item(&world, raw, |item| {
        let of_kind =
            |one: &Value| kind.is_none() || one.get("type").and_then(Value::as_str) == kind.as_deref();
        investments_of(item).into_iter().filter(of_kind).collect()
    })
}

/// `GET /investments/:id`.
pub(in crate::pluggy) async fn investment(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    by_id(&world, &id, "Investment", investments_of)
}

/// `GET /loans?itemId`.
pub(in crate::pluggy) async fn loans(State(world): Place, _: Client, RawQuery(raw): RawQuery) -> Answer {
    of_item(&world, raw, loans_of)
}

/// `GET /loans/:id`.
pub(in crate::pluggy) async fn loan(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    by_id(&world, &id, "Loan", loans_of)
}

/// `GET /consents?itemId`.
pub(in crate::pluggy) async fn consents(State(world): Place, _: Client, RawQuery(raw): RawQuery) -> Answer {
    of_item(&world, raw, consents_of)
}

/// `GET /consents/:id`.
pub(in crate::pluggy) async fn consent(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    by_id(&world, &id, "Consent", consents_of)
}

/// `GET /identity?itemId`.
pub(in crate::pluggy) async fn identity_of_item(
    State(world): Place,
    _: Client,
    RawQuery(raw): RawQuery,
) -> Answer {
    let query = query(raw);
    world.with_item(needed(&query, "itemId")?, |item| {
        let known = item.has(Product::Identity).then(|| person::identity(item));
        known.map(Json).ok_or_else(|| Refusal::not_found("Identity"))
    })
}

/// `GET /identity/:id`.
pub(in crate::pluggy) async fn identity(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    by_id(&world, &id, "Identity", |item| {
        brought(item, Product::Identity, |item| vec![person::identity(item)])
    })
}

/// `GET /bills?accountId`.
pub(in crate::pluggy) async fn bills(State(world): Place, _: Client, RawQuery(raw): RawQuery) -> Answer {
    let query = query(raw);
    let (account, item) = world.account_named(needed(&query, "accountId")?)?;
    let (number_of_page, size) = bounds(&query)?;
    Ok(Json(page(&wealth::bills(&account, &item), number_of_page, size, Value::clone)?))
}

/// `GET /bills/:id`.
pub(in crate::pluggy) async fn bill(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    by_id(&world, &id, "Bill", |item| {
        world.accounts_of(item).iter().flat_map(|account| wealth::bills(account, item)).collect()
    })
}

/// `GET /categories`.
pub(in crate::pluggy) async fn categories(_: Client) -> Json<Value> {
    Json(whole(&person::categories()))
}

/// `GET /categories/:id`.
pub(in crate::pluggy) async fn category(_: Client, Path(id): Path<String>) -> Answer {
    person::category(&id).map(Json).ok_or_else(|| Refusal::not_found("Category"))
}
