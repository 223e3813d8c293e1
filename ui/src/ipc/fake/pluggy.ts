/** The aggregator's half of the core in memory: keys, institutions, links that a test or a clock moves, accounts. */
import { keyOf, keyText, sameKey } from '../client';
import type {
  AccountView,
  ActivityKind,
  Commands,
  ConfigView,
  ConnectionKey,
  ConnectionView,
  CoreEvent,
  DraftFinding,
  ErrorCode,
  Failure,
  InstitutionView,
  LinkView,
  Needs,
  PluggyDraft,
} from '../types.gen';
import * as banks from './banks';
import { ago, config, connection, type World } from './scenarios';

type Name = Extract<
  keyof Commands,
  `pluggy_${string}` | `institution${string}` | `link_${string}` | 'widget_open' | 'accounts_list'
>;
export type PluggyHandlers = {
  [N in Name]: (request: Commands[N]['request']) => Commands[N]['response'] | Promise<Commands[N]['response']>;
};

/** What this half needs of the whole. */
export interface Door {
  world: World;
  tell: (event: CoreEvent) => void;
  put: (view: ConnectionView) => ConnectionView;
  remove: (key: ConnectionKey) => void;
  write: (of: ConnectionView, kind: ActivityKind, params?: Record<string, string>) => void;
  refuse: (code: ErrorCode, params?: Record<string, string>) => Failure;
}

function findings(draft: PluggyDraft, taken: ConfigView[]): DraftFinding[] {
  const found: DraftFinding[] = [];
  const add = (field: string, problem: string) => found.push({ field, problem, blocking: true });
  if (!draft.configKey) add('configKey', 'empty');
  else if (taken.some((one) => one.configKey === draft.configKey)) add('configKey', 'taken');
  if (draft.connectTokenEndpoint !== null) {
    if (draft.connectTokenEndpoint === '') add('connectTokenEndpoint', 'empty');
    else if (!draft.connectTokenEndpoint.startsWith('https://')) add('connectTokenEndpoint', 'notHttps');
  } else {
    if (!draft.clientId) add('clientId', 'empty');
    if (!draft.clientSecret) add('clientSecret', 'required');
  }
  const redirect = draft.oauthRedirectUri;
  if (redirect !== null) {
    if (!redirect.startsWith('https://')) add('oauthRedirectUri', 'notHttps');
    else if (redirect.includes('//localhost')) add('oauthRedirectUri', 'localhost');
    else if (redirect.includes('//127.')) add('oauthRedirectUri', 'loopback');
    else if (redirect.includes('#')) add('oauthRedirectUri', 'fragment');
  }
  return found;
}

/** What a link asks of the person, as the connection says it. */
function needsOf(link: LinkView): Needs {
  if (link.phase === 'question') return { kind: 'answer' };
  if (link.phase === 'action') {
    return link.action?.host ? { kind: 'approval', reason: 'notApproved' } : { kind: 'actThere', reason: 'actionThere' };
  }
  if (link.phase !== 'failed' || !link.problem) return { kind: 'nothing' };
  const { remedy, reason } = link.problem;
  if (remedy === 'signInAgain' || remedy === 'connectAgain') return { kind: 'signIn', reason };
  if (remedy === 'approveAgain') return { kind: 'approval', reason: 'consentEnded' };
  return remedy === 'wait' ? { kind: 'nothing' } : { kind: 'actThere', reason };
}

export function pluggyWorld(door: Door) {
  const { world, refuse } = door;
  let names = 0;

  const listOf = (configKey: string): InstitutionView[] => {
    const of = world.configs.find((one) => one.configKey === configKey);
    if (!of) throw refuse('unknown_config');
    const real = of.sandbox ? [] : world.institutions;
    return of.sandbox || of.pluggy?.includeSandbox ? [...real, ...banks.practiceBanks] : real;
  };
  const bank = (configKey: string, id: number): InstitutionView => {
    const found = listOf(configKey).find((one) => one.id === id);
    if (!found) throw refuse('bad_input', { field: 'institution', problem: 'unknown' });
    return found;
  };
  const linkOf = (key: ConnectionKey): LinkView => {
    const found = world.links.find((one) => sameKey(one, key));
    if (!found) throw refuse('unknown_connection');
    return found;
  };
  function move(key: ConnectionKey, change: Partial<LinkView>): LinkView {
    const before = linkOf(key);
    const after: LinkView = { ...before, question: null, action: null, problem: null, error: null, ...change };
    world.links = world.links.map((one) => (sameKey(one, key) ? after : one));
    const view = world.connections.find((one) => sameKey(one, key));
    const done = after.phase === 'done' || after.phase === 'doneWithGaps';
    if (done) {
      after.linkedBefore = before.linkedBefore;
      after.lastUpdatedAt = ago(0);
      if (!world.accounts.some((one) => sameKey(one, key))) world.accounts.push(...banks.accountsFor(key, after.institution));
    }
    if (view) {
      door.put({
        ...view,
        needs: needsOf(after),
        syncing: after.phase === 'working',
        ...(done ? { status: 'Linked', lastSyncedAt: ago(0), firstAuthorizedAt: view.firstAuthorizedAt ?? ago(0) } : {}),
      });
    }
    door.tell({ type: 'linkChanged', link: after });
    if (done) door.tell({ type: 'accountsChanged', key: keyOf(after) });
    return after;
  }
  function save(draft: PluggyDraft, editing: boolean): ConfigView {
    const before = world.configs.find((one) => one.configKey === draft.configKey);
    const kept = editing && before?.hasSecret ? ['clientSecret'] : [];
    const wrong = findings(draft, editing ? [] : world.configs).filter((one) => !kept.includes(one.field));
    if (wrong.length > 0) throw refuse('bad_input', { field: wrong[0]?.field ?? '', problem: wrong[0]?.problem ?? '' });
    const made = pluggyConfig({
      ...before,
      configKey: draft.configKey,
      clientId: draft.clientId ?? '',
      hasSecret: draft.clientSecret !== null || (before?.hasSecret ?? false),
      pluggy: {
        connectTokenEndpoint: draft.connectTokenEndpoint,
        clientUserId: draft.clientUserId,
        oauthRedirectUri: draft.oauthRedirectUri,
        includeSandbox: draft.includeSandbox,
      },
    });
    world.configs = [...world.configs.filter((one) => one.configKey !== made.configKey), made];
    door.tell({ type: 'configsChanged' });
    return made;
  }

  const handlers: PluggyHandlers = {
    pluggy_check: (draft) => findings(draft, world.configs),
    pluggy_create: (draft) => save(draft, false),
    pluggy_edit: (draft) => save(draft, true),
    pluggy_practice() {
      const made = pluggyConfig({ configKey: 'pluggy-practice', sandbox: true, host: '127.0.0.1:4111' });
      if (!world.configs.some((one) => one.configKey === made.configKey)) world.configs.push(made);
      door.tell({ type: 'configsChanged' });
      return made;
    },
    institutions_list: ({ configKey }) => listOf(configKey),
    institution_form: ({ configKey, institution }) => banks.formOf(bank(configKey, institution)),
    institution_check({ values }) {
      const cpf = values['cpf'];
      return cpf !== undefined && !/^\d{11}$/.test(cpf) ? [{ field: 'cpf', problem: 'mismatch', blocking: true }] : [];
    },
    link_begin({ configKey, institution: id, connectionId }) {
      const of = bank(configKey, id);
      if (of.health === 'offline') throw refuse('institution_offline', { provider: of.name });
      names += 1;
      const key = { configKey, connectionId: connectionId ?? String(names).padStart(32, 'b') };
      const made = banks.link(key, { institution: of.name, institutionId: id });
      world.links.push(made);
      door.put(bankConnection(key, of.name, { brandColor: of.brandColor, sandbox: of.sandbox, status: 'PendingAuth', syncing: true, firstAuthorizedAt: null, lastSyncedAt: null }));
      return made;
    },
    link_show: linkOf,
    link_answer: ({ key }) => move(key, { phase: 'working' }),
    link_form: (key) => banks.formOf(bank(key.configKey, linkOf(key).institutionId)),
    link_sign_in: ({ key }) => move(key, { phase: 'working' }),
    link_retry: (key) => move(key, { phase: 'working' }),
    link_open({ key, surface }) {
      const { action } = linkOf(key);
      if (!action) throw refuse('answer_too_late');
      return move(key, { phase: 'action', action: { ...action, surface: surface ?? 'embedded', attempt: '1'.repeat(32) } });
    },
    link_cancel(key) {
      const { linkedBefore } = linkOf(key);
      if (linkedBefore) {
        move(key, { phase: 'done' });
        return null;
      }
      world.links = world.links.filter((one) => !sameKey(one, key));
      door.remove(key);
      return null;
    },
    widget_open: () => null,
    accounts_list: ({ key }) => world.accounts.filter((one) => key === null || sameKey(one, key)),
  };
  return { handlers, move };
}

export function pluggyConfig(view: Partial<ConfigView>): ConfigView {
  return config({
    configKey: 'pluggy',
    source: 'pluggy',
    provider: 'pluggy',
    providerName: 'Pluggy',
    brandColor: '#ef294b',
    host: 'api.pluggy.ai',
    pluggy: { connectTokenEndpoint: null, clientUserId: 'ana@ribeiro.example', oauthRedirectUri: null, includeSandbox: false },
    ...view,
  });
}

export function bankConnection(key: ConnectionKey, name: string, view: Partial<ConnectionView> = {}): ConnectionView {
  return connection({
    ...key,
    provider: 'pluggy',
    source: 'pluggy',
    providerName: name,
    nickname: null,
    displayName: name,
    scopesAsked: [],
    scopesGranted: [],
    accessExpiresAt: null,
    renewable: false,
    lastRefreshedAt: null,
    lastSyncedAt: ago(3 * 3_600_000),
    ...view,
  });
}

const key = (connectionId: string): ConnectionKey => ({ configKey: 'pluggy', connectionId });
const HOUR = 3_600_000;

/** One login in each phase, with the accounts of those that were read. */
export function banksOfEveryPhase(): Pick<World, 'connections' | 'links' | 'accounts'> {
  const read = { linkedBefore: true, lastUpdatedAt: ago(3 * HOUR), nextSyncAt: ago(-21 * HOUR), products: banks.allAt('done') };
  const gaps = [banks.product('ACCOUNTS', 'done'), banks.product('TRANSACTIONS', 'done'), banks.product('CREDIT_CARDS', 'failed', 'Cartões indisponíveis no momento (código 503)')];
  const links: LinkView[] = [
    banks.link(key('nubank'), { institution: 'Nubank', institutionId: 612, phase: 'done', ...read, consentExpiresAt: ago(-300 * 24 * HOUR) }),
    banks.link(key('inter'), { institution: 'Inter', institutionId: 215, phase: 'question', question: banks.question, ...read }),
    banks.link(key('bradesco'), { institution: 'Bradesco', institutionId: 603, phase: 'action', action: banks.action }),
    banks.link(key('c6'), {
      institution: 'C6 Bank', institutionId: 226, phase: 'failed', ...read,
      problem: { reason: 'wrongLogin', remedy: 'signInAgain', message: 'Usuário ou senha inválidos. Restam 2 tentativas.' },
    }),
    banks.link(key('xp'), { institution: 'XP Investimentos', institutionId: 201, phase: 'doneWithGaps', ...read, products: gaps }),
    banks.link(key('company'), { institution: 'Itaú Empresas', institutionId: 260, phase: 'done', ...read, limited: true, clientUserId: null }),
  ];
  const colors: Record<string, string> = { nubank: '#820ad1', inter: '#ff7a00', bradesco: '#cc092f', c6: '#242424', xp: '#1a1a1a', company: '#ec7000' };
  const connections = links.map((one) =>
    bankConnection(keyOf(one), one.institution, {
      brandColor: colors[one.connectionId] ?? null,
      needs: needsOf(one),
      ...(one.linkedBefore ? {} : { status: 'PendingAuth' as const, firstAuthorizedAt: null, lastAuthorizedAt: null, lastSyncedAt: null, lastUsedAt: null }),
      ...(one.connectionId === 'nubank' ? { nickname: 'Conta da Ana', displayName: 'Conta da Ana' } : {}),
    }),
  );
  const accounts = links
    .filter((one) => one.linkedBefore)
    .flatMap((one, index) => banks.accountsFor(keyOf(one), one.institution, index + 1));
  accounts.push(banks.account(key('xp'), { id: 'xp-usd', connectionName: 'XP Investimentos', name: 'Global account', kind: 'other', lastDigits: null, balance: '-1204.5', currency: 'USD' }));
  return { connections, links, accounts };
}

/** Five thousand accounts, five hundred of them behind one login, to see whether the lists bear it. */
export function manyAccounts(): Pick<World, 'connections' | 'links' | 'accounts'> {
  const links = Array.from({ length: 500 }, (_, index) =>
    banks.link(key(`login-${index}`), { institution: `Cooperativa ${index + 1}`, institutionId: 10_000 + index, phase: 'done', linkedBefore: true }),
  );
  const connections = links.map((one) => bankConnection(keyOf(one), one.institution));
  const accounts: AccountView[] = links.flatMap((one, place) =>
    Array.from({ length: place === 0 ? 509 : 9 }, (_, index) =>
      banks.account(keyOf(one), { id: `${keyText(one)}-${index}`, name: `Conta ${index + 1}`, connectionName: one.institution, balance: `${index * 100}.10` }),
    ),
  );
  return { connections, links, accounts };
}
