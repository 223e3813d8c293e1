//! Validates ID tokens (OpenID Connect Core §3.1.3.7), with signatures by the `jsonwebtoken` crate on pure-Rust
//! cryptography, which builds everywhere that Rust does.
//!
//! A token that came straight from the token endpoint over TLS may go without a signature check when the server names
//! no keys (§3.1.3.7 item 6); when it names keys, the signature must hold.

use crate::Response;
use crate::error_code::is_unprintable;
use crate::json::{self, Object};
use base64::Engine as _;
use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secret::SecretString;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// Difference of clocks that is forgiven.
const LEEWAY_SECONDS: i64 = 60;
/// Longest name that is kept.
const LONGEST_NAME: usize = 120;
/// Longest subject identifier (OpenID Connect Core §2).
const LONGEST_SUBJECT: usize = 255;

/// Who approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Subject identifier, unique at the issuer.
    pub subject: String,
    /// Name, as shown to people.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// What an ID token must fit.
pub struct ExpectedIdentity<'a> {
    /// The issuer that was asked.
    pub issuer: Option<&'a str>,
    /// Our id there.
    pub client_id: &'a str,
    /// The nonce of the attempt; none where the request could carry none (RFC 8628).
    pub nonce: Option<&'a SecretString>,
    /// The access token that came with it.
    pub access_token: &'a SecretString,
    /// Algorithms that the server names; empty means RS256 (Discovery §3).
    pub allowed_algorithms: &'a [String],
}

/// Why an ID token proves nothing. Named after the claim at fault; quotes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// Not three parts of base64url JSON.
    #[error("the ID token is malformed")]
    Malformed,
    /// `none`, a shared-secret algorithm, or one that the server does not name.
    #[error("the ID token's algorithm is not allowed")]
    Algorithm,
    /// No key of the issuer is of the kind, name and use that the token asks for.
    #[error("no key of the issuer fits the ID token")]
    Key,
    /// The signature does not hold.
    #[error("the ID token's signature does not hold")]
    Signature,
    /// A claim is missing or wrong.
    #[error("the ID token's `{0}` is missing or wrong")]
    Claim(&'static str),
    /// The keys could not be read.
    #[error("the issuer's keys could not be read")]
    Keys,
}

/// Keys of an issuer (RFC 7517).
pub struct Jwks(JwkSet);

impl Jwks {
    /// From the answer of `jwks_uri`. Keys of kinds that we do not know are passed over.
    ///
    /// # Errors
    /// [`IdTokenError::Keys`].
    pub fn parse(response: &Response) -> Result<Self, IdTokenError> {
        if response.status != 200 {
            return Err(IdTokenError::Keys);
        }
        let document = json::object(response).map_err(|_| IdTokenError::Keys)?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or(IdTokenError::Keys)?;
        let known = keys.iter().filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok());
        Ok(Self(JwkSet { keys: known.collect() }))
    }
}

/// Validates `token`. Without `keys` the signature is not looked at; see the module's header for when that is right.
///
/// # Errors
/// [`IdTokenError`].
pub fn judge_id_token(
    token: &SecretString,
    keys: Option<&Jwks>,
    expected: &ExpectedIdentity<'_>,
    now: Timestamp,
) -> Result<Identity, IdTokenError> {
    // EXPOSE: parsed and verified here.
    let text = token.expose();
    let header = jsonwebtoken::decode_header(text).map_err(|_| IdTokenError::Malformed)?;
    check_algorithm(header.alg, expected.allowed_algorithms)?;
    // RFC 7515 §4.1.11: an extension that must be understood, and is not, ends it. None is understood here.
    if header.crit.is_some() {
        return Err(IdTokenError::Malformed);
    }
    if let Some(keys) = keys {
        verify(text, header.alg, header.kid.as_deref(), keys)?;
    }
    let claims = claims_of(text)?;
    check_claims(&claims, expected, now)?;
    check_at_hash(&claims, header.alg, expected.access_token)?;
    let get = |name: &str| claims.get(name).and_then(Value::as_str);
    let subject = get("sub").filter(|sub| is_subject(sub)).ok_or(IdTokenError::Claim("sub"))?;
    Ok(Identity {
        subject: subject.to_owned(),
        name: get("name").and_then(printable),
        email: get("email").and_then(printable),
    })
}

/// Judges the ID token of a refresh's answer (OpenID Connect Core §12.2): it must be of the same issuer, for the same
/// client and about the same person. The rest was judged when the person approved; a token that cannot be read says
/// nothing about another person.
///
/// # Errors
/// [`IdTokenError::Claim`].
pub fn judge_renewed_id_token(
    token: &SecretString,
    issuer: &str,
    client_id: &str,
    subject: Option<&str>,
) -> Result<(), IdTokenError> {
    // EXPOSE: parsed here.
    let Ok(claims) = claims_of(token.expose()) else { return Ok(()) };
    let get = |name: &str| claims.get(name).and_then(Value::as_str);
    let other = |claim: &str, expected: &str| get(claim).is_some_and(|found| found != expected);
    if other("iss", issuer) {
        return Err(IdTokenError::Claim("iss"));
    }
    if subject.is_some_and(|subject| other("sub", subject)) {
        return Err(IdTokenError::Claim("sub"));
    }
    let for_us = claims.get("aud").is_none_or(|audience| match audience {
        Value::Array(several) => several.iter().any(|one| one == client_id),
        one => one == client_id,
    });
    if for_us { Ok(()) } else { Err(IdTokenError::Claim("aud")) }
}

/// Whether a text can be a subject identifier: there, not endless, and nothing invisible in it.
pub(crate) fn is_subject(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_SUBJECT && !text.contains(is_unprintable)
}

/// A name without control and direction characters, or none when nothing is left.
pub(crate) fn printable(text: &str) -> Option<String> {
    let cleaned: String = text.chars().filter(|c| !is_unprintable(*c)).take(LONGEST_NAME).collect();
    let cleaned = cleaned.trim().to_owned();
    (!cleaned.is_empty()).then_some(cleaned)
}

fn check_algorithm(algorithm: Algorithm, allowed: &[String]) -> Result<(), IdTokenError> {
    // A public client has no secret to share; with a public key as "secret" anybody could sign.
    if matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) {
        return Err(IdTokenError::Algorithm);
    }
    let name = format!("{algorithm:?}");
    let named = if allowed.is_empty() { name == "RS256" } else { allowed.contains(&name) };
    named.then_some(()).ok_or(IdTokenError::Algorithm)
}

fn verify(token: &str, algorithm: Algorithm, kid: Option<&str>, keys: &Jwks) -> Result<(), IdTokenError> {
    let mut fitting: Vec<DecodingKey> = Vec::new();
    for key in &keys.0.keys {
        // Without a name every key may be tried: a signature holds under the right one only.
        let named = kid.is_none() || key.common.key_id.as_deref() == kid;
        let signs = key.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
        // RFC 7517 §4.4: a key that names its algorithm is for that one.
        let agrees =
            key.common.key_algorithm.is_none_or(|of_key| of_key.to_string() == format!("{algorithm:?}"));
        if named
            && signs
            && agrees
            && let Ok(decoding) = DecodingKey::from_jwk(key)
        {
            fitting.push(decoding);
        }
    }
    if fitting.is_empty() {
        return Err(IdTokenError::Key);
    }
    // Claims are judged by ourselves, so the crate is asked for the signature alone.
    let mut signature_only = Validation::new(algorithm);
    signature_only.validate_exp = false;
    signature_only.validate_aud = false;
    signature_only.required_spec_claims.clear();
    let holds = |key: &DecodingKey| jsonwebtoken::decode::<Value>(token, key, &signature_only).is_ok();
    fitting.iter().any(holds).then_some(()).ok_or(IdTokenError::Signature)
}

fn claims_of(token: &str) -> Result<Object, IdTokenError> {
    let payload = token.split('.').nth(1).ok_or(IdTokenError::Malformed)?;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| IdTokenError::Malformed)?;
    json::parse(&bytes).map_err(|_| IdTokenError::Malformed)
}

fn check_claims(
    claims: &Object,
    expected: &ExpectedIdentity<'_>,
    now: Timestamp,
) -> Result<(), IdTokenError> {
    let get = |name: &str| claims.get(name).and_then(Value::as_str);
    if get("iss").is_none() || get("iss") != expected.issuer {
        return Err(IdTokenError::Claim("iss"));
    }
    // Nobody else is trusted: another audience could have been given this token too.
    let ours = |claim: &Value| claim.as_str() == Some(expected.client_id);
    let for_us = claims.get("aud").is_some_and(|audience| match audience {
        Value::Array(several) => !several.is_empty() && several.iter().all(ours),
        one => ours(one),
    });
    if !for_us {
        return Err(IdTokenError::Claim("aud"));
    }
    if claims.get("azp").is_some_and(|party| !party.is_null() && !ours(party)) {
        return Err(IdTokenError::Claim("azp"));
    }
    let instant = |name: &str| claims.get(name).and_then(Value::as_f64);
    #[expect(clippy::cast_precision_loss, reason = "seconds of this millennium fit")]
    let (now, leeway) = (now.as_second() as f64, LEEWAY_SECONDS as f64);
    if instant("exp").is_none_or(|exp| exp + leeway <= now) {
        return Err(IdTokenError::Claim("exp"));
    }
    // Only that it is there: a computer whose clock is ten minutes slow must still be able to link.
    if instant("iat").is_none() {
        return Err(IdTokenError::Claim("iat"));
    }
    if instant("nbf").is_some_and(|nbf| nbf - leeway > now) {
        return Err(IdTokenError::Claim("nbf"));
    }
    if let Some(sent) = expected.nonce {
        let fits = get("nonce").is_some_and(|nonce| !sent.is_empty() && sent.matches(nonce));
        if !fits {
            return Err(IdTokenError::Claim("nonce"));
        }
    }
    Ok(())
}

/// §3.1.3.8: the left half of the access token's hash.
fn check_at_hash(
    claims: &Object,
    algorithm: Algorithm,
    access_token: &SecretString,
) -> Result<(), IdTokenError> {
    let Some(claimed) = claims.get("at_hash") else { return Ok(()) };
    // EXPOSE: hashed.
    let token = access_token.expose().as_bytes();
    let digest = match algorithm {
        Algorithm::RS384 | Algorithm::ES384 | Algorithm::PS384 => Sha384::digest(token).to_vec(),
        Algorithm::RS512 | Algorithm::PS512 | Algorithm::EdDSA => Sha512::digest(token).to_vec(),
        _ => Sha256::digest(token).to_vec(),
    };
    let half = digest.get(..digest.len() / 2).unwrap_or_default();
    let expected = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(half);
    (claimed.as_str() == Some(expected.as_str())).then_some(()).ok_or(IdTokenError::Claim("at_hash"))
}
