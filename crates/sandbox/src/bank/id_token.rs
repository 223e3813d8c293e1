//! ID tokens, signed with a key that lives as long as the process.
//!
//! An ID token is checked when it arrives and never again, so no key needs to outlive a restart.
//!
//! Source: OIDC Core §2 and §3.1.3.6, RFC 7518 §3.4 and §6.2 (checked 2026-11-21).

use super::Bank;
use super::grants::Approval;
use super::resources::subject;
use crate::values::{base64url, sha256};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Long enough for the client to receive it and check it.
const LIFE_SECS: i64 = 300;

/// No key could be made or used.
#[derive(Debug, thiserror::Error)]
#[error("signing key unavailable")]
pub(super) struct KeyUnavailable;

pub(super) struct Signer {
    pair: EcdsaKeyPair,
    random: SystemRandom,
    key_id: String,
}

impl Signer {
    pub(super) fn generate() -> Result<Self, KeyUnavailable> {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(|_| KeyUnavailable)?;
        let pair =
            EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).map_err(|_| KeyUnavailable)?;
        let key_id = sha256(&base64url(pair.public_key()));
        Ok(Self { pair, random, key_id })
    }

    /// The key as a JWK. An uncompressed point is one byte of form, then both coordinates.
    pub(super) fn public_key(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let coordinate = |range| base64url(point.get::<std::ops::Range<usize>>(range).unwrap_or_default());
        json!({
            "kty": "EC",
            "crv": "P-256",
            "use": "sig",
            "alg": "ES256",
            "kid": self.key_id,
            "x": coordinate(1..33),
            "y": coordinate(33..65),
        })
    }

    fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": self.key_id });
        let content = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        let signature = self.pair.sign(&self.random, content.as_bytes()).ok()?;
        Some(format!("{content}.{}", base64url(signature)))
    }
}

impl Bank {
    /// The ID token for what a person approved; none when signing fails.
    pub(super) fn id_token(
        &self,
        approval: &Approval,
        nonce: Option<&str>,
        access_token: &str,
    ) -> Option<String> {
        let now = self.clock.now().as_second();
        let hash = Sha256::digest(access_token.as_bytes());
        let mut claims = json!({
            "iss": self.issuer,
            "sub": subject(&approval.user),
            "aud": approval.client_id,
            "iat": now,
            "exp": now.saturating_add(LIFE_SECS),
            "auth_time": approval.approved_at.as_second(),
            "at_hash": base64url(hash.get(..16)?),
        });
        if let Some(nonce) = nonce {
            claims.as_object_mut()?.insert("nonce".to_owned(), json!(nonce));
        }
        self.signer.sign(&claims)
    }
}
