//! Another protection, backups, restores, and a computer that is given up.

use crate::home::{Home, PASSPHRASE, PATIENCE, ask_at, key};
use broker::wire::Operation;
use connections::activity::ActivityKind;
use connections::connection::Status;
use connections::error::ErrorCode;
use runtime::{BackupOrder, Phase, RestoreOrder, VaultProtection};
use std::path::Path;

const BACKUP_PASSPHRASE: &str = "a passphrase of a backup";

fn to(target: &Path) -> BackupOrder {
    BackupOrder { target: target.to_owned(), passphrase: BACKUP_PASSPHRASE.into(), replace: false }
}

fn from(backup: &Path, passphrase: &str) -> RestoreOrder {
    RestoreOrder {
        backup: backup.to_owned(),
        passphrase: passphrase.into(),
        protection: VaultProtection::Passphrase,
    }
}

#[tokio::test]
async fn a_new_passphrase_opens_and_the_old_one_does_not() {
    let home = Home::new().await;
    home.link().await;
    let change = |current: &str, next: &str| {
        home.runtime.change_protection(Some(current.into()), VaultProtection::Passphrase, Some(next.into()))
    };
    let next = "another passphrase of a test";
    assert_eq!(change("not the passphrase", next).await.unwrap_err().code, ErrorCode::WrongPassphrase);
    assert_eq!(change(PASSPHRASE, "too short").await.unwrap_err().code, ErrorCode::WeakPassphrase);
    assert!(home.token().await.is_ok(), "nothing is lost by a refusal");
    assert_eq!(change(PASSPHRASE, next).await.unwrap(), None);
    home.runtime.lock();
    home.runtime.closed(PATIENCE).await;
    let old = home.runtime.unlock(Some(PASSPHRASE.into())).await.unwrap_err();
    assert_eq!(old.code, ErrorCode::WrongPassphrase);
    home.runtime.unlock(Some(next.into())).await.unwrap();
    assert!(home.token().await.is_ok());
}

#[tokio::test]
async fn a_locked_vault_is_neither_changed_nor_backed_up_nor_replaced() {
    let home = Home::new().await;
    let target = home.folder.path().join("backup");
    home.runtime.back_up(to(&target)).await.unwrap();
    home.runtime.lock();
    let refused = [
        home.runtime.back_up(to(&home.folder.path().join("other"))).await.unwrap_err().code,
        home.runtime.restore(from(&target, BACKUP_PASSPHRASE)).await.unwrap_err().code,
        home.runtime.retire(to(&home.folder.path().join("other"))).await.unwrap_err().code,
        home.runtime.forget_set_aside("any".to_owned()).await.unwrap_err().code,
        home.runtime
            .change_protection(Some(PASSPHRASE.into()), VaultProtection::Passphrase, Some(PASSPHRASE.into()))
            .await
            .unwrap_err()
            .code,
    ];
    assert_eq!(refused, [ErrorCode::Locked; 5]);
}

#[tokio::test]
async fn another_computer_goes_on_where_the_backup_was_made() {
    let home = Home::new().await;
    home.link().await;
    let target = home.folder.path().join("backup");
    let report = home.runtime.back_up(to(&target)).await.unwrap();
    assert_eq!(report.connections, 1);
    let again = home.runtime.back_up(to(&target)).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::FileExists);

    let (folder, other) = home.other_computer();
    let before = home.asked_for_tokens();
    let restored = other.restore(from(&target, BACKUP_PASSPHRASE)).await.unwrap();
    assert_eq!((restored.connections, restored.set_aside), (1, false));
    assert_eq!(restored.made_at, report.made_at.to_string());
    assert_eq!(other.phase(), Phase::Ready);
    // Nobody asked for a token: it is checked because it came out of a backup.
    home.asked_more_than(before).await;
    let core = other.connections().unwrap();
    core.token(&key(), None, "a test").await.unwrap();
    assert_eq!(core.connection(&key()).unwrap().status, Status::Linked);
    let (lines, _) = core.activity(None, None, 50).await.unwrap();
    assert!(lines.iter().any(|line| line.kind == ActivityKind::Restored));
    drop(folder);
}

#[tokio::test]
async fn what_cannot_be_restored_leaves_everything_open_as_it_was() {
    let home = Home::new().await;
    home.link().await;
    let target = home.folder.path().join("backup");
    home.runtime.back_up(to(&target)).await.unwrap();
    let refused = |passphrase: &'static str| {
        let order = from(&target, passphrase);
        async { home.runtime.restore(order).await.unwrap_err().code }
    };
    assert_eq!(refused("not the passphrase").await, ErrorCode::WrongPassphrase);
    assert!(home.token().await.is_ok());
    let whole = std::fs::read(&target).unwrap();
    std::fs::write(&target, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(refused(BACKUP_PASSPHRASE).await, ErrorCode::BackupDamaged);
    std::fs::write(&target, "a letter").unwrap();
    assert_eq!(refused(BACKUP_PASSPHRASE).await, ErrorCode::NotABackup);
    let newer = String::from_utf8_lossy(&whole[..200]).replace("\"version\":1", "\"version\":7");
    std::fs::write(&target, newer).unwrap();
    let code = refused(BACKUP_PASSPHRASE).await;
    assert!([ErrorCode::BackupNewer, ErrorCode::BackupDamaged].contains(&code), "{code:?}");
    assert!(home.token().await.is_ok());
    assert_eq!(home.runtime.phase(), Phase::Ready);
    assert!(home.runtime.set_aside().is_empty());
}

#[tokio::test]
async fn the_vault_that_was_there_is_kept_until_the_person_deletes_it() {
    let home = Home::new().await;
    let target = home.folder.path().join("backup");
    home.runtime.back_up(to(&target)).await.unwrap();
    home.link().await;
    let restored = home.runtime.restore(from(&target, BACKUP_PASSPHRASE)).await.unwrap();
    assert!(restored.set_aside);
    assert!(home.runtime.connections().unwrap().connections().is_empty(), "made before anything was linked");
    let kept = home.runtime.set_aside();
    assert_eq!(kept.len(), 1);
    home.runtime.forget_set_aside(kept[0].clone()).await.unwrap();
    assert!(home.runtime.set_aside().is_empty());
    home.runtime.lock();
    home.runtime.closed(PATIENCE).await;
    home.runtime.unlock(Some(BACKUP_PASSPHRASE.into())).await.unwrap();
}

#[tokio::test]
async fn a_retired_computer_has_no_vault_and_the_backup_has_everything() {
    let home = Home::new().await;
    home.link().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("backup");
    std::fs::write(&target, "somebody's letter").unwrap();
    let refused = home.runtime.retire(to(&target)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::FileExists);
    assert!(home.token().await.is_ok(), "without a good backup nothing is deleted, and it is open as before");
    std::fs::remove_file(&target).unwrap();

    home.runtime.retire(to(&target)).await.unwrap();
    assert_eq!(home.runtime.phase(), Phase::NoVault);
    assert!(!vault::exists(home.folder.path()));
    assert_eq!(home.asks(Operation::ConnectionList(None)).await.err(), Some(ErrorCode::NoVault));
    let (folder, other) = home.other_computer();
    other.restore(from(&target, BACKUP_PASSPHRASE)).await.unwrap();
    other.connections().unwrap().token(&key(), None, "a test").await.unwrap();
    assert!(ask_at(&folder, Operation::ConnectionList(None)).await.is_ok());
}
