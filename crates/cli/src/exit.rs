//! Exit codes, after sysexits.h.

use broker::client::AskError;
use broker::wire::Refusal;
use connections::error::ErrorCode;

/// Wrong use of the command.
pub const USAGE: u8 = 64;
/// What was asked for does not exist, or is malformed.
pub const DATA: u8 = 65;
/// Nothing runs that could answer, or a needed part of the system is missing.
pub const UNAVAILABLE: u8 = 69;
/// A rule of ours was broken.
pub const SOFTWARE: u8 = 70;
/// The operating system refused.
pub const OS_ERROR: u8 = 71;
/// A file could not be read or written.
pub const IO: u8 = 74;
/// It may work later.
pub const TEMPORARY: u8 = 75;
/// The person must do something first: approve, unlock, resume.
pub const NO_PERMISSION: u8 = 77;
/// The registration at the provider is wrong.
pub const CONFIG: u8 = 78;

/// Why a command ended badly.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// For the person.
    pub text: String,
}

impl Failure {
    /// With its text.
    pub fn new(code: u8, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        match error {
            AskError::NotRunning => Self::new(
                UNAVAILABLE,
                "Mooring is not running. Open the app, or start the agent: mooring agent",
            ),
            AskError::Broken(error) => Self::new(IO, format!("the conversation with Mooring broke: {error}")),
            AskError::Silent => Self::new(
                TEMPORARY,
                "Mooring runs and does not answer; wait, or end it and start it again (mooring doctor names it)",
            ),
            AskError::Refused(refusal) => Self::from(refusal),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let code = exit_code(refusal.code);
        let mut text = sentence(&refusal);
        if let Some(detail) = refusal.detail {
            text.push_str(" (");
            text.push_str(&detail);
            text.push(')');
        }
        Self::new(code, text)
    }
}

const fn exit_code(code: ErrorCode) -> u8 {
    use ErrorCode as Code;
    match code {
        Code::ProviderTrouble
        | Code::Offline
        | Code::ProviderAnswer
        | Code::InstitutionOffline
        | Code::KeyNotChecked
        | Code::WidgetFailed
        | Code::Busy => TEMPORARY,
        Code::UnknownConnection
        | Code::UnknownConfig
        | Code::UnknownProvider
        | Code::BadInput
        | Code::NameTaken
        | Code::BadName
        | Code::ConfigInUse
        | Code::AttemptOver
        | Code::ForeignAnswer
        | Code::NoTokens
        | Code::AnswerTooLate
        | Code::PlatformNotSupported
        | Code::FileExists
        | Code::NotABackup
        | Code::BackupDamaged
        | Code::AlreadyConnected
        | Code::Gone => DATA,
        Code::ApproveAgain
        | Code::NotApproved
        | Code::Disconnected
        | Code::Paused
        | Code::AccessDenied
        | Code::TokenRefused
        | Code::KeyRefused
        | Code::NeedsCompanyKey
        | Code::PlanLimit
        | Code::NotPermitted
        | Code::Locked
        | Code::NoVault
        | Code::WrongPassphrase
        | Code::WeakPassphrase
        | Code::Superseded => NO_PERMISSION,
        Code::ClientRefused
        | Code::DiscoveryFailed
        | Code::CertificateRefused
        | Code::VaultNewer
        | Code::BackupNewer => CONFIG,
        Code::KeychainUnavailable
        | Code::KeyMissing
        | Code::VaultInUse
        | Code::VaultExists
        | Code::SurfaceUnavailable
        | Code::LoopbackUnavailable => UNAVAILABLE,
        Code::DiskFull
        | Code::ReadOnly
        | Code::BackupUnproven
        | Code::Storage
        | Code::FileNotWritten
        | Code::VaultDamaged => IO,
        Code::Defect => SOFTWARE,
    }
}

fn no_port(refusal: &Refusal) -> String {
    let port = refusal.params.get("port").map_or("?", String::as_str);
    let next = refusal.params.get("next").map(|next| format!("; {next} is free"));
    format!("port {port} cannot be listened on{}", next.unwrap_or_default())
}

fn sentence(refusal: &Refusal) -> String {
    use ErrorCode as Code;
    let value = |name: &str, fallback: &str| {
        refusal.params.get(name).map_or_else(|| fallback.to_owned(), Clone::clone)
    };
    let provider = value("provider", "the institution");
    match refusal.code {
        Code::AccessDenied => format!("you cancelled at {provider}; nothing was linked"),
        Code::ApproveAgain => {
            format!("{provider} asks you to approve again; run: mooring connection reconnect")
        }
        Code::ProviderTrouble => {
            format!("{provider} is not answering; the connection is kept, try again later")
        }
        Code::Offline => "no network; nothing is wrong with the connection".to_owned(),
        Code::CertificateRefused => format!("{provider} could not prove who it is; nothing was sent"),
        Code::ClientRefused => format!("{provider} does not accept the client id, the secret or the scopes"),
        Code::ProviderAnswer => {
            format!("{provider} answered in a way that could not be used; nothing was changed")
        }
        Code::ForeignAnswer => "this reply does not belong to a request made here; it was ignored".to_owned(),
        Code::AttemptOver => "the attempt is over; start again".to_owned(),
        Code::Superseded => "another attempt took the place of this one".to_owned(),
        Code::Paused => "the connection is paused; run: mooring connection resume".to_owned(),
        Code::Disconnected => "the connection is disconnected; run: mooring connection reconnect".to_owned(),
        Code::NotApproved => "the connection has not been approved".to_owned(),
        Code::UnknownConnection => format!("no connection `{}`", value("connection", "?")),
        Code::UnknownConfig => format!("no config key `{}`", value("configKey", "?")),
        Code::UnknownProvider => {
            format!("no provider `{}`; see: mooring provider list", value("provider", "?"))
        }
        Code::NameTaken => format!("`{}` is taken", value("configKey", "?")),
        Code::BadName => "a name may hold letters, digits and . _ - ~ @ : + only".to_owned(),
        Code::BadInput => format!("{}: {}", value("field", "input"), value("problem", "malformed")),
        Code::ConfigInUse => format!("{} connections use this config key", value("connections", "some")),
        Code::SurfaceUnavailable => {
            "this way to approve is not to be had here; try --user-agent print".to_owned()
        }
        Code::DiscoveryFailed => format!("{} could not be asked about itself", value("issuer", "the issuer")),
        Code::LoopbackUnavailable => no_port(refusal),
        Code::InstitutionOffline
        | Code::NeedsCompanyKey
        | Code::PlanLimit
        | Code::Busy
        | Code::PlatformNotSupported
        | Code::AnswerTooLate
        | Code::Gone
        | Code::AlreadyConnected
        | Code::WidgetFailed => aggregator_sentence(refusal, &provider),
        Code::NoTokens => "this connection gives data and no tokens".to_owned(),
        Code::TokenRefused => {
            format!("{provider} refuses a token that is as new as it gets; connect again if that stays")
        }
        Code::KeyRefused => format!("{provider} does not accept this key; nothing was stored"),
        Code::KeyNotChecked => format!("{provider} could not be asked about the key; nothing was stored"),
        Code::Locked => "Mooring is locked; unlock it in its window".to_owned(),
        Code::NotPermitted => not_permitted(refusal.params.get("reason").map(String::as_str)).to_owned(),
        Code::NoVault
        | Code::VaultExists
        | Code::WrongPassphrase
        | Code::WeakPassphrase
        | Code::KeychainUnavailable
        | Code::KeyMissing
        | Code::VaultDamaged
        | Code::VaultNewer
        | Code::VaultInUse
        | Code::FileExists
        | Code::NotABackup
        | Code::BackupDamaged
        | Code::BackupNewer
        | Code::BackupUnproven => vault_sentence(refusal),
        Code::DiskFull => "the disk is full; nothing was lost, free some space and try again".to_owned(),
        Code::ReadOnly => "the profile folder cannot be written".to_owned(),
        Code::Storage => "the vault could not be read or written".to_owned(),
        Code::FileNotWritten => "the file could not be written".to_owned(),
        Code::Defect => "a rule of ours was broken; please report it".to_owned(),
    }
}

/// About what an aggregator does or does not do.
fn aggregator_sentence(refusal: &Refusal, provider: &str) -> String {
    use ErrorCode as Code;
    match refusal.code {
        Code::InstitutionOffline => {
            let institution = refusal.params.get("institution").map_or(provider, String::as_str);
            format!("{institution} cannot be reached now; nothing was sent to it")
        }
        Code::NeedsCompanyKey => {
            "only the company's own key can do this; here is a connect token at most".to_owned()
        }
        Code::PlanLimit => format!("what the plan at {provider} allows is used up"),
        Code::Busy if refusal.params.contains_key("reason") => {
            "too many programs ask Mooring at once; try again in a moment".to_owned()
        }
        Code::PlatformNotSupported => format!("{provider} does not support this platform"),
        Code::AnswerTooLate => "the question is over; ask for another run".to_owned(),
        Code::Gone => format!("{provider} knows this connection no more; connect again"),
        Code::AlreadyConnected => format!("this login at {provider} is connected already"),
        Code::WidgetFailed => format!("{provider}'s own page says that it did not work"),
        _ => format!("{provider} is busy with the same; try again later"),
    }
}

/// About the vault and its backups.
fn vault_sentence(refusal: &Refusal) -> String {
    use ErrorCode as Code;
    let value = |name: &str, fallback: &str| {
        refusal.params.get(name).map_or_else(|| fallback.to_owned(), Clone::clone)
    };
    match refusal.code {
        Code::NoVault => {
            "there is no vault; open the app, or start the agent with --passphrase-file".to_owned()
        }
        Code::VaultExists => "there is a vault already".to_owned(),
        Code::WrongPassphrase => "the passphrase is not the right one; nothing was changed".to_owned(),
        Code::WeakPassphrase => {
            format!("the passphrase needs {} characters or more", value("shortest", "12"))
        }
        Code::KeychainUnavailable => {
            format!("the system keychain does not answer ({})", value("reason", "other"))
        }
        Code::KeyMissing => "the system keychain has no key for this vault".to_owned(),
        Code::VaultDamaged => "the vault is damaged; restore a copy of the profile folder".to_owned(),
        Code::VaultNewer => "a newer Mooring wrote this vault; update this one".to_owned(),
        Code::VaultInUse => "another Mooring has the vault open".to_owned(),
        Code::FileExists => "there is a file of that name; --replace replaces it".to_owned(),
        Code::NotABackup => "this file is no backup of Mooring".to_owned(),
        Code::BackupDamaged => "the backup is damaged; nothing was changed".to_owned(),
        Code::BackupNewer => "a newer Mooring made this backup; update this one".to_owned(),
        Code::BackupUnproven => "the backup did not open again and was removed; try another place".to_owned(),
        _ => "the vault could not be read or written".to_owned(),
    }
}

fn not_permitted(reason: Option<&str>) -> &'static str {
    match reason {
        Some("refused") => "the person refused this; it can be changed under Programs in Mooring",
        Some("nobodyAnswered") => {
            "nobody answered the question in Mooring's window; try again when somebody is there"
        }
        Some("nobodyThere") => {
            "this program is not allowed and nobody is there to ask; run: mooring caller allow"
        }
        Some("notOurs") => "only Mooring's own window and command line may do this",
        _ => "the person has not allowed this",
    }
}
