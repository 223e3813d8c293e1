/**
 * Every screen and state of the interface, by name: what the gallery shows, and what is checked for accessibility.
 *
 * One line is one picture. A scene starts in a world, goes to a place, and may do there what a person does. The part
 * of its name before the first dash is its group.
 */
import type { Route } from '../app/navigation.svelte';
import type { Session } from '../app/session.svelte';
import type { Fake } from '../ipc/fake/strings';
import type { ScenarioName } from '../ipc/fake/scenarios';
import type { AttemptView, Failure, LinkView, Surface } from '../ipc/types.gen';
import { action, allAt, product, question } from '../ipc/fake/banks';
import { press, send, until, write } from './person';

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

export const scenes: Scene[] = [
  { name: 'start-first-run', world: 'firstrun' },
  { name: 'start-first-run-passphrase', world: 'nokeychain', act: () => write('input[type="password"]', 'tide at four') },
  { name: 'start-first-run-refused', world: 'nokeychain', act: send },
  { name: 'start-locked', world: 'locked' },
  { name: 'start-locked-wrong', world: 'locked', act: async () => { await write('input[type="password"]', 'wrong'); await send(); await until('the refusal', () => document.querySelector('[role="alert"], [aria-invalid="true"]')); } },
  { name: 'start-locked-keychain', world: 'lockedkeychain' },
  { name: 'start-broken', world: 'broken' },

  { name: 'connections-empty', world: 'empty' },
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

  { name: 'dialog-rename', world: 'typical', to: connection('xero', 'studio'), act: () => press('act.rename') },
  { name: 'dialog-disconnect', world: 'typical', to: connection('xero', 'studio'), act: () => press('act.disconnectMore') },
  { name: 'dialog-disconnect-codat', world: 'codat', to: codat('xero'), act: () => press('act.disconnectMore') },
  { name: 'dialog-delete', world: 'typical', to: connection('xero', 'old-company'), act: () => press('act.deleteMore') },
  { name: 'dialog-export', world: 'banks', to: accounts, act: () => press('export.begin') },
  { name: 'dialog-company', world: 'codat', to: { screen: 'connect', step: 'companies', configKey: 'codat' }, act: () => press('companies.new') },
  { name: 'dialog-delete-key', world: 'keys', to: edit('xero'), act: () => press('act.deleteMore') },
  { name: 'dialog-key-in-use', world: 'typical', to: edit('xero'), act: () => press('act.deleteMore') },
  { name: 'dialog-practice', world: 'typical', to: settings, act: () => press('settings.practiceRemove') },
  { name: 'dialog-protection', world: 'typical', to: settings, act: () => press('security.change') },
  { name: 'dialog-back-up', world: 'typical', to: settings, act: () => press('backup.backUp') },
  { name: 'dialog-retire', world: 'typical', to: settings, act: () => press('retire.ask') },

  { name: 'connect-catalogue', world: 'typical', to: { screen: 'connect', step: 'choose' } },
  { name: 'connect-catalogue-empty', world: 'empty', to: { screen: 'connect', step: 'choose' } },
  { name: 'connect-review', world: 'typical', to: review('truelayer') },
  { name: 'connect-review-again', world: 'typical', to: review('truelayer', 'starling') },
  { name: 'connect-parameters', world: 'typical', to: review('shopify') },
  { name: 'connect-window', world: 'typical', act: attempt('embedded') },
  { name: 'connect-window-stalled', world: 'typical', act: attempt('embedded', { hint: 'stalled' }) },
  { name: 'connect-window-certificate', world: 'typical', act: attempt('embedded', { hint: 'certificateRefused' }) },
  { name: 'connect-browser', world: 'typical', act: attempt('browser') },
  { name: 'connect-device', world: 'typical', act: attempt('device') },
  { name: 'connect-exchanging', world: 'typical', act: attempt('browser', { phase: 'exchanging' }) },
  { name: 'connect-done', world: 'typical', act: attempt('browser', { phase: 'succeeded' }) },
  { name: 'connect-failed', world: 'typical', act: attempt('browser', { phase: 'failed', error: { code: 'provider_trouble', params: { provider: 'TrueLayer' }, detail: '503 from token endpoint' } }) },
  { name: 'connect-expired', world: 'typical', act: attempt('browser', { phase: 'expired' }) },
  { name: 'connect-cancelled', world: 'typical', act: attempt('browser', { phase: 'cancelled' }) },
  { name: 'connect-banks', world: 'banks', to: { screen: 'connect', step: 'institutions', configKey: 'pluggy' } },
  { name: 'connect-banks-many', world: 'tenthousand', to: { screen: 'connect', step: 'institutions', configKey: 'pluggy' } },
  { name: 'connect-bank', world: 'banks', to: { screen: 'connect', step: 'institution', configKey: 'pluggy', institution: 215 } },
  { name: 'connect-bank-long', world: 'banks', to: { screen: 'connect', step: 'institution', configKey: 'pluggy', institution: 260 } },
  { name: 'connect-bank-offline', world: 'banks', to: { screen: 'connect', step: 'institution', configKey: 'pluggy', institution: 619 } },
  { name: 'connect-link-working', world: 'banks', to: link('bradesco'), act: moved('bradesco', { phase: 'working', action: null, products: [product('ACCOUNTS', 'done'), product('TRANSACTIONS', 'running'), product('CREDIT_CARDS', 'waiting')] }) },
  { name: 'connect-link-question', world: 'banks', to: link('bradesco'), act: moved('bradesco', { phase: 'question', action: null, question }) },
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

  { name: 'notice-words', world: 'calm', act: async ({ session }) => { session.notice = { words: 'Blue Harbour shop' }; } },
  { name: 'notice-failure', world: 'calm', act: async ({ session }) => { session.notice = { failure: storage }; } },
];
