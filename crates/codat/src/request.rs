//! Requests of the API. What the credentials cannot do is refused before it is sent.
//!
//! Source: platform API 3.0.0. Which paths take an access token is documented nowhere; what Codat's own component does
//! with one is taken as the measure: read the connections of one company, and unlink them.

use crate::answer::LARGEST_LIST;
use crate::{
    Api, BankSource, CompanyId, ConnectionId, CorsSettings, Credentials, DataType, Generation, ListQuery,
    Mode, NewCompany, PlatformKey, PullOperationId,
};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use secret::SecretString;
use serde_json::{Value, json};
use url::Url;
use web::Request;

/// Why a request is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Only a key opens this.
    #[error("this needs an API key")]
    NeedsApiKey,
    /// The token is for another company.
    #[error("the access token is for another company")]
    OtherCompany,
    /// A token that no header may hold.
    #[error("the token is malformed")]
    Token,
    /// 2,048 characters and more.
    #[error("the query is too long")]
    QueryTooLong,
    /// Not the name of a member.
    #[error("the order is not the name of a member")]
    Order,
    /// The parts do not make a request.
    #[error("the request could not be assembled")]
    Assembly,
}

/// The API with credentials: makes requests.
#[derive(Debug, Clone, Copy)]
pub struct Authorized<'a> {
    api: &'a Api,
    credentials: &'a Credentials,
}

type Built = Result<Request, RequestError>;

impl<'a> Authorized<'a> {
    pub(crate) const fn new(api: &'a Api, credentials: &'a Credentials) -> Self {
        Self { api, credentials }
    }

    /// The companies of the client. Judged by [`judge_companies`](crate::judge_companies).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn list_companies(&self, asked: &ListQuery) -> Built {
        self.key_only()?;
        self.list(&["companies"], asked)
    }

    /// A new company. Judged by [`judge_company`](crate::judge_company).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn create_company(&self, company: &NewCompany) -> Built {
        self.key_only()?;
        self.send(&Method::POST, &["companies"], Some(&company.to_json()))
    }

    /// One company. Judged by [`judge_company`](crate::judge_company).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn company(&self, company: &CompanyId) -> Built {
        self.key_only()?;
        self.get(&["companies", company.as_str()])
    }

    /// The connections of a company. Judged by [`judge_connections`](crate::judge_connections).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn list_connections(&self, company: &CompanyId, asked: &ListQuery) -> Built {
        self.of_company(company)?;
        self.list(&["companies", company.as_str(), "connections"], asked)
    }

    /// One connection, with a fresh link address. Judged by [`judge_connection`](crate::judge_connection).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn connection(&self, company: &CompanyId, connection: &ConnectionId) -> Built {
        self.of_company(company)?;
        self.get(&connection_path(company, connection))
    }

    /// A connection to be linked. Judged by [`judge_connection`](crate::judge_connection).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn create_connection(&self, company: &CompanyId, platform: &PlatformKey) -> Built {
        self.key_only()?;
        let body = json!({ "platformKey": platform.as_str() });
        self.send(&Method::POST, &["companies", company.as_str(), "connections"], Some(&body))
    }

    /// Ends access and keeps what was read. Judged by [`judge_connection`](crate::judge_connection).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn unlink(&self, company: &CompanyId, connection: &ConnectionId) -> Built {
        self.of_company(company)?;
        // No other member is allowed, and the word's case counts.
        let body = json!({ "status": "Unlinked" });
        self.send(&Method::PATCH, &connection_path(company, connection), Some(&body))
    }

    /// Ends access for good, with what was read. Judged by [`judge_done`](crate::judge_done).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn delete_connection(&self, company: &CompanyId, connection: &ConnectionId) -> Built {
        self.key_only()?;
        self.send(&Method::DELETE, &connection_path(company, connection), None)
    }

    /// The integrations of the client. Judged by [`judge_integrations`](crate::judge_integrations).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn list_integrations(&self, asked: &ListQuery) -> Built {
        self.key_only()?;
        self.list(&["integrations"], asked)
    }

    /// One integration. Judged by [`judge_integration`](crate::judge_integration).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn integration(&self, platform: &PlatformKey) -> Built {
        self.key_only()?;
        self.get(&["integrations", platform.as_str()])
    }

    /// How each data type of a company stands. Judged by [`judge_data_status`](crate::judge_data_status).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn data_status(&self, company: &CompanyId) -> Built {
        self.key_only()?;
        self.get(&["companies", company.as_str(), "dataStatus"])
    }

    /// Reads every type that is read on first link. Judged by [`judge_done`](crate::judge_done).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn refresh_all(&self, company: &CompanyId) -> Built {
        self.key_only()?;
        self.send(&Method::POST, &["companies", company.as_str(), "data", "all"], None)
    }

    /// Reads one type, of one connection if named. Judged by [`judge_pull_operation`](crate::judge_pull_operation).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn refresh_data_type(
        &self,
        company: &CompanyId,
        data_type: &DataType,
        connection: Option<&ConnectionId>,
    ) -> Built {
        self.key_only()?;
        let mut address =
            self.address(&["companies", company.as_str(), "data", "queue", data_type.as_str()])?;
        if let Some(connection) = connection {
            address.query_pairs_mut().append_pair("connectionId", connection.as_str());
        }
        assemble(&Method::POST, &address, Some(&self.credentials.header()), None)
    }

    /// What was read, newest first. Judged by [`judge_pull_operations`](crate::judge_pull_operations).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn list_pull_operations(&self, company: &CompanyId, asked: &ListQuery) -> Built {
        self.key_only()?;
        self.list(&["companies", company.as_str(), "data", "history"], asked)
    }

    /// Bank accounts of one connection. Judged by [`judge_bank_accounts`](crate::judge_bank_accounts).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn list_bank_accounts(
        &self,
        company: &CompanyId,
        connection: &ConnectionId,
        source: BankSource,
        asked: &ListQuery,
    ) -> Built {
        self.key_only()?;
        let [companies, company, connections, connection] = connection_path(company, connection);
        let data_type = match source {
            BankSource::Banking => "banking-accounts",
            BankSource::Accounting => "bankAccounts",
        };
        self.list(&[companies, company, connections, connection, "data", data_type], asked)
    }

    /// Transactions of all bank accounts of a connection to a bank. Judged by
    /// [`judge_bank_transactions`](crate::judge_bank_transactions).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn list_banking_transactions(
        &self,
        company: &CompanyId,
        connection: &ConnectionId,
        asked: &ListQuery,
    ) -> Built {
        self.key_only()?;
        let [companies, company, connections, connection] = connection_path(company, connection);
        self.list(&[companies, company, connections, connection, "data", "banking-transactions"], asked)
    }

    /// Transactions of one bank account in the books of accounting software. Judged by
    /// [`judge_bank_transactions`](crate::judge_bank_transactions).
    ///
    /// # Errors
    /// [`RequestError`], also when the account's id cannot be part of an address.
    pub fn list_account_transactions(
        &self,
        company: &CompanyId,
        connection: &ConnectionId,
        account: &str,
        asked: &ListQuery,
    ) -> Built {
        self.key_only()?;
        let [companies, company, connections, connection] = connection_path(company, connection);
        let place = [companies, company, connections, connection, "data", "bankAccounts", account];
        self.list(&[&place[..], &["bankTransactions"]].concat(), asked)
    }

    /// What the organization calls itself in the data that was read: of the books of a company, or of one connection to a
    /// shop. Judged by [`judge_profile`](crate::judge_profile).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn profile(&self, company: &CompanyId, shop: Option<&ConnectionId>) -> Built {
        self.key_only()?;
        let Some(shop) = shop else {
            return self.get(&["companies", company.as_str(), "data", "info"]);
        };
        let [companies, company, connections, connection] = connection_path(company, shop);
        self.get(&[companies, company, connections, connection, "data", "commerce-info"])
    }

    /// One reading. Judged by [`judge_pull_operation`](crate::judge_pull_operation).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn pull_operation(&self, company: &CompanyId, operation: &PullOperationId) -> Built {
        self.key_only()?;
        self.get(&["companies", company.as_str(), "data", "history", operation.as_str()])
    }

    /// An access token of one company. Judged by [`judge_access_token`](crate::judge_access_token).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn access_token(&self, company: &CompanyId, generation: Generation) -> Built {
        self.key_only()?;
        match generation {
            Generation::Current => self.get(&["companies", company.as_str(), "accessToken"]),
            Generation::Former => {
                self.get(&["companies", company.as_str(), "connectionManagement", "accessToken"])
            }
        }
    }

    /// The origins whose pages may embed Codat's component. Judged by
    /// [`judge_cors_settings`](crate::judge_cors_settings).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn cors_settings(&self, generation: Generation) -> Built {
        self.key_only()?;
        self.get(cors_path(generation))
    }

    /// Sets the whole list of origins. Judged by [`judge_cors_settings`](crate::judge_cors_settings).
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn set_cors_settings(&self, generation: Generation, settings: &CorsSettings) -> Built {
        self.key_only()?;
        let body = json!({ "allowedOrigins": settings.origins() });
        self.send(&Method::POST, cors_path(generation), Some(&body))
    }

    const fn key_only(&self) -> Result<(), RequestError> {
        match self.credentials.mode() {
            Mode::ApiKey => Ok(()),
            Mode::CompanyToken => Err(RequestError::NeedsApiKey),
        }
    }

    fn of_company(&self, company: &CompanyId) -> Result<(), RequestError> {
        match self.credentials {
            Credentials::CompanyToken(token) if !token.company().is(company) => {
                Err(RequestError::OtherCompany)
            }
            _ => Ok(()),
        }
    }

    fn address(&self, path: &[&str]) -> Result<Url, RequestError> {
        self.api.address(path).ok_or(RequestError::Assembly)
    }

    fn get(&self, path: &[&str]) -> Built {
        self.send(&Method::GET, path, None)
    }

    fn list(&self, path: &[&str], asked: &ListQuery) -> Built {
        let mut address = self.address(path)?;
        asked.write(&mut address)?;
        let request = assemble(&Method::GET, &address, Some(&self.credentials.header()), None)?;
        Ok(request.with_largest_answer(LARGEST_LIST))
    }

    fn send(&self, method: &Method, path: &[&str], body: Option<&Value>) -> Built {
        assemble(method, &self.address(path)?, Some(&self.credentials.header()), body)
    }
}

fn connection_path<'a>(company: &'a CompanyId, connection: &'a ConnectionId) -> [&'a str; 4] {
    ["companies", company.as_str(), "connections", connection.as_str()]
}

const fn cors_path(generation: Generation) -> &'static [&'static str] {
    match generation {
        Generation::Current => &["corsSettings"],
        Generation::Former => &["connectionManagement", "corsSettings"],
    }
}

/// A request of these parts; `authorization` is a whole header value.
pub(crate) fn assemble(
    method: &Method,
    address: &Url,
    authorization: Option<&SecretString>,
    body: Option<&Value>,
) -> Built {
    let bytes = match body {
        Some(body) => serde_json::to_vec(body).map_err(|_| RequestError::Assembly)?,
        None => Vec::new(),
    };
    let mut request = http::Request::new(bytes);
    *request.method_mut() = method.clone();
    *request.uri_mut() = address.as_str().parse().map_err(|_| RequestError::Assembly)?;
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(value) = authorization {
        // EXPOSE: the header of the request, marked as not to be printed.
        let mut value = HeaderValue::try_from(value.expose()).map_err(|_| RequestError::Assembly)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(Request::new(request))
}
