//! Codat (accounting, banking and commerce data) as values: requests are built, answers are judged.
//!
//! Knows no socket, clock, randomness, file or vault: random bytes, the present instant and the answers of the server
//! are arguments. Knows Codat's words only; what a connection is in Mooring is decided elsewhere from
//! [`standing()`], [`actions`] and [`Platform`].
//!
//! Invariants
//! - Keys, tokens and link addresses are secrets; no error, `Debug` or `Display` holds one.
//! - What an answer lacks or what this version does not know never fails it: unknown words survive, and one broken
//!   element of a list is skipped and counted.
//! - What credentials cannot do is refused before it is sent ([`RequestError::NeedsApiKey`]).
//! - Requests go to https, or to this computer.
//!
//! Sources: Codat's documentation (docs.codat.io), its platform API 3.0.0, and the packages `@codat/platform` 6.2.1 and
//! `@codat/sdk-link-types` 1.10.1.

mod access_token;
mod action;
mod answer;
mod api;
mod attempt;
mod bank;
mod category;
mod company;
mod component;
mod connection;
mod cors;
mod credentials;
mod csp;
mod custom_text;
mod data_type;
mod error;
mod instant;
mod integration;
mod json;
mod link;
mod link_return;
mod list;
mod markdown;
mod platform;
mod quota;
mod request;
mod standing;
mod sync;
mod text;
mod words;

pub use access_token::{
    CompanyToken, Generation, TokenEndpoint, TokenEndpointError, judge_access_token, judge_token_endpoint,
};
pub use action::{Action, ClientAction, Consequence, actions, client_actions};
pub use answer::judge_done;
pub use api::{Api, ApiAddressError};
pub use attempt::{AttemptOutcome, attempt_outcome};
pub use bank::{BankAccount, BankSource, BankTransaction, judge_bank_accounts, judge_bank_transactions};
pub use category::{Categorized, Category, SourceType, category};
pub use company::{Company, NewCompany, NewCompanyError, judge_companies, judge_company, judge_profile};
pub use component::{ComponentEvent, ConnectionArgs, ErrorArgs};
pub use connection::{
    Connection, ConnectionError, ConnectionStatus, ErrorStatus, Notes, judge_connection, judge_connections,
};
pub use cors::{CorsSettings, Origin, OriginError, judge_cors_settings};
pub use credentials::{ApiKey, ApiKeyError, Credentials, Mode};
pub use csp::{CspOptions, NONCE_PLACEHOLDER, csp_lines, missing_directives};
pub use custom_text::{CustomText, CustomTextError};
pub use data_type::DataType;
pub use error::{ApiError, ErrorKind};
pub use integration::{
    DataTypeSupport, FeatureState, FeatureType, Integration, judge_integration, judge_integrations,
};
pub use link::{
    LinkNonce, LinkUrlError, NONCE_PARAMETER, RedirectError, link_url_to_forward, link_url_with_nonce,
    redirect_template,
};
pub use link_return::{LinkClaim, LinkReturn, LinkReturnError, Organization, SameOrganization};
pub use list::{ListQuery, Page};
pub use markdown::{Block, Inline, sanitize};
pub use platform::{Connector, Disconnect, Pause, Platform};
pub use quota::{Quota, quota};
pub use request::{Authorized, RequestError};
pub use standing::{ApprovalReason, Needs, Standing, Status, standing};
pub use sync::{
    DataStatus, DataStatuses, Phase, PullOperation, PullStatus, judge_data_status, judge_pull_operation,
    judge_pull_operations,
};
pub use words::{CompanyId, ConnectionId, IdError, PlatformKey, PullOperationId};
