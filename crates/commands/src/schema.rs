//! The one list of commands: name, request, response. Adapters and TypeScript types are made from it.

/// Calls `$callback!` with the list `name: Request => Response`.
///
/// The window turns it into one adapter per command, the code generator into the TypeScript `Commands` type; a
/// command without a handler does not compile.
#[macro_export]
macro_rules! for_each_command {
    ($callback:ident) => {
        $callback! {
            app_state: () => AppState,
            vault_create: VaultCreate => AppState,
            vault_unlock: VaultUnlock => AppState,
            settings_set: Settings => Settings,
            providers_list: () => Vec<ProviderView>,
            issuer_discover: IssuerAsk => IssuerView,
            configs_list: () => Vec<ConfigView>,
            config_check: ConfigDraft => Vec<DraftFinding>,
            config_create: ConfigDraft => ConfigView,
            config_edit: ConfigDraft => ConfigView,
            config_delete: ConfigRef => (),
            connections_list: () => Vec<ConnectionView>,
            connection_rename: ConnectionRename => ConnectionView,
            connection_pause: ConnectionKey => ConnectionView,
            connection_resume: ConnectionKey => ConnectionView,
            connection_sync: ConnectionKey => ConnectionView,
            connection_disconnect: ConnectionKey => Disconnected,
            connection_delete: ConnectionKey => Disconnected,
            authorization_begin: AuthorizationBegin => AttemptView,
            authorization_current: () => Option<AttemptView>,
            authorization_switch: AttemptSwitch => AttemptView,
            authorization_reopen: AttemptRef => AttemptView,
            authorization_copy_link: AttemptRef => (),
            authorization_paste: AttemptPaste => AttemptView,
            authorization_cancel: AttemptRef => AttemptView,
            activity_list: ActivityAsk => ActivityPage,
            pluggy_check: PluggyDraft => Vec<DraftFinding>,
            pluggy_create: PluggyDraft => ConfigView,
            pluggy_edit: PluggyDraft => ConfigView,
            pluggy_practice: () => ConfigView,
            institutions_list: ConfigRef => Vec<InstitutionView>,
            institution_form: InstitutionRef => Vec<FieldView>,
            institution_check: InstitutionValues => Vec<DraftFinding>,
            link_begin: LinkBegin => LinkView,
            link_show: ConnectionKey => LinkView,
            link_answer: LinkValues => LinkView,
            link_form: ConnectionKey => Vec<FieldView>,
            link_sign_in: LinkValues => LinkView,
            link_retry: ConnectionKey => LinkView,
            link_open: LinkOpen => LinkView,
            link_cancel: ConnectionKey => (),
            widget_open: WidgetOpen => (),
            accounts_list: AccountsAsk => Vec<AccountView>,
            transactions_list: AccountRef => Vec<TransactionView>,
            sandbox_connect: () => AttemptView,
            sandbox_remove: () => (),
        }
    };
}
