//! Lists in pages: how they are asked for and what of them is taken.
//!
//! Invariants
//! - An element that cannot be read is skipped and counted; the others count.
//! - The next page is a number, never an address that the server chose, and always a later one.
//!
//! Source: docs.codat.io, using the API, paging and querying.

use crate::answer;
use crate::json::{Object, readable};
use crate::{ApiError, RequestError};
use jiff::Timestamp;
use url::Url;
use web::Response;

/// Which part of a list, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// From 1.
    pub page: u32,
    /// 1 to 5,000.
    pub page_size: u32,
    /// Codat's filter language, such as `sourceType=Accounting&&enabled=true`; shorter than 2,048 characters.
    pub query: Option<String>,
    /// A member to order by; `-` before it turns the order.
    pub order_by: Option<String>,
}

/// Elements in a page, unless more or fewer are asked for.
const PAGE_SIZE: u32 = 100;
/// Most elements in a page.
const LARGEST_PAGE: u32 = 5_000;
/// A query must be shorter.
const QUERY_LIMIT: usize = 2_048;

impl Default for ListQuery {
    fn default() -> Self {
        Self { page: 1, page_size: PAGE_SIZE, query: None, order_by: None }
    }
}

impl ListQuery {
    /// The same list from `page` on.
    #[must_use]
    pub fn at_page(mut self, page: u32) -> Self {
        self.page = page;
        self
    }

    /// The same list, filtered.
    #[must_use]
    pub fn filtered(mut self, query: &str) -> Self {
        self.query = Some(query.to_owned());
        self
    }

    /// The same list, ordered.
    #[must_use]
    pub fn ordered(mut self, order_by: &str) -> Self {
        self.order_by = Some(order_by.to_owned());
        self
    }

    pub(crate) fn write(&self, address: &mut Url) -> Result<(), RequestError> {
        let page = self.page.max(1).to_string();
        let size = self.page_size.clamp(1, LARGEST_PAGE).to_string();
        let mut pairs = address.query_pairs_mut();
        pairs.append_pair("page", &page).append_pair("pageSize", &size);
        if let Some(query) = &self.query {
            if query.len() >= QUERY_LIMIT {
                return Err(RequestError::QueryTooLong);
            }
            pairs.append_pair("query", query);
        }
        if let Some(order) = &self.order_by {
            let named = order.strip_prefix('-').unwrap_or(order);
            if named.is_empty() || !named.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
                return Err(RequestError::Order);
            }
            pairs.append_pair("orderBy", order);
        }
        drop(pairs);
        // A space as `%20`, as Codat's own client writes it; a plus sign itself is `%2B` by now.
        let query = address.query().map(|query| query.replace('+', "%20"));
        address.set_query(query.as_deref());
        Ok(())
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What could be read.
    pub items: Vec<T>,
    /// How many elements could not.
    pub skipped: usize,
    /// From 1; the one asked for where the server does not say.
    pub number: u32,
    /// How many there are in all, if the server says.
    pub total: Option<u64>,
    /// The page after this one, if there is one.
    pub next: Option<u32>,
}

/// The page in an answer to `asked`.
pub(crate) fn judge_page<T>(
    response: &Response,
    asked: &ListQuery,
    now: Timestamp,
    read: impl Fn(Object<'_>) -> Option<T>,
) -> Result<Page<T>, ApiError> {
    answer::object(response, now, |object| {
        // An empty list may be absent; an object without any sign of a list is somebody else's.
        let is_list =
            ["results", "totalResults", "pageNumber"].iter().any(|name| object.value(name).is_some());
        is_list.then(|| page(object, asked, read))
    })
}

fn page<T>(object: Object<'_>, asked: &ListQuery, read: impl Fn(Object<'_>) -> Option<T>) -> Page<T> {
    let elements = object.list("results");
    let (items, skipped) = readable(elements, read);
    let positive = |name: &str| object.whole(name).and_then(|number| u32::try_from(number).ok());
    let number = positive("pageNumber").filter(|page| *page > 0).unwrap_or(asked.page.max(1));
    let size = positive("pageSize").filter(|size| *size > 0).unwrap_or(asked.page_size.max(1));
    let total = object.whole("totalResults").and_then(|total| u64::try_from(total).ok());
    let more = match object.object("_links") {
        Some(links) => links.object("next").is_some_and(|next| next.text("href").is_some()),
        None => total.is_some_and(|total| u64::from(number) * u64::from(size) < total),
    };
    // A page without elements ends the list, whatever the server promises: else there would be no end.
    let next = (more && !elements.is_empty()).then(|| number.checked_add(1)).flatten();
    Page { items, skipped, number, total, next: next.filter(|next| *next > asked.page) }
}
