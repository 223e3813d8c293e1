//! What the interface may ask: one function per command, their requests and responses, the list of them.
//!
//! Knows nothing of windows and Tauri; every command runs in a test without a webview.
//!
//! Invariants
//! - No response holds a secret, a token, a code or an address with a query; the types have no field for one.
//! - Every failure is a [`Failure`](connections::view::Failure): a code that the interface has words for.

mod app;
mod authorization;
mod beginning;
mod callers;
mod codat;
mod configs;
mod connection;
mod data;
mod desk;
mod diagnostics;
mod doctor;
pub mod dto;
mod host;
mod keys;
mod link;
mod names;
mod page_words;
mod release;
mod safekeeping;
mod schema;
mod settings_file;
pub mod typescript;

pub use app::{app_state, settings_set, vault_create, vault_unlock};
pub use authorization::{
    PageButton, authorization_begin, authorization_cancel, authorization_copy_link, authorization_current,
    authorization_paste, authorization_reopen, authorization_switch, brings_back, page_button,
    sandbox_connect, sandbox_remove,
};
pub use beginning::{beginning, told};
pub use callers::{
    audit_export, audit_list, caller_allow, caller_revoke, callers_list, local_api_copy_secret,
    local_api_get, local_api_origin, local_api_rotate_secret, local_api_set, local_api_state,
    permission_answer, permissions_pending, wants_attention,
};
pub use codat::{
    codat_check, codat_close, codat_companies, codat_company_create, codat_copy_link, codat_cors_check,
    codat_cors_get, codat_cors_set, codat_create, codat_csp, codat_edit, codat_history, codat_integrations,
    codat_keep_organization, codat_link_again, codat_link_begin, codat_list, codat_practice, codat_show,
    codat_sync, codat_texts_check, codat_texts_get, codat_texts_set,
};
pub use configs::{
    config_check, config_create, config_delete, config_edit, configs_list, issuer_discover, providers_list,
};
pub use connection::{
    activity_list, connection_delete, connection_disconnect, connection_pause, connection_rename,
    connection_resume, connection_sync, connections_list,
};
pub use data::{accounts_overview, balance_history, export_save, export_show, transactions_search};
pub use desk::{
    attend, attention_later, attention_list, desk_state, links_repair, links_test, login_set, window_close,
};
pub use doctor::{diagnostics_save, diagnostics_show, doctor_repair, doctor_run};
pub use host::{Clipboard, DeskPorts, Files, Host, HostPorts, SettingsStore, Updates, is_own_page};
pub use keys::{key_connect, key_form, key_practice};
pub use link::{
    accounts_list, institution_check, institution_form, institutions_list, link_answer, link_begin,
    link_cancel, link_form, link_open, link_retry, link_show, link_sign_in, pluggy_check, pluggy_create,
    pluggy_edit, pluggy_practice, widget_open,
};
pub use names::NAMES;
pub use page_words::{Lock, PageWords};
pub use release::{release_notes, update_check, update_install};
pub use safekeeping::{
    backup_pick, backup_write, computer_retire, input_seen, passphrase_hint, protection_change, restore_pick,
    restore_run, set_aside_forget, set_aside_list, vault_lock,
};
pub use settings_file::SettingsFile;

/// Everything that the list of commands names, for the macros that expand it.
pub mod types {
    pub use crate::dto::*;
    pub use attention::AttentionView;
    pub use broker::settings::AccessSettings;
    pub use broker::view::{CallerView, QuestionView};
    pub use broker::{Allowance, Withdrawal};
    pub use connections::id::ConnectionKey;
    pub use connections::ledger::BalanceHistory;
    pub use connections::view::{
        AccountView, AttemptView, CodatHistory, CodatListing, CodatTexts, CodatView, CompanyView, ConfigView,
        ConnectionView, CorsView, CspView, Failure, FieldView, InstitutionView, IntegrationView, KeyForm,
        LinkView, ProviderView,
    };
    pub use doctor::{Check, CheckCode, CheckOf};
}
