//! What outlives a restart: tokens as hashes, items and webhooks.
//!
//! Invariants
//! - A change is on disk, where there is a file, before its result is handed back.
//! - What follows from the clock alone is not written again: it is played again.

use super::item::Item;
use crate::bank::book::replace;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tokens remembered at once; each lives two hours at most.
const TOKENS: usize = 1024;
/// Items kept at once. Far above what a person practises with.
const ITEMS: usize = 256;
/// Webhooks kept at once.
pub(super) const WEBHOOKS: usize = 64;

/// A token that was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Token {
    pub sha256: String,
    pub expires_at: Timestamp,
    /// What a connect token was made for; none for an API key.
    pub connect: Option<Session>,
}

/// What a connect token was made for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Session {
    pub item: Option<String>,
    pub options: SessionOptions,
}

/// The options of a connect token that items inherit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SessionOptions {
    pub client_user_id: Option<String>,
    pub webhook_url: Option<String>,
    pub oauth_redirect_uri: Option<String>,
    pub avoid_duplicates: Option<bool>,
}

/// Everything that is kept.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub tokens: VecDeque<Token>,
    pub items: VecDeque<Item>,
    pub webhooks: Vec<Value>,
}

impl State {
    pub(super) fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    pub(super) fn item_mut(&mut self, id: &str) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.id == id)
    }

    pub(super) fn add_item(&mut self, item: Item) {
        if self.items.len() == ITEMS {
            self.items.pop_front();
        }
        self.items.push_back(item);
    }

    pub(super) fn add_token(&mut self, token: Token, now: Timestamp) {
        self.tokens.retain(|token| now < token.expires_at);
        if self.tokens.len() == TOKENS {
            self.tokens.pop_front();
        }
        self.tokens.push_back(token);
    }
}

pub(super) struct Book {
    state: Mutex<State>,
    path: Option<PathBuf>,
}

impl Book {
    /// Reads the file beside the bank's, or starts empty where there is none or it is not readable as a state: what
    /// it held is synthetic, and can be connected again.
    pub(super) fn open(bank: Option<&Path>) -> io::Result<Self> {
        let path = bank.map(|bank| bank.with_extension("pluggy.json"));
        let stored = match path.as_deref().map(std::fs::read) {
            Some(Ok(stored)) => stored,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => Vec::new(),
        };
        Ok(Self { state: Mutex::new(serde_json::from_slice(&stored).unwrap_or_default()), path })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks, and changes only what follows from the clock.
    pub(super) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.lock())
    }

    /// Changes, and stores. Blocks for as long as the disk takes.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        let mut state = self.lock();
        let changed = change(&mut state);
        if let Some(path) = &self.path {
            replace(path, &serde_json::to_vec(&*state)?)?;
        }
        Ok(changed)
    }
}
