//! Refusals as Pluggy words them: an HTTP status and `{code, message, codeDescription?, details?, errors?, errorId}`.
//!
//! Sources: npm `pluggy-js` 0.19.3 `types.d.ts` (`ErrorResponse`, `ConnectorValidationErrorResponse`); its documentation
//! on errors and validations (checked 2026-11-21).

use super::ids;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Why a request is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    description: Option<&'static str>,
    parameters: Vec<ParameterError>,
    items: Vec<String>,
}

/// What is wrong with one parameter of a connector.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ParameterError {
    /// `001` missing, `002` does not fit its rule.
    pub code: &'static str,
    pub message: String,
    pub parameter: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), description: None, parameters: Vec::new(), items: Vec::new() }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} not found"))
    }

    pub(super) fn described(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Names the items that are there already.
    pub(super) fn naming(self, items: Vec<String>) -> Self {
        Self { items, ..self }
    }

    /// Some parameters are missing or break their rule.
    pub(super) fn parameters(parameters: Vec<ParameterError>) -> Self {
        let refusal = Self::bad("There was a problem validating the provided credentials");
        Self { parameters, ..refusal.described("PARAMETER_VALIDATION_ERROR") }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(_: std::io::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = Map::new();
        body.insert("code".to_owned(), json!(self.status.as_u16()));
        body.insert("message".to_owned(), json!(self.message));
        if let Some(description) = self.description {
            body.insert("codeDescription".to_owned(), json!(description));
        }
        if !self.parameters.is_empty() {
            // Older clients read `details`, newer ones `errors`.
            body.insert("details".to_owned(), json!(self.parameters));
            body.insert("errors".to_owned(), json!(self.parameters));
        }
        if !self.items.is_empty() {
            body.insert("items".to_owned(), json!(self.items));
        }
        if let Ok(id) = ids::fresh() {
            body.insert("errorId".to_owned(), json!(id));
        }
        (self.status, Json(Value::Object(body))).into_response()
    }
}
