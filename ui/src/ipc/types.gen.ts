// Made from the Rust types by `cargo xtask codegen`; do not edit.
export type Category = "banking" | "accounting" | "commerce" | "payments" | "payroll" | "other";
export type ConfigKey = string;
export type ConnectionId = string;
export type ConnectionKey = { 
/**
 * Which client registration it was authorized with.
 */
configKey: ConfigKey, 
/**
 * Which authorization under that registration.
 */
connectionId: ConnectionId, };
export type AttemptId = string;
export type Status = "PendingAuth" | "Linked" | "Unlinked" | "Deauthorized";
export type Reachability = { "kind": "reachable" } | { "kind": "providerTrouble", 
/**
 * When the trouble began.
 */
since: string, 
/**
 * When Mooring asks again.
 */
retryAt: string, } | { "kind": "offline", 
/**
 * When it was noticed.
 */
since: string, 
/**
 * When Mooring looks again.
 */
retryAt: string, };
export type Needs = { "kind": "nothing" } | { "kind": "approval", 
/**
 * Why.
 */
reason: ApprovalReason, } | { "kind": "credentials" };
export type ApprovalReason = "notApproved" | "grantRefused" | "noRefreshToken" | "rotationLost" | "consentEnded" | "scopesChanged" | "disconnected";
export type ErrorCode = "access_denied" | "approve_again" | "provider_trouble" | "offline" | "certificate_refused" | "client_refused" | "provider_answer" | "foreign_answer" | "attempt_over" | "superseded" | "paused" | "disconnected" | "not_approved" | "unknown_connection" | "unknown_config" | "unknown_provider" | "name_taken" | "bad_name" | "bad_input" | "config_in_use" | "surface_unavailable" | "discovery_failed" | "loopback_unavailable" | "locked" | "no_vault" | "vault_exists" | "wrong_passphrase" | "weak_passphrase" | "keychain_unavailable" | "key_missing" | "vault_damaged" | "vault_newer" | "vault_in_use" | "disk_full" | "read_only" | "storage" | "defect";
export type ActivityKind = "authorization_started" | "connected" | "reconnected" | "authorization_failed" | "authorization_cancelled" | "foreign_answer_refused" | "refreshed" | "refresh_failed" | "deauthorized" | "disconnected" | "revoked_later" | "paused" | "resumed" | "renamed" | "deleted" | "token_given" | "token_refused" | "config_created" | "config_edited" | "config_deleted";
export type ConnectionView = { 
/**
 * Catalogue id, or `custom`.
 */
provider: string, 
/**
 * The provider's name.
 */
providerName: string, 
/**
 * Background of the monogram, `#rrggbb`.
 */
brandColor: string | null, 
/**
 * The provider's category.
 */
category: Category, 
/**
 * Whether it is practice with synthetic data.
 */
sandbox: boolean, 
/**
 * Nickname, account holder or connection id.
 */
displayName: string, 
/**
 * The name the person gave, if any.
 */
nickname: string | null, 
/**
 * Who approved, if the provider tells.
 */
accountHolder: string | null, 
/**
 * Where it stands.
 */
status: Status, 
/**
 * Whether background work is paused.
 */
paused: boolean, 
/**
 * Whether work for it is under way now.
 */
syncing: boolean, 
/**
 * Whether the provider answers.
 */
reachability: Reachability, 
/**
 * What only the person can do.
 */
needs: Needs, 
/**
 * Scopes asked for.
 */
scopesAsked: Array<string>, 
/**
 * Scopes granted.
 */
scopesGranted: Array<string>, 
/**
 * When it was first asked for.
 */
createdAt: string, 
/**
 * When it was first approved.
 */
firstAuthorizedAt: string | null, 
/**
 * When it was last approved.
 */
lastAuthorizedAt: string | null, 
/**
 * When access was last renewed.
 */
lastRefreshedAt: string | null, 
/**
 * When data was last fetched.
 */
lastSyncedAt: string | null, 
/**
 * When a program last got a token.
 */
lastUsedAt: string | null, 
/**
 * When access renews next by itself; `null` when it does not have to.
 */
accessExpiresAt: string | null, 
/**
 * Whether access renews by itself.
 */
renewable: boolean, 
/**
 * Until when it holds, if anybody knows.
 */
holdsUntil: string | null, 
/**
 * Whether Mooring moves that date by itself (idleness); otherwise the person must approve again by then.
 */
holdRenews: boolean, 
/**
 * Which client registration it was authorized with.
 */
configKey: ConfigKey, 
/**
 * Which authorization under that registration.
 */
connectionId: ConnectionId, };
export type ConfigView = { 
/**
 * Its name.
 */
configKey: ConfigKey, 
/**
 * Catalogue id, or `custom`.
 */
provider: string, 
/**
 * The provider's name.
 */
providerName: string, 
/**
 * Background of the monogram, `#rrggbb`.
 */
brandColor: string | null, 
/**
 * The provider's category.
 */
category: Category, 
/**
 * The client id, which is public by nature.
 */
clientId: string, 
/**
 * Whether a client secret is in the vault.
 */
hasSecret: boolean, 
/**
 * Scopes to ask for.
 */
scopes: Array<string>, 
/**
 * The issuer, where there is one.
 */
issuer: string | null, 
/**
 * Host of the sign-in page.
 */
host: string, 
/**
 * The address to register at the provider.
 */
redirectUri: string, 
/**
 * Whether it is the practice bank.
 */
sandbox: boolean, 
/**
 * How many connections use it.
 */
connections: number, 
/**
 * When it was made.
 */
createdAt: string, };
export type ProviderView = { 
/**
 * Catalogue id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Category.
 */
category: Category, 
/**
 * ISO 3166 codes; empty means everywhere.
 */
countries: Array<string>, 
/**
 * Background of the monogram, `#rrggbb`.
 */
brandColor: string | null, 
/**
 * The provider's documentation.
 */
documentation: string | null, 
/**
 * Where to register a client.
 */
registration: string | null, 
/**
 * Scopes proposed, each with what it lets Mooring read.
 */
scopes: Array<ScopeView>, 
/**
 * Whether a client secret must be, may be or cannot be given.
 */
secret: SecretRule, 
/**
 * The address to register at the provider.
 */
redirectUri: string, 
/**
 * Values to ask for per connection.
 */
parameters: Array<ParameterView>, 
/**
 * Surfaces allowed, the preferred first.
 */
surfaces: Array<Surface>, };
export type ScopeView = { 
/**
 * As the provider spells it.
 */
name: string, 
/**
 * What it lets us read, in English.
 */
en: string, 
/**
 * The same in Brazilian Portuguese.
 */
ptBr: string, };
export type ParameterView = { 
/**
 * Its name in the addresses.
 */
name: string, 
/**
 * Label in English.
 */
en: string, 
/**
 * Label in Brazilian Portuguese.
 */
ptBr: string, 
/**
 * Regular expression that the whole value must match.
 */
pattern: string | null, 
/**
 * An example.
 */
example: string | null, };
export type SecretRule = "required" | "optional" | "none";
export type Surface = "embedded" | "browser" | "print";
export type AttemptPhase = "waiting" | "exchanging" | "succeeded" | "failed" | "cancelled" | "expired";
export type AttemptView = { 
/**
 * Its id.
 */
id: AttemptId, 
/**
 * The provider's name.
 */
providerName: string, 
/**
 * How far it is.
 */
phase: AttemptPhase, 
/**
 * Where the person approves now.
 */
surface: Surface, 
/**
 * Where the person could approve.
 */
surfaces: Array<Surface>, 
/**
 * Host of the provider's sign-in page.
 */
host: string, 
/**
 * Whether it reconnects something that was linked before.
 */
reconnect: boolean, 
/**
 * Something the person should know while waiting.
 */
hint: AttemptHint | null, 
/**
 * Why it failed.
 */
error: Failure | null, 
/**
 * When it began.
 */
startedAt: string, 
/**
 * When it ends by itself.
 */
expiresAt: string, 
/**
 * Which client registration it was authorized with.
 */
configKey: ConfigKey, 
/**
 * Which authorization under that registration.
 */
connectionId: ConnectionId, };
export type AttemptHint = "stalled" | "loadFailed" | "certificateRefused" | "passkeyNeeded" | "windowClosed" | "foreignAnswer";
export type Failure = { 
/**
 * Which sentence.
 */
code: ErrorCode, 
/**
 * Values for the sentence (`provider`, `retryAt`, `field` ...).
 */
params: { [key in string]: string }, 
/**
 * Technical detail, redacted; folded away.
 */
detail: string | null, };
export type ActivityView = { 
/**
 * Grows by one or more with each line; for paging.
 */
sequence: number, 
/**
 * When.
 */
at: string, 
/**
 * Which connection, if one.
 */
connection: ConnectionKey | null, 
/**
 * What to call that connection.
 */
connectionName: string | null, 
/**
 * The provider's name.
 */
providerName: string | null, 
/**
 * What happened.
 */
kind: ActivityKind, 
/**
 * Values for the sentence (`caller`, `code` ...), never secret.
 */
params: { [key in string]: string }, };
export type CoreEvent = { "type": "connectionChanged", 
/**
 * As it is now.
 */
connection: ConnectionView, } | { "type": "connectionRemoved", 
/**
 * Which.
 */
key: ConnectionKey, } | { "type": "attemptChanged", 
/**
 * As it is now.
 */
attempt: AttemptView, } | { "type": "configsChanged" } | { "type": "activityAdded", 
/**
 * The line.
 */
activity: ActivityView, };
export type TypedSecret = string;
export type AppState = { 
/**
 * Which screen family.
 */
phase: Phase, 
/**
 * How the vault is protected, once there is one.
 */
protection: Protection | null, 
/**
 * Whether the system keychain answers; asked once at start.
 */
keychain: KeychainState, 
/**
 * Why the vault cannot be used, in phase `broken` or after a failed unlock by keychain.
 */
problem: Failure | null, 
/**
 * The version of Mooring.
 */
version: string, 
/**
 * `linux`, `macos`, `windows`, `android` or `ios`.
 */
platform: string, 
/**
 * The system's language, as a BCP 47 tag.
 */
systemLanguage: string, 
/**
 * The profile folder, shown in Settings.
 */
profileFolder: string, 
/**
 * What the person chose.
 */
settings: Settings, };
export type Phase = "firstRun" | "locked" | "ready" | "broken";
export type Protection = "keychain" | "passphrase";
export type KeychainState = { 
/**
 * It does.
 */
available: boolean, 
/**
 * Why not: `noService`, `locked`, `denied`, `timeout`, `other`.
 */
reason: string | null, };
export type Settings = { 
/**
 * `system`, `en` or `pt-BR`.
 */
language: Language, 
/**
 * `system`, `light` or `dark`.
 */
theme: Theme, 
/**
 * Where to approve when the provider leaves the choice.
 */
surface: SurfacePreference, };
export type Language = "system" | "en" | "pt-BR";
export type Theme = "system" | "light" | "dark";
export type SurfacePreference = "automatic" | "embedded" | "browser";
export type VaultCreate = { 
/**
 * What protects it.
 */
protection: Protection, 
/**
 * Needed for [`Protection::Passphrase`]; at least 12 characters.
 */
passphrase: TypedSecret | null, };
export type VaultUnlock = { 
/**
 * Needed when a passphrase protects it.
 */
passphrase: TypedSecret | null, };
export type ConfigDraft = { 
/**
 * Its name, free among config keys.
 */
configKey: string, 
/**
 * Catalogue id, or `custom`.
 */
provider: string, 
/**
 * As the provider's developer portal shows it.
 */
clientId: string, 
/**
 * As the provider's developer portal shows it; when editing, none keeps the stored one.
 */
clientSecret: TypedSecret | null, 
/**
 * Scopes; commas or white space part them.
 */
scopes: string, 
/**
 * For `custom`: the issuer, whose discovery document is fetched.
 */
issuer: string | null, 
/**
 * For `custom` without an issuer: the authorization endpoint.
 */
authorizationEndpoint: string | null, 
/**
 * For `custom` without an issuer: the token endpoint.
 */
tokenEndpoint: string | null, 
/**
 * For `custom` without an issuer: the revocation endpoint, if there is one.
 */
revocationEndpoint: string | null, 
/**
 * For `custom`: what to call it.
 */
name: string | null, };
export type DraftFinding = { 
/**
 * The field: `configKey`, `provider`, `clientId`, `clientSecret`, `scopes`, `issuer`, `authorizationEndpoint`,
 * `tokenEndpoint`, `revocationEndpoint`, `name`.
 */
field: string, 
/**
 * The problem: `empty`, `taken`, `characters`, `whitespace`, `tooLong`, `looksLikeUrl`, `looksLikeSecret`,
 * `looksLikeId`, `notHttps`, `notAnAddress`, `required`, `unknown`.
 */
problem: string, 
/**
 * Whether it keeps the draft from being saved, or is only worth a second look.
 */
blocking: boolean, };
export type IssuerView = { 
/**
 * The issuer, as the document spells it.
 */
issuer: string, 
/**
 * Host of the sign-in page.
 */
host: string, 
/**
 * Scopes that it offers.
 */
scopes: Array<string>, 
/**
 * Whether it can be told to revoke.
 */
revocation: boolean, 
/**
 * Whether it takes clients without a secret.
 */
publicClients: boolean, };
export type IssuerAsk = { 
/**
 * The issuer.
 */
issuer: string, };
export type ConfigRef = { 
/**
 * Its name.
 */
configKey: ConfigKey, };
export type AuthorizationBegin = { 
/**
 * With which registration.
 */
configKey: ConfigKey, 
/**
 * Under which name; none picks a free one.
 */
connectionId: ConnectionId | null, 
/**
 * Where; none follows the settings and the catalogue.
 */
surface: Surface | null, 
/**
 * Per-connection parameters.
 */
parameters: { [key in string]: string }, };
export type AttemptRef = { 
/**
 * Its id.
 */
attempt: AttemptId, };
export type AttemptSwitch = { 
/**
 * Its id.
 */
attempt: AttemptId, 
/**
 * Where to.
 */
surface: Surface, };
export type AttemptPaste = { 
/**
 * Its id.
 */
attempt: AttemptId, 
/**
 * The address; it carries a code, so it is treated as a secret.
 */
address: TypedSecret, };
export type ConnectionRename = { 
/**
 * Which.
 */
key: ConnectionKey, 
/**
 * The nickname; none or blank takes it away.
 */
nickname: string | null, };
export type ActivityAsk = { 
/**
 * Only lines of this connection.
 */
connection: ConnectionKey | null, 
/**
 * Only lines before this sequence number.
 */
before: number | null, 
/**
 * At most so many, 1 to 200.
 */
limit: number, };
export type ActivityPage = { 
/**
 * The newest first.
 */
lines: Array<ActivityView>, 
/**
 * Whether there are older ones.
 */
more: boolean, };
export type Revoked = "yes" | "notOffered" | "later" | "nothing";
export type Disconnected = { 
/**
 * How the provider took it.
 */
revoked: Revoked, };
/** Every command: what it takes and what it answers. */
export interface Commands {
  app_state: { request: null; response: AppState };
  vault_create: { request: VaultCreate; response: AppState };
  vault_unlock: { request: VaultUnlock; response: AppState };
  settings_set: { request: Settings; response: Settings };
  providers_list: { request: null; response: Array<ProviderView> };
  issuer_discover: { request: IssuerAsk; response: IssuerView };
  configs_list: { request: null; response: Array<ConfigView> };
  config_check: { request: ConfigDraft; response: Array<DraftFinding> };
  config_create: { request: ConfigDraft; response: ConfigView };
  config_edit: { request: ConfigDraft; response: ConfigView };
  config_delete: { request: ConfigRef; response: null };
  connections_list: { request: null; response: Array<ConnectionView> };
  connection_rename: { request: ConnectionRename; response: ConnectionView };
  connection_pause: { request: ConnectionKey; response: ConnectionView };
  connection_resume: { request: ConnectionKey; response: ConnectionView };
  connection_sync: { request: ConnectionKey; response: ConnectionView };
  connection_disconnect: { request: ConnectionKey; response: Disconnected };
  connection_delete: { request: ConnectionKey; response: Disconnected };
  authorization_begin: { request: AuthorizationBegin; response: AttemptView };
  authorization_current: { request: null; response: AttemptView | null };
  authorization_switch: { request: AttemptSwitch; response: AttemptView };
  authorization_reopen: { request: AttemptRef; response: AttemptView };
  authorization_copy_link: { request: AttemptRef; response: null };
  authorization_paste: { request: AttemptPaste; response: AttemptView };
  authorization_cancel: { request: AttemptRef; response: AttemptView };
  activity_list: { request: ActivityAsk; response: ActivityPage };
  sandbox_connect: { request: null; response: AttemptView };
  sandbox_remove: { request: null; response: null };
}
