//! What a build that updates itself must know. A part of the build script, which refuses to build otherwise, and of
//! its test.

/// Judges what `variable` answers; a sentence about what is missing or wrong.
pub(crate) fn updates_are_safe(variable: impl Fn(&str) -> String) -> Result<(), String> {
    if variable("MOORING_SIGNED") != "1" {
        return Err("only a release that is signed may update itself: MOORING_SIGNED is not 1".to_owned());
    }
    let key = variable("MOORING_UPDATE_KEY");
    let is_base64 = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=');
    // A public key of minisign with its comment line, in base64, as Tauri's signer writes it.
    if key.len() < 100 || !key.starts_with("dW50cnVzdGVk") || !key.chars().all(is_base64) {
        return Err("MOORING_UPDATE_KEY is not the public half of a key of updates".to_owned());
    }
    let endpoint = variable("MOORING_UPDATE_ENDPOINT");
    if !endpoint.strip_prefix("https://").is_some_and(|rest| rest.contains('.') && !rest.contains(".invalid"))
    {
        return Err("MOORING_UPDATE_ENDPOINT is no https address".to_owned());
    }
    Ok(())
}
