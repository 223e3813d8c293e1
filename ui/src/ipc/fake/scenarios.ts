/** Starting points of the in-memory world, by name. */
import { providers } from './catalogue';
import type {
  AccountView,
  ActivityKind,
  ActivityView,
  AppState,
  CodatView,
  Category,
  ConfigView,
  ConnectionView,
  Failure,
  InstitutionView,
  LinkView,
} from '../types.gen';
import { keyOf } from '../client';
import { institutions, tenThousand } from './banks';
import { codatConfig, codatRow, company, everyState, lenderConfig, noTexts, platforms, type CodatShelf } from './companies';
import { banksOfEveryPhase, manyAccounts, pluggyConfig } from './pluggy';

export interface World {
  app: AppState;
  configs: ConfigView[];
  connections: ConnectionView[];
  activity: ActivityView[];
  institutions: InstitutionView[];
  links: LinkView[];
  accounts: AccountView[];
  /** Makes `connections_list` fail, or never answer. */
  lists: 'answer' | 'silent' | Failure;
  codat: CodatShelf;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An instant before (negative: after) now. */
export function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

export const scenarioNames = [
  'firstrun',
  'nokeychain',
  'locked',
  'lockedkeychain',
  'broken',
  'empty',
  'keys',
  'calm',
  'typical',
  'one',
  'offline',
  'many',
  'banks',
  'tenthousand',
  'manyaccounts',
  'codat',
  'lender',
  'loading',
  'failed',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

function appState(): AppState {
  return {
    phase: 'ready',
    protection: 'keychain',
    keychain: { available: true, reason: null },
    problem: null,
    version: '0.1.0',
    platform: 'linux',
    systemLanguage: 'en-GB',
    profileFolder: '/home/ana/.local/share/mooring',
    settings: {
      language: 'system',
      theme: 'system',
      surface: 'automatic',
      autoLock: 'never',
      whileLocked: 'nothing',
      lastSeenVersion: '0.1.0',
      notices: 'needsMe',
      tray: false,
      closing: 'ask',
    },
  };
}

export function connection(
  view: Partial<ConnectionView> & Pick<ConnectionView, 'configKey' | 'connectionId'>,
): ConnectionView {
  return {
    provider: 'custom',
    source: 'oauth',
    approach: 'approval',
    parameters: {},
    providerName: view.configKey,
    brandColor: null,
    category: 'banking',
    sandbox: false,
    displayName: view.nickname ?? view.accountHolder ?? view.connectionId,
    nickname: null,
    accountHolder: null,
    company: null,
    status: 'Linked',
    paused: false,
    syncing: false,
    reachability: { kind: 'reachable' },
    needs: { kind: 'nothing' },
    scopesAsked: ['accounts', 'balance', 'transactions'],
    scopesGranted: ['accounts', 'balance', 'transactions'],
    createdAt: ago(210 * DAY),
    firstAuthorizedAt: ago(210 * DAY),
    lastAuthorizedAt: ago(30 * DAY),
    lastRefreshedAt: ago(22 * MINUTE),
    lastSyncedAt: ago(14 * MINUTE),
    lastUsedAt: ago(3 * HOUR),
    accessExpiresAt: ago(-38 * MINUTE),
    renewable: true,
    holdsUntil: null,
    holdRenews: false,
    ...view,
  };
}

export function config(view: Partial<ConfigView> & Pick<ConfigView, 'configKey'>): ConfigView {
  return {
    source: 'oauth',
    approach: 'approval',
    parameters: providers.find((one) => one.id === view.provider)?.parameters ?? [],
    pluggy: null,
    codat: null,
    provider: 'custom',
    providerName: view.configKey,
    brandColor: null,
    category: 'banking',
    clientId: '7E2C41B0A9F84D6E',
    hasSecret: true,
    scopes: [],
    issuer: null,
    host: 'login.example.com',
    redirectUri: 'http://127.0.0.1/callback',
    sandbox: false,
    connections: 0,
    createdAt: ago(210 * DAY),
    ...view,
  };
}

const xero = { configKey: 'xero', provider: 'xero', providerName: 'Xero', brandColor: '#13b5ea', category: 'accounting' as const };
const stripe = { configKey: 'stripe', provider: 'stripe', providerName: 'Stripe', brandColor: '#635bff', category: 'payments' as const };
const shopify = { configKey: 'shopify', provider: 'shopify', providerName: 'Shopify', brandColor: '#95bf47', category: 'commerce' as const };
const truelayer = { configKey: 'truelayer', provider: 'truelayer', providerName: 'TrueLayer', brandColor: '#1f1a4d', category: 'banking' as const };
const itau = { configKey: 'itau', provider: 'custom', providerName: 'Itaú', brandColor: '#ec7000', category: 'banking' as const };
const gusto = { configKey: 'gusto', provider: 'gusto', providerName: 'Gusto', brandColor: '#f45d48', category: 'payroll' as const };
const practice = { configKey: 'practice-bank', provider: 'sandbox', providerName: 'Harbour Bank (Sandbox)', brandColor: '#0f5f6b', category: 'banking' as const, sandbox: true };

function configs(): ConfigView[] {
  return [
    config({ ...itau, host: 'id.itau.com.br', issuer: 'https://id.itau.com.br', scopes: ['accounts', 'balance'] }),
    config({ ...shopify, host: 'blue-harbour.myshopify.com', scopes: ['read_orders', 'read_products'] }),
    config({ ...stripe, host: 'connect.stripe.com', scopes: ['read_only'] }),
    config({ ...truelayer, host: 'auth.truelayer.com', scopes: ['accounts', 'balance', 'transactions', 'offline_access'] }),
    config({
      ...xero,
      host: 'login.xero.com',
      hasSecret: false,
      scopes: ['accounting.transactions.read', 'accounting.contacts.read', 'offline_access'],
    }),
    config({ ...gusto, host: 'api.gusto.com', scopes: ['payrolls:read'] }),
  ];
}

function calm(): ConnectionView[] {
  return [
    connection({ ...itau, connectionId: 'ana', nickname: 'Conta da casa', accountHolder: 'Ana Ribeiro', holdsUntil: ago(-173 * DAY) }),
    connection({ ...truelayer, connectionId: 'monzo-joint', nickname: 'Joint account', accountHolder: 'Ana Ribeiro', holdsUntil: ago(-64 * DAY) }),
    connection({
      ...xero,
      connectionId: 'studio',
      accountHolder: 'Ribeiro Studio Ltd',
      holdsUntil: ago(-60 * DAY),
      holdRenews: true,
      lastSyncedAt: ago(2 * HOUR),
      scopesAsked: ['accounting.transactions.read', 'accounting.contacts.read', 'accounting.reports.read', 'offline_access'],
      scopesGranted: ['accounting.transactions.read', 'accounting.contacts.read', 'offline_access'],
    }),
    connection({ ...stripe, connectionId: 'acct_1N7', accountHolder: 'Ribeiro Studio', lastSyncedAt: ago(51 * MINUTE), lastUsedAt: null, scopesAsked: ['read_only'], scopesGranted: ['read_only'] }),
    connection({ ...shopify, connectionId: 'blue-harbour', nickname: 'Blue Harbour shop', lastSyncedAt: ago(26 * MINUTE), scopesAsked: ['read_orders'], scopesGranted: ['read_orders'] }),
  ];
}

function typical(): ConnectionView[] {
  const [home, joint, studio, payments, shop] = calm() as [
    ConnectionView, ConnectionView, ConnectionView, ConnectionView, ConnectionView,
  ];
  return [
    { ...home, holdsUntil: ago(-9 * DAY) },
    joint,
    studio,
    { ...payments, reachability: { kind: 'providerTrouble', since: ago(40 * MINUTE), retryAt: ago(-12 * MINUTE) } },
    shop,
    connection({
      ...truelayer,
      connectionId: 'starling',
      nickname: 'Starling savings',
      accountHolder: 'Ana Ribeiro',
      status: 'Deauthorized',
      needs: { kind: 'approval', reason: 'grantRefused' },
      lastSyncedAt: ago(2 * DAY),
      holdsUntil: ago(2 * DAY),
    }),
    connection({ ...gusto, connectionId: 'payroll', accountHolder: 'Ribeiro Studio LLC', paused: true, lastSyncedAt: ago(12 * DAY), scopesAsked: ['payrolls:read'], scopesGranted: ['payrolls:read'] }),
    connection({ ...xero, connectionId: 'old-company', nickname: 'Old company', status: 'Unlinked', needs: { kind: 'approval', reason: 'disconnected' }, lastSyncedAt: ago(95 * DAY), renewable: false }),
    connection({ ...practice, connectionId: 'practice', accountHolder: 'Pat Sample', lastUsedAt: null, createdAt: ago(2 * DAY), firstAuthorizedAt: ago(2 * DAY), lastAuthorizedAt: ago(2 * DAY) }),
  ];
}

const INSTITUTIONS = ['Northwind', 'Banco Aurora', 'Caixa do Vale', 'Fjord', 'Lighthouse', 'Pinewood', 'Alvorada', 'Meridian'];
const COLORS = ['#1d4e89', '#b8336a', '#00916e', '#c26a00', '#5a3e9b', '#2f6f4f', '#98244b', '#3d5a80'];
const CATEGORIES: Category[] = ['banking', 'accounting', 'commerce', 'payments', 'payroll', 'other'];

function many(): ConnectionView[] {
  return Array.from({ length: 1000 }, (_, index) => {
    const which = index % INSTITUTIONS.length;
    return connection({
      configKey: `key-${which}`,
      connectionId: `client-${index + 1}`,
      providerName: INSTITUTIONS[which] ?? '',
      brandColor: COLORS[which] ?? null,
      category: CATEGORIES[(index * 7) % CATEGORIES.length] ?? 'other',
      accountHolder: `Client ${index + 1}`,
      lastSyncedAt: ago((index % 240) * MINUTE),
      ...(index % 311 === 17 ? { status: 'Deauthorized', needs: { kind: 'approval', reason: 'consentEnded' } } : {}),
    });
  });
}

function history(connections: ConnectionView[]): ActivityView[] {
  const kinds: [ActivityKind, Record<string, string>][] = [
    ['refreshed', {}],
    ['token_given', { caller: 'ledger-import' }],
    ['refreshed', {}],
    ['refresh_failed', { code: 'provider_trouble' }],
    ['reconnected', {}],
    ['deauthorized', { reason: 'grantRefused' }],
    ['foreign_answer_refused', {}],
    ['token_refused', { caller: 'old-script', code: 'not_approved' }],
    ['renamed', {}],
    ['connected', {}],
    ['authorization_started', {}],
  ];
  const lines: ActivityView[] = [];
  const total = connections.length === 0 ? 0 : 120;
  for (let index = 0; index < total; index += 1) {
    const of = connections[(index * 7) % connections.length];
    const [kind, params] = kinds[index % kinds.length] ?? ['refreshed', {}];
    if (!of) continue;
    lines.push({
      sequence: total - index,
      at: ago(index * index * 4 * MINUTE + 3 * MINUTE),
      connection: keyOf(of),
      connectionName: of.displayName,
      providerName: of.providerName,
      kind,
      params,
    });
  }
  return lines;
}

function counted(world: World): World {
  for (const one of world.configs) {
    one.connections = world.connections.filter((each) => each.configKey === one.configKey).length;
  }
  if (world.connections.some((each) => each.sandbox)) {
    world.configs.push(config({ ...practice, host: '127.0.0.1:4110', connections: 1 }));
  }
  return world;
}

/** The world of a scenario, made anew. */
export function worldOf(name: ScenarioName): World {
  const app = appState();
  const world = (connections: ConnectionView[], lists: World['lists'] = 'answer'): World =>
    counted({
      app,
      configs: connections.length ? configs() : [],
      connections,
      activity: history(connections),
      institutions,
      links: [],
      accounts: [],
      lists,
      codat: { companies: [], platforms, views: [], origins: [], texts: noTexts },
    });
  const withPluggy = (more: Partial<World>): World => {
    const all = world([...(more.connections ?? []), ...calm().slice(2)]);
    return { ...all, configs: [...all.configs, pluggyConfig({ connections: more.connections?.length ?? 0 })], ...more, connections: all.connections };
  };
  const withCodat = (views: CodatView[]): World => {
    const all = world([...views.map((one) => codatRow(one)), ...calm().slice(0, 1), ...banksOfEveryPhase().connections.slice(0, 1)]);
    const codat: CodatShelf = {
      companies: [
        company('c-studio', 'Ribeiro Studio', { connections: 4, description: 'Design' }),
        company('c-harbor', 'Blue Harbor Shop', { connections: 4 }),
        company('c-new', 'Quiet Pier Books', { connections: 0, lastSyncedAt: null }),
      ],
      platforms,
      views,
      origins: ['https://www.ribeiro.example', 'https://clients.ribeiro.example:8443'],
      texts: noTexts,
    };
    const keys = views.some((one) => one.mode === 'apiKey') ? [codatConfig({ connections: 8 }), lenderConfig()] : [lenderConfig()];
    return { ...all, configs: [...all.configs, ...keys], links: banksOfEveryPhase().links, codat };
  };
  switch (name) {
    case 'firstrun':
      return { ...world([]), app: { ...app, phase: 'firstRun', protection: null } };
    case 'nokeychain':
      return {
        ...world([]),
        app: { ...app, phase: 'firstRun', protection: null, keychain: { available: false, reason: 'noService' } },
      };
    case 'locked':
      return { ...world(typical()), app: { ...app, phase: 'locked', protection: 'passphrase' } };
    case 'lockedkeychain':
      return {
        ...world(typical()),
        app: {
          ...app,
          phase: 'locked',
          keychain: { available: false, reason: 'locked' },
          problem: { code: 'keychain_unavailable', params: { reason: 'locked' }, detail: 'org.freedesktop.Secret.Error.IsLocked' },
        },
      };
    case 'broken':
      return {
        ...world([]),
        app: { ...app, phase: 'broken', problem: { code: 'vault_in_use', params: {}, detail: 'lock held by process 4120' } },
      };
    case 'empty':
      return world([]);
    case 'keys':
      return { ...world([]), configs: configs() };
    case 'calm':
      return world(calm());
    case 'typical':
      return world(typical());
    case 'one':
      return world(calm().slice(2, 3));
    case 'offline':
      return world(calm().map((one) => ({ ...one, reachability: { kind: 'offline', since: ago(6 * MINUTE), retryAt: ago(-MINUTE) } })));
    case 'many':
      return world(many());
    case 'banks':
      return withPluggy(banksOfEveryPhase());
    case 'tenthousand':
      return withPluggy({ institutions: tenThousand() });
    case 'manyaccounts':
      return withPluggy(manyAccounts());
    case 'codat':
      return withCodat(everyState());
    case 'lender':
      return withCodat(everyState().filter((one) => one.mode === 'accessToken'));
    case 'loading':
      return world(calm(), 'silent');
    case 'failed':
      return world(calm(), { code: 'storage', params: {}, detail: 'disk I/O error (code 1546)' });
    default:
      return name satisfies never;
  }
}
