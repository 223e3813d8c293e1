//! Requests for what an item has collected. All but accounts need an API key.

use super::{PageNumber, pairs};
use crate::api::{Api, Credential, LARGEST_LIST, RequestError, identifier};
use jiff::civil::Date;
use web::Request;

/// Which transactions, by page.
#[derive(Debug, Clone, Copy, Default)]
pub struct TransactionFilter {
    /// From this day on.
    pub from: Option<Date>,
    /// Until this day.
    pub to: Option<Date>,
    /// Which page.
    pub page: PageNumber,
}

/// Which transactions, by cursor.
#[derive(Debug, Clone, Default)]
pub struct CursorFilter {
    /// From this day on.
    pub from: Option<Date>,
    /// Until this day.
    pub to: Option<Date>,
    /// [`crate::Page::next`] of the page before.
    pub after: Option<String>,
}

impl Api {
    /// Asks for the accounts of an item; judged by [`crate::judge_accounts`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn accounts(
        &self,
        credential: Credential<'_>,
        item_id: &str,
        page: PageNumber,
    ) -> Result<Request, RequestError> {
        self.list(credential, &["accounts"], ("itemId", item_id), page)
    }

    /// Asks for transactions of an account by page, as it was before the cursor; judged by
    /// [`crate::judge_transactions`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn transactions(
        &self,
        credential: Credential<'_>,
        account_id: &str,
        filter: TransactionFilter,
    ) -> Result<Request, RequestError> {
        let mut query = vec![("accountId", identifier(account_id)?.to_owned())];
        query.extend(pairs([
            ("from", filter.from.map(|day| day.to_string())),
            ("to", filter.to.map(|day| day.to_string())),
        ]));
        query.extend(pairs(filter.page.pairs()));
        Ok(self.get(credential, &["transactions"], &query)?.with_largest_answer(LARGEST_LIST))
    }

    /// Asks for transactions of an account by cursor, which stays right while new ones come in (P); judged by
    /// [`crate::judge_transactions`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn transactions_after(
        &self,
        credential: Credential<'_>,
        account_id: &str,
        filter: &CursorFilter,
    ) -> Result<Request, RequestError> {
        let mut query = vec![("accountId", identifier(account_id)?.to_owned())];
        query.extend(pairs([
            ("dateFrom", filter.from.map(|day| day.to_string())),
            ("dateTo", filter.to.map(|day| day.to_string())),
            ("after", filter.after.clone()),
        ]));
        Ok(self.get(credential, &["v2", "transactions"], &query)?.with_largest_answer(LARGEST_LIST))
    }

    /// Asks who the holder of an item is; judged by [`crate::judge_identity`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn identity(&self, credential: Credential<'_>, item_id: &str) -> Result<Request, RequestError> {
        self.get(credential, &["identity"], &[("itemId", identifier(item_id)?.to_owned())])
    }

    /// Asks for the investments of an item; judged by [`crate::judge_investments`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn investments(
        &self,
        credential: Credential<'_>,
        item_id: &str,
        page: PageNumber,
    ) -> Result<Request, RequestError> {
        self.list(credential, &["investments"], ("itemId", item_id), page)
    }

    /// Asks for the loans of an item; judged by [`crate::judge_loans`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn loans(
        &self,
        credential: Credential<'_>,
        item_id: &str,
        page: PageNumber,
    ) -> Result<Request, RequestError> {
        self.list(credential, &["loans"], ("itemId", item_id), page)
    }

    /// Asks for the consents of an item; judged by [`crate::judge_consents`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn consents(
        &self,
        credential: Credential<'_>,
        item_id: &str,
        page: PageNumber,
    ) -> Result<Request, RequestError> {
        self.list(credential, &["consents"], ("itemId", item_id), page)
    }

    /// Asks for the bills of a credit card; judged by [`crate::judge_bills`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn bills(
        &self,
        credential: Credential<'_>,
        account_id: &str,
        page: PageNumber,
    ) -> Result<Request, RequestError> {
        self.list(credential, &["bills"], ("accountId", account_id), page)
    }

    /// Asks for the categories of transactions; judged by [`crate::judge_categories`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn categories(&self, credential: Credential<'_>) -> Result<Request, RequestError> {
        Ok(self.get(credential, &["categories"], &[])?.with_largest_answer(LARGEST_LIST))
    }

    fn list(
        &self,
        credential: Credential<'_>,
        path: &[&str],
        of: (&'static str, &str),
        page: PageNumber,
    ) -> Result<Request, RequestError> {
        let mut query = vec![(of.0, identifier(of.1)?.to_owned())];
        query.extend(pairs(page.pairs()));
        Ok(self.get(credential, path, &query)?.with_largest_answer(LARGEST_LIST))
    }
}
