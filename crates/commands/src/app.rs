//! The app as a whole: its phase, its vault, its settings.

use crate::Host;
use crate::dto::{AppState, KeychainState, Phase, Protection, Settings, VaultCreate, VaultUnlock};
use connections::view::Failure;
use runtime::VaultProtection;

/// How long the first answer waits for a vault that opens by itself; without it, every start would show for a moment
/// that the vault is closed. A keychain that takes longer is asking the person.
const OPENING: std::time::Duration = std::time::Duration::from_millis(1_500);

/// How the app stands.
pub async fn app_state(host: &Host, _request: ()) -> Result<AppState, Failure> {
    if host.runtime.phase() == runtime::Phase::Locked {
        host.runtime.opening_ended(OPENING).await;
    }
    Ok(state_of(host).await)
}

/// Makes the vault on first run.
pub async fn vault_create(host: &Host, request: VaultCreate) -> Result<AppState, Failure> {
    let passphrase = request.passphrase.map(crate::dto::TypedSecret::into_secret);
    let protection = match request.protection {
        Protection::Keychain => VaultProtection::Keychain,
        Protection::Passphrase => VaultProtection::Passphrase,
    };
    host.runtime.create_vault(protection, passphrase).await?;
    Ok(state_of(host).await)
}

/// Opens the vault.
pub async fn vault_unlock(host: &Host, request: VaultUnlock) -> Result<AppState, Failure> {
    let passphrase = request.passphrase.map(crate::dto::TypedSecret::into_secret);
    host.runtime.unlock(passphrase).await?;
    Ok(state_of(host).await)
}

/// Stores what the person chose.
pub async fn settings_set(host: &Host, request: Settings) -> Result<Settings, Failure> {
    let before = host.ports.settings.load();
    let about_locking = (request.auto_lock, request.while_locked) != (before.auto_lock, before.while_locked);
    if about_locking && host.runtime.phase() == runtime::Phase::Locked {
        // Whoever is locked out does not decide what the lock is worth.
        return Err(connections::error::CoreError::new(connections::error::ErrorCode::Locked).into());
    }
    if host.ports.settings.save(&request) {
        host.runtime.set_policy(crate::safekeeping::policy_of(&request));
        host.wake.notify_one();
        Ok(request)
    } else {
        Err(connections::error::CoreError::new(connections::error::ErrorCode::Storage).into())
    }
}

pub(crate) async fn state_of(host: &Host) -> AppState {
    let runtime = &host.runtime;
    let (phase, broken) = shown(runtime.phase());
    // Asking the keychain is slow and may show a prompt: only where the answer decides something.
    let keychain = match phase {
        Phase::Ready | Phase::Broken => KeychainState { available: true, reason: None },
        Phase::FirstRun | Phase::Locked => keychain_state(host).await,
    };
    let unlock_problem = runtime.last_unlock_problem().map(Failure::from);
    AppState {
        phase,
        protection: runtime.protection().map(|one| match one {
            VaultProtection::Keychain => Protection::Keychain,
            VaultProtection::Passphrase => Protection::Passphrase,
        }),
        keychain,
        problem: broken.or(unlock_problem.filter(|_| phase == Phase::Locked)),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        platform: std::env::consts::OS.to_owned(),
        system_language: host.ports.system_language.clone(),
        profile_folder: runtime.folder().display().to_string(),
        settings: host.ports.settings.load(),
    }
}

pub(crate) fn phase_of(host: &Host) -> Phase {
    shown(host.runtime.phase()).0
}

fn shown(phase: runtime::Phase) -> (Phase, Option<Failure>) {
    match phase {
        runtime::Phase::NoVault => (Phase::FirstRun, None),
        runtime::Phase::Locked => (Phase::Locked, None),
        runtime::Phase::Ready => (Phase::Ready, None),
        runtime::Phase::Broken(error) => (Phase::Broken, Some(Failure::from(error))),
    }
}

async fn keychain_state(host: &Host) -> KeychainState {
    match host.runtime.probe_keychain().await {
        Ok(()) => KeychainState { available: true, reason: None },
        Err(problem) => KeychainState { available: false, reason: Some(problem.name().to_owned()) },
    }
}
