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
reason: ApprovalReason, } | { "kind": "credentials" } | { "kind": "answer" } | { "kind": "signIn", 
/**
 * Why.
 */
reason: LinkReason, } | { "kind": "actThere", 
/**
 * What about.
 */
reason: LinkReason, };
export type ApprovalReason = "notApproved" | "grantRefused" | "noRefreshToken" | "rotationLost" | "consentEnded" | "scopesChanged" | "keyRefused" | "disconnected";
export type ErrorCode = "access_denied" | "approve_again" | "provider_trouble" | "offline" | "certificate_refused" | "client_refused" | "provider_answer" | "foreign_answer" | "attempt_over" | "superseded" | "paused" | "disconnected" | "not_approved" | "unknown_connection" | "unknown_config" | "unknown_provider" | "name_taken" | "bad_name" | "bad_input" | "config_in_use" | "surface_unavailable" | "discovery_failed" | "loopback_unavailable" | "institution_offline" | "needs_company_key" | "plan_limit" | "busy" | "platform_not_supported" | "no_tokens" | "token_refused" | "key_refused" | "key_not_checked" | "answer_too_late" | "gone" | "widget_failed" | "already_connected" | "not_permitted" | "locked" | "no_vault" | "vault_exists" | "wrong_passphrase" | "weak_passphrase" | "keychain_unavailable" | "key_missing" | "vault_damaged" | "vault_newer" | "vault_in_use" | "file_exists" | "not_a_backup" | "backup_damaged" | "backup_newer" | "backup_unproven" | "disk_full" | "read_only" | "storage" | "file_not_written" | "defect";
export type ActivityKind = "authorization_started" | "connected" | "reconnected" | "authorization_failed" | "authorization_cancelled" | "foreign_answer_refused" | "refreshed" | "refresh_failed" | "deauthorized" | "disconnected" | "revoked_later" | "login_submitted" | "login_accepted" | "question_asked" | "answer_submitted" | "waits_for_others" | "approval_opened" | "synced" | "sync_failed" | "widget_opened" | "institution_chosen" | "consent_submitted" | "login_completed" | "widget_succeeded" | "widget_failed" | "found" | "gone_elsewhere" | "other_organization" | "organization_kept" | "aggregator_refused" | "screen_closed" | "link_copied" | "company_created" | "origins_changed" | "texts_changed" | "paused" | "resumed" | "renamed" | "deleted" | "token_given" | "token_refused" | "config_created" | "config_edited" | "config_deleted" | "protection_changed" | "backed_up" | "restored";
export type Source = "oauth" | "pluggy" | "codat";
export type Approach = "approval" | "key" | "basic" | "client" | "aggregator";
export type DeviceView = { 
/**
 * What the person types.
 */
userCode: string, 
/**
 * Where.
 */
verificationUri: string, 
/**
 * The same with the code filled in, for a picture to scan or a link to open.
 */
verificationUriComplete: string | null, 
/**
 * When the code ends.
 */
expiresAt: string, };
export type KeyFieldView = { 
/**
 * Its name.
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
 * Where the person finds it, in English.
 */
whereEn: string, 
/**
 * The same in Brazilian Portuguese.
 */
wherePtBr: string, 
/**
 * Whether it is hidden while it is typed.
 */
secret: boolean, };
export type KeyForm = { 
/**
 * With which registration.
 */
configKey: ConfigKey, 
/**
 * The provider's name.
 */
providerName: string, 
/**
 * The provider's page about keys, if the catalogue names one.
 */
documentation: string | null, 
/**
 * Host of the request that proves the key: whom it is sent to.
 */
host: string, 
/**
 * The key, in parts.
 */
fields: Array<KeyFieldView>, 
/**
 * Values that are not secret.
 */
parameters: Array<ParameterView>, };
export type InstitutionView = { 
/**
 * The aggregator's number for it.
 */
id: number, 
/**
 * Its name.
 */
name: string, 
/**
 * Background of the monogram, `#rrggbb`.
 */
brandColor: string | null, 
/**
 * What kind it is: `PERSONAL_BANK`, `BUSINESS_BANK`, `INVESTMENT` ...; others may come.
 */
kind: string | null, 
/**
 * ISO 3166 code.
 */
country: string | null, 
/**
 * What can be read there: `ACCOUNTS`, `CREDIT_CARDS`, `TRANSACTIONS` ...; others may come.
 */
products: Array<string>, 
/**
 * How well it works at present.
 */
health: InstitutionHealth, 
/**
 * What the trouble is, in the aggregator's words.
 */
healthMessage: string | null, 
/**
 * Whether it is new and may fail more than others.
 */
beta: boolean, 
/**
 * Whether the person approves on the institution's own page.
 */
approvesThere: boolean, 
/**
 * Whether it is of Open Finance, where the bank records a consent.
 */
openFinance: boolean, 
/**
 * Whether questions may follow the form.
 */
asksMore: boolean, 
/**
 * Whether it is practice with synthetic data.
 */
sandbox: boolean, };
export type InstitutionHealth = "online" | "unstable" | "offline" | "unknown";
export type FieldView = { 
/**
 * Name under which the value is sent.
 */
name: string, 
/**
 * What it is called, in the institution's language.
 */
label: string, 
/**
 * How it is filled in.
 */
input: FieldInput, 
/**
 * Whether it may stay empty.
 */
optional: boolean, 
/**
 * Whether it is a second factor, such as the code of an authenticator.
 */
secondFactor: boolean, 
/**
 * An example in the empty field.
 */
placeholder: string | null, 
/**
 * Help.
 */
help: string | null, 
/**
 * What to say when the value does not match.
 */
mismatch: string | null, };
export type FieldInput = { "kind": "text" } | { "kind": "digits" } | { "kind": "hidden" } | { "kind": "choice", 
/**
 * In the institution's order.
 */
choices: Array<FieldChoice>, } | { "kind": "picture", 
/**
 * `data:` address of a PNG, JPEG, GIF or WebP picture.
 */
image: string, };
export type FieldChoice = { 
/**
 * What is sent.
 */
value: string, 
/**
 * What is shown.
 */
label: string, };
export type LinkView = { 
/**
 * The institution's name.
 */
institution: string, 
/**
 * The aggregator's number for the institution.
 */
institutionId: number, 
/**
 * The aggregator's name for this login, for the person's questions to it.
 */
itemId: string, 
/**
 * The name under which the aggregator knows the person, if one was given.
 */
clientUserId: string | null, 
/**
 * Where it is.
 */
phase: LinkPhase, 
/**
 * Whether it was linked before: then this mends or renews, and giving up loses nothing.
 */
linkedBefore: boolean, 
/**
 * What is read, in the order in which it is read.
 */
products: Array<LinkProduct>, 
/**
 * What the institution asks, in phase `question`.
 */
question: LinkQuestion | null, 
/**
 * What is to be done elsewhere, in phase `action`.
 */
action: LinkAction | null, 
/**
 * Why it failed, in phase `failed`.
 */
problem: LinkProblem | null, 
/**
 * Why the last thing that the person asked for was not done; nothing changed by it.
 */
error: Failure | null, 
/**
 * When the institution was last read.
 */
lastUpdatedAt: string | null, 
/**
 * When the aggregator reads it next by itself.
 */
nextSyncAt: string | null, 
/**
 * Until when the consent holds; `null` when it has no end.
 */
consentExpiresAt: string | null, 
/**
 * What the bank has recorded that the person allows, as far as the keys let it be read.
 */
consents: Array<ConsentView>, 
/**
 * Until when others have to approve, in phase `waitsForOthers`; `null` where the institution does not say.
 */
waitsUntil: string | null, 
/**
 * Whether only a connect token is at hand: accounts can be read, their transactions cannot.
 */
limited: boolean, 
/**
 * Whether the aggregator has refused the transactions to the keys at hand; they are not asked for again until
 * there is new data.
 */
transactionsRefused: boolean, 
/**
 * Which client registration it was authorized with.
 */
configKey: ConfigKey, 
/**
 * Which authorization under that registration.
 */
connectionId: ConnectionId, };
export type ConsentView = { 
/**
 * Its identifier.
 */
id: string, 
/**
 * The kinds of data that it covers.
 */
products: Array<string>, 
/**
 * The same in Open Finance's own words.
 */
permissions: Array<string>, 
/**
 * When it was given.
 */
createdAt: string | null, 
/**
 * Until when it holds; `null` when it has no end.
 */
expiresAt: string | null, 
/**
 * When it was taken back, here or in the bank's app.
 */
revokedAt: string | null, };
export type LinkPhase = "working" | "question" | "action" | "waitsForOthers" | "done" | "doneWithGaps" | "failed";
export type LinkProduct = { 
/**
 * `ACCOUNTS`, `CREDIT_CARDS`, `TRANSACTIONS` ...; others may come.
 */
product: string, 
/**
 * How far it is.
 */
state: LinkProductState, 
/**
 * Why not, or not all of it, in the institution's words.
 */
warning: string | null, 
/**
 * When it was last read.
 */
lastUpdatedAt: string | null, };
export type LinkProductState = "waiting" | "running" | "done" | "failed";
export type LinkQuestion = { 
/**
 * The field to fill in.
 */
field: FieldView, 
/**
 * What the institution says about it.
 */
instructions: string | null, 
/**
 * Until when it can be answered.
 */
expiresAt: string | null, };
export type LinkAction = { 
/**
 * What the institution says about it.
 */
instructions: string | null, 
/**
 * A picture to scan, as a `data:` address.
 */
picture: string | null, 
/**
 * Host of the page where the person approves; `null` when there is no page to open.
 */
host: string | null, 
/**
 * Where that page can be shown.
 */
surfaces: Array<Surface>, 
/**
 * Where it is shown now; `null` when it is not.
 */
surface: Surface | null, 
/**
 * Names the open page, for copying its address and the like.
 */
attempt: AttemptId | null, 
/**
 * Until when.
 */
expiresAt: string | null, };
export type LinkProblem = { 
/**
 * Why.
 */
reason: LinkReason, 
/**
 * What helps.
 */
remedy: LinkRemedy, 
/**
 * The institution's or the aggregator's own sentence, as it came.
 */
message: string | null, };
export type LinkReason = "wrongLogin" | "wrongAnswer" | "answerTooLate" | "accountLocked" | "passwordReset" | "actionThere" | "loggedInElsewhere" | "approvalPending" | "approvalRefused" | "consentOver" | "notSupported" | "institutionDown" | "aggregatorTrouble" | "gone" | "forbidden" | "unknown";
export type LinkRemedy = "signInAgain" | "tryAgain" | "approveAgain" | "connectAgain" | "askKeyHolder" | "actThere" | "wait";
export type AccountView = { 
/**
 * What to call that connection.
 */
connectionName: string, 
/**
 * The institution's name.
 */
institution: string, 
/**
 * Which client registration it was authorized with.
 */
configKey: ConfigKey, 
/**
 * Which authorization under that registration.
 */
connectionId: ConnectionId, 
/**
 * Its identifier there.
 */
id: string, 
/**
 * What the institution calls it.
 */
name: string, 
/**
 * What it is.
 */
kind: AccountKind, 
/**
 * Its last digits; the whole number is not kept.
 */
lastDigits: string | null, 
/**
 * Who holds it.
 */
owner: string | null, 
/**
 * Owned; for a credit card, owed. Decimal.
 */
balance: string | null, 
/**
 * ISO 4217 code of all amounts.
 */
currency: string | null, 
/**
 * More about a credit card.
 */
credit: CreditView | null, 
/**
 * How far the account may be overdrawn. Decimal.
 */
overdraftLimit: string | null, 
/**
 * When it was fetched.
 */
fetchedAt: string, };
export type AccountKind = "checking" | "savings" | "creditCard" | "investment" | "other";
export type CreditView = { 
/**
 * What can be spent in all. Decimal.
 */
limit: string | null, 
/**
 * What can still be spent. Decimal.
 */
available: string | null, 
/**
 * The least to be paid. Decimal.
 */
minimumPayment: string | null, 
/**
 * When the bill closes.
 */
closesOn: string | null, 
/**
 * When the bill is due.
 */
dueOn: string | null, 
/**
 * The network.
 */
brand: string | null, };
export type TransactionView = { 
/**
 * Its identifier there.
 */
id: string, 
/**
 * When.
 */
date: string | null, 
/**
 * What the institution says.
 */
description: string, 
/**
 * Positive when it comes in. Decimal.
 */
amount: string | null, 
/**
 * ISO 4217 code.
 */
currency: string | null, 
/**
 * The aggregator's word for what it was for.
 */
category: string | null, 
/**
 * Whether the bank has not booked it so far.
 */
pending: boolean, };
export type BalancePoint = { 
/**
 * The day.
 */
date: string, 
/**
 * The balance at its end, or when it was last read. Decimal.
 */
balance: string, };
export type BalanceHistory = { 
/**
 * ISO 4217 code of all points.
 */
currency: string | null, 
/**
 * Before the first reading, worked out from transactions; oldest first. Empty where they do not tell.
 */
workedOut: Array<BalancePoint>, 
/**
 * As read; oldest first.
 */
read: Array<BalancePoint>, };
export type CurrencyTotal = { 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * What there is on accounts; none where there is no account with a known balance. Decimal.
 */
owned: string | null, 
/**
 * What is owed on cards; none where there is no card with a known balance. Decimal.
 */
owed: string | null, 
/**
 * Accounts in this currency.
 */
accounts: number, };
export type PluggyConfigView = { 
/**
 * The company's connect token endpoint, where no secret is on this computer.
 */
connectTokenEndpoint: string | null, 
/**
 * The name under which Pluggy knows the person.
 */
clientUserId: string | null, 
/**
 * Where a bank's page leads when its window cannot be closed.
 */
oauthRedirectUri: string | null, 
/**
 * Whether Pluggy's practice institutions are listed too.
 */
includeSandbox: boolean, };
export type CodatAbility = "chooseCompany" | "createCompany" | "connect" | "readHistory" | "editOrigins";
export type CodatAction = "link" | "reauthorize" | "refresh" | "pause" | "unlink" | "delete";
export type CodatActionView = { 
/**
 * Which.
 */
action: CodatAction, 
/**
 * Whether nothing new is read afterwards.
 */
endsAccess: boolean, 
/**
 * Whether Codat keeps what was read so far.
 */
codatKeepsData: boolean, 
/**
 * Whether the same connection can be linked again.
 */
canBeUndone: boolean, };
export type CodatConfigView = { 
/**
 * What it is made with.
 */
mode: CodatMode, 
/**
 * Who hands out access tokens; only the host, since the address may itself be what opens it.
 */
tokenHost: string | null, 
/**
 * The one company that the access tokens are for.
 */
company: string | null, 
/**
 * What to set as redirect in Codat's portal, so that the browser comes back here; not needed for Mooring's window.
 */
redirectTemplate: string, 
/**
 * What can be done.
 */
abilities: Array<CodatAbility>, 
/**
 * When connections that were made elsewhere were last looked for.
 */
listedAt: string | null, 
/**
 * Why the last look for them failed, if it did; it is tried again by itself.
 */
listFailure: Failure | null, };
export type CodatDataType = { 
/**
 * `invoices`, `banking-transactions`, `commerce-orders` ...; others may come.
 */
dataType: string, 
/**
 * What its latest reading comes down to; none before the first.
 */
phase: OperationPhase | null, 
/**
 * Codat's own word for that.
 */
statusWord: string | null, 
/**
 * When it was last read well.
 */
lastSyncedAt: string | null, };
export type CodatDisconnect = "unlink" | "unlinkOrDelete";
export type CodatEvent = { "name": "onReconnect", 
/**
 * Codat's id for it.
 */
connectionId: string, } | { "name": "onDisconnect", 
/**
 * Codat's id for it.
 */
connectionId: string, } | { "name": "onError", 
/**
 * What Codat's support asks for.
 */
correlationId: string | null, 
/**
 * One sentence, fit to be shown.
 */
message: string | null, 
/**
 * Codat's finer code, or the HTTP status.
 */
errorCode: number | null, 
/**
 * Whether the person can go on.
 */
userRecoverable: boolean, } | { "name": "onClose" };
export type CodatHistory = { 
/**
 * Readings.
 */
operations: Array<OperationView>, 
/**
 * The page after this one, if there is one.
 */
nextPage: number | null, };
export type CodatListing = { 
/**
 * Connections that Codat has.
 */
found: number, 
/**
 * Of these, new in Mooring.
 */
new: number, 
/**
 * Connections that were deleted elsewhere; they stay here, with what was fetched, until the person deletes them.
 */
gone: number, 
/**
 * Companies and connections that could not be read.
 */
skipped: number, };
export type CodatMode = "apiKey" | "accessToken";
export type CodatNote = { 
/**
 * Its name there.
 */
name: string, 
/**
 * What it says.
 */
value: string, };
export type CodatPause = "ownSyncs" | "ownSyncsAndConnectorElsewhere";
export type CodatProblem = { 
/**
 * The platform's HTTP status, as a text.
 */
statusCode: string | null, 
/**
 * The platform's word for it.
 */
statusText: string | null, 
/**
 * Codat's sentence about it.
 */
message: string | null, 
/**
 * When it happened.
 */
at: string | null, };
export type CodatTextList = { 
/**
 * In Markdown, as typed.
 */
entries: Array<string>, 
/**
 * Ready to be shown.
 */
shown: Array<Array<TextBlock>>, };
export type CodatTexts = { 
/**
 * `accounting.connectionDetails.dataTypes`.
 */
accounting: CodatTextList, 
/**
 * `banking.connectionDetails.dataTypes`.
 */
banking: CodatTextList, 
/**
 * `commerce.connectionDetails.dataTypes`.
 */
commerce: CodatTextList, 
/**
 * How many entries could not be taken.
 */
skipped: number, 
/**
 * All of it as Codat's component takes it, `options.text`.
 */
json: string, };
export type CodatView = { 
/**
 * Codat's id for the company.
 */
company: string, 
/**
 * The company's name, if it is known.
 */
companyName: string | null, 
/**
 * Codat's id for the connection.
 */
dataConnection: string, 
/**
 * The platform's name.
 */
platformName: string, 
/**
 * Codat's key for the platform, such as `gbol`.
 */
platform: string | null, 
/**
 * What it is about.
 */
category: Category, 
/**
 * Where it stands.
 */
status: Status, 
/**
 * Codat's own word for that; differs from `status` where this version does not know the word.
 */
statusWord: string, 
/**
 * Whether it was deleted elsewhere; then only what was fetched is left.
 */
gone: boolean, 
/**
 * The organization that was approved; only some platforms tell.
 */
organization: string | null, 
/**
 * The last reconnect came back with another organization, until the person says what to do.
 */
otherOrganization: OtherOrganization | null, 
/**
 * When it was made at Codat.
 */
createdAt: string | null, 
/**
 * When it was first approved, as far as Mooring knows; Codat tells only when it was made.
 */
firstAuthorizedAt: string | null, 
/**
 * When data was last read.
 */
lastSyncedAt: string | null, 
/**
 * How each data type stands; of the whole company, since Codat tells it only so. Empty where it may not be asked.
 */
dataTypes: Array<CodatDataType>, 
/**
 * Readings that are under way, or were a moment ago.
 */
operations: Array<OperationView>, 
/**
 * What went wrong at the platform and is not over, newest first.
 */
problems: Array<CodatProblem>, 
/**
 * How many such problems are over.
 */
resolvedProblems: number, 
/**
 * Notes of the platform, such as why a connector on the person's computer is silent.
 */
notes: Array<CodatNote>, 
/**
 * What can be done here and now, in the order of offering.
 */
actions: Array<CodatActionView>, 
/**
 * How a disconnect is to be offered.
 */
disconnect: CodatDisconnect, 
/**
 * What a pause can mean.
 */
pause: CodatPause, 
/**
 * Until when a connector on the person's computer holds readings back, if it says so.
 */
connectorPausedUntil: string | null, 
/**
 * The person's own words about the data concerned, one list per entry; none where no text is set.
 */
texts: Array<Array<TextBlock>>, 
/**
 * The approval that waits, for the authorization commands.
 */
attempt: AttemptId | null, 
/**
 * Why the last thing that the person asked for was not done; `correlationId` in its values.
 */
error: Failure | null, 
/**
 * What it was made with; with `accessToken`, what is not offered needs an API key.
 */
mode: CodatMode, 
/**
 * Which client registration it was authorized with.
 */
configKey: ConfigKey, 
/**
 * Which authorization under that registration.
 */
connectionId: ConnectionId, };
export type CompanyName = { 
/**
 * Codat's id.
 */
id: string, 
/**
 * Its name, if it is known; not unique.
 */
name: string | null, };
export type CompanyView = { 
/**
 * Codat's id.
 */
id: string, 
/**
 * Its name; not unique.
 */
name: string, 
/**
 * A note.
 */
description: string | null, 
/**
 * Who made it.
 */
createdBy: string | null, 
/**
 * When it was made.
 */
createdAt: string | null, 
/**
 * When data was last read.
 */
lastSyncedAt: string | null, 
/**
 * Pairs of the client.
 */
tags: { [key in string]: string }, 
/**
 * How many connections it has.
 */
connections: number, };
export type CorsView = { 
/**
 * In Codat's order.
 */
origins: Array<string>, 
/**
 * After a change: origins that Codat did not take or did not drop.
 */
notTaken: Array<string>, };
export type CspView = { 
/**
 * Header lines.
 */
lines: Array<string>, 
/**
 * Of a policy that was given: what it lacks, each directive as it would have to be written.
 */
missing: Array<string>, };
export type IntegrationView = { 
/**
 * Codat's key, such as `gbol`.
 */
key: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What it is about.
 */
category: Category, 
/**
 * Codat's own word for that: `Accounting`, `Banking`, `Commerce`, `BankFeed` ...; others may come.
 */
sourceType: string, 
/**
 * Whether the registration may use it; others are shown and not offered.
 */
enabled: boolean, 
/**
 * Whether it is practice with synthetic data.
 */
sandbox: boolean, 
/**
 * Whether a program on the person's computer does the reading.
 */
onThisComputer: boolean, 
/**
 * Whether it is new and may fail more than others.
 */
beta: boolean, 
/**
 * Who provides the data.
 */
dataProvidedBy: string | null, 
/**
 * Data types that can be read; others than today's may come.
 */
dataTypes: Array<string>, };
export type OperationPhase = "waiting" | "running" | "done" | "failed" | "needsApproval" | "notSupported" | "cancelled" | "unknown";
export type OperationView = { 
/**
 * Codat's id for it.
 */
id: string, 
/**
 * What is read.
 */
dataType: string | null, 
/**
 * What it comes down to.
 */
phase: OperationPhase, 
/**
 * Codat's own word for that.
 */
statusWord: string, 
/**
 * Whether it is over.
 */
over: boolean, 
/**
 * 0 to 100.
 */
progress: number | null, 
/**
 * What went wrong, or why it waits, in Codat's words.
 */
message: string | null, 
/**
 * Until when a connector on the person's computer holds it back, if it says so.
 */
pausedUntil: string | null, 
/**
 * When it was asked for.
 */
requestedAt: string | null, 
/**
 * When it ended.
 */
completedAt: string | null, };
export type OtherOrganization = { 
/**
 * The one before, if it has a name.
 */
before: string | null, 
/**
 * The one now, if it has a name.
 */
after: string | null, };
export type TextBlock = { "kind": "paragraph", 
/**
 * Its words.
 */
content: Array<TextInline>, } | { "kind": "list", 
/**
 * The first number of an ordered list.
 */
start: number | null, 
/**
 * Its entries.
 */
items: Array<Array<TextBlock>>, };
export type TextInline = { "kind": "text", 
/**
 * The words.
 */
text: string, } | { "kind": "emphasis", 
/**
 * The words.
 */
content: Array<TextInline>, } | { "kind": "strong", 
/**
 * The words.
 */
content: Array<TextInline>, } | { "kind": "break" } | { "kind": "link", 
/**
 * Where it goes; https.
 */
address: string, 
/**
 * The host, in ASCII, to be shown next to the words.
 */
host: string, 
/**
 * The words.
 */
content: Array<TextInline>, };
export type ConnectionView = { 
/**
 * Catalogue id, or `custom`.
 */
provider: string, 
/**
 * Through whom it reaches its institution.
 */
source: Source, 
/**
 * How it is linked.
 */
approach: Approach, 
/**
 * Values of per-connection parameters (subdomain, region).
 */
parameters: { [key in string]: string }, 
/**
 * The provider's name; through an aggregator, the institution's.
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
 * Whose data it is, where an aggregator sorts connections by company.
 */
company: CompanyName | null, 
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
 * What it opens.
 */
source: Source, 
/**
 * How its connections are linked.
 */
approach: Approach, 
/**
 * What to ask for each connection besides a key.
 */
parameters: Array<ParameterView>, 
/**
 * More about one of Pluggy.
 */
pluggy: PluggyConfigView | null, 
/**
 * More about one of Codat.
 */
codat: CodatConfigView | null, 
/**
 * Catalogue id, or `custom`; `pluggy` and `codat` for these.
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
 * How it is linked.
 */
approach: Approach, 
/**
 * What is asked where a key is enough.
 */
keyFields: Array<KeyFieldView>, 
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
export type Surface = "embedded" | "browser" | "print" | "device";
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
 * What to type on another device, where the person approves there.
 */
device: DeviceView | null, 
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
attempt: AttemptView, } | { "type": "linkChanged", 
/**
 * As it is now.
 */
link: LinkView, } | { "type": "codatChanged", 
/**
 * As it is now.
 */
codat: CodatView, } | { "type": "codatHappened", 
/**
 * Which connection; none where it is about a registration.
 */
key: ConnectionKey | null, 
/**
 * What.
 */
event: CodatEvent, } | { "type": "accountsChanged", 
/**
 * Which connection.
 */
key: ConnectionKey, } | { "type": "configsChanged" } | { "type": "questionsChanged" } | { "type": "callersChanged" } | { "type": "auditChanged" } | { "type": "activityAdded", 
/**
 * The line.
 */
activity: ActivityView, };
export type TypedSecret = string;
export type Beginning = { 
/**
 * How the app stands.
 */
app: AppState, 
/**
 * What the list of connections shows, while the vault is open.
 */
lists: Lists | null, 
/**
 * How many events had been told before the lists were read.
 */
told: number, };
export type Lists = { 
/**
 * All connections.
 */
connections: Array<ConnectionView>, 
/**
 * All client registrations.
 */
configs: Array<ConfigView>, 
/**
 * The attempt that goes on.
 */
attempt: AttemptView | null, 
/**
 * What needs the person.
 */
attention: AttentionView, 
/**
 * Questions of programs that wait for an answer.
 */
questions: Array<QuestionView>, };
export type Told = { 
/**
 * How many events.
 */
events: number, 
/**
 * Which screen family.
 */
phase: Phase, };
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
surface: SurfacePreference, 
/**
 * The version whose changes the person has been told of; none before the first start.
 */
lastSeenVersion: string | null, 
/**
 * After how many minutes without input the vault is locked.
 */
autoLock: AutoLock, 
/**
 * What goes on while it is locked.
 */
whileLocked: WhileLocked, 
/**
 * What to hear of outside the window.
 */
notices: NoticeLevel, 
/**
 * Whether there is an icon beside the clock.
 */
tray: boolean, 
/**
 * What closing the window means while there is one.
 */
closing: CloseChoice, 
/**
 * Whether the person has seen the tour, and put it away.
 */
tourSeen: boolean, };
export type ReleaseNotes = { 
/**
 * As in `app_state`.
 */
version: string, 
/**
 * Whether its maker signed it. A build that is not signed may be anybody's.
 */
signed: boolean, 
/**
 * Whether it can bring itself up to date.
 */
updates: boolean, 
/**
 * Its section of the changelog.
 */
notes: Array<TextBlock>, };
export type UpdateView = { "kind": "newest" } | { "kind": "newer", 
/**
 * Its version.
 */
version: string, } | { "kind": "failed" };
export type Language = "system" | "en" | "pt-BR";
export type Theme = "system" | "light" | "dark";
export type SurfacePreference = "automatic" | "embedded" | "browser";
export type AutoLock = "never" | "sleep" | "1" | "5" | "15" | "60";
export type WhileLocked = "nothing" | "keepAlive";
export type InputSeen = { 
/**
 * How many seconds ago.
 */
secondsAgo: number, };
export type PassphraseAsk = { 
/**
 * As typed so far.
 */
passphrase: TypedSecret, };
export type PassphraseHint = { 
/**
 * From 0 (at once) to 4 (nobody can afford it).
 */
score: number, };
export type ProtectionChange = { 
/**
 * The passphrase so far, where one protects the vault.
 */
current: TypedSecret | null, 
/**
 * What protects it from now on.
 */
protection: Protection, 
/**
 * The new passphrase, where one does.
 */
next: TypedSecret | null, };
export type ProtectionChanged = { 
/**
 * How the app stands now.
 */
app: AppState, 
/**
 * Why the keychain still has the key, if it did not forget it: one of the reasons of [`super::KeychainState`].
 */
keyStays: string | null, };
export type PickedFile = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its folder, to be shown.
 */
folder: string, 
/**
 * Whether there is one of that name.
 */
exists: boolean, };
export type BackupWrite = { 
/**
 * The backup's own passphrase.
 */
passphrase: TypedSecret, 
/**
 * Whether a file of that name may be replaced.
 */
replace: boolean, };
export type BackupDone = { 
/**
 * The file's name.
 */
name: string, 
/**
 * When.
 */
madeAt: string, 
/**
 * How many connections are in it.
 */
connections: number, };
export type PickedBackup = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its folder, to be shown.
 */
folder: string, 
/**
 * When it was made, as it says.
 */
madeAt: string, };
export type RestoreRun = { 
/**
 * The backup's passphrase.
 */
passphrase: TypedSecret, 
/**
 * What protects the vault from now on: the keychain, or the backup's passphrase.
 */
protection: Protection, };
export type RestoreDone = { 
/**
 * How the app stands now.
 */
app: AppState, 
/**
 * When the backup was made.
 */
madeAt: string, 
/**
 * How many connections came with it.
 */
connections: number, 
/**
 * Whether the vault from before was kept beside the new one.
 */
setAside: boolean, };
export type SetAsideRef = { 
/**
 * Its date, as listed.
 */
date: string, };
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
name: string | null, 
/**
 * For `custom`: whether the registration speaks for itself and nobody approves.
 */
clientCredentials: boolean, };
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
export type Revoked = "yes" | "notOffered" | "later" | "refused" | "kept" | "keyStays" | "nothing";
export type Disconnected = { 
/**
 * How the provider took it.
 */
revoked: Revoked, };
export type KeyConnect = { 
/**
 * With which registration.
 */
configKey: ConfigKey, 
/**
 * Under which name; none picks a free one.
 */
connectionId: ConnectionId | null, 
/**
 * The key, in parts, by the names of the form's fields.
 */
values: { [key in string]: TypedSecret }, 
/**
 * Values that are not secret.
 */
parameters: { [key in string]: string }, };
export type PluggyDraft = { 
/**
 * Its name.
 */
configKey: string, 
/**
 * The client id, where the keys are the person's own.
 */
clientId: string | null, 
/**
 * The client secret; none in an edit keeps the stored one.
 */
clientSecret: TypedSecret | null, 
/**
 * The company's endpoint that hands out connect tokens, where it keeps the keys.
 */
connectTokenEndpoint: string | null, 
/**
 * The name under which Pluggy shall know the person.
 */
clientUserId: string | null, 
/**
 * Where a bank's page leads when its window cannot be closed: https, and not this computer.
 */
oauthRedirectUri: string | null, 
/**
 * Whether Pluggy's practice institutions are listed too.
 */
includeSandbox: boolean, };
export type InstitutionRef = { 
/**
 * Through which registration.
 */
configKey: ConfigKey, 
/**
 * The aggregator's number for it.
 */
institution: number, };
export type InstitutionValues = { 
/**
 * Through which registration.
 */
configKey: ConfigKey, 
/**
 * The aggregator's number for it.
 */
institution: number, 
/**
 * By field name.
 */
values: { [key in string]: TypedSecret }, };
export type LinkBegin = { 
/**
 * Through which registration.
 */
configKey: ConfigKey, 
/**
 * The aggregator's number for the institution.
 */
institution: number, 
/**
 * Under which name; none takes the aggregator's name for the login.
 */
connectionId: ConnectionId | null, 
/**
 * By field name.
 */
values: { [key in string]: TypedSecret }, 
/**
 * Whether it is another login than those that there are at this institution.
 */
another: boolean, };
export type LinkValues = { 
/**
 * Which connection.
 */
key: ConnectionKey, 
/**
 * By field name.
 */
values: { [key in string]: TypedSecret }, };
export type LinkOpen = { 
/**
 * Which connection.
 */
key: ConnectionKey, 
/**
 * Where; none follows the settings.
 */
surface: Surface | null, };
export type WidgetOpen = { 
/**
 * Through which registration.
 */
configKey: ConfigKey, 
/**
 * To mend this connection; none makes a new one.
 */
key: ConnectionKey | null, };
export type AccountsAsk = { 
/**
 * Only of this connection.
 */
key: ConnectionKey | null, };
export type AccountRef = { 
/**
 * Through which connection.
 */
key: ConnectionKey, 
/**
 * Its identifier there.
 */
account: string, };
export type AccountsOverview = { 
/**
 * Accounts, in the order of their connections.
 */
accounts: Array<AccountView>, 
/**
 * One total for each currency, the most used first. Practice money is not counted with real money.
 */
totals: Array<CurrencyTotal>, };
export type TransactionsAsk = { 
/**
 * Words and amounts.
 */
text: string, 
/**
 * Of this connection.
 */
connection: ConnectionKey | null, 
/**
 * Of this account.
 */
account: string | null, 
/**
 * Of accounts at this institution.
 */
institution: string | null, 
/**
 * Of accounts in this currency.
 */
currency: string | null, 
/**
 * Of such accounts.
 */
kind: AccountKind | null, 
/**
 * From this day on.
 */
from: string | null, 
/**
 * Until this day, and with it.
 */
to: string | null, 
/**
 * How many to pass over.
 */
offset: number, 
/**
 * How many to answer; 200 at most.
 */
limit: number, };
export type TransactionsPage = { 
/**
 * How many were found in all.
 */
total: number, 
/**
 * How many were passed over.
 */
offset: number, 
/**
 * Newest first.
 */
transactions: Array<FoundTransaction>, 
/**
 * What all that was found comes to.
 */
flows: Array<CurrencyFlow>, };
export type FoundTransaction = { 
/**
 * The account.
 */
accountId: string, 
/**
 * What the institution calls it.
 */
accountName: string, 
/**
 * The institution's name.
 */
institution: string, 
/**
 * ISO 4217 code of the account.
 */
accountCurrency: string | null, 
/**
 * The transaction.
 */
transaction: TransactionView, 
/**
 * Which client registration it was authorized with.
 */
configKey: ConfigKey, 
/**
 * Which authorization under that registration.
 */
connectionId: ConnectionId, };
export type CurrencyFlow = { 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Came in. Decimal.
 */
moneyIn: string, 
/**
 * Went out; less than nothing. Decimal.
 */
moneyOut: string, };
export type BalanceAsk = { 
/**
 * The accounts.
 */
accounts: Array<AccountRef>, };
export type ExportFormat = "csv" | "csvAccounts" | "json" | "ofx" | "ofxSgml";
export type ExportAsk = { 
/**
 * As what.
 */
format: ExportFormat, 
/**
 * Only of this connection.
 */
connection: ConnectionKey | null, 
/**
 * Only of this account.
 */
account: string | null, 
/**
 * Only of accounts at this institution.
 */
institution: string | null, 
/**
 * Only of accounts in this currency.
 */
currency: string | null, 
/**
 * From this day on.
 */
from: string | null, 
/**
 * Until this day, and with it.
 */
to: string | null, };
export type ExportSaved = { 
/**
 * Its name, without the folders.
 */
name: string, 
/**
 * Accounts in it.
 */
accounts: number, 
/**
 * Transactions in it.
 */
transactions: number, 
/**
 * Transactions that the format has no place for.
 */
leftOut: number, };
export type CodatDraft = { 
/**
 * Its name.
 */
configKey: string, 
/**
 * The API key, or the whole header value that Codat's portal shows; none in an edit keeps the stored one.
 */
apiKey: TypedSecret | null, 
/**
 * The address that hands out access tokens; it may itself be what opens it. None in an edit keeps the stored one.
 */
tokenEndpoint: TypedSecret | null, 
/**
 * What the person was given to send along to that address, if anything.
 */
tokenBearer: TypedSecret | null, 
/**
 * The company that the tokens are for, where that address does not say it.
 */
company: string | null, };
export type CompanyCreate = { 
/**
 * Through which registration.
 */
configKey: ConfigKey, 
/**
 * Its name.
 */
name: string, 
/**
 * A note.
 */
description: string | null, };
export type CodatLinkBegin = { 
/**
 * Through which registration.
 */
configKey: ConfigKey, 
/**
 * Codat's id for the company.
 */
company: string, 
/**
 * Codat's key for the integration.
 */
integration: string, 
/**
 * Under which name; none takes Codat's id for the connection.
 */
connectionId: ConnectionId | null, 
/**
 * Where the person approves; none follows the settings.
 */
surface: Surface | null, };
export type CodatLinkAgain = { 
/**
 * Which connection.
 */
key: ConnectionKey, 
/**
 * Where the person approves; none follows the settings.
 */
surface: Surface | null, };
export type CodatSync = { 
/**
 * Which connection.
 */
key: ConnectionKey, 
/**
 * Only of this type; none reads everything that the company is set up to read.
 */
dataType: string | null, };
export type CodatHistoryAsk = { 
/**
 * Which connection.
 */
key: ConnectionKey, 
/**
 * From 1; none is the first.
 */
page: number | null, };
export type CorsChange = { 
/**
 * Through which registration.
 */
configKey: ConfigKey, 
/**
 * An origin to add.
 */
add: string | null, 
/**
 * An origin to remove.
 */
remove: string | null, 
/**
 * Whether pages on this computer may be added.
 */
development: boolean, };
export type OriginAsk = { 
/**
 * What was typed.
 */
origin: string, 
/**
 * Whether pages on this computer may be added.
 */
development: boolean, };
export type CspAsk = { 
/**
 * Whether each directive is written out.
 */
detailed: boolean, 
/**
 * Whether styles are allowed without a nonce; weaker.
 */
unsafeInline: boolean, 
/**
 * A policy that there is, to see what it lacks.
 */
policy: string | null, };
export type CodatTextsDraft = { 
/**
 * `options.text` as JSON; when given, the lists do not count.
 */
json: string | null, 
/**
 * About accounting, in Markdown.
 */
accounting: Array<string>, 
/**
 * About banking, in Markdown.
 */
banking: Array<string>, 
/**
 * About commerce, in Markdown.
 */
commerce: Array<string>, };
export type CallerId = string;
export type Channel = "socket" | "http" | "web";
export type Access = "token" | "readData" | "list" | "connect" | "manage" | "admission";
export type Outcome = "given" | { "refused": { 
/**
 * Which failure.
 */
code: ErrorCode, 
/**
 * Where the code has several causes: which one, in one word.
 */
reason: string | null, } };
export type Decision = "once" | "untilLocked" | "always" | "notNow" | "never";
export type Permission = { 
/**
 * About what.
 */
access: Access, 
/**
 * About which connection; none is all.
 */
connection: ConnectionKey | null, 
/**
 * Whether it may.
 */
allowed: boolean, 
/**
 * Ends when the vault is locked; such a one is never written.
 */
untilLocked: boolean, 
/**
 * Since when.
 */
since: string, };
export type CallerView = { 
/**
 * Names it for good.
 */
id: CallerId, 
/**
 * The executable's file name, or the origin.
 */
name: string, 
/**
 * How it comes.
 */
channel: Channel, 
/**
 * The path of its executable.
 */
executable: string | null, 
/**
 * What was decided about it.
 */
permissions: Array<Permission>, 
/**
 * When it was first heard of.
 */
since: string, 
/**
 * When it last asked for something.
 */
lastAskedAt: string | null, 
/**
 * How often it has asked.
 */
asked: number, };
export type QuestionView = { 
/**
 * Its number; goes into the answer.
 */
question: number, 
/**
 * Who asks.
 */
caller: CallerId, 
/**
 * The executable's file name, or the origin.
 */
name: string, 
/**
 * How it came.
 */
channel: Channel, 
/**
 * The path of its executable.
 */
executable: string | null, 
/**
 * Its process number.
 */
pid: number | null, 
/**
 * Whether it came through our own command line.
 */
throughCli: boolean, 
/**
 * For what.
 */
access: Access, 
/**
 * Of which connection; none is all.
 */
connection: ConnectionKey | null, 
/**
 * Whether a connection or a registration would end by it.
 */
ends: boolean, 
/**
 * When it was asked.
 */
askedAt: string, 
/**
 * Until when it waits.
 */
until: string, 
/**
 * How many calls wait for the answer.
 */
waiting: number, };
export type PermissionAnswer = { 
/**
 * Which question.
 */
question: number, 
/**
 * The answer.
 */
decision: Decision, 
/**
 * Whether it holds for all connections, where the question was about one.
 */
allConnections: boolean, };
export type Allowance = { 
/**
 * Who: `program:` and the path of an executable, `http:` and the same or `unknown`, `web:` and an origin.
 */
caller: CallerId, 
/**
 * What.
 */
access: Array<Access>, 
/**
 * Of which connection; none is all.
 */
connection: ConnectionKey | null, 
/**
 * Whether it may, or may never.
 */
allowed: boolean, };
export type Withdrawal = { 
/**
 * About whom.
 */
caller: CallerId, 
/**
 * Only those about this.
 */
access: Access | null, 
/**
 * Only those about this connection.
 */
connection: ConnectionKey | null, 
/**
 * Only those about all connections: what was decided about one of them stays.
 */
general: boolean, };
export type AuditLine = { 
/**
 * Grows with each line, by the clock where the clock goes forward.
 */
sequence: number, 
/**
 * When it happened first.
 */
at: string, 
/**
 * When it happened last.
 */
lastAt: string, 
/**
 * How often, within a minute.
 */
count: number, 
/**
 * Who asked.
 */
caller: CallerId, 
/**
 * What the caller was called then.
 */
callerName: string, 
/**
 * Whether it came through our own command line.
 */
throughCli: boolean, 
/**
 * For what.
 */
access: Access, 
/**
 * Of which connection, if of one.
 */
connection: ConnectionKey | null, 
/**
 * How it ended.
 */
outcome: Outcome, };
export type AuditFilter = { 
/**
 * Not older than this.
 */
since: string | null, 
/**
 * Only of this caller: its id or its name.
 */
caller: string | null, 
/**
 * Only of this connection.
 */
connection: ConnectionKey | null, };
export type AuditAsk = { 
/**
 * Which.
 */
filter: AuditFilter, 
/**
 * Only lines before this number.
 */
before: number | null, 
/**
 * At most so many, 1 to 1000.
 */
limit: number, };
export type AuditPage = { 
/**
 * The newest first.
 */
lines: Array<AuditLine>, 
/**
 * Whether there are older ones.
 */
more: boolean, };
export type AuditExport = { 
/**
 * Which lines.
 */
filter: AuditFilter, 
/**
 * As what.
 */
target: AuditTarget, };
export type AuditTarget = "csv" | "json";
export type AuditSaved = { 
/**
 * Its name, without the folders.
 */
name: string, 
/**
 * Lines in it.
 */
lines: number, };
export type AccessSettings = { 
/**
 * Whether the HTTP interface is on.
 */
http: boolean, 
/**
 * Its port on 127.0.0.1.
 */
port: number, 
/**
 * Origins of web pages that may ask, as browsers spell them.
 */
origins: Array<string>, 
/**
 * Days for which the audit is kept.
 */
auditDays: number, };
export type LocalApiState = { "kind": "off" } | { "kind": "on", 
/**
 * Where it listens: `http://127.0.0.1:3004`.
 */
address: string, } | { "kind": "failed", 
/**
 * Why: `loopback_unavailable` with `port`, and `next` where a port nearby is free.
 */
failure: Failure, };
export type AttentionAction = "approve" | "approveAgain" | "reconnect" | "fixKeys" | "answer" | "signIn" | "actThere" | "allowProgram";
export type Urgency = "waiting" | "stopped" | "ahead" | "begun";
export type Subject = { "kind": "connection", 
/**
 * Which.
 */
key: ConnectionKey, } | { "kind": "program", 
/**
 * The caller's id.
 */
id: string, 
/**
 * What it calls itself.
 */
name: string, };
export type AttentionItem = { 
/**
 * Whom it is about.
 */
subject: Subject, 
/**
 * What to do.
 */
action: AttentionAction, 
/**
 * How soon.
 */
urgency: Urgency, 
/**
 * By when, if anybody knows.
 */
by: string | null, 
/**
 * Until when the person has put it off; none for what stands in front of them.
 */
later: string | null, };
export type AttentionView = { 
/**
 * What needs the person now, the most urgent first.
 */
items: Array<AttentionItem>, 
/**
 * What was put off, the first to come back first.
 */
later: Array<AttentionItem>, 
/**
 * Connections whose provider or network does not answer. Nothing is to be done: Mooring tries again by itself.
 */
calm: Array<ConnectionKey>, };
export type NoticeLevel = "all" | "needsMe" | "none";
export type CloseChoice = "ask" | "hide" | "quit";
export type Going = { "to": "attention" } | { "to": "connect" } | { "to": "connection", 
/**
 * Which.
 */
key: ConnectionKey, } | { "to": "act", 
/**
 * Which.
 */
key: ConnectionKey, } | { "to": "closing" };
export type DeskState = { 
/**
 * Whether somebody shows notices.
 */
notices: boolean, 
/**
 * Whether somebody shows icons beside the clock.
 */
tray: boolean, 
/**
 * Whether ours is shown.
 */
trayShown: boolean, 
/**
 * Whether Mooring starts with the session; none where it cannot.
 */
startAtLogin: boolean | null, };
export type LoginChoice = { 
/**
 * Start with it.
 */
on: boolean, };
export type LinksState = "work" | "nobody" | "elsewhere";
export type LinksTest = { 
/**
 * Where they lead.
 */
state: LinksState, 
/**
 * The program that the system names for them, as it names it.
 */
handler: string | null, };
export type CloseAnswer = { 
/**
 * Go on in the tray; otherwise the program ends.
 */
hide: boolean, };
export type CheckOf = "folder" | "owner" | "keychain" | "loopback" | "port" | "clock" | "links";
export type CheckCode = "folderOk" | "folderLater" | "folderUnknown" | "folderUnreadable" | "folderIsFile" | "folderForeign" | "folderOpen" | "folderReadOnly" | "ownerOk" | "ownerOther" | "ownerDeaf" | "ownerStale" | "ownerNone" | "ownerFailed" | "keychainOk" | "keychainNoService" | "keychainLocked" | "keychainDenied" | "keychainTimeout" | "keychainOther" | "loopbackOk" | "loopbackBad" | "portFree" | "portOurs" | "portTakenBy" | "portTaken" | "portShadowed" | "portBad" | "clockOk" | "clockBehind" | "clockImpossible" | "linksOk" | "linksNobody" | "linksGone" | "linksDead" | "linksUnknown";
export type Check = { 
/**
 * What was looked at.
 */
of: CheckOf, 
/**
 * Whether all is well.
 */
ok: boolean, 
/**
 * What was found.
 */
code: CheckCode, 
/**
 * Values for its words; nothing of the vault.
 */
params: { [key in string]: string }, };
export type RepairAsk = { 
/**
 * The thing that was looked at; only the folder and the links can be put right from here.
 */
of: CheckOf, };
export type Diagnostics = { 
/**
 * As it would be written.
 */
text: string, };
export type DiagnosticsSaved = { 
/**
 * The file's name.
 */
name: string, };
/** Every command: what it takes and what it answers. */
export interface Commands {
  beginning: { request: null; response: Beginning };
  told: { request: null; response: Told };
  app_state: { request: null; response: AppState };
  vault_create: { request: VaultCreate; response: AppState };
  vault_unlock: { request: VaultUnlock; response: AppState };
  vault_lock: { request: null; response: AppState };
  input_seen: { request: InputSeen; response: null };
  passphrase_hint: { request: PassphraseAsk; response: PassphraseHint };
  protection_change: { request: ProtectionChange; response: ProtectionChanged };
  backup_pick: { request: null; response: PickedFile | null };
  backup_write: { request: BackupWrite; response: BackupDone };
  restore_pick: { request: null; response: PickedBackup | null };
  restore_run: { request: RestoreRun; response: RestoreDone };
  computer_retire: { request: BackupWrite; response: BackupDone };
  set_aside_list: { request: null; response: Array<string> };
  set_aside_forget: { request: SetAsideRef; response: null };
  settings_set: { request: Settings; response: Settings };
  release_notes: { request: null; response: ReleaseNotes };
  update_check: { request: null; response: UpdateView };
  update_install: { request: null; response: UpdateView };
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
  key_form: { request: ConfigRef; response: KeyForm };
  key_connect: { request: KeyConnect; response: ConnectionView };
  key_practice: { request: null; response: ConfigView };
  attention_list: { request: null; response: AttentionView };
  attention_later: { request: ConnectionKey; response: AttentionView };
  desk_state: { request: null; response: DeskState };
  login_set: { request: LoginChoice; response: DeskState };
  links_test: { request: null; response: LinksTest };
  links_repair: { request: null; response: LinksTest };
  window_close: { request: CloseAnswer; response: null };
  doctor_run: { request: null; response: Array<Check> };
  doctor_repair: { request: RepairAsk; response: Array<Check> };
  diagnostics_show: { request: null; response: Diagnostics };
  diagnostics_save: { request: null; response: DiagnosticsSaved | null };
  activity_list: { request: ActivityAsk; response: ActivityPage };
  pluggy_check: { request: PluggyDraft; response: Array<DraftFinding> };
  pluggy_create: { request: PluggyDraft; response: ConfigView };
  pluggy_edit: { request: PluggyDraft; response: ConfigView };
  pluggy_practice: { request: null; response: ConfigView };
  institutions_list: { request: ConfigRef; response: Array<InstitutionView> };
  institution_form: { request: InstitutionRef; response: Array<FieldView> };
  institution_check: { request: InstitutionValues; response: Array<DraftFinding> };
  link_begin: { request: LinkBegin; response: LinkView };
  link_show: { request: ConnectionKey; response: LinkView };
  link_answer: { request: LinkValues; response: LinkView };
  link_form: { request: ConnectionKey; response: Array<FieldView> };
  link_sign_in: { request: LinkValues; response: LinkView };
  link_retry: { request: ConnectionKey; response: LinkView };
  link_open: { request: LinkOpen; response: LinkView };
  link_cancel: { request: ConnectionKey; response: null };
  widget_open: { request: WidgetOpen; response: null };
  accounts_list: { request: AccountsAsk; response: Array<AccountView> };
  accounts_overview: { request: null; response: AccountsOverview };
  transactions_search: { request: TransactionsAsk; response: TransactionsPage };
  balance_history: { request: BalanceAsk; response: BalanceHistory };
  export_save: { request: ExportAsk; response: ExportSaved | null };
  export_show: { request: null; response: null };
  codat_check: { request: CodatDraft; response: Array<DraftFinding> };
  codat_create: { request: CodatDraft; response: ConfigView };
  codat_edit: { request: CodatDraft; response: ConfigView };
  codat_practice: { request: null; response: ConfigView };
  codat_list: { request: ConfigRef; response: CodatListing };
  codat_companies: { request: ConfigRef; response: Array<CompanyView> };
  codat_company_create: { request: CompanyCreate; response: CompanyView };
  codat_integrations: { request: ConfigRef; response: Array<IntegrationView> };
  codat_link_begin: { request: CodatLinkBegin; response: AttemptView };
  codat_link_again: { request: CodatLinkAgain; response: AttemptView };
  codat_copy_link: { request: ConnectionKey; response: null };
  codat_show: { request: ConnectionKey; response: CodatView };
  codat_keep_organization: { request: ConnectionKey; response: CodatView };
  codat_sync: { request: CodatSync; response: CodatView };
  codat_history: { request: CodatHistoryAsk; response: CodatHistory };
  codat_close: { request: ConnectionKey; response: null };
  codat_cors_check: { request: OriginAsk; response: Array<DraftFinding> };
  codat_cors_get: { request: ConfigRef; response: CorsView };
  codat_cors_set: { request: CorsChange; response: CorsView };
  codat_csp: { request: CspAsk; response: CspView };
  codat_texts_get: { request: null; response: CodatTexts };
  codat_texts_check: { request: CodatTextsDraft; response: CodatTexts };
  codat_texts_set: { request: CodatTextsDraft; response: CodatTexts };
  permissions_pending: { request: null; response: Array<QuestionView> };
  permission_answer: { request: PermissionAnswer; response: null };
  callers_list: { request: null; response: Array<CallerView> };
  caller_allow: { request: Allowance; response: CallerView };
  caller_revoke: { request: Withdrawal; response: null };
  audit_list: { request: AuditAsk; response: AuditPage };
  audit_export: { request: AuditExport; response: AuditSaved | null };
  local_api_get: { request: null; response: AccessSettings };
  local_api_set: { request: AccessSettings; response: AccessSettings };
  local_api_state: { request: null; response: LocalApiState };
  local_api_origin: { request: OriginAsk; response: string };
  local_api_copy_secret: { request: null; response: null };
  local_api_rotate_secret: { request: null; response: null };
  sandbox_connect: { request: null; response: AttemptView };
  sandbox_remove: { request: null; response: null };
}
