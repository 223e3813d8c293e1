//! Opens the system browser.

use connections::ports::SurfaceError;
use url::Url;

/// Opens `address` in the person's browser.
///
/// Only http and https: an authorization endpoint of another scheme could start any program.
/// The address reaches the browser as an argument of its start, where programs of the same person can read it; it
/// holds `state` and the code challenge, and neither is of use without the verifier, which never leaves this process.
///
/// # Errors
/// When no browser can be started.
pub fn open(address: &Url) -> Result<(), SurfaceError> {
    if !matches!(address.scheme(), "https" | "http") {
        return Err(SurfaceError("only web addresses are opened".to_owned()));
    }
    opener::open_browser(address.as_str()).map_err(|error| SurfaceError(opening_failed(&error)))
}

/// In words without the address.
fn opening_failed(error: &opener::OpenError) -> String {
    match error {
        opener::OpenError::Io(error) => format!("the browser could not be started: {}", error.kind()),
        opener::OpenError::ExitStatus { status, .. } => format!("the browser's starter ended with {status}"),
        _ => "no browser was found".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::open;
    use url::Url;

    #[test]
    fn other_schemes_are_refused() {
        for address in ["file:///etc/passwd", "mooring://oauth/callback", "javascript:alert(1)"] {
            assert!(open(&Url::parse(address).unwrap()).is_err(), "{address}");
        }
    }
}
