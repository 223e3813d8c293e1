//! ID tokens: each rule with the token that breaks it. Quoted names are the OpenID conformance suite's.
//!
//! The keys in `keys/` were made for these tests and sign nothing else.

use crate::fixtures::{CLIENT, ISSUER, answer, now, secrets};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use oauth::{
    ExpectedIdentity, IdTokenError as Error, Identity, Jwks, judge_id_token, judge_renewed_id_token,
};
use secret::SecretString;
use serde_json::{Value, json};

const KEYS: &str = include_str!("keys/jwks.json");
const ACCESS_TOKEN: &str = "CANARY-access";
/// The left half of the SHA-256 of [`ACCESS_TOKEN`].
const AT_HASH: &str = "d3QFNgxn0y6ybbLe-zljcQ";

/// Which key signs.
#[derive(Clone, Copy)]
enum Signer {
    First,
    Second,
    Third,
}

impl Signer {
    fn key(self) -> EncodingKey {
        match self {
            Self::First => EncodingKey::from_rsa_der(include_bytes!("keys/first.rsa.der")),
            Self::Second => EncodingKey::from_rsa_der(include_bytes!("keys/second.rsa.der")),
            Self::Third => EncodingKey::from_ec_der(include_bytes!("keys/third.ec.der")),
        }
    }
}

fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "sub": "subject-1",
        "aud": CLIENT,
        "exp": now().as_second() + 300,
        "iat": now().as_second(),
        "nonce": secrets().nonce().expose(),
        "at_hash": AT_HASH,
        "name": "Ada Example",
    })
}

/// Claims in which `name` is `value`, or missing.
fn with(name: &str, value: Option<Value>) -> Value {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
    claims
}

fn header(algorithm: Algorithm, kid: Option<&str>) -> Header {
    Header { kid: kid.map(ToOwned::to_owned), ..Header::new(algorithm) }
}

fn signed(claims: &Value, header: &Header, signer: Signer) -> String {
    jsonwebtoken::encode(header, claims, &signer.key()).unwrap()
}

fn ordinary(claims: &Value) -> String {
    signed(claims, &header(Algorithm::RS256, Some("first")), Signer::First)
}

fn keys() -> Jwks {
    Jwks::parse(&answer(200, KEYS)).unwrap()
}

/// Keys of the set for which `keep` holds, after `change`.
fn keys_where(keep: impl Fn(&Value) -> bool, change: impl Fn(&mut Value)) -> Jwks {
    let mut set: Value = serde_json::from_str(KEYS).unwrap();
    let keys = set["keys"].as_array_mut().unwrap();
    keys.retain(keep);
    keys.iter_mut().for_each(change);
    Jwks::parse(&answer(200, set.to_string())).unwrap()
}

fn judge(token: &str, keys: Option<&Jwks>, allowed: &[&str]) -> Result<Identity, Error> {
    let allowed: Vec<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
    let secrets = secrets();
    let expected = ExpectedIdentity {
        issuer: Some(ISSUER),
        client_id: CLIENT,
        nonce: Some(secrets.nonce()),
        access_token: &SecretString::from(ACCESS_TOKEN),
        allowed_algorithms: &allowed,
    };
    let judged = judge_id_token(&SecretString::from(token), keys, &expected, now());
    if let Err(error) = &judged {
        assert!(!format!("{error} {error:?}").contains("CANARY"));
    }
    judged
}

/// What is made of these claims, with a good signature and with none that anybody looks at.
fn check(claims: &Value) -> Result<(), Error> {
    // Elliptic, because RSA signatures take a tenth of a second each in a debug build.
    let token = signed(claims, &header(Algorithm::ES256, Some("third")), Signer::Third);
    let signed = judge(&token, Some(&keys()), &["ES256"]);
    let unsigned = judge(&token, None, &["ES256"]);
    assert_eq!(signed, unsigned, "claims are judged the same with and without keys");
    signed.map(|_| ())
}

#[test]
fn good_token_names_who_approved() {
    let identity = judge(&ordinary(&claims()), Some(&keys()), &[]).unwrap();
    assert_eq!(identity.subject, "subject-1");
    assert_eq!(identity.name.as_deref(), Some("Ada Example"));
    assert_eq!(identity.email, None);
}

#[test]
fn each_claim_is_held_to_its_rule() {
    let now = now().as_second();
    let table: [(&str, &'static str, Option<Value>); 33] = [
        ("invalid-iss", "iss", Some(json!("https://evil.example"))),
        ("a slash more", "iss", Some(json!(format!("{ISSUER}/")))),
        ("missing-iss", "iss", None),
        ("invalid-aud", "aud", Some(json!("client-2"))),
        ("missing-aud", "aud", None),
        ("no audience", "aud", Some(json!([]))),
        ("invalid-secondary-aud", "aud", Some(json!([CLIENT, "client-2"]))),
        ("an audience that is no text", "aud", Some(json!([CLIENT, 5]))),
        ("audience in an object", "aud", Some(json!({"0": CLIENT}))),
        ("another authorized party", "azp", Some(json!("client-2"))),
        ("an authorized party that is no text", "azp", Some(json!([CLIENT]))),
        ("missing-exp", "exp", None),
        ("expired-exp", "exp", Some(json!(now - 60))),
        ("long expired", "exp", Some(json!(0))),
        ("exp as text", "exp", Some(json!((now + 300).to_string()))),
        ("missing-iat", "iat", None),
        ("iat as text", "iat", Some(json!("now"))),
        ("nbf in the future", "nbf", Some(json!(now + 61))),
        ("nonce-invalid", "nonce", Some(json!("CANARY"))),
        ("missing-nonce", "nonce", None),
        ("nonce empty", "nonce", Some(json!(""))),
        ("nonce in a list", "nonce", Some(json!([secrets().nonce().expose()]))),
        ("missing-sub", "sub", None),
        ("sub empty", "sub", Some(json!(""))),
        ("sub null", "sub", Some(Value::Null)),
        ("sub a number", "sub", Some(json!(1))),
        ("sub too long", "sub", Some(json!("s".repeat(256)))),
        ("sub with a line end", "sub", Some(json!("a\nb"))),
        ("invalid-athash", "at_hash", Some(json!("AAAAAAAAAAAAAAAAAAAAAA"))),
        ("the whole hash", "at_hash", Some(json!(format!("{AT_HASH}AAAA")))),
        ("at_hash empty", "at_hash", Some(json!(""))),
        ("at_hash null", "at_hash", Some(Value::Null)),
        ("at_hash a number", "at_hash", Some(json!(1))),
    ];
    for (case, claim, value) in table {
        assert_eq!(check(&with(claim, value)), Err(Error::Claim(claim)), "{case}");
    }
}

#[test]
fn what_the_standard_leaves_open_is_accepted() {
    let now = now().as_second();
    for (case, claim, value) in [
        ("valid-aud-as-array", "aud", Some(json!([CLIENT]))),
        ("authorized party", "azp", Some(json!(CLIENT))),
        ("missing-athash", "at_hash", None),
        ("a minute of difference between clocks", "exp", Some(json!(now - 59))),
        ("our clock is ten minutes slow", "iat", Some(json!(now + 600))),
        ("fractions of a second", "iat", Some(json!(1_795_262_400.5))),
        ("nbf within the leeway", "nbf", Some(json!(now + 60))),
        ("a claim that nobody knows", "x", Some(json!({"y": []}))),
    ] {
        assert_eq!(check(&with(claim, value)), Ok(()), "{case}");
    }
}

#[test]
fn token_of_an_unknown_issuer_proves_nothing() {
    let secrets = secrets();
    let expected = ExpectedIdentity {
        issuer: None,
        client_id: CLIENT,
        nonce: Some(secrets.nonce()),
        access_token: &SecretString::from(ACCESS_TOKEN),
        allowed_algorithms: &[],
    };
    let token = SecretString::from(ordinary(&claims()));
    assert_eq!(judge_id_token(&token, None, &expected, now()), Err(Error::Claim("iss")));
}

#[test]
fn key_is_found_by_name_kind_and_use() {
    let all = keys();
    let by = |kid: Option<&str>, signer| signed(&claims(), &header(Algorithm::RS256, kid), signer);
    assert!(judge(&by(Some("second"), Signer::Second), Some(&all), &[]).is_ok());
    assert!(
        judge(&by(None, Signer::Second), Some(&all), &[]).is_ok(),
        "kid-absent-multiple-jwks: each is tried"
    );
    let only_first = keys_where(|key| key["kid"] == "first", |_| ());
    assert!(judge(&by(None, Signer::First), Some(&only_first), &[]).is_ok(), "kid-absent-single-jwks");

    assert_eq!(
        judge(&by(Some("fourth"), Signer::First), Some(&all), &[]),
        Err(Error::Key),
        "signing-key-rotation: a key that is not there yet is not guessed"
    );
    assert_eq!(judge(&by(Some("first"), Signer::Second), Some(&all), &[]), Err(Error::Signature));
    assert_eq!(judge(&by(None, Signer::Second), Some(&only_first), &[]), Err(Error::Signature));
    let encrypting = keys_where(|_| true, |key| key["use"] = json!("enc"));
    assert_eq!(judge(&by(Some("first"), Signer::First), Some(&encrypting), &[]), Err(Error::Key));
    let other_algorithm = keys_where(|_| true, |key| key["alg"] = json!("RS512"));
    assert_eq!(judge(&by(Some("first"), Signer::First), Some(&other_algorithm), &[]), Err(Error::Key));
    let none = keys_where(|_| false, |_| ());
    assert_eq!(
        judge(&by(Some("first"), Signer::First), Some(&none), &[]),
        Err(Error::Key),
        "no keys, no proof"
    );
}

#[test]
fn elliptic_signatures_hold_where_the_server_names_them() {
    let token = signed(&claims(), &header(Algorithm::ES256, Some("third")), Signer::Third);
    assert!(judge(&token, Some(&keys()), &["ES256"]).is_ok());
    assert_eq!(judge(&token, Some(&keys()), &[]), Err(Error::Algorithm), "RS256 unless the server says more");
    assert_eq!(judge(&token, Some(&keys()), &["RS256"]), Err(Error::Algorithm), "alternate-alg");
}

#[test]
fn changed_tokens_do_not_hold() {
    let good = ordinary(&claims());
    let parts: Vec<&str> = good.split('.').collect();
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let other_claims = encode(&with("sub", Some(json!("subject-2"))).to_string());
    let other_signature = parts[2].chars().rev().collect::<String>();
    for (case, token) in [
        ("another subject under the old signature", format!("{}.{other_claims}.{}", parts[0], parts[2])),
        ("invalid-sig-rs256", format!("{}.{}.{other_signature}", parts[0], parts[1])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
    ] {
        assert_eq!(judge(&token, Some(&keys()), &[]), Err(Error::Signature), "{case}");
    }
}

#[test]
fn algorithms_that_prove_nothing_are_refused() {
    let payload = URL_SAFE_NO_PAD.encode(claims().to_string());
    for none in [r#"{"alg":"none"}"#, r#"{"alg":"None"}"#, r#"{"alg":null}"#, "{}", r#"{"alg":"XX1"}"#] {
        let token = format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(none));
        for keys in [Some(keys()), None] {
            assert_eq!(judge(&token, keys.as_ref(), &["none", "RS256"]), Err(Error::Malformed), "{none}");
        }
    }
    // The public key as a shared secret: anybody could sign with it (RFC 8725 §2.1).
    let set: Value = serde_json::from_str(KEYS).unwrap();
    let public = URL_SAFE_NO_PAD.decode(set["keys"][0]["n"].as_str().unwrap()).unwrap();
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let header = header(algorithm, Some("first"));
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&public)).unwrap();
        let named = format!("{algorithm:?}");
        for keys in [Some(keys()), None] {
            assert_eq!(judge(&token, keys.as_ref(), &[&named]), Err(Error::Algorithm), "{algorithm:?}");
        }
    }
}

#[test]
fn extensions_that_must_be_understood_are_not() {
    let header = Header { crit: Some(vec!["exp".to_owned()]), ..header(Algorithm::RS256, Some("first")) };
    let token = signed(&claims(), &header, Signer::First);
    assert_eq!(judge(&token, Some(&keys()), &[]), Err(Error::Malformed), "RFC 7515 §4.1.11");
    assert_eq!(judge(&token, None, &[]), Err(Error::Malformed));
}

#[test]
fn what_is_no_token_is_refused() {
    let good = ordinary(&claims());
    let header = good.split('.').next().unwrap();
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let repeated = encode(r#"{"sub":"CANARY","sub":"CANARY"}"#);
    for token in [
        String::new(),
        "CANARY".to_owned(),
        "..".to_owned(),
        header.to_owned(),
        format!("{header}.CANARY+/.x"),
        format!("{header}.{}.x", encode("[]")),
        format!("{header}.{}.x", encode("CANARY")),
        format!("{header}.{repeated}.x"),
    ] {
        assert_eq!(judge(&token, None, &[]), Err(Error::Malformed), "{token}");
    }
}

#[test]
fn key_sets_are_read_with_care() {
    let odd = json!({"keys": [{"kty": "FUTURE", "kid": "x"}, 7, null, {}]});
    let set: Value = serde_json::from_str(KEYS).unwrap();
    let mut mixed = odd.clone();
    mixed["keys"].as_array_mut().unwrap().push(set["keys"][0].clone());
    let keys = Jwks::parse(&answer(200, mixed.to_string())).unwrap();
    assert!(judge(&ordinary(&claims()), Some(&keys), &[]).is_ok(), "unknown kinds of keys are passed over");
    let keys = Jwks::parse(&answer(200, odd.to_string())).unwrap();
    assert_eq!(judge(&ordinary(&claims()), Some(&keys), &[]), Err(Error::Key));

    for (status, body) in
        [(200, ""), (200, "<html>"), (200, "[]"), (200, "{}"), (200, r#"{"keys":{}}"#), (404, KEYS)]
    {
        assert!(matches!(Jwks::parse(&answer(status, body)), Err(Error::Keys)), "{status} {body}");
    }
}

#[test]
fn a_renewed_token_must_be_about_the_same_person() {
    let judge = |claims: &Value, subject: Option<&str>| {
        let token = SecretString::from(signed(claims, &header(Algorithm::ES256, None), Signer::Third));
        judge_renewed_id_token(&token, ISSUER, CLIENT, subject)
    };
    let known = Some("subject-1");
    assert_eq!(judge(&claims(), known), Ok(()));
    assert_eq!(judge(&with("nonce", None), known), Ok(()), "a refresh answers no nonce");
    assert_eq!(judge(&with("exp", Some(json!(0))), known), Ok(()), "a wrong clock ends no connection");
    assert_eq!(judge(&with("aud", Some(json!([CLIENT, "other"]))), known), Ok(()));
    for (claim, value) in [("iss", "https://evil.example"), ("sub", "subject-2"), ("aud", "client-2")] {
        assert_eq!(judge(&with(claim, Some(json!(value))), known), Err(Error::Claim(claim)));
    }
    assert_eq!(judge(&with("sub", Some(json!("subject-2"))), None), Ok(()), "nobody knows who it was");
    let unreadable = SecretString::from("a.b.c.d.e");
    assert_eq!(judge_renewed_id_token(&unreadable, ISSUER, CLIENT, known), Ok(()));
}
