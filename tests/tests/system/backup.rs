//! Backups and restores by command, where nobody has the vault open.

use tests::canary::leaks;
use tests::cli::{self, PASSPHRASE};
use tests::world::{Wants, World};

const PLAIN: Wants = Wants { display: None, keychain: false };
const BACKUP_PASSPHRASE: &str = "CANARY-passphrase-of-a-backup";

/// A file with a passphrase in its first line, outside of what is scanned.
fn file(world: &World, passphrase: &str) -> String {
    let path = world.folder().join("config").join(format!("{passphrase:.10}{}", passphrase.len()));
    std::fs::write(&path, format!("{passphrase}\n")).unwrap();
    path.display().to_string()
}

#[test]
fn a_backup_by_command_comes_back_elsewhere() {
    let world = World::new(PLAIN);
    let agent = cli::agent(&world);
    cli::ok(&world, &["config", "create", "books", "xero", "CANARY-CLIENT"]);
    let (vault, own) = (file(&world, PASSPHRASE), file(&world, BACKUP_PASSPHRASE));
    let folder = world.folder().join("home").join("backups");
    std::fs::create_dir(&folder).unwrap();
    let target = folder.join("mine");
    let target = target.to_str().unwrap();
    let back_up = ["backup", target, "--passphrase-file", &own, "--vault-passphrase-file", &vault];
    let busy = cli::mooring(&world, &back_up);
    assert_eq!(busy.status.code(), Some(69), "the agent has the vault");
    agent.kill();
    cli::ok(&world, &back_up);
    assert_eq!(cli::mooring(&world, &back_up).status.code(), Some(65), "it is there, and stays");
    cli::ok(&world, &[&back_up[..], &["--replace"]].concat());
    assert!(leaks(&folder, &[BACKUP_PASSPHRASE, PASSPHRASE, "books", "CANARY-CLIENT"]).is_empty());

    let other = World::new(PLAIN);
    let wrong = file(&other, "not the passphrase");
    let refused = cli::mooring(&other, &["restore", target, "--passphrase-file", &wrong]);
    assert_eq!(refused.status.code(), Some(77));
    assert!(!other.profile().join("vault.keys").exists());
    // The agent of tests opens with the usual passphrase, so the backup gets it.
    cli::ok(
        &world,
        &["backup", target, "--replace", "--passphrase-file", &vault, "--vault-passphrase-file", &vault],
    );
    cli::ok(&other, &["restore", target, "--passphrase-file", &file(&other, PASSPHRASE)]);
    let _agent = cli::agent(&other);
    let configs = cli::json(&other, &["config", "list"]);
    assert_eq!(configs[0]["configKey"], "books");
}
