//! The TypeScript side of the contract, made from the Rust types.
//!
//! `MOORING_CODEGEN=write cargo test -p commands --test codegen` writes it; the same test without the variable
//! compares, so that the two cannot drift.

use crate::types::{
    AccessSettings, AccountRef, AccountsAsk, AccountsOverview, ActivityAsk, ActivityPage, Allowance,
    AppState, AttemptPaste, AttemptRef, AttemptSwitch, AuditAsk, AuditExport, AuditPage, AuditSaved,
    AuditTarget, AuthorizationBegin, AutoLock, BackupDone, BackupWrite, BalanceAsk, Beginning, CallerView,
    Check, CheckCode, CheckOf, CloseAnswer, CodatDraft, CodatHistoryAsk, CodatLinkAgain, CodatLinkBegin,
    CodatSync, CodatTextsDraft, CompanyCreate, ConfigDraft, ConfigRef, ConnectionKey, ConnectionRename,
    CorsChange, CspAsk, CurrencyFlow, DeskState, Diagnostics, DiagnosticsSaved, Disconnected, DraftFinding,
    ExportAsk, ExportFormat, ExportSaved, FoundTransaction, InputSeen, InstitutionRef, InstitutionValues,
    IssuerAsk, IssuerView, KeyConnect, KeychainState, Language, LinkBegin, LinkOpen, LinkValues, LinksState,
    LinksTest, Lists, LocalApiState, LoginChoice, OriginAsk, PassphraseAsk, PassphraseHint, PermissionAnswer,
    Phase, PickedBackup, PickedFile, PluggyDraft, Protection, ProtectionChange, ProtectionChanged,
    QuestionView, ReleaseNotes, RepairAsk, RestoreDone, RestoreRun, Revoked, SetAsideRef, Settings,
    SurfacePreference, Theme, Told, TransactionsAsk, TransactionsPage, TypedSecret, UpdateView, VaultCreate,
    VaultUnlock, WhileLocked, WidgetOpen, Withdrawal,
};
use attention::closing::CloseChoice;
use attention::ports::Going;
use attention::{AttentionAction, AttentionItem, AttentionView, NoticeLevel, Subject, Urgency};
use broker::audit::{AuditFilter, AuditLine};
use broker::caller::{Access, CallerId, Channel};
use broker::gate::Outcome;
use broker::permission::{Decision, Permission};
use connections::activity::ActivityKind;
use connections::connection::{ApprovalReason, Needs, Reachability, Status};
use connections::error::ErrorCode;
use connections::ledger::{BalanceHistory, BalancePoint, CurrencyTotal};
use connections::view::{
    AccountKind, AccountView, ActivityView, Approach, AttemptHint, AttemptPhase, AttemptView, CodatAbility,
    CodatAction, CodatActionView, CodatConfigView, CodatDataType, CodatDisconnect, CodatEvent, CodatHistory,
    CodatListing, CodatMode, CodatNote, CodatPause, CodatProblem, CodatTextList, CodatTexts, CodatView,
    CompanyName, CompanyView, ConfigView, ConnectionView, ConsentView, CoreEvent, CorsView, CreditView,
    CspView, DeviceView, Failure, FieldChoice, FieldInput, FieldView, InstitutionHealth, InstitutionView,
    IntegrationView, KeyFieldView, KeyForm, LinkAction, LinkPhase, LinkProblem, LinkProduct,
    LinkProductState, LinkQuestion, LinkReason, LinkRemedy, LinkView, OperationPhase, OperationView,
    OtherOrganization, ParameterView, PluggyConfigView, ProviderView, ScopeView, SecretRule, Source, Surface,
    TextBlock, TextInline, TransactionView,
};
use ts_rs::{Config, TS};

macro_rules! declarations {
    ($config:expr; $($type:ty),* $(,)?) => {
        vec![$(format!("export {}", <$type as TS>::decl($config))),*]
    };
}

macro_rules! command_lines {
    ($($name:ident: $request:ty => $response:ty,)*) => {
        fn commands(config: &Config) -> Vec<String> {
            vec![$(format!(
                "  {}: {{ request: {}; response: {} }};",
                stringify!($name),
                type_name::<$request>(config),
                type_name::<$response>(config),
            )),*]
        }
    };
}

crate::for_each_command!(command_lines);

fn type_name<T: TS + 'static>(config: &Config) -> String {
    // Rust's nothing is JSON's null.
    if std::any::TypeId::of::<T>() == std::any::TypeId::of::<()>() {
        "null".to_owned()
    } else {
        T::name(config)
    }
}

/// The whole of `types.gen.ts`.
pub fn generate() -> String {
    let config = &Config::new();
    let mut lines = vec![
        "// Made from the Rust types by `cargo xtask codegen`; do not edit.".to_owned(),
        "export type Category = \"banking\" | \"accounting\" | \"commerce\" | \"payments\" | \"payroll\" | \"other\";"
            .to_owned(),
    ];
    lines.extend(declarations![config;
        connections::id::ConfigKey, connections::id::ConnectionId, connections::id::ConnectionKey,
        connections::id::AttemptId, Status, Reachability, Needs, ApprovalReason, ErrorCode, ActivityKind, Source,
        Approach, DeviceView, KeyFieldView, KeyForm, InstitutionView, InstitutionHealth, FieldView, FieldInput,
        FieldChoice, LinkView, ConsentView, LinkPhase, LinkProduct, LinkProductState, LinkQuestion, LinkAction, LinkProblem,
        LinkReason, LinkRemedy, AccountView, AccountKind, CreditView, TransactionView, BalancePoint, BalanceHistory,
        CurrencyTotal, PluggyConfigView, CodatAbility, CodatAction, CodatActionView, CodatConfigView, CodatDataType,
        CodatDisconnect, CodatEvent, CodatHistory, CodatListing, CodatMode, CodatNote, CodatPause, CodatProblem,
        CodatTextList, CodatTexts, CodatView, CompanyName, CompanyView, CorsView, CspView, IntegrationView, OperationPhase,
        OperationView, OtherOrganization, TextBlock, TextInline, ConnectionView, ConfigView, ProviderView, ScopeView,
        ParameterView, SecretRule, Surface, AttemptPhase, AttemptView, AttemptHint, Failure, ActivityView, CoreEvent,
        TypedSecret, Beginning, Lists, Told, AppState, Phase, Protection, KeychainState, Settings, ReleaseNotes, UpdateView, Language, Theme,
        SurfacePreference, AutoLock, WhileLocked, InputSeen, PassphraseAsk, PassphraseHint, ProtectionChange,
        ProtectionChanged, PickedFile, BackupWrite, BackupDone, PickedBackup, RestoreRun, RestoreDone, SetAsideRef,
        VaultCreate, VaultUnlock, ConfigDraft, DraftFinding, IssuerView, IssuerAsk, ConfigRef, AuthorizationBegin,
        AttemptRef, AttemptSwitch, AttemptPaste, ConnectionRename, ActivityAsk, ActivityPage, Revoked, Disconnected,
        KeyConnect, PluggyDraft, InstitutionRef, InstitutionValues, LinkBegin, LinkValues, LinkOpen, WidgetOpen,
        AccountsAsk, AccountRef, AccountsOverview, TransactionsAsk, TransactionsPage, FoundTransaction, CurrencyFlow,
        BalanceAsk, ExportFormat, ExportAsk, ExportSaved, CodatDraft, CompanyCreate, CodatLinkBegin, CodatLinkAgain,
        CodatSync, CodatHistoryAsk, CorsChange, OriginAsk, CspAsk, CodatTextsDraft, CallerId, Channel, Access,
        Outcome, Decision, Permission, CallerView, QuestionView, PermissionAnswer, Allowance, Withdrawal, AuditLine,
        AuditFilter, AuditAsk, AuditPage, AuditExport, AuditTarget, AuditSaved, AccessSettings, LocalApiState, AttentionAction, Urgency,
        Subject, AttentionItem, AttentionView, NoticeLevel, CloseChoice, Going, DeskState, LoginChoice, LinksState,
        LinksTest, CloseAnswer, CheckOf, CheckCode, Check, RepairAsk, Diagnostics, DiagnosticsSaved,
    ]);
    lines.push("/** Every command: what it takes and what it answers. */".to_owned());
    lines.push("export interface Commands {".to_owned());
    lines.extend(commands(config));
    lines.push("}".to_owned());
    lines.push(String::new());
    lines.join("\n")
}
