//! Which pasted texts are keys, and what is sent of them; which addresses are the API's.

use crate::fixtures::{KEY, api_key, company_token, sent};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use codat::{Api, ApiAddressError, ApiKey, ApiKeyError, Credentials, Generation, Mode};
use secret::SecretString;

fn header_of(pasted: &str) -> Result<String, ApiKeyError> {
    let credentials = Credentials::ApiKey(ApiKey::parse(&SecretString::from(pasted))?);
    let request = Api::codat().with(&credentials).cors_settings(Generation::Current).unwrap();
    Ok(sent(request).authorization.unwrap())
}

#[test]
fn a_key_is_taken_raw_encoded_or_as_the_whole_header() {
    let encoded = STANDARD.encode(KEY);
    let expected = format!("Basic {encoded}");
    for pasted in [
        KEY.to_owned(),
        format!("  {KEY}\n"),
        encoded.clone(),
        format!("Basic {encoded}"),
        format!("basic  {encoded}"),
        format!("Authorization: Basic {encoded}"),
    ] {
        assert_eq!(header_of(&pasted).unwrap(), expected, "{pasted}");
    }
}

#[test]
fn a_random_key_that_happens_to_be_base64_is_still_encoded() {
    let key = "q7Zt0pKx3LmN8vRw2YbC5dEf6GhJ9aSuT1oI4kXz";
    assert!(STANDARD.decode(key).is_ok(), "forty letters and digits are base64");
    assert_eq!(header_of(key).unwrap(), format!("Basic {}", STANDARD.encode(key)));
}

#[test]
fn what_cannot_be_a_key_is_refused() {
    for (pasted, reason) in [
        ("", ApiKeyError::Empty),
        ("   ", ApiKeyError::Empty),
        ("Basic x", ApiKeyError::NotEncoded),
        ("two words", ApiKeyError::Malformed),
        ("line\r\nX-Evil: 1", ApiKeyError::Malformed),
        ("schlüssel", ApiKeyError::Malformed),
    ] {
        let found = ApiKey::parse(&SecretString::from(pasted)).map(|_| ());
        assert_eq!(found, Err(reason), "{pasted:?}");
    }
    let long = SecretString::from("a".repeat(1_025));
    assert_eq!(ApiKey::parse(&long).map(|_| ()), Err(ApiKeyError::TooLong));
}

#[test]
fn a_stored_key_is_the_same_key() {
    let key = ApiKey::parse(&SecretString::from(KEY)).unwrap();
    let again = ApiKey::parse(&key.to_vault()).unwrap();
    assert_eq!(key.to_vault().expose(), again.to_vault().expose());
}

#[test]
fn the_mode_follows_the_credentials() {
    assert_eq!(api_key().mode(), Mode::ApiKey);
    assert_eq!(company_token().mode(), Mode::CompanyToken);
}

#[test]
fn the_api_is_https_or_this_computer() {
    for (address, expected) in [
        ("https://api.codat.io", Ok(false)),
        ("https://proxy.example/codat/", Ok(false)),
        ("http://127.0.0.1:4000", Ok(true)),
        ("http://[::1]:4000/codat", Ok(true)),
        ("http://localhost:4000", Ok(true)),
        ("http://api.codat.io", Err(ApiAddressError::NotHttps)),
        ("http://localhost.evil.example", Err(ApiAddressError::NotHttps)),
        ("ftp://api.codat.io", Err(ApiAddressError::NotHttps)),
        ("file:///etc/passwd", Err(ApiAddressError::NotHttps)),
        ("api.codat.io", Err(ApiAddressError::NotAnAddress)),
        ("https://u:p@api.codat.io", Err(ApiAddressError::MoreThanABase)),
        ("https://api.codat.io?x=1", Err(ApiAddressError::MoreThanABase)),
        ("https://api.codat.io#x", Err(ApiAddressError::MoreThanABase)),
    ] {
        assert_eq!(Api::at(address).map(|api| api.is_loopback()), expected, "{address}");
    }
    assert_eq!(Api::default(), Api::at("https://api.codat.io").unwrap());
}

#[test]
fn a_base_with_a_path_keeps_it() {
    let credentials = api_key();
    for base in ["http://127.0.0.1:4000/codat", "http://127.0.0.1:4000/codat/"] {
        let api = Api::at(base).unwrap();
        let request = api.with(&credentials).cors_settings(Generation::Current).unwrap();
        assert_eq!(sent(request).line, "GET http://127.0.0.1:4000/codat/corsSettings");
    }
}
