//! Requests about connectors and items.

use super::pairs;
use crate::api::{Api, Credential, LARGEST_LIST, RequestError, identifier};
use crate::parameters::{Parameters, Sent};
use crate::redirect::OauthRedirect;
use crate::resources::{ConnectorType, Product};
use serde::Serialize;
use url::Url;
use web::Request;

/// Most elements that the API puts on a page (P).
const LARGEST_PAGE: u64 = 500;

/// Which page of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageNumber {
    /// From 1; the first when not said.
    pub page: Option<u64>,
    /// How many elements, 500 at most; the API's own choice (20) when not said.
    pub page_size: Option<u64>,
}

impl PageNumber {
    pub(crate) fn pairs(self) -> [(&'static str, Option<String>); 2] {
        let size = self.page_size.map(|size| size.clamp(1, LARGEST_PAGE));
        [("page", self.page.map(|page| page.to_string())), ("pageSize", size.map(|size| size.to_string()))]
    }
}

/// Which connectors.
#[derive(Debug, Clone, Default)]
pub struct ConnectorFilter {
    /// Part of the institution's name.
    pub name: Option<String>,
    /// Codes of countries; all when empty.
    pub countries: Vec<String>,
    /// Kinds; all when empty.
    pub types: Vec<ConnectorType>,
    /// Whether practice connectors are listed too.
    pub include_sandbox: bool,
    /// Only those of Open Finance, or only the others.
    pub is_open_finance: Option<bool>,
    /// Whether each says how well it works.
    pub include_health: bool,
}

/// What an item is made with, beside its parameters.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemOptions {
    /// Our name for the person, given back with the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_user_id: Option<String>,
    /// What to collect; all that the subscription allows when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// Whether a second item of the same person at the same institution is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avoid_duplicates: Option<bool>,
    /// Where the bank's page leads when its window cannot be closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oauth_redirect_uri: Option<OauthRedirect>,
    /// Where events are posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<Url>,
}

/// An item to be made.
#[derive(Debug)]
pub struct ItemDraft {
    /// At which institution.
    pub connector_id: u64,
    /// What the person typed.
    pub parameters: Parameters,
    /// The rest.
    pub options: ItemOptions,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    connector_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Sent<'a>>,
    #[serde(flatten)]
    options: &'a ItemOptions,
}

impl Api {
    /// Asks for connectors; judged by [`crate::judge_connectors`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn connectors(
        &self,
        credential: Credential<'_>,
        filter: &ConnectorFilter,
        page: PageNumber,
    ) -> Result<Request, RequestError> {
        let list = |words: &[String]| (!words.is_empty()).then(|| words.join(","));
        let types: Vec<String> = filter.types.iter().map(ToString::to_string).collect();
        let mut query = pairs([
            ("name", filter.name.clone()),
            ("countries", list(&filter.countries)),
            ("types", list(&types)),
            ("sandbox", filter.include_sandbox.then(|| "true".to_owned())),
            ("isOpenFinance", filter.is_open_finance.map(|only| only.to_string())),
            ("includeHealth", filter.include_health.then(|| "true".to_owned())),
        ]);
        query.extend(pairs(page.pairs()));
        Ok(self.get(credential, &["connectors"], &query)?.with_largest_answer(LARGEST_LIST))
    }

    /// Asks for one connector, with how well it works; judged by [`crate::judge_connector`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn connector(&self, credential: Credential<'_>, id: u64) -> Result<Request, RequestError> {
        let query = [("includeHealth", "true".to_owned())];
        self.get(credential, &["connectors", &id.to_string()], &query)
    }

    /// Asks whether values fit a connector's form; judged by [`crate::judge_validation`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn validate_parameters(
        &self,
        credential: Credential<'_>,
        connector_id: u64,
        parameters: &Parameters,
    ) -> Result<Request, RequestError> {
        let path = ["connectors", &connector_id.to_string(), "validate"];
        self.send(http::Method::POST, Some(credential), &path, &Sent(parameters))
    }

    /// Makes an item; judged by [`crate::judge_submission`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn create_item(
        &self,
        credential: Credential<'_>,
        draft: &ItemDraft,
    ) -> Result<Request, RequestError> {
        let body = ItemBody {
            connector_id: Some(draft.connector_id),
            parameters: Some(Sent(&draft.parameters)),
            options: &draft.options,
        };
        self.send(http::Method::POST, Some(credential), &["items"], &body)
    }

    /// Asks how an item stands; judged by [`crate::judge_item`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn item(&self, credential: Credential<'_>, id: &str) -> Result<Request, RequestError> {
        self.get(credential, &["items", identifier(id)?], &[])
    }

    /// Syncs an item again, with new parameters or with those it has; judged by [`crate::judge_submission`].
    ///
    /// At most 20 a minute, and only when the person asks: the daily sync is Pluggy's own (D *rate limits*).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn update_item(
        &self,
        credential: Credential<'_>,
        id: &str,
        parameters: Option<&Parameters>,
        options: &ItemOptions,
    ) -> Result<Request, RequestError> {
        let body = ItemBody { connector_id: None, parameters: parameters.map(Sent), options };
        self.send(http::Method::PATCH, Some(credential), &["items", identifier(id)?], &body)
    }

    /// Answers the question of an item; judged by [`crate::judge_submission`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn answer_mfa(
        &self,
        credential: Credential<'_>,
        id: &str,
        parameters: &Parameters,
    ) -> Result<Request, RequestError> {
        let path = ["items", identifier(id)?, "mfa"];
        self.send(http::Method::POST, Some(credential), &path, &Sent(parameters))
    }

    /// Removes an item and its consent at Pluggy; judged by [`crate::judge_deletion`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn delete_item(&self, credential: Credential<'_>, id: &str) -> Result<Request, RequestError> {
        let url = self.address(&["items", identifier(id)?])?;
        crate::api::build(http::Method::DELETE, &url, Some(credential), Vec::new())
    }
}
