//! Backups and restores of a vault that nobody has open.
//!
//! The local socket offers neither: a program that could make a backup under a passphrase of its own would have every
//! grant. So this opens the vault itself, and is told when somebody has it.

use crate::{failure, first_line};
use cli::exit::{self, Failure};
use cli::owner::{BackupOptions, RestoreOptions};
use cli::show;
use runtime::{BackupOrder, RestoreOrder, VaultProtection};
use secret::SecretString;
use std::path::Path;

/// Writes a backup.
pub(crate) async fn back_up(options: BackupOptions, json: bool) -> Result<(), Failure> {
    let folder = folder()?;
    let unlock = match runtime::protection_of(&folder).map_err(failure)? {
        VaultProtection::Keychain => None,
        VaultProtection::Passphrase => {
            Some(passphrase(options.vault_passphrase_file.as_deref(), "The vault's passphrase: ", false)?)
        }
    };
    let order = BackupOrder {
        passphrase: passphrase(options.passphrase_file.as_deref(), "A passphrase for the backup: ", true)?,
        target: options.file,
        replace: options.replace,
    };
    let report = runtime::back_up_closed(folder, unlock, order).await.map_err(failure)?;
    if json {
        return show::json(&serde_json::json!({
            "madeAt": report.made_at.to_string(), "connections": report.connections, "bytes": report.bytes,
        }));
    }
    show::line(&format!(
        "{} connections are in the backup; it was opened again and counted",
        report.connections
    ))
}

/// Restores a backup.
pub(crate) async fn restore(options: RestoreOptions, json: bool) -> Result<(), Failure> {
    let order = RestoreOrder {
        passphrase: passphrase(options.passphrase_file.as_deref(), "The backup's passphrase: ", false)?,
        backup: options.file,
        protection: if options.keychain { VaultProtection::Keychain } else { VaultProtection::Passphrase },
    };
    let report = runtime::restore_closed(folder()?, order).await.map_err(failure)?;
    if json {
        return show::json(&serde_json::json!({
            "madeAt": report.made_at, "connections": report.connections, "setAside": report.set_aside,
        }));
    }
    if report.set_aside {
        show::trouble("The vault that was here is kept beside the new one; the app can delete it.");
    }
    show::trouble("Do not use the computer of the backup any more: an institution may take two for a theft.");
    show::line(&format!("{} connections are back; each is checked when Mooring starts", report.connections))
}

fn folder() -> Result<std::path::PathBuf, Failure> {
    platform::profile::folder().map_err(|error| Failure::new(exit::OS_ERROR, error.to_string()))
}

fn passphrase(file: Option<&Path>, question: &str, twice: bool) -> Result<SecretString, Failure> {
    if let Some(file) = file {
        return first_line(file);
    }
    let ask = |question: &str| {
        let typed = rpassword::prompt_password(question).map(SecretString::from);
        typed.map_err(|error| {
            Failure::new(exit::USAGE, format!("no terminal to ask at ({error}); give --passphrase-file"))
        })
    };
    let typed = ask(question)?;
    // EXPOSE: compared with what was typed again, on the same terminal.
    if twice && *ask("Once more: ")?.expose() != *typed.expose() {
        return Err(Failure::new(exit::USAGE, "the two are not the same"));
    }
    Ok(typed)
}
