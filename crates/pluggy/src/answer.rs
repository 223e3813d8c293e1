//! Judges answers: what was asked for, or why not.

use crate::api_error::{ApiError, FieldError, UnreadableAnswer, judge_error, why};
use crate::json::{self, Object, Read};
use crate::parameters::Parameters;
use crate::resources::{
    Account, Bill, Category, Connector, Consent, Identity, Investment, Item, Loan, Transaction,
};
use jiff::Timestamp;
use serde_json::value::RawValue;
use url::form_urlencoded;
use web::Response;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub results: Vec<T>,
    /// Its number, from 1; none in lists that are read with a cursor.
    pub page: Option<u64>,
    /// How many pages there are.
    pub total_pages: Option<u64>,
    /// How many elements there are on all pages.
    pub total: Option<u64>,
    /// The cursor of the next page, for [`crate::CursorFilter::after`].
    pub next: Option<String>,
    /// How many elements were left out because they cannot be read; more than none is worth a word.
    pub skipped: usize,
}

impl<T> Page<T> {
    /// The number of the page after this one, if there is one.
    pub fn next_number(&self) -> Option<u64> {
        let (page, pages) = (self.page?, self.total_pages?);
        (page < pages).then(|| page.saturating_add(1))
    }
}

/// What the API says about the values of a form, before an item is made with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// What is wrong; none when all is well.
    pub errors: Vec<FieldError>,
}

/// Judges an item: asked for, or made, updated or answered without any parameter.
///
/// # Errors
/// [`ApiError`].
pub fn judge_item(response: &Response, now: Timestamp) -> Result<Item, ApiError> {
    one(response, now)
}

/// Judges the item that `sent` made, updated or answered; what was sent is in no text of the result.
///
/// # Errors
/// [`ApiError`].
pub fn judge_submission(response: &Response, sent: &Parameters, now: Timestamp) -> Result<Item, ApiError> {
    one::<Item>(response, now).map(|item| item.without(sent)).map_err(|error| error.without(sent))
}

/// Judges what the API says about `sent`.
///
/// # Errors
/// [`ApiError`].
pub fn judge_validation(
    response: &Response,
    sent: &Parameters,
    now: Timestamp,
) -> Result<Validation, ApiError> {
    let redacted = |error: FieldError| FieldError {
        code: sent.redact(&error.code),
        message: sent.redact(&error.message),
        parameter: error.parameter,
    };
    let body = body(response, now).map_err(|error| error.without(sent))?;
    let object = Object::of(body).ok_or_else(|| shape(response))?;
    let errors = object.parts::<FieldError>("errors").into_iter().map(redacted).collect();
    Ok(Validation { errors })
}

/// Judges the deletion of an item; one that is not there any more is deleted.
///
/// # Errors
/// [`ApiError`].
pub fn judge_deletion(response: &Response, now: Timestamp) -> Result<(), ApiError> {
    match response.status {
        200..=299 | 404 | 410 => Ok(()),
        _ => Err(judge_error(response, now)),
    }
}

/// Judges a connector.
///
/// # Errors
/// [`ApiError`].
pub fn judge_connector(response: &Response, now: Timestamp) -> Result<Connector, ApiError> {
    one(response, now)
}

/// Judges a page of connectors.
///
/// # Errors
/// [`ApiError`].
pub fn judge_connectors(response: &Response, now: Timestamp) -> Result<Page<Connector>, ApiError> {
    page(response, now)
}

/// Judges the accounts of an item.
///
/// # Errors
/// [`ApiError`].
pub fn judge_accounts(response: &Response, now: Timestamp) -> Result<Page<Account>, ApiError> {
    page(response, now)
}

/// Judges a page of transactions, by number or by cursor.
///
/// # Errors
/// [`ApiError`].
pub fn judge_transactions(response: &Response, now: Timestamp) -> Result<Page<Transaction>, ApiError> {
    page(response, now)
}

/// Judges who the holder of an item is.
///
/// # Errors
/// [`ApiError`].
pub fn judge_identity(response: &Response, now: Timestamp) -> Result<Identity, ApiError> {
    one(response, now)
}

/// Judges the investments of an item.
///
/// # Errors
/// [`ApiError`].
pub fn judge_investments(response: &Response, now: Timestamp) -> Result<Page<Investment>, ApiError> {
    page(response, now)
}

/// Judges the loans of an item.
///
/// # Errors
/// [`ApiError`].
pub fn judge_loans(response: &Response, now: Timestamp) -> Result<Page<Loan>, ApiError> {
    page(response, now)
}

/// Judges the consents of an item.
///
/// # Errors
/// [`ApiError`].
pub fn judge_consents(response: &Response, now: Timestamp) -> Result<Page<Consent>, ApiError> {
    page(response, now)
}

/// Judges the bills of a credit card.
///
/// # Errors
/// [`ApiError`].
pub fn judge_bills(response: &Response, now: Timestamp) -> Result<Page<Bill>, ApiError> {
    page(response, now)
}

/// Judges the categories of transactions.
///
/// # Errors
/// [`ApiError`].
pub fn judge_categories(response: &Response, now: Timestamp) -> Result<Page<Category>, ApiError> {
    page(response, now)
}

fn body(response: &Response, now: Timestamp) -> Result<&RawValue, ApiError> {
    if !(200..300).contains(&response.status) {
        return Err(judge_error(response, now));
    }
    // EXPOSE: parsed; the resources that are read from it hold what is secret as such.
    let value = json::value(response.body.expose());
    value.ok_or_else(|| ApiError::unreadable(response.status, why(response)))
}

const fn shape(response: &Response) -> ApiError {
    ApiError::unreadable(response.status, UnreadableAnswer::Shape)
}

fn one<T: Read>(response: &Response, now: Timestamp) -> Result<T, ApiError> {
    let body = body(response, now)?;
    Object::of(body).and_then(|object| T::read(&object)).ok_or_else(|| shape(response))
}

fn page<T: Read>(response: &Response, now: Timestamp) -> Result<Page<T>, ApiError> {
    let body = body(response, now)?;
    let object = Object::of(body);
    // Lists come in pages (P), as an object with results only (J), and bare where a proxy unwraps them.
    let list = object.as_ref().map_or(Some(body), |object| object.member("results"));
    let elements = list.and_then(json::elements).ok_or_else(|| shape(response))?;
    let sent = elements.len();
    let results: Vec<T> = elements.into_iter().filter_map(|one| T::read(&Object::of(one)?)).collect();
    let skipped = sent.saturating_sub(results.len());
    let count = |name: &str| object.as_ref().and_then(|object| object.count(name));
    Ok(Page {
        page: count("page"),
        total_pages: count("totalPages"),
        total: count("total"),
        next: object.as_ref().and_then(|object| cursor(&object.text("next")?)),
        results,
        skipped,
    })
}

/// The cursor in a link to the next page; the rest of the link is not followed, so no server can lead elsewhere.
fn cursor(link: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, value)| name == "after" && !value.is_empty()).map(|(_, value)| value.into_owned())
}
