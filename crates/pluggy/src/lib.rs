//! Pluggy (Open Finance in Brazil) as values: requests are built, answers are judged.
//!
//! Knows no socket, clock, file or vault: the present instant and the answers of the server are arguments.
//!
//! Invariants
//! - Bank passwords, keys and tokens come as secrets, leave in a request that cannot be printed, and occur in no error.
//! - Whatever an answer holds, nothing panics; what is missing or new costs one field or one element, never the rest.
//! - Amounts are exact decimals from the digits that were sent; they never pass through a float.
//!
//! Sources: the types of the `pluggy-sdk` package 0.90.0 (P), of `pluggy-js` 0.19.3 (J) and of `pluggy-connect-sdk`
//! 2.14.2 (W), and the pages of `docs.pluggy.ai` (D). Where they differ, both forms are read.

mod amount;
mod answer;
mod api;
mod api_error;
mod calendar;
mod ending;
mod form;
mod json;
mod page_to_open;
mod parameters;
mod printable;
mod redirect;
mod requests;
mod resources;
mod standing;
mod token;
mod widget;
mod words;

pub use amount::Amount;
pub use answer::{
    Page, Validation, judge_accounts, judge_bills, judge_categories, judge_connector, judge_connectors,
    judge_consents, judge_deletion, judge_identity, judge_investments, judge_item, judge_loans,
    judge_submission, judge_transactions, judge_validation,
};
pub use api::{Api, ApiAddressRefused, Credential, PRODUCTION, RequestError};
pub use api_error::{ApiError, ErrorKind, FieldError, Retry, UnreadableAnswer};
pub use ending::{Action, Endings, Event, Platform};
pub use form::{Check, Choice, Complaint, Form, FormField, Input, Picture, PictureKind, Question};
pub use page_to_open::{PageToOpen, code_to_scan, page_to_open};
pub use parameters::Parameters;
pub use redirect::{OauthRedirect, RedirectRefusal, effective_redirect};
pub use requests::{
    ConnectTokenOptions, ConnectorFilter, CursorFilter, ItemDraft, ItemOptions, PageNumber,
    TransactionFilter, company_connect_token,
};
pub use resources::*;
pub use standing::{ProductProgress, ProductState, Progress, Reason, Standing, Turn, standing};
pub use token::{ApiKey, ConnectToken, judge_api_key, judge_company_connect_token, judge_connect_token};
pub use widget::{WidgetEvent, WidgetStep};
