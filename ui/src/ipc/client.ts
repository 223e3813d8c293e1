/**
 * What the interface may ask the core: one function per command, and the events that come back.
 *
 * Knows nothing of Tauri; `tauri.ts` and `fake.ts` are the two ways to carry it.
 */
import type {
  AccessSettings,
  AccountRef,
  ActivityAsk,
  Allowance,
  AppState,
  AttemptId,
  AuditAsk,
  AuditExport,
  AuthorizationBegin,
  BackupWrite,
  CodatDraft,
  CodatLinkBegin,
  CodatTextsDraft,
  Commands,
  CheckOf,
  ConfigDraft,
  ConfigKey,
  ConnectionKey,
  CoreEvent,
  CorsChange,
  CspAsk,
  ExportAsk,
  Failure,
  KeyConnect,
  Going,
  LinkBegin,
  PermissionAnswer,
  PluggyDraft,
  ProtectionChange,
  RestoreRun,
  Settings,
  Surface,
  TransactionsAsk,
  VaultCreate,
  Withdrawal,
} from './types.gen';

/** What the core tells without being asked. */
export interface Listeners {
  core: (event: CoreEvent) => void;
  phase: (state: AppState) => void;
  /** Events were lost on the way; everything has to be asked for again. */
  missed: () => void;
  /** The tray or a notice leads somewhere. */
  go: (going: Going) => void;
}

/** The carrier: sends a command, and delivers events until the returned function is called. */
export interface Ipc {
  invoke<N extends keyof Commands>(name: N, request: Commands[N]['request']): Promise<Commands[N]['response']>;
  listen(listeners: Listeners): Promise<() => void>;
}

export type Client = ReturnType<typeof clientOver>;

/** The commands over a carrier. Every promise rejects with a `Failure` and nothing else. */
export function clientOver(ipc: Ipc) {
  async function ask<N extends keyof Commands>(
    name: N,
    request: Commands[N]['request'],
  ): Promise<Commands[N]['response']> {
    try {
      return await ipc.invoke(name, request);
    } catch (error) {
      throw asFailure(error);
    }
  }

  return {
    listen: (listeners: Listeners) => ipc.listen(listeners),

    beginning: () => ask('beginning', null),
    told: () => ask('told', null),
    appState: () => ask('app_state', null),
    vaultCreate: (request: VaultCreate) => ask('vault_create', request),
    vaultUnlock: (passphrase: string | null) => ask('vault_unlock', { passphrase }),
    vaultLock: () => ask('vault_lock', null),
    inputSeen: (secondsAgo: number) => ask('input_seen', { secondsAgo }),
    passphraseHint: (passphrase: string) => ask('passphrase_hint', { passphrase }),
    protectionChange: (request: ProtectionChange) => ask('protection_change', request),
    backupPick: () => ask('backup_pick', null),
    backupWrite: (request: BackupWrite) => ask('backup_write', request),
    restorePick: () => ask('restore_pick', null),
    restoreRun: (request: RestoreRun) => ask('restore_run', request),
    computerRetire: (request: BackupWrite) => ask('computer_retire', request),
    setAsideList: () => ask('set_aside_list', null),
    setAsideForget: (date: string) => ask('set_aside_forget', { date }),
    settingsSet: (settings: Settings) => ask('settings_set', settings),
    releaseNotes: () => ask('release_notes', null),
    updateCheck: () => ask('update_check', null),
    updateInstall: () => ask('update_install', null),

    providersList: () => ask('providers_list', null),
    issuerDiscover: (issuer: string) => ask('issuer_discover', { issuer }),

    configsList: () => ask('configs_list', null),
    configCheck: (draft: ConfigDraft) => ask('config_check', draft),
    configCreate: (draft: ConfigDraft) => ask('config_create', draft),
    configEdit: (draft: ConfigDraft) => ask('config_edit', draft),
    configDelete: (configKey: ConfigKey) => ask('config_delete', { configKey }),

    connectionsList: () => ask('connections_list', null),
    connectionRename: (key: ConnectionKey, nickname: string | null) => ask('connection_rename', { key, nickname }),
    connectionPause: (key: ConnectionKey) => ask('connection_pause', key),
    connectionResume: (key: ConnectionKey) => ask('connection_resume', key),
    connectionSync: (key: ConnectionKey) => ask('connection_sync', key),
    connectionDisconnect: (key: ConnectionKey) => ask('connection_disconnect', key),
    connectionDelete: (key: ConnectionKey) => ask('connection_delete', key),

    keyForm: (configKey: ConfigKey) => ask('key_form', { configKey }),
    keyConnect: (request: KeyConnect) => ask('key_connect', request),
    keyPractice: () => ask('key_practice', null),

    authorizationBegin: (request: AuthorizationBegin) => ask('authorization_begin', request),
    authorizationCurrent: () => ask('authorization_current', null),
    authorizationSwitch: (attempt: AttemptId, surface: Surface) => ask('authorization_switch', { attempt, surface }),
    authorizationReopen: (attempt: AttemptId) => ask('authorization_reopen', { attempt }),
    authorizationCopyLink: (attempt: AttemptId) => ask('authorization_copy_link', { attempt }),
    authorizationPaste: (attempt: AttemptId, address: string) => ask('authorization_paste', { attempt, address }),
    authorizationCancel: (attempt: AttemptId) => ask('authorization_cancel', { attempt }),

    attentionList: () => ask('attention_list', null),
    attentionLater: (key: ConnectionKey) => ask('attention_later', key),
    deskState: () => ask('desk_state', null),
    loginSet: (on: boolean) => ask('login_set', { on }),
    linksTest: () => ask('links_test', null),
    linksRepair: () => ask('links_repair', null),
    windowClose: (hide: boolean) => ask('window_close', { hide }),

    doctorRun: () => ask('doctor_run', null),
    doctorRepair: (of: CheckOf) => ask('doctor_repair', { of }),
    diagnosticsShow: () => ask('diagnostics_show', null),
    diagnosticsSave: () => ask('diagnostics_save', null),

    activityList: (request: ActivityAsk) => ask('activity_list', request),

    pluggyCheck: (draft: PluggyDraft) => ask('pluggy_check', draft),
    pluggyCreate: (draft: PluggyDraft) => ask('pluggy_create', draft),
    pluggyEdit: (draft: PluggyDraft) => ask('pluggy_edit', draft),
    pluggyPractice: () => ask('pluggy_practice', null),

    institutionsList: (configKey: ConfigKey) => ask('institutions_list', { configKey }),
    institutionForm: (configKey: ConfigKey, institution: number) => ask('institution_form', { configKey, institution }),
    institutionCheck: (configKey: ConfigKey, institution: number, values: Record<string, string>) =>
      ask('institution_check', { configKey, institution, values }),

    linkBegin: (request: LinkBegin) => ask('link_begin', request),
    linkShow: (key: ConnectionKey) => ask('link_show', key),
    linkAnswer: (key: ConnectionKey, values: Record<string, string>) => ask('link_answer', { key, values }),
    linkForm: (key: ConnectionKey) => ask('link_form', key),
    linkSignIn: (key: ConnectionKey, values: Record<string, string>) => ask('link_sign_in', { key, values }),
    linkRetry: (key: ConnectionKey) => ask('link_retry', key),
    linkOpen: (key: ConnectionKey, surface: Surface | null) => ask('link_open', { key, surface }),
    linkCancel: (key: ConnectionKey) => ask('link_cancel', key),
    widgetOpen: (configKey: ConfigKey, key: ConnectionKey | null) => ask('widget_open', { configKey, key }),

    accountsList: (key: ConnectionKey | null) => ask('accounts_list', { key }),
    accountsOverview: () => ask('accounts_overview', null),
    transactionsSearch: (request: TransactionsAsk) => ask('transactions_search', request),
    balanceHistory: (accounts: AccountRef[]) => ask('balance_history', { accounts }),
    exportSave: (request: ExportAsk) => ask('export_save', request),
    exportShow: () => ask('export_show', null),

    codatCheck: (draft: CodatDraft) => ask('codat_check', draft),
    codatCreate: (draft: CodatDraft) => ask('codat_create', draft),
    codatEdit: (draft: CodatDraft) => ask('codat_edit', draft),
    codatPractice: () => ask('codat_practice', null),
    codatList: (configKey: ConfigKey) => ask('codat_list', { configKey }),
    codatCompanies: (configKey: ConfigKey) => ask('codat_companies', { configKey }),
    codatCompanyCreate: (configKey: ConfigKey, name: string, description: string | null) =>
      ask('codat_company_create', { configKey, name, description }),
    codatIntegrations: (configKey: ConfigKey) => ask('codat_integrations', { configKey }),
    codatLinkBegin: (request: CodatLinkBegin) => ask('codat_link_begin', request),
    codatLinkAgain: (key: ConnectionKey, surface: Surface | null) => ask('codat_link_again', { key, surface }),
    codatCopyLink: (key: ConnectionKey) => ask('codat_copy_link', key),
    codatShow: (key: ConnectionKey) => ask('codat_show', key),
    codatKeepOrganization: (key: ConnectionKey) => ask('codat_keep_organization', key),
    codatSync: (key: ConnectionKey, dataType: string | null) => ask('codat_sync', { key, dataType }),
    codatHistory: (key: ConnectionKey, page: number | null) => ask('codat_history', { key, page }),
    codatClose: (key: ConnectionKey) => ask('codat_close', key),
    codatCorsCheck: (origin: string, development: boolean) => ask('codat_cors_check', { origin, development }),
    codatCorsGet: (configKey: ConfigKey) => ask('codat_cors_get', { configKey }),
    codatCorsSet: (change: CorsChange) => ask('codat_cors_set', change),
    codatCsp: (request: CspAsk) => ask('codat_csp', request),
    codatTextsGet: () => ask('codat_texts_get', null),
    codatTextsCheck: (draft: CodatTextsDraft) => ask('codat_texts_check', draft),
    codatTextsSet: (draft: CodatTextsDraft) => ask('codat_texts_set', draft),

    permissionsPending: () => ask('permissions_pending', null),
    permissionAnswer: (request: PermissionAnswer) => ask('permission_answer', request),
    callersList: () => ask('callers_list', null),
    callerAllow: (request: Allowance) => ask('caller_allow', request),
    callerRevoke: (request: Withdrawal) => ask('caller_revoke', request),
    auditList: (request: AuditAsk) => ask('audit_list', request),
    auditExport: (request: AuditExport) => ask('audit_export', request),
    localApiGet: () => ask('local_api_get', null),
    localApiSet: (settings: AccessSettings) => ask('local_api_set', settings),
    localApiState: () => ask('local_api_state', null),
    localApiOrigin: (origin: string) => ask('local_api_origin', { origin, development: true }),
    localApiCopySecret: () => ask('local_api_copy_secret', null),
    localApiRotateSecret: () => ask('local_api_rotate_secret', null),

    sandboxConnect: () => ask('sandbox_connect', null),
    sandboxRemove: () => ask('sandbox_remove', null),
  };
}

/** Whatever was thrown, as a failure: what is not one is a defect of ours, its text kept as the detail. */
export function asFailure(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    const failure = error as Failure;
    return { code: failure.code, params: failure.params ?? {}, detail: failure.detail ?? null };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'defect', params: {}, detail };
}

/** How work went wrong, if it did; whoever asked shows it. */
export function failureOf(work: Promise<unknown>): Promise<Failure | null> {
  return work.then(() => null, asFailure);
}

/** The pair of names of anything that carries them. */
export function keyOf(named: ConnectionKey): ConnectionKey {
  return { configKey: named.configKey, connectionId: named.connectionId };
}

/** The pair as one text; neither name can hold a slash. */
export function keyText(named: ConnectionKey): string {
  return `${named.configKey}/${named.connectionId}`;
}

export function sameKey(a: ConnectionKey | null, b: ConnectionKey | null): boolean {
  return a !== null && b !== null && a.configKey === b.configKey && a.connectionId === b.connectionId;
}
