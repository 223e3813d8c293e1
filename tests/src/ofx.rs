//! OFX as parsers understand it that others wrote.

use crate::workspace;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What `readers`, of `ofxparse` and `ofxtools`, understood of a file: by reader, its accounts with `account`, `card`,
/// `currency`, `balance` and `transactions`, each of these with `id`, `amount`, `day`, `name` and `memo`.
pub fn parsed(file: &Path, readers: &[&str]) -> Value {
    let folder = workspace().join("tests/peers");
    assert!(folder.join("python/ofxtools").exists(), "`cargo xtask setup` brings the Python packages");
    let output =
        Command::new("python3").arg("ofx.py").arg(file).args(readers).current_dir(folder).output().unwrap();
    let failed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{failed}");
    serde_json::from_slice(&output.stdout).unwrap()
}
