/**
 * Every screen and state of the interface, by name: what the gallery shows, and what is checked for accessibility.
 *
 * One line is one picture. A scene starts in a world, goes to a place, and may do there what a person does. The part
 * of its name before the first dash is its group.
 */
import type { Route } from '../app/navigation.svelte';
import type { Overlay, Session } from '../app/session.svelte';
import type { Fake } from '../ipc/fake/strings';
import type { ScenarioName } from '../ipc/fake/scenarios';
import type { AttemptView, Check, Failure, LinkView, QuestionView, Surface } from '../ipc/types.gen';
import { action, allAt, product, question as bankQuestion } from '../ipc/fake/banks';
import { t } from '../i18n/i18n.svelte';
import { press, send, until, write } from './person';
import type { Place } from './places';
import { knowPrograms, question } from './programs';

/** What a scene can move. */
export interface Stage {
  fake: Fake;
  session: Session;
}

export interface Scene {
  name: string;
  world: ScenarioName;
  to?: Route;
  act?: (stage: Stage) => Promise<unknown>;
  /** Shows what is still loading. */
  loading?: boolean;
  /** The place that it ends at, where that is not where it went to. */
  ends?: Place;
  /** What lies over the screen in the end. */
  overlay?: Overlay;
  /** The component whose dialog is open in the end, below `features/`. */
  opens?: string;
}

const at = (configKey: string, connectionId: string) => ({ configKey, connectionId });
const connection = (configKey: string, connectionId: string): Route => ({ screen: 'connections', selected: at(configKey, connectionId) });
const pluggy = (id: string) => at('pluggy', id);
const codat = (id: string) => connection('codat', id);
const link = (id: string): Route => ({ screen: 'connect', step: 'link', key: pluggy(id) });
const review = (configKey: string, connectionId: string | null = null): Route => ({ screen: 'connect', step: 'review', configKey, connectionId });
const fresh = (provider: string | null): Route => ({ screen: 'providers', view: 'new', provider, thenConnect: false });
const edit = (configKey: string): Route => ({ screen: 'providers', view: 'edit', configKey });
const settings: Route = { screen: 'settings' };
const accounts: Route = { screen: 'accounts' };
const storage: Failure = { code: 'storage', params: {}, detail: 'disk I/O error (code 1546)' };

/** An authorization that is under way with TrueLayer, then moved. */
function attempt(surface: Surface, change: Partial<AttemptView> = {}) {
  return async ({ fake, session }: Stage) => {
    const config = session.configs.find((one) => one.configKey === (surface === 'device' ? 'xero' : 'truelayer'));
    if (!config) throw new Error('the world has no such key');
    const begun = await fake.invoke('authorization_begin', { configKey: config.configKey, connectionId: null, surface, parameters: {} });
    session.attempt = begun;
    session.navigation.go({ screen: 'connect', step: 'attempt' });
    if (Object.keys(change).length > 0) fake.moveAttempt(change);
    await until('the new phase', () => change.phase === undefined || session.attempt?.phase === change.phase);
  };
}

/** A link that is moved to where it is to be seen. */
function moved(id: string, change: Partial<LinkView>) {
  return async ({ fake, session }: Stage) => {
    await until('the link', () => session.link(pluggy(id)));
    fake.moveLink(pluggy(id), change);
  };
}

const help: Route = { screen: 'help' };
const attention: Route = { screen: 'attention' };
const programs: Route = { screen: 'programs', selected: null };
const books: Route = { screen: 'programs', selected: 'program:/home/ana/bin/books' };
const requests: Route = { screen: 'activity', of: null, view: 'requests' };

/** Programs that are known, before what a person does. */
function known(act?: () => Promise<unknown>) {
  return async ({ fake, session }: Stage) => {
    knowPrograms(fake);
    await session.programs.want();
    await act?.();
  };
}

/** Programs that ask, one after the other, with the answers ready to be pressed. */
function asking(...parts: Partial<QuestionView>[]) {
  return async ({ fake }: Stage) => {
    for (const part of parts) fake.callers.ask(question(part));
    await until('the answers', () => document.querySelector('dialog .answers button:enabled'));
  };
}

/** A program whose question was put aside. */
async function aside(stage: Stage) {
  await asking({})(stage);
  for (const one of stage.session.programs.questions) stage.session.programs.putAside(one.question);
  await until('the row', () => !document.querySelector('dialog[open]') && document.querySelector('main ul li'));
}

/** Settings with the local API on, at its own place. */
function localApi(act?: () => Promise<unknown>) {
  return async ({ fake, session }: Stage) => {
    await fake.invoke('local_api_set', { http: true, port: 3004, origins: ['http://localhost:8080'], auditDays: 365 });
    session.navigation.go({ screen: 'settings', section: 'localApi.title' });
    await until('the local API', () => document.querySelector('input[name="port"]'));
    await act?.();
  };
}

/** Settings on a desktop that offers this, at the part about it. */
function desktop(change: Parameters<Fake['setDesk']>[0], tray = false) {
  return async ({ fake, session }: Stage) => {
    fake.setDesk(change);
    if (session.app) await session.choose({ ...session.app.settings, tray });
    session.navigation.go({ screen: 'settings', section: 'settings.desk' });
    await until('the switches', () => document.querySelector('[role="switch"]'));
  };
}

/** Settings with a vault from before a restore. */
function setAside(act?: () => Promise<unknown>) {
  return async ({ fake, session }: Stage) => {
    await fake.invoke('restore_run', { passphrase: 'correct horse battery', protection: 'keychain' });
    session.navigation.go({ screen: 'settings', section: 'backup.section' });
    await until('the vault that was set aside', () => document.getElementById('backup.section')?.querySelector('ul li'));
    await act?.();
  };
}

/** Tests links, at the part about them. */
async function testLinks({ session }: Stage) {
  session.wishes.wish('testLinks');
  session.navigation.go({ screen: 'settings', section: 'links.title' });
  await until('the result', () => [...document.querySelectorAll('[role="status"] .note')].at(-1));
}

const problems: Check[] = [
  { of: 'folder', ok: false, code: 'folderOpen', params: { path: '/home/ana/.local/share/mooring', mode: '755' } },
  { of: 'port', ok: false, code: 'portTakenBy', params: { port: '3004', name: 'node', pid: '2211' } },
  { of: 'links', ok: false, code: 'linksDead', params: { handler: 'mooring.desktop', program: '/home/ana/Downloads/mooring-desktop' } },
];

/** Help on a computer on which this is wrong. */
function wrong(found: Check[]) {
  return async ({ fake, session }: Stage) => {
    for (const one of found) fake.find(one);
    session.navigation.go(help);
    await until('the problems', () => document.querySelector('.bad li'));
  };
}

export const scenes: Scene[] = [
  { name: 'start-first-run', world: 'firstrun' },
  { name: 'start-first-run-passphrase', world: 'nokeychain', act: () => write('input[type="password"]', 'tide at four') },
  { name: 'start-first-run-refused', world: 'nokeychain', act: send },
  { name: 'start-first-run-why', world: 'firstrun', act: () => press('why.protection') },
  { name: 'start-locked', world: 'locked' },
  { name: 'start-locked-wrong', world: 'locked', act: async () => { await write('input[type="password"]', 'wrong'); await send(); await until('the refusal', () => document.querySelector('[role="alert"], [aria-invalid="true"]')); } },
  { name: 'start-locked-keychain', world: 'lockedkeychain' },
  { name: 'start-broken', world: 'broken' },

  { name: 'connections-empty', world: 'empty' },
  { name: 'connections-empty-tour-put-away', world: 'empty', act: () => press('tour.done') },
  { name: 'connections-keys-only', world: 'keys' },
  { name: 'connections-loading', world: 'loading', loading: true },
  { name: 'connections-failed', world: 'failed' },
  { name: 'connections-calm', world: 'calm' },
  { name: 'connections-typical', world: 'typical' },
  { name: 'connections-one', world: 'one' },
  { name: 'connections-offline', world: 'offline' },
  { name: 'connections-many', world: 'many' },
  { name: 'connections-nothing-found', world: 'many', act: () => write('[data-search]', 'zzz') },
  { name: 'connections-banks', world: 'banks' },
  { name: 'connections-codat', world: 'codat' },

  { name: 'connection-linked', world: 'typical', to: connection('xero', 'studio') },
  { name: 'connection-ends-soon', world: 'typical', to: connection('itau', 'ana') },
  { name: 'connection-approve-again', world: 'typical', to: connection('truelayer', 'starling') },
  { name: 'connection-paused', world: 'typical', to: connection('gusto', 'payroll') },
  { name: 'connection-disconnected', world: 'typical', to: connection('xero', 'old-company') },
  { name: 'connection-trouble', world: 'typical', to: connection('stripe', 'acct_1N7') },
  { name: 'connection-practice', world: 'typical', to: connection('practice-bank', 'practice') },
  ...['nubank', 'inter', 'bradesco', 'c6', 'xp', 'company'].map((id): Scene => ({ name: `connection-bank-${id}`, world: 'banks', to: connection('pluggy', id) })),
  ...['xero', 'desktop', 'square', 'plaid', 'netsuite', 'quickbooks', 'gone', 'strange'].map((id): Scene => ({ name: `connection-codat-${id}`, world: 'codat', to: codat(id) })),
  { name: 'connection-codat-lender', world: 'lender', to: connection('lender', 'stripe') },

  { name: 'dialog-rename', opens: 'connection/RenameDialog', world: 'typical', to: connection('xero', 'studio'), act: () => press('act.rename') },
  { name: 'dialog-disconnect', opens: 'connection/DisconnectDialog', world: 'typical', to: connection('xero', 'studio'), act: () => press('act.disconnectMore') },
  { name: 'dialog-disconnect-codat', opens: 'connection/CodatDisconnect', world: 'codat', to: codat('xero'), act: () => press('act.disconnectMore') },
  { name: 'dialog-delete', opens: 'connection/DeleteDialog', world: 'typical', to: connection('xero', 'old-company'), act: () => press('act.deleteMore') },
  { name: 'dialog-export', opens: 'accounts/ExportDialog', world: 'banks', to: accounts, act: () => press('export.begin') },
  { name: 'dialog-company', opens: 'codat/CompanyDialog', world: 'codat', to: { screen: 'connect', step: 'companies', configKey: 'codat' }, act: () => press('companies.new') },
  { name: 'dialog-delete-key', opens: 'providers/DeleteKey', world: 'keys', to: edit('xero'), act: () => press('act.deleteMore') },
  { name: 'dialog-key-in-use', opens: 'providers/DeleteKey', world: 'typical', to: edit('xero'), act: () => press('act.deleteMore') },
  { name: 'dialog-practice', opens: 'settings/Settings', world: 'typical', to: settings, act: () => press('settings.practiceRemove') },
  { name: 'dialog-protection', opens: 'settings/ChangeProtection', world: 'typical', to: settings, act: () => press('security.change') },
  { name: 'dialog-back-up', opens: 'settings/BackUp', world: 'typical', to: settings, act: () => press('backup.backUp') },
  { name: 'dialog-retire', opens: 'settings/BackUp', world: 'typical', to: settings, act: () => press('retire.ask') },

  { name: 'dialog-restore', opens: 'settings/Restore', world: 'typical', to: settings, act: () => press('backup.restore') },
  { name: 'dialog-aside', opens: 'settings/Safekeeping', world: 'typical', ends: 'settings', act: setAside(() => press('aside.delete')) },
  { name: 'dialog-local-secret', opens: 'settings/LocalApi', world: 'typical', ends: 'settings', act: localApi(() => press('localApi.renew')) },
  { name: 'dialog-allow', opens: 'programs/AllowDialog', world: 'typical', to: programs, act: known(() => press('programs.allow')) },
  { name: 'dialog-allow-more', opens: 'programs/AllowDialog', world: 'typical', to: books, act: known(() => press('program.allowMore')) },
  { name: 'dialog-program-forbid', opens: 'programs/Program', world: 'typical', to: books, act: known(() => press('program.forbid')) },
  { name: 'dialog-program-forget', opens: 'programs/Program', world: 'typical', to: books, act: known(() => press('program.forget')) },
  { name: 'dialog-requests-export', opens: 'programs/ExportRequests', world: 'typical', to: requests, act: known(() => press('requests.export')) },
  { name: 'dialog-give-up', opens: 'link/CancelLink', world: 'banks', to: link('bradesco'), act: () => press('link.cancel') },
  { name: 'dialog-tour', opens: 'help/TourDialog', overlay: 'tour', world: 'typical', to: help, act: () => press('help.tour') },
  { name: 'dialog-shortcuts', opens: 'palette/Keys', overlay: 'keys', world: 'typical', to: help, act: () => press('help.shortcuts') },
  { name: 'dialog-find-out', opens: 'help/FindOut', world: 'broken', act: () => press('help.find') },

  { name: 'attention', world: 'typical', to: attention },
  { name: 'attention-program', world: 'typical', to: attention, act: aside },
  { name: 'attention-put-off', world: 'typical', to: attention, act: () => press('row.act', { act: t('attention.laterAct'), name: 'Starling savings' }) },
  { name: 'attention-calm', world: 'offline', to: attention },
  { name: 'attention-nothing', world: 'calm', to: attention },

  { name: 'overlay-palette', opens: 'palette/Palette', overlay: 'palette', world: 'typical', act: async ({ session }) => { session.overlay = 'palette'; await until('the palette', () => document.querySelector('dialog[open]')); } },
  { name: 'overlay-palette-found', opens: 'palette/Palette', overlay: 'palette', world: 'typical', act: async ({ session }) => { session.overlay = 'palette'; await write('[role="combobox"]', 'xero'); } },
  { name: 'overlay-palette-none', opens: 'palette/Palette', overlay: 'palette', world: 'typical', act: async ({ session }) => { session.overlay = 'palette'; await write('[role="combobox"]', 'zzz'); } },
  { name: 'overlay-closing', opens: 'desk/Closing', overlay: 'closing', world: 'typical', act: async ({ fake }) => { fake.go({ to: 'closing' }); await until('the question', () => document.querySelector('dialog[open]')); } },
  { name: 'overlay-more', world: 'typical', act: () => (innerWidth < 640 ? press('nav.more') : Promise.resolve()) },

  { name: 'ask', opens: 'programs/Ask', world: 'typical', act: asking({}) },
  { name: 'ask-everything', opens: 'programs/Ask', world: 'typical', act: asking({ connection: null, access: 'list' }, { name: 'sheet', caller: 'program:/sheet' }) },
  { name: 'ask-script', opens: 'programs/Ask', world: 'typical', act: asking({ name: 'python3.11', caller: 'program:/usr/bin/python3.11', executable: '/usr/bin/python3.11' }) },
  { name: 'ask-page', opens: 'programs/Ask', world: 'typical', act: asking({ name: 'https://sheets.ribeiro.example', caller: 'web:https://sheets.ribeiro.example', channel: 'web', executable: null, pid: null, throughCli: false, access: 'readData' }) },

  { name: 'connect-catalogue', world: 'typical', to: { screen: 'connect', step: 'choose' } },
  { name: 'connect-catalogue-empty', world: 'empty', to: { screen: 'connect', step: 'choose' } },
  { name: 'connect-review', world: 'typical', to: review('truelayer') },
  { name: 'connect-review-why', world: 'typical', to: review('truelayer'), act: () => press('why.scopes') },
  { name: 'connect-review-again', world: 'typical', to: review('truelayer', 'starling') },
  { name: 'connect-parameters', world: 'typical', to: review('shopify') },
  { name: 'connect-window', world: 'typical', ends: 'connect attempt', act: attempt('embedded') },
  { name: 'connect-window-stalled', world: 'typical', ends: 'connect attempt', act: attempt('embedded', { hint: 'stalled' }) },
  { name: 'connect-window-certificate', world: 'typical', ends: 'connect attempt', act: attempt('embedded', { hint: 'certificateRefused' }) },
  { name: 'connect-browser', world: 'typical', ends: 'connect attempt', act: attempt('browser') },
  { name: 'connect-device', world: 'typical', ends: 'connect attempt', act: attempt('device') },
  { name: 'connect-exchanging', world: 'typical', ends: 'connect attempt', act: attempt('browser', { phase: 'exchanging' }) },
  { name: 'connect-done', world: 'typical', ends: 'connect attempt', act: attempt('browser', { phase: 'succeeded' }) },
  { name: 'connect-failed', world: 'typical', ends: 'connect attempt', act: attempt('browser', { phase: 'failed', error: { code: 'provider_trouble', params: { provider: 'TrueLayer' }, detail: '503 from token endpoint' } }) },
  { name: 'connect-expired', world: 'typical', ends: 'connect attempt', act: attempt('browser', { phase: 'expired' }) },
  { name: 'connect-cancelled', world: 'typical', ends: 'connect attempt', act: attempt('browser', { phase: 'cancelled' }) },
  { name: 'connect-banks', world: 'banks', to: { screen: 'connect', step: 'institutions', configKey: 'pluggy' } },
  { name: 'connect-banks-many', world: 'tenthousand', to: { screen: 'connect', step: 'institutions', configKey: 'pluggy' } },
  { name: 'connect-bank', world: 'banks', to: { screen: 'connect', step: 'institution', configKey: 'pluggy', institution: 215 } },
  { name: 'connect-bank-long', world: 'banks', to: { screen: 'connect', step: 'institution', configKey: 'pluggy', institution: 260 } },
  { name: 'connect-bank-offline', world: 'banks', to: { screen: 'connect', step: 'institution', configKey: 'pluggy', institution: 619 } },
  { name: 'connect-link-working', world: 'banks', to: link('bradesco'), act: moved('bradesco', { phase: 'working', action: null, products: [product('ACCOUNTS', 'done'), product('TRANSACTIONS', 'running'), product('CREDIT_CARDS', 'waiting')] }) },
  { name: 'connect-link-question', world: 'banks', to: link('bradesco'), act: moved('bradesco', { phase: 'question', action: null, question: bankQuestion }) },
  { name: 'connect-link-approve', world: 'banks', to: link('bradesco'), act: moved('bradesco', { phase: 'action', action }) },
  { name: 'connect-link-failed', world: 'banks', to: link('c6') },
  { name: 'connect-link-done', world: 'banks', to: link('bradesco'), act: moved('bradesco', { phase: 'done', action: null, products: allAt('done'), lastUpdatedAt: new Date().toISOString() }) },
  { name: 'connect-link-gaps', world: 'banks', to: link('xp') },
  { name: 'connect-companies', world: 'codat', to: { screen: 'connect', step: 'companies', configKey: 'codat' } },
  { name: 'connect-platforms', world: 'codat', to: { screen: 'connect', step: 'platforms', configKey: 'codat', company: 'c-studio' } },
  { name: 'connect-platform', world: 'codat', to: { screen: 'connect', step: 'platform', configKey: 'codat', company: 'c-studio', platform: 'gbol' } },
  { name: 'connect-codat-again', world: 'codat', to: { screen: 'connect', step: 'again', key: at('codat', 'plaid') } },

  { name: 'accounts-empty', world: 'empty', to: accounts },
  { name: 'accounts', world: 'banks', to: accounts },
  { name: 'accounts-many', world: 'manyaccounts', to: accounts },
  { name: 'accounts-transactions', world: 'banks', to: accounts, act: () => press('views.transactions') },

  { name: 'activity', world: 'typical', to: { screen: 'activity', of: null } },
  { name: 'activity-empty', world: 'empty', to: { screen: 'activity', of: null } },
  { name: 'activity-one', world: 'typical', to: { screen: 'activity', of: at('xero', 'studio') } },

  { name: 'activity-requests', world: 'typical', to: requests, act: known() },
  { name: 'activity-requests-empty', world: 'typical', to: requests },

  { name: 'programs', world: 'typical', to: programs, act: known() },
  { name: 'programs-empty', world: 'typical', to: programs },
  { name: 'programs-one', world: 'typical', to: books, act: known() },
  { name: 'programs-undecided', world: 'typical', to: { screen: 'programs', selected: 'http:/opt/ledger/bin/ledger-import' }, act: known() },

  { name: 'providers', world: 'codat', to: { screen: 'providers', view: 'list' } },
  { name: 'providers-empty', world: 'empty', to: { screen: 'providers', view: 'list' } },
  { name: 'providers-pick', world: 'typical', to: fresh(null) },
  { name: 'providers-key', world: 'typical', to: fresh('quickbooks') },
  { name: 'providers-key-wrong', world: 'typical', to: fresh('quickbooks'), act: send },
  { name: 'providers-custom', world: 'typical', to: fresh('custom') },
  { name: 'providers-edit', world: 'typical', to: edit('xero') },
  { name: 'providers-pluggy', world: 'typical', to: fresh('pluggy') },
  { name: 'providers-pluggy-saved', world: 'banks', to: edit('pluggy') },
  { name: 'providers-codat', world: 'typical', to: fresh('codat') },
  { name: 'providers-codat-saved', world: 'codat', to: edit('codat') },
  { name: 'providers-origins', world: 'codat', to: { screen: 'providers', view: 'origins', configKey: 'codat' } },
  { name: 'providers-texts', world: 'codat', to: { screen: 'providers', view: 'texts', configKey: 'codat' } },

  { name: 'settings', world: 'typical', to: settings },
  { name: 'settings-passphrase', world: 'typical', to: settings, act: async ({ session }) => { if (session.app) await session.enter({ ...session.app, protection: 'passphrase' }); } },
  { name: 'settings-below', world: 'typical', to: settings, act: async () => (await until('the page', () => document.querySelector('main'))).scrollTo(0, 1e6) },

  { name: 'settings-desk', world: 'typical', ends: 'settings', act: desktop({ trayShown: true }, true) },
  { name: 'settings-desk-bare', world: 'typical', ends: 'settings', act: desktop({ notices: false, tray: false, startAtLogin: null }) },
  { name: 'settings-local-api', world: 'typical', ends: 'settings', act: localApi() },
  { name: 'settings-local-api-taken', world: 'typical', ends: 'settings', act: async (stage) => { stage.fake.callers.takePort(3004); await localApi()(stage); } },
  { name: 'settings-aside', world: 'typical', ends: 'settings', act: setAside() },
  { name: 'settings-links', world: 'typical', ends: 'settings', act: testLinks },
  { name: 'settings-links-elsewhere', world: 'typical', ends: 'settings', act: async (stage) => { stage.fake.breakLinks(); await testLinks(stage); } },
  { name: 'settings-changed', world: 'typical', to: { screen: 'settings', section: 'settings.about' }, act: () => press('settings.changed') },

  { name: 'help', world: 'typical', to: help },
  { name: 'help-looked', world: 'typical', to: help, act: () => press('help.looked') },
  { name: 'help-problems', world: 'typical', ends: 'help', act: wrong(problems) },
  { name: 'help-trouble', world: 'typical', to: help, act: () => press('trouble.again.title') },
  { name: 'help-words', world: 'typical', to: { screen: 'help', section: 'help.words' } },
  { name: 'help-report', world: 'typical', to: { screen: 'help', section: 'help.report' }, act: async () => { await press('help.save'); await press('help.show'); (await until('the report', () => document.querySelector('pre'))).scrollIntoView({ block: 'end' }); } },

  { name: 'notice-words', world: 'calm', act: async ({ session }) => { session.notice = { words: t('palette.paused', { count: 2 }) }; } },
  { name: 'notice-failure', world: 'calm', act: async ({ session }) => { session.notice = { failure: storage }; } },
];
