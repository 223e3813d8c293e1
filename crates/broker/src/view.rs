//! What may be shown of callers and questions.
//!
//! Invariant: no field can hold a secret.

use crate::caller::{Access, Caller, CallerId, Channel};
use crate::permission::Permission;
use crate::ports::KnownCaller;
use crate::questions::{LIFE, Question};
use connections::ConnectionKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A caller that has asked, or about which something was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CallerView {
    /// Names it for good.
    pub id: CallerId,
    /// The executable's file name, or the origin.
    pub name: String,
    /// How it comes.
    pub channel: Channel,
    /// The path of its executable.
    pub executable: Option<String>,
    /// What was decided about it.
    pub permissions: Vec<Permission>,
    /// When it was first heard of.
    #[ts(type = "string")]
    pub since: Timestamp,
    /// When it last asked for something.
    #[ts(type = "string | null")]
    pub last_asked_at: Option<Timestamp>,
    /// How often it has asked.
    #[ts(type = "number")]
    pub asked: u64,
}

impl CallerView {
    pub(crate) fn of(known: &KnownCaller) -> Self {
        Self {
            id: known.caller.id.clone(),
            name: known.caller.name.clone(),
            channel: known.caller.channel,
            executable: path_of(&known.caller),
            permissions: known.permissions.clone(),
            since: known.since,
            last_asked_at: known.last_asked_at,
            asked: known.asked,
        }
    }
}

impl KnownCaller {
    pub(crate) fn new(caller: &Caller, since: Timestamp) -> Self {
        Self { caller: caller.clone(), permissions: Vec::new(), since, last_asked_at: None, asked: 0 }
    }
}

/// A question that waits for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuestionView {
    /// Its number; goes into the answer.
    #[ts(type = "number")]
    pub question: u64,
    /// Who asks.
    pub caller: CallerId,
    /// The executable's file name, or the origin.
    pub name: String,
    /// How it came.
    pub channel: Channel,
    /// The path of its executable.
    pub executable: Option<String>,
    /// Its process number.
    pub pid: Option<u32>,
    /// Whether it came through our own command line.
    pub through_cli: bool,
    /// For what.
    pub access: Access,
    /// Of which connection; none is all.
    pub connection: Option<ConnectionKey>,
    /// Whether a connection or a registration would end by it.
    pub ends: bool,
    /// When it was asked.
    #[ts(type = "string")]
    pub asked_at: Timestamp,
    /// Until when it waits.
    #[ts(type = "string")]
    pub until: Timestamp,
    /// How many calls wait for the answer.
    #[ts(type = "number")]
    pub waiting: usize,
}

impl QuestionView {
    pub(crate) fn of(question: &Question) -> Self {
        Self {
            question: question.number,
            caller: question.caller.id.clone(),
            name: question.caller.name.clone(),
            channel: question.caller.channel,
            executable: path_of(&question.caller),
            pid: question.caller.pid,
            through_cli: question.caller.through_cli,
            access: question.about.access,
            connection: question.about.connection.clone(),
            ends: question.about.ends,
            asked_at: question.asked_at,
            until: question.asked_at + LIFE,
            waiting: question.waiting,
        }
    }
}

fn path_of(caller: &Caller) -> Option<String> {
    caller.executable.as_ref().map(|path| path.to_string_lossy().into_owned())
}
