//! What can go wrong at a bank and at a Pluggy, by name.
//!
//! Knows nothing of how they do it: `bank` and `pluggy` ask which misbehaviours are on and play them.
//!
//! Invariants
//! - A misbehaviour that is limited to some times is spent when it is played, not when it is looked at.
//! - Every name survives `Display` and `FromStr`, so a command line, a test and a settings file say the same thing.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One way of misbehaving.
///
/// Shape as text: the kebab-case name, with `:` and its value where it has one
/// (`slow-token:30` in seconds, `html-token-answer:502`, `expires-in:zero`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Misbehaviour {
    /// The authorization response carries a `state` nobody sent.
    WrongState,
    /// The authorization response carries no `state`.
    MissingState,
    /// The authorization response carries no `iss`, although the metadata promises it.
    MissingIss,
    /// The authorization response names another issuer.
    WrongIss,
    /// The bank answers `access_denied` although the person allowed.
    DeniesConsent,
    /// The bank answers `server_error` although the person allowed.
    ErrorServer,
    /// The token endpoint answers a web page with this status; the request is not performed.
    HtmlTokenAnswer(u16),
    /// The token endpoint answers half a JSON document; the request is not performed.
    TruncatedTokenAnswer,
    /// The token endpoint answers 200 without a body; the request is not performed.
    EmptyTokenAnswer,
    /// The token endpoint streams 64 MB; the request is not performed.
    HugeTokenAnswer,
    /// The token endpoint sends 256 MB compressed to a few hundred kB; the request is not performed.
    GzipBomb,
    /// The token endpoint redirects with 307, which would carry the form elsewhere; the request is not performed.
    TokenRedirect,
    /// The token endpoint waits this long, then answers well.
    SlowToken(Duration),
    /// The token endpoint performs the request, then waits this long with its answer.
    SlowAnswer(Duration),
    /// The token endpoint performs the request, then cuts the connection: the client never hears.
    DropsTokenResponse,
    /// The token endpoint answers 503 with `Retry-After: 2`; the request is not performed.
    ServerError503,
    /// The token endpoint answers 429 with `Retry-After: 2`; the request is not performed.
    RateLimited429,
    /// The token endpoint answers `invalid_grant`; the request is not performed.
    InvalidGrant,
    /// The token endpoint answers `invalid_client`; the request is not performed.
    InvalidClient,
    /// The token response states its life in this way.
    ExpiresIn(ExpiresIn),
    /// The token response grants fewer scopes than were asked for.
    FewerScopes,
    /// The token response grants a scope nobody asked for.
    MoreScopes,
    /// A code brings no refresh token; a refresh brings none either and the old one stays good.
    NoRefreshToken,
    /// A refresh ends the old refresh token and brings no other.
    RotatesWithoutTelling,
    /// A refresh token that was used may be used again for this long.
    GraceForReuse(Duration),
    /// The revocation endpoint answers 503; nothing is revoked.
    RevocationFails,
    /// After consent the page closes its window and never redirects.
    PageClosesItself,
    /// The consent page opens in a window of its own.
    PopupConsent,
    /// The authorization endpoint never answers.
    PageNeverAnswers,
    /// The sign-in page opens in a window that is `about:blank` first.
    BlankPage,
    /// Signing in ends on an error page of the bank, without a way back.
    LoginErrorPage,
    /// Pluggy answers so many requests a minute to each endpoint, then 429 with `Retry-After`.
    PluggyRateLimit(u32),
    /// Pluggy answers 503 with `Retry-After: 2`; the request is not performed.
    PluggyOutage,
    /// Pluggy answers a web page with this status; the request is not performed.
    PluggyHtmlAnswer(u16),
    /// Pluggy answers half a JSON document; the request is not performed.
    PluggyTruncatedAnswer,
    /// Pluggy performs the request, then cuts the connection: the client never hears.
    PluggyDropsResponse,
    /// Pluggy answers 401, not 403, to a token that it does not know or that is over.
    PluggyUnauthorized401,
    /// Pluggy answers 410 to the paged list of transactions.
    PluggyPagesGone,
    /// Pluggy refuses to update an item again within the hour.
    PluggyHourlyUpdates,
    /// The company's endpoint for connect tokens answers 500 with `{error}`.
    PluggyCompanyFails,
    /// The company's endpoint makes each connect token for a new item, whichever it is asked for.
    PluggyCompanyIgnoresItem,
    /// Pluggy refuses transactions to everybody with 403, as where the plan leaves them out.
    PluggyNoTransactions,
}

/// How a token response states the life of the access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiresIn {
    /// Not at all.
    Missing,
    /// `0`.
    Zero,
    /// `-5`.
    Negative,
    /// The right number, as a string.
    String,
    /// `"soon"`.
    Garbage,
    /// `1e15`, some thirty million years.
    Huge,
}

/// A text that names no misbehaviour.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a misbehaviour")]
pub struct UnknownMisbehaviour;

const PLAIN: &[(&str, Misbehaviour)] = &[
    ("wrong-state", Misbehaviour::WrongState),
    ("missing-state", Misbehaviour::MissingState),
    ("missing-iss", Misbehaviour::MissingIss),
    ("wrong-iss", Misbehaviour::WrongIss),
    ("denies-consent", Misbehaviour::DeniesConsent),
    ("error-server", Misbehaviour::ErrorServer),
    ("truncated-token-answer", Misbehaviour::TruncatedTokenAnswer),
    ("empty-token-answer", Misbehaviour::EmptyTokenAnswer),
    ("huge-token-answer", Misbehaviour::HugeTokenAnswer),
    ("gzip-bomb", Misbehaviour::GzipBomb),
    ("token-redirect", Misbehaviour::TokenRedirect),
    ("drops-token-response", Misbehaviour::DropsTokenResponse),
    ("server-error-503", Misbehaviour::ServerError503),
    ("rate-limited-429", Misbehaviour::RateLimited429),
    ("invalid-grant", Misbehaviour::InvalidGrant),
    ("invalid-client", Misbehaviour::InvalidClient),
    ("fewer-scopes", Misbehaviour::FewerScopes),
    ("more-scopes", Misbehaviour::MoreScopes),
    ("no-refresh-token", Misbehaviour::NoRefreshToken),
    ("rotates-without-telling", Misbehaviour::RotatesWithoutTelling),
    ("revocation-fails", Misbehaviour::RevocationFails),
    ("page-closes-itself", Misbehaviour::PageClosesItself),
    ("popup-consent", Misbehaviour::PopupConsent),
    ("page-never-answers", Misbehaviour::PageNeverAnswers),
    ("blank-page", Misbehaviour::BlankPage),
    ("login-error-page", Misbehaviour::LoginErrorPage),
    ("pluggy-outage", Misbehaviour::PluggyOutage),
    ("pluggy-truncated-answer", Misbehaviour::PluggyTruncatedAnswer),
    ("pluggy-drops-response", Misbehaviour::PluggyDropsResponse),
    ("pluggy-unauthorized-401", Misbehaviour::PluggyUnauthorized401),
    ("pluggy-pages-gone", Misbehaviour::PluggyPagesGone),
    ("pluggy-hourly-updates", Misbehaviour::PluggyHourlyUpdates),
    ("pluggy-company-fails", Misbehaviour::PluggyCompanyFails),
    ("pluggy-company-ignores-item", Misbehaviour::PluggyCompanyIgnoresItem),
    ("pluggy-no-transactions", Misbehaviour::PluggyNoTransactions),
];

const EXPIRES_IN: &[(&str, ExpiresIn)] = &[
    ("missing", ExpiresIn::Missing),
    ("zero", ExpiresIn::Zero),
    ("negative", ExpiresIn::Negative),
    ("string", ExpiresIn::String),
    ("garbage", ExpiresIn::Garbage),
    ("huge", ExpiresIn::Huge),
];

impl Misbehaviour {
    /// One of each, in the order of the type; values where one is needed are typical ones.
    pub fn all() -> Vec<Self> {
        let plain = PLAIN.iter().map(|(_, one)| *one);
        let lives = EXPIRES_IN.iter().map(|(_, one)| Self::ExpiresIn(*one));
        let valued = [
            Self::HtmlTokenAnswer(502),
            Self::SlowToken(Duration::from_secs(30)),
            Self::SlowAnswer(Duration::from_secs(30)),
            Self::GraceForReuse(Duration::from_secs(30)),
            Self::PluggyRateLimit(20),
            Self::PluggyHtmlAnswer(502),
        ];
        plain.chain(lives).chain(valued).collect()
    }
}

impl fmt::Display for Misbehaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HtmlTokenAnswer(status) => write!(f, "html-token-answer:{status}"),
            Self::SlowToken(wait) => write!(f, "slow-token:{}", wait.as_secs_f64()),
            Self::SlowAnswer(wait) => write!(f, "slow-answer:{}", wait.as_secs_f64()),
            Self::GraceForReuse(grace) => write!(f, "grace-for-reuse:{}", grace.as_secs_f64()),
            Self::PluggyHtmlAnswer(status) => write!(f, "pluggy-html-answer:{status}"),
            Self::PluggyRateLimit(limit) => write!(f, "pluggy-rate-limit:{limit}"),
            Self::ExpiresIn(life) => {
                let name = EXPIRES_IN.iter().find(|(_, one)| one == life).map_or("", |(name, _)| name);
                write!(f, "expires-in:{name}")
            }
            plain => f.write_str(PLAIN.iter().find(|(_, one)| one == plain).map_or("", |(name, _)| name)),
        }
    }
}

impl FromStr for Misbehaviour {
    type Err = UnknownMisbehaviour;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((_, plain)) = PLAIN.iter().find(|(name, _)| *name == text) {
            return Ok(*plain);
        }
        let (name, value) = text.split_once(':').map_or((text, None), |(name, value)| (name, Some(value)));
        match name {
            "html-token-answer" => status(value.unwrap_or("502")).map(Self::HtmlTokenAnswer),
            "slow-token" => seconds(value.unwrap_or("30")).map(Self::SlowToken),
            "slow-answer" => seconds(value.unwrap_or("30")).map(Self::SlowAnswer),
            "pluggy-html-answer" => status(value.unwrap_or("502")).map(Self::PluggyHtmlAnswer),
            "pluggy-rate-limit" => {
                value.unwrap_or("20").parse().map(Self::PluggyRateLimit).map_err(|_| UnknownMisbehaviour)
            }
            "grace-for-reuse" => seconds(value.unwrap_or("30")).map(Self::GraceForReuse),
            "expires-in" => EXPIRES_IN
                .iter()
                .find(|(name, _)| Some(*name) == value)
                .map(|(_, life)| Self::ExpiresIn(*life))
                .ok_or(UnknownMisbehaviour),
            _ => Err(UnknownMisbehaviour),
        }
    }
}

fn status(text: &str) -> Result<u16, UnknownMisbehaviour> {
    text.parse().ok().filter(|status| (200..600).contains(status)).ok_or(UnknownMisbehaviour)
}

fn seconds(text: &str) -> Result<Duration, UnknownMisbehaviour> {
    let number: f64 = text.parse().map_err(|_| UnknownMisbehaviour)?;
    Duration::try_from_secs_f64(number).map_err(|_| UnknownMisbehaviour)
}

impl TryFrom<String> for Misbehaviour {
    type Error = UnknownMisbehaviour;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Misbehaviour> for String {
    fn from(one: Misbehaviour) -> Self {
        one.to_string()
    }
}

/// The misbehaviours that are on.
#[derive(Debug, Default)]
pub(crate) struct Mood(Mutex<Vec<(Misbehaviour, Option<u32>)>>);

impl Mood {
    fn lock(&self) -> MutexGuard<'_, Vec<(Misbehaviour, Option<u32>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Turns one on; without `times`, until [`Mood::clear`]. Of the same kind only the last one counts.
    pub(crate) fn add(&self, one: Misbehaviour, times: Option<u32>) {
        let mut on = self.lock();
        on.retain(|(other, _)| std::mem::discriminant(other) != std::mem::discriminant(&one));
        on.push((one, times));
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// Plays the first one that `wanted` picks, and spends it.
    pub(crate) fn play<T>(&self, wanted: impl Fn(Misbehaviour) -> Option<T>) -> Option<T> {
        let mut on = self.lock();
        on.retain(|(_, times)| *times != Some(0));
        let (times, found) =
            on.iter_mut().find_map(|(one, times)| wanted(*one).map(|found| (times, found)))?;
        if let Some(left) = times {
            *left -= 1;
        }
        Some(found)
    }

    /// Plays exactly this one.
    pub(crate) fn plays(&self, one: Misbehaviour) -> bool {
        self.play(|other| (other == one).then_some(())).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_as_itself() {
        for one in Misbehaviour::all() {
            let text = one.to_string();
            assert_eq!(text.parse(), Ok(one), "{text}");
            let json = serde_json::to_string(&one).unwrap();
            assert_eq!(serde_json::from_str::<Misbehaviour>(&json).unwrap(), one);
        }
    }

    #[test]
    fn values_have_defaults_and_limits() {
        assert_eq!("slow-token".parse(), Ok(Misbehaviour::SlowToken(Duration::from_secs(30))));
        assert_eq!("slow-token:0.5".parse(), Ok(Misbehaviour::SlowToken(Duration::from_millis(500))));
        for wrong in
            ["", "slow-token:-1", "html-token-answer:99", "expires-in", "expires-in:never", "WrongState"]
        {
            assert_eq!(wrong.parse::<Misbehaviour>(), Err(UnknownMisbehaviour), "{wrong}");
        }
    }

    #[test]
    fn a_limited_misbehaviour_is_spent_when_played() {
        let mood = Mood::default();
        mood.add(Misbehaviour::InvalidGrant, Some(1));
        assert!(!mood.plays(Misbehaviour::WrongIss), "another one is not played in its place");
        assert!(mood.plays(Misbehaviour::InvalidGrant));
        assert!(!mood.plays(Misbehaviour::InvalidGrant));
        mood.add(Misbehaviour::WrongIss, None);
        assert!(mood.plays(Misbehaviour::WrongIss) && mood.plays(Misbehaviour::WrongIss));
        mood.clear();
        assert!(!mood.plays(Misbehaviour::WrongIss));
    }
}
