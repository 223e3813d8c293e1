//! The gate that each request of a program goes through: allowed or not, and written down.

use crate::caller::{Access, Caller};
use async_trait::async_trait;
use connections::ConnectionKey;
use connections::error::{CoreError, ErrorCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The program got it.
    Given,
    /// It did not.
    Refused {
        /// Which failure.
        code: ErrorCode,
        /// Where the code has several causes: which one, in one word.
        reason: Option<String>,
    },
}

impl Outcome {
    /// How `result` reads in the audit.
    pub fn of<T>(result: &Result<T, CoreError>) -> Self {
        match result {
            Ok(_) => Self::Given,
            Err(error) => Self::Refused { code: error.code, reason: error.params.get("reason").cloned() },
        }
    }
}

/// Decides about programs, and remembers what they asked.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Allowed now; asks the person where somebody is there, and waits for the answer two minutes at most.
    ///
    /// Dropping the future withdraws the question.
    ///
    /// # Errors
    /// [`ErrorCode::NotPermitted`]; its `reason` is `refused`, `nobodyAnswered`, `nobodyThere` or `notOurs`.
    async fn admit(
        &self,
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
    ) -> Result<(), CoreError>;

    /// Whether it may still, without asking anybody; for what goes on for long.
    fn still_admits(&self, caller: &Caller, access: Access, connection: Option<&ConnectionKey>) -> bool;

    /// Writes one line of the audit: who asked what, when, answered how. Never fails an answer, never carries a
    /// secret.
    async fn record(
        &self,
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
        outcome: &Outcome,
    );
}
