/** Invented companies, platforms and connections of Codat, for the core in memory. */
import { keyOf } from '../client';
import type {
  Category,
  CodatActionView,
  CodatConfigView,
  CodatDataType,
  CodatTexts,
  CodatView,
  CompanyView,
  ConfigView,
  ConnectionKey,
  ConnectionView,
  IntegrationView,
  OperationView,
} from '../types.gen';
import { providers } from './catalogue';
import { ago, config, connection } from './scenarios';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the core in memory knows of Codat. */
export interface CodatShelf {
  companies: CompanyView[];
  platforms: IntegrationView[];
  views: CodatView[];
  origins: string[];
  texts: CodatTexts;
}

const own: CodatConfigView = {
  mode: 'apiKey',
  tokenHost: null,
  company: null,
  redirectTemplate: 'http://127.0.0.1:4180/codat?mooring={mooring}&statuscode={statusCode}&connectionId={connectionId}',
  abilities: ['chooseCompany', 'createCompany', 'connect', 'readHistory', 'editOrigins'],
  listedAt: ago(2 * HOUR),
  listFailure: null,
};

export function codatConfig(view: Partial<ConfigView> = {}, codat: Partial<CodatConfigView> = {}): ConfigView {
  return config({
    configKey: 'codat',
    source: 'codat',
    provider: 'codat',
    providerName: 'Codat',
    brandColor: '#4b0fff',
    category: 'accounting',
    clientId: '',
    host: 'api.codat.io',
    codat: { ...own, ...codat },
    ...view,
  });
}

export function lenderConfig(): ConfigView {
  return codatConfig(
    { configKey: 'lender' },
    { mode: 'accessToken', tokenHost: 'portal.lender.example', company: 'c-studio', abilities: [], listedAt: ago(HOUR) },
  );
}

export function company(id: string, name: string, view: Partial<CompanyView> = {}): CompanyView {
  return {
    id,
    name,
    description: null,
    createdBy: null,
    createdAt: ago(200 * DAY),
    lastSyncedAt: ago(3 * HOUR),
    tags: {},
    connections: 1,
    ...view,
  };
}

const accounting = ['company', 'invoices', 'bills', 'customers', 'suppliers', 'payments', 'profitAndLoss', 'balanceSheet'];
const banking = ['banking-accounts', 'banking-accountBalances', 'banking-transactions'];
const commerce = ['commerce-companyInfo', 'commerce-orders', 'commerce-products', 'commerce-payments'];

function platform(key: string, name: string, category: Category, view: Partial<IntegrationView> = {}): IntegrationView {
  return {
    key,
    name,
    category,
    sourceType: { accounting: 'Accounting', banking: 'Banking', commerce: 'Commerce' }[category as 'banking'] ?? 'Other',
    enabled: true,
    sandbox: false,
    onThisComputer: false,
    beta: false,
    dataProvidedBy: null,
    dataTypes: { accounting, banking, commerce }[category as 'banking'] ?? [],
    ...view,
  };
}

export const platforms: IntegrationView[] = [
  platform('gbol', 'Xero', 'accounting'),
  platform('qhyg', 'QuickBooks Online', 'accounting'),
  platform('pqsw', 'QuickBooks Desktop', 'accounting', { onThisComputer: true }),
  platform('knfz', 'Sage Intacct', 'accounting'),
  platform('akxx', 'Oracle NetSuite', 'accounting', { enabled: false }),
  platform('rwuv', 'Zoho Books', 'accounting', { beta: true }),
  platform('suuo', 'Plaid', 'banking', { dataProvidedBy: 'Plaid' }),
  platform('upvr', 'TrueLayer', 'banking', { dataProvidedBy: 'TrueLayer' }),
  platform('fztf', 'Shopify', 'commerce'),
  platform('zsth', 'Square', 'commerce'),
  platform('exgd', 'Stripe', 'commerce'),
  platform('mqjo', 'Sandbox', 'accounting', { sandbox: true }),
  platform('aiwb', 'Commerce Sandbox', 'commerce', { sandbox: true }),
  platform('hcws', 'QuickBooks Online Bank Feeds', 'other', { sourceType: 'BankFeed' }),
];

/** What may be done in a status, as the core says it. */
export function actionsOf(status: CodatView['status'], oneCompany: boolean): CodatActionView[] {
  const keep = { endsAccess: false, codatKeepsData: true, canBeUndone: true };
  const end = (codatKeepsData: boolean) => ({ endsAccess: true, codatKeepsData, canBeUndone: codatKeepsData });
  const remove: CodatActionView[] = oneCompany ? [] : [{ action: 'delete', ...end(false) }];
  if (status === 'PendingAuth') return [{ action: 'link', ...keep }, ...remove];
  if (status !== 'Linked') return [{ action: 'reauthorize', ...keep }, ...remove];
  const read: CodatActionView[] = oneCompany ? [] : [{ action: 'refresh', ...keep }];
  return [...read, { action: 'pause', ...keep }, { action: 'unlink', ...end(true) }, ...remove];
}

export function operation(id: string, view: Partial<OperationView> = {}): OperationView {
  return {
    id,
    dataType: 'invoices',
    phase: 'done',
    statusWord: 'Complete',
    over: true,
    progress: null,
    message: null,
    pausedUntil: null,
    requestedAt: ago(3 * HOUR),
    completedAt: ago(3 * HOUR - MINUTE),
    ...view,
  };
}

function types(names: string[], change: Record<string, Partial<CodatDataType>> = {}): CodatDataType[] {
  return names.map((dataType) => ({
    dataType,
    phase: 'done',
    statusWord: 'Complete',
    lastSyncedAt: ago(3 * HOUR),
    ...change[dataType],
  }));
}

export function typesOf(category: Category): CodatDataType[] {
  return types({ accounting, banking, commerce }[category as 'banking'] ?? []);
}

export function codatView(key: ConnectionKey, view: Partial<CodatView> = {}): CodatView {
  const status = view.status ?? 'Linked';
  const mode = view.mode ?? 'apiKey';
  return {
    ...key,
    company: 'c-studio',
    companyName: 'Ribeiro Studio',
    dataConnection: '8a156a5a-39cb-4f9d-856e-76ef9b9a9607',
    platformName: 'Xero',
    platform: 'gbol',
    category: 'accounting',
    status,
    statusWord: status,
    gone: false,
    organization: null,
    otherOrganization: null,
    createdAt: ago(180 * DAY),
    firstAuthorizedAt: ago(180 * DAY),
    lastSyncedAt: ago(3 * HOUR),
    dataTypes: mode === 'accessToken' ? [] : types(accounting),
    operations: [],
    problems: [],
    resolvedProblems: 0,
    notes: [],
    actions: actionsOf(status, mode === 'accessToken'),
    disconnect: 'unlink',
    pause: 'ownSyncs',
    connectorPausedUntil: null,
    texts: [],
    attempt: null,
    error: null,
    mode,
    ...view,
  };
}

/** The row of a connection through Codat. */
export function codatRow(view: CodatView, more: Partial<ConnectionView> = {}): ConnectionView {
  const pending = view.status === 'PendingAuth';
  const needs: ConnectionView['needs'] =
    view.status === 'Linked'
      ? { kind: 'nothing' }
      : {
          kind: 'approval',
          reason: pending ? 'notApproved' : view.status === 'Unlinked' ? 'disconnected' : 'grantRefused',
        };
  return connection({
    ...keyOf(view),
    provider: 'codat',
    source: 'codat',
    providerName: view.platformName,
    brandColor: providers.find((one) => one.name === view.platformName)?.brandColor ?? null,
    category: view.category,
    accountHolder: view.companyName,
    company: { id: view.company, name: view.companyName },
    displayName: view.companyName ?? view.platformName,
    status: view.status,
    syncing: view.operations.some((one) => !one.over),
    needs,
    scopesAsked: [],
    scopesGranted: [],
    createdAt: view.createdAt ?? ago(0),
    firstAuthorizedAt: view.firstAuthorizedAt,
    lastAuthorizedAt: view.firstAuthorizedAt,
    lastRefreshedAt: null,
    lastSyncedAt: view.lastSyncedAt,
    lastUsedAt: null,
    accessExpiresAt: null,
    renewable: false,
    ...more,
  });
}

export const noTexts: CodatTexts = {
  accounting: { entries: [], shown: [] },
  banking: { entries: [], shown: [] },
  commerce: { entries: [], shown: [] },
  skipped: 0,
  json: '{"text":{}}',
};

const at = (connectionId: string): ConnectionKey => ({ configKey: 'codat', connectionId });

/** One connection in each state, in two companies, and one through a lender. */
export function everyState(): CodatView[] {
  const never = { firstAuthorizedAt: null, lastSyncedAt: null, dataTypes: [] };
  const harbor = { company: 'c-harbor', companyName: 'Blue Harbor Shop' };
  return [
    codatView(at('xero'), {
      disconnect: 'unlinkOrDelete',
      organization: 'Ribeiro Studio Ltd',
      texts: [
        [{ kind: 'paragraph', content: [{ kind: 'strong', content: [{ kind: 'text', text: 'Invoices' }] }, { kind: 'text', text: ' that you sent and received' }] }],
        [{ kind: 'paragraph', content: [{ kind: 'text', text: 'Your customers; ' }, { kind: 'link', address: 'https://ribeiro.example/privacy', host: 'ribeiro.example', content: [{ kind: 'text', text: 'how we use them' }] }] }],
      ],
      dataTypes: types(accounting, {
        bills: { phase: 'failed', statusWord: 'FetchError', lastSyncedAt: ago(2 * DAY) },
        profitAndLoss: { phase: 'notSupported', statusWord: 'NotSupported', lastSyncedAt: null },
        balanceSheet: { phase: null, statusWord: null, lastSyncedAt: null },
      }),
      operations: [
        operation('op-1', { dataType: 'invoices', phase: 'running', statusWord: 'Fetching', over: false, progress: 64, completedAt: null }),
        operation('op-2', { dataType: 'customers', phase: 'waiting', statusWord: 'Queued', over: false, progress: 0, completedAt: null }),
        operation('op-3', { dataType: 'suppliers' }),
      ],
    }),
    codatView(at('desktop'), {
      platformName: 'QuickBooks Desktop',
      platform: 'pqsw',
      pause: 'ownSyncsAndConnectorElsewhere',
      connectorPausedUntil: ago(-5 * HOUR),
      notes: [{ name: 'Web Connector', value: 'Last seen 6 hours ago; the computer may be off' }],
      dataTypes: types(['invoices', 'bills'], { invoices: { phase: 'waiting', statusWord: 'Queued' } }),
    }),
    codatView(at('square'), { ...harbor, platformName: 'Square', platform: 'zsth', category: 'commerce', status: 'Unlinked', dataTypes: types(commerce), lastSyncedAt: ago(40 * DAY) }),
    codatView(at('plaid'), {
      ...harbor,
      platformName: 'Plaid',
      platform: 'suuo',
      category: 'banking',
      status: 'Deauthorized',
      dataTypes: types(banking, { 'banking-transactions': { phase: 'needsApproval', statusWord: 'AuthError' } }),
      problems: [
        { statusCode: '400', statusText: 'ITEM_LOGIN_REQUIRED', message: 'The login details of this item have changed.', at: ago(20 * HOUR) },
        { statusCode: null, statusText: null, message: null, at: null },
      ],
      resolvedProblems: 2,
      lastSyncedAt: ago(2 * DAY),
    }),
    codatView(at('netsuite'), { platformName: 'Sage Intacct', platform: 'knfz', status: 'PendingAuth', ...never }),
    codatView(at('quickbooks'), {
      ...harbor,
      platformName: 'QuickBooks Online',
      platform: 'qhyg',
      organization: 'Old Pier LLC',
      otherOrganization: { before: 'Blue Harbor Shop LLC', after: 'Old Pier LLC' },
    }),
    codatView(at('gone'), { ...harbor, platformName: 'Shopify', platform: 'fztf', category: 'commerce', status: 'Unlinked', gone: true, actions: [], dataTypes: [], lastSyncedAt: ago(90 * DAY) }),
    codatView(at('strange'), {
      platformName: 'Zoho Books',
      platform: 'rwuv',
      statusWord: 'Migrating',
      error: { code: 'provider_trouble', params: { provider: 'Codat', correlationId: '4f3c2b1a09d84e76a5b4c3d2e1f00918' }, detail: '503 from PublicApi' },
    }),
    codatView({ configKey: 'lender', connectionId: 'stripe' }, { platformName: 'Stripe', platform: 'exgd', category: 'commerce', mode: 'accessToken' }),
  ];
}
