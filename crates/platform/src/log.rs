//! What is written to standard error, as `RUST_LOG` says: `info`, or `connections=debug,warn`.
//!
//! A plain list of targets and levels: the filters that also match fields bring an engine for regular expressions.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

const VARIABLE: &str = "RUST_LOG";

/// Starts it for the whole process; the second time changes nothing.
pub fn start() {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let wanted = filter(std::env::var(VARIABLE).ok().as_deref());
    let _ = tracing_subscriber::registry().with(wanted).with(lines).try_init();
}

/// Errors, where nothing is said or what is said cannot be read.
fn filter(wanted: Option<&str>) -> Targets {
    let wanted = wanted.filter(|text| !text.trim().is_empty()).and_then(|text| text.parse().ok());
    wanted.unwrap_or_else(|| Targets::new().with_default(LevelFilter::ERROR))
}

#[cfg(test)]
mod tests {
    use super::filter;
    use tracing::Level;

    #[test]
    fn levels_are_for_all_or_for_one_and_errors_are_always_told() {
        for unclear in [None, Some(""), Some("connections=loud")] {
            let filter = filter(unclear);
            assert!(filter.would_enable("connections", &Level::ERROR), "{unclear:?}");
            assert!(!filter.would_enable("connections", &Level::WARN), "{unclear:?}");
        }
        assert!(filter(Some("debug")).would_enable("vault", &Level::DEBUG));
        let one = filter(Some("connections=debug,warn"));
        assert!(one.would_enable("connections::driver", &Level::DEBUG));
        assert!(one.would_enable("vault", &Level::WARN) && !one.would_enable("vault", &Level::INFO));
    }
}
