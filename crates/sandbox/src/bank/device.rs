//! Approving on another device: the device's endpoint, the page where a person types the code, and the answer.
//!
//! Invariants
//! - A device code is good for one client and one answer; only hashes of it are kept, and only in memory.
//! - A question that comes before the pause is over is answered with `slow_down`.
//!
//! Source: RFC 8628 §3.2, §3.3 and §3.5, §5.1 and §6.1 (checked 2026-11-21).

use super::Bank;
use super::authorize::{AuthorizationRequest, scopes};
use super::front::browser_language;
use super::grants::Approval;
use super::pages::{self, Policy};
use super::response::see_other;
use super::token::TokenError;
use super::visits::VISIT_LIFE;
use crate::clock::later;
use crate::values::{Parameters, random, sha256};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a code is good for.
const CODE_LIFE: Duration = Duration::from_secs(10 * 60);
/// Pause between two questions. A person practises and waits, so it is short.
const INTERVAL: Duration = Duration::from_secs(1);
/// Devices that wait at once; a ninth of a million codes each leaves nothing to guess.
const DEVICES: usize = 64;
/// Letters that are neither vowels nor mistaken for one another (§6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// What became of a device's request.
enum Decision {
    Awaited,
    Allowed(Approval),
    Refused,
}

struct Device {
    sha256: String,
    user_code: String,
    request: AuthorizationRequest,
    expires_at: Timestamp,
    asked_at: Option<Timestamp>,
    decision: Decision,
}

/// Devices that wait for a person.
#[derive(Default)]
pub(super) struct Devices(Mutex<VecDeque<Device>>);

impl Devices {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Device>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, device: Device) {
        let mut devices = self.lock();
        if devices.len() == DEVICES {
            devices.pop_front();
        }
        devices.push_back(device);
    }

    /// What the device with this code asks for, while nobody has decided.
    fn request(&self, user_code: &str, now: Timestamp) -> Option<AuthorizationRequest> {
        let devices = self.lock();
        let waiting = |one: &&Device| {
            one.user_code == user_code && now < one.expires_at && matches!(one.decision, Decision::Awaited)
        };
        devices.iter().find(waiting).map(|one| one.request.clone())
    }

    /// The person has decided. False when the code is over or decided already.
    pub(super) fn decide(&self, user_code: &str, approval: Option<Approval>, now: Timestamp) -> bool {
        let mut devices = self.lock();
        let waiting = |one: &&mut Device| {
            one.user_code == user_code && now < one.expires_at && matches!(one.decision, Decision::Awaited)
        };
        let Some(device) = devices.iter_mut().find(waiting) else { return false };
        device.decision = approval.map_or(Decision::Refused, Decision::Allowed);
        true
    }

    /// The approval for a device that asks; it is handed out once.
    pub(super) fn collect(
        &self,
        device_code: &str,
        client_id: &str,
        now: Timestamp,
    ) -> Result<Approval, TokenError> {
        let sha256 = sha256(device_code);
        let mut devices = self.lock();
        let unknown = TokenError::new("invalid_grant", "unknown device code");
        let at = devices.iter().position(|one| one.sha256 == sha256).ok_or(unknown)?;
        let device = devices.get_mut(at).ok_or(TokenError::unavailable())?;
        if device.request.client.id() != client_id {
            return Err(TokenError::new("invalid_grant", "the device code belongs to another client"));
        }
        if now >= device.expires_at {
            devices.remove(at);
            return Err(TokenError::new("expired_token", "the device code expired"));
        }
        let early = device.asked_at.is_some_and(|before| now < later(before, INTERVAL));
        device.asked_at = Some(now);
        match &device.decision {
            Decision::Awaited if early => Err(TokenError::new("slow_down", "asked too soon")),
            Decision::Awaited => Err(TokenError::new("authorization_pending", "nobody has decided")),
            Decision::Refused => {
                devices.remove(at);
                Err(TokenError::new("access_denied", "the person did not allow it"))
            }
            Decision::Allowed(approval) => {
                let approval = approval.clone();
                devices.remove(at);
                Ok(approval)
            }
        }
    }
}

/// The device authorization endpoint.
pub(super) async fn endpoint(State(bank): State<Arc<Bank>>, headers: HeaderMap, body: Bytes) -> Response {
    match bank.new_device(&headers, &Parameters::parse(&body)) {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => error.into_response(),
    }
}

/// The page where a person types the code.
pub(super) async fn page(headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let typed = Parameters::parse(query.unwrap_or_default().as_bytes());
    show(&headers, typed.one("user_code").ok().flatten().unwrap_or_default(), false)
}

/// The code was typed: from here on it goes as at any sign-in.
pub(super) async fn typed(State(bank): State<Arc<Bank>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse(&body);
    let typed = form.one("user_code").ok().flatten().unwrap_or_default();
    let Some(request) = bank.devices.request(&normal(typed), bank.clock.now()) else {
        return show(&headers, typed, true);
    };
    let language = browser_language(&headers);
    let Ok((id, cookie)) = bank.visits.begin(request, language, bank.clock.now()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = see_other(&format!("/sign-in?visit={id}"));
    let life = VISIT_LIFE.as_secs();
    let cookie = format!("farol-{id}={cookie}; Path=/; Max-Age={life}; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn show(headers: &HeaderMap, typed: &str, wrong: bool) -> Response {
    let language = browser_language(headers);
    let words = language.words();
    let typed: String = typed.chars().take(16).collect();
    let content = pages::device(language, &typed, wrong.then_some(words.code_wrong));
    let status = if wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    pages::respond(status, language, words.code_title, &content, &Policy::default())
}

impl Bank {
    fn new_device(&self, headers: &HeaderMap, form: &Parameters) -> Result<Value, TokenError> {
        if !super::token::is_form(headers) {
            return Err(TokenError::new("invalid_request", "the body must be a form"));
        }
        let client = self.proved_client(headers, form)?;
        let asked = scopes(form.one("scope")?.unwrap_or("accounts"));
        let asked = asked.map_err(|(error, description)| TokenError::new(error, description))?;
        let fresh = || -> io::Result<(String, String)> { Ok((random()?, user_code()?)) };
        let (device_code, user_code) = fresh().map_err(|_| TokenError::unavailable())?;
        let device_code = format!("farol_dc_{device_code}");
        let request = AuthorizationRequest {
            client,
            redirect_uri: String::new(),
            state: None,
            scopes: asked,
            code_challenge: String::new(),
            nonce: None,
            device: Some(user_code.clone()),
        };
        self.devices.add(Device {
            sha256: sha256(&device_code),
            user_code: user_code.clone(),
            request,
            expires_at: later(self.clock.now(), CODE_LIFE),
            asked_at: None,
            decision: Decision::Awaited,
        });
        let page = format!("{}/device", self.issuer);
        Ok(json!({
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": page,
            "verification_uri_complete": format!("{page}?user_code={user_code}"),
            "expires_in": CODE_LIFE.as_secs(),
            "interval": INTERVAL.as_secs(),
        }))
    }
}

/// Eight letters in two groups.
fn user_code() -> io::Result<String> {
    let bytes = sha256(&random()?).into_bytes();
    let letter = |pair: &[u8]| {
        let index = pair.iter().fold(0_usize, |sum, byte| (sum * 31 + usize::from(*byte)) % LETTERS.len());
        LETTERS.get(index).copied().map_or('B', char::from)
    };
    let letters: Vec<char> = bytes.chunks(4).take(8).map(letter).collect();
    let (first, second) = letters.split_at(4);
    Ok(format!("{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>()))
}

/// A code as the bank wrote it: people leave the hyphen out and type small letters.
fn normal(typed: &str) -> String {
    let letters: Vec<char> =
        typed.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).take(9).collect();
    let (first, second) = letters.split_at(letters.len().min(4));
    format!("{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, normal, user_code};

    #[test]
    fn a_code_is_easy_to_type_and_is_recognized_however_it_is_typed() {
        let code = user_code().unwrap();
        assert_eq!(code.len(), 9);
        assert!(code.bytes().all(|byte| byte == b'-' || LETTERS.contains(&byte)), "{code}");
        assert_ne!(code, user_code().unwrap());
        for typed in [code.clone(), code.to_lowercase(), code.replace('-', ""), format!(" {code} ")] {
            assert_eq!(normal(&typed), code);
        }
        assert_eq!(normal(""), "-", "nothing is no code");
    }
}
