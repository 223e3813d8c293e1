//! The system keychain against a real Secret Service: GNOME Keyring on a private D-Bus session.
//!
//! Each test runs its body in a second copy of this program, inside a session made for it: which bus a process uses is
//! decided by its environment. Nothing here touches the keychain of whoever runs the tests.
//!
//! Needs the Debian packages `dbus` and `gnome-keyring`; without them these tests fail and say so.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "all of this is test code; clippy.toml covers only the test functions themselves"
)]

use platform::keychain::{KeychainProblem, SystemKeychain};
use secret::{Secret, SecretString};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vault::{Argon2Cost, CreateWith, Keychain, KeychainError, OldKey, UnlockWith, Vault};

/// Names the test whose body this copy of the program runs.
const INSIDE: &str = "MOORING_TEST_INSIDE";

/// Printed by a body that came to its end.
const DONE: &str = "the body came to its end";

/// What the person's session offers.
enum Session {
    /// A keyring, open. Unlocking must be the first touch: a daemon that the bus starts by itself has no collection.
    Unlocked,
    /// A keyring that the bus starts on demand, where no collection was ever made.
    NeverUsed,
    /// A bus without anybody who keeps secrets.
    NobodyKeepsSecrets,
    /// No bus at all.
    NoBus,
    /// A bus that accepts and never answers.
    SilentBus,
}

const KEY: [u8; 32] = [
    0, 255, 10, 13, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137,
    138, 139, 140, 141, 142, 0,
];

#[test]
fn keeps_gives_back_replaces_and_erases_a_key() {
    inside(&Session::Unlocked, "keeps_gives_back_replaces_and_erases_a_key", || {
        let keychain = SystemKeychain::new();
        assert_eq!(keychain.probe(), Ok(()));
        assert_eq!(load(&keychain, "one"), Ok(None), "nobody stored it");

        assert_eq!(keychain.store("one", &Secret::new(KEY.to_vec())), Ok(()));
        assert_eq!(load(&keychain, "one"), Ok(Some(KEY.to_vec())), "zero bytes and line ends survive");
        assert_eq!(load(&keychain, "two"), Ok(None), "another vault's key is another item");

        assert_eq!(keychain.store("one", &Secret::new(vec![9; 32])), Ok(()));
        assert_eq!(load(&keychain, "one"), Ok(Some(vec![9; 32])));

        assert_eq!(keychain.erase("one"), Ok(()));
        assert_eq!(load(&keychain, "one"), Ok(None));
        assert_eq!(keychain.erase("one"), Ok(()), "what is gone is erased");
    });
}

#[test]
fn can_be_called_from_a_thread_of_an_asynchronous_runtime() {
    inside(&Session::Unlocked, "can_be_called_from_a_thread_of_an_asynchronous_runtime", || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let work = tokio::spawn(async {
                let keychain = SystemKeychain::new();
                assert_eq!(keychain.store("one", &Secret::new(KEY.to_vec())), Ok(()));
                load(&keychain, "one")
            });
            assert_eq!(work.await.unwrap(), Ok(Some(KEY.to_vec())));
        });
    });
}

#[test]
fn a_locked_keychain_that_nobody_unlocks_says_locked_and_not_that_the_key_is_missing() {
    let name = "a_locked_keychain_that_nobody_unlocks_says_locked_and_not_that_the_key_is_missing";
    inside(&Session::Unlocked, name, || {
        let keychain = SystemKeychain::new();
        assert_eq!(keychain.store("one", &Secret::new(KEY.to_vec())), Ok(()));
        let service = SecretService::connect(EncryptionType::Dh).unwrap();
        service.get_default_collection().unwrap().lock().unwrap();

        // There is no display, so the prompt counts as dismissed.
        assert_eq!(load(&keychain, "one"), Err(KeychainError::Locked));
        assert_eq!(
            load(&keychain, "two"),
            Err(KeychainError::Locked),
            "a missing item cannot be told from a hidden one"
        );
        assert_eq!(keychain.store("one", &Secret::new(vec![9; 32])), Err(KeychainError::Locked));
        assert_eq!(keychain.store("two", &Secret::new(vec![9; 32])), Err(KeychainError::Locked));
        assert_eq!(keychain.erase("one"), Err(KeychainError::Locked));
        assert_eq!(keychain.probe(), Ok(()), "it is there; it asks when it is used");
    });
}

#[test]
fn an_item_of_ours_that_somebody_overwrote_is_not_taken_for_a_key() {
    inside(&Session::Unlocked, "an_item_of_ours_that_somebody_overwrote_is_not_taken_for_a_key", || {
        let keychain = SystemKeychain::new();
        assert_eq!(keychain.store("one", &Secret::new(KEY.to_vec())), Ok(()));
        let service = SecretService::connect(EncryptionType::Dh).unwrap();
        let found = service.search_items([("service", "app.mooring"), ("username", "one")].into()).unwrap();
        let [item] = found.unlocked.as_slice() else { panic!("one item, with these attributes") };
        assert_eq!(item.get_label().unwrap(), "Mooring vault key");
        item.set_secret(b"CANARY-1, which is no key", "text/plain").unwrap();

        let error = load(&keychain, "one").unwrap_err();
        assert!(matches!(error, KeychainError::Other(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{error:?}");
    });
}

#[test]
fn a_vault_whose_key_is_in_the_keychain_opens_until_the_keychain_forgets_it() {
    let name = "a_vault_whose_key_is_in_the_keychain_opens_until_the_keychain_forgets_it";
    inside(&Session::Unlocked, name, || {
        let (place, keychain) = (TempDir::new().unwrap(), SystemKeychain::new());
        let vault = Vault::create(place.path(), CreateWith::Keychain(&keychain)).unwrap();
        vault.write(|writer| writer.put("grant", "one", b"1")).unwrap();
        drop(vault);
        let vault = Vault::open(place.path(), UnlockWith::Keychain(&keychain)).unwrap();
        assert_eq!(vault.read(|reader| reader.count("grant")), Ok(1));

        let passphrase = SecretString::from("a passphrase of the test");
        let with = CreateWith::Passphrase(&passphrase, Argon2Cost::recommended());
        assert_eq!(vault.change_protection(with, Some(&keychain)).unwrap(), OldKey::Gone);
        let service = SecretService::connect(EncryptionType::Dh).unwrap();
        let left = service.search_items([("service", "app.mooring")].into()).unwrap();
        assert!(left.unlocked.is_empty() && left.locked.is_empty(), "no item of ours stays");
    });
}

#[test]
fn a_keyring_without_a_collection_is_no_service() {
    inside(&Session::NeverUsed, "a_keyring_without_a_collection_is_no_service", || {
        let keychain = SystemKeychain::new();
        assert_eq!(keychain.probe(), Err(KeychainProblem::NoService));
        assert_eq!(keychain.store("one", &Secret::new(KEY.to_vec())), Err(KeychainError::NoService));
        assert_eq!(
            load(&keychain, "one"),
            Err(KeychainError::NoService),
            "not a missing key: nobody could know"
        );
    });
}

#[test]
fn a_bus_on_which_nobody_keeps_secrets_is_no_service() {
    inside(
        &Session::NobodyKeepsSecrets,
        "a_bus_on_which_nobody_keeps_secrets_is_no_service",
        all_say_no_service,
    );
}

#[test]
fn no_session_bus_is_no_service() {
    inside(&Session::NoBus, "no_session_bus_is_no_service", all_say_no_service);
}

#[test]
fn a_service_that_never_answers_is_given_up() {
    inside(&Session::SilentBus, "a_service_that_never_answers_is_given_up", || {
        let keychain = SystemKeychain::new().with_wait(Duration::from_millis(200));
        let begun = Instant::now();
        assert_eq!(keychain.probe(), Err(KeychainProblem::Timeout));
        assert_eq!(keychain.store("one", &Secret::new(KEY.to_vec())), Err(KeychainError::Timeout));
        assert_eq!(load(&keychain, "one"), Err(KeychainError::Timeout));
        assert_eq!(keychain.erase("one"), Err(KeychainError::Timeout));
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    });
}

#[test]
fn a_problem_has_the_same_word_as_the_error_behind_it() {
    for error in [
        KeychainError::NoService,
        KeychainError::Locked,
        KeychainError::Denied,
        KeychainError::Timeout,
        KeychainError::Other("detail".to_owned()),
    ] {
        let word = error.reason();
        assert_eq!(KeychainProblem::from(error).name(), word);
    }
}

fn all_say_no_service() {
    let keychain = SystemKeychain::new();
    assert_eq!(keychain.probe(), Err(KeychainProblem::NoService));
    assert_eq!(keychain.store("one", &Secret::new(KEY.to_vec())), Err(KeychainError::NoService));
    assert_eq!(load(&keychain, "one"), Err(KeychainError::NoService));
    assert_eq!(keychain.erase("one"), Err(KeychainError::NoService));
}

fn load(keychain: &SystemKeychain, account: &str) -> Result<Option<Vec<u8>>, KeychainError> {
    Ok(keychain.load(account)?.map(|key| key.expose().clone()))
}

/// Runs `body` in a copy of this program in a session of that kind; fails if it fails there or never ran.
fn inside(session: &Session, test: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some_and(|inside| inside == test) {
        body();
        println!("{DONE}");
        return;
    }
    let home = TempDir::new().unwrap();
    let silent = std::os::unix::net::UnixListener::bind(home.path().join("silent")).unwrap();
    let output = session
        .command(home.path())
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(INSIDE, test)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{error}; these tests need the packages dbus and gnome-keyring"));
    drop(silent);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains(DONE), "{}\n{out}\n{err}", output.status);
}

impl Session {
    /// A command that runs its first further argument, with the rest, in this session.
    fn command(&self, home: &Path) -> Command {
        let mut command = match self {
            Self::Unlocked => {
                needs("gnome-keyring-daemon", "gnome-keyring");
                let unlock = "printf 'passphrase of a test' \
                    | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 70; exec \"$0\" \"$@\"";
                let mut command = Command::new("dbus-run-session");
                command.args(["--", "sh", "-c", unlock]);
                command
            }
            Self::NeverUsed => {
                needs("gnome-keyring-daemon", "gnome-keyring");
                let mut command = Command::new("dbus-run-session");
                command.arg("--");
                command
            }
            Self::NobodyKeepsSecrets => {
                let config = home.join("bus.conf");
                std::fs::write(&config, BUS_WITHOUT_SERVICES).unwrap();
                let mut command = Command::new("dbus-run-session");
                command.arg("--config-file").arg(config).arg("--");
                command
            }
            Self::NoBus | Self::SilentBus => Command::new("env"),
        };
        if !matches!(self, Self::NoBus | Self::SilentBus) {
            needs("dbus-run-session", "dbus");
        }
        // The person's own keyrings, bus and display stay out of it.
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
        ] {
            let folder = home.join(folder);
            std::fs::create_dir(&folder).unwrap();
            std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
            command.env(name, folder);
        }
        for name in [
            "DBUS_SESSION_BUS_ADDRESS",
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "GNOME_KEYRING_CONTROL",
            "DBUS_SYSTEM_BUS_ADDRESS",
        ] {
            command.env_remove(name);
        }
        if matches!(self, Self::SilentBus) {
            command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.join("silent").display()));
        }
        command
    }
}

fn needs(program: &str, package: &str) {
    let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(program).exists());
    assert!(found, "{program} is not installed; this test needs the package {package}");
}

const BUS_WITHOUT_SERVICES: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;
