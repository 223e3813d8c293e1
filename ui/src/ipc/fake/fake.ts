/**
 * The core in memory: for tests, and for looking at the interface in a browser. Never part of the product.
 *
 * Keeps the rules that the interface relies on (phases, one attempt at a time, refusals with their codes); does not
 * pretend to speak OAuth.
 */
import { keyOf, sameKey, type Listeners } from '../client';
import type {
  ActivityKind,
  AttemptView,
  Commands,
  ConfigDraft,
  ConfigView,
  ConnectionKey,
  ConnectionView,
  CoreEvent,
  Failure,
  Surface,
} from '../types.gen';
import { callersWorld } from './callers';
import { providers } from './catalogue';
import { codatWorld } from './codat';
import { keyHandlers } from './keys';
import { dataWorld } from './data';
import { deskWorld } from './desk';
import { doctorWorld } from './doctor';
import { failure, findings } from './drafts';
import { pluggyWorld } from './pluggy';
import { releaseHandlers } from './release';
import { vaultWorld } from './vault';
import type { Fake } from './strings';
import { ago, config, connection, worldOf, type ScenarioName } from './scenarios';

type Handlers = {
  [N in keyof Commands]: (request: Commands[N]['request']) => Commands[N]['response'] | Promise<Commands[N]['response']>;
};

/** An in-memory core at a named starting point. */
export function fakeIpc(scenario: ScenarioName): Fake {
  const world = worldOf(scenario);
  const asked: Fake['asked'] = [];
  const doomed = new Map<keyof Commands, Failure>();
  let listeners: Listeners | null = null;
  let attempt: AttemptView | null = null;
  let names = 0;

  const tell = (event: CoreEvent) => listeners?.core(structuredClone(event));
  const toPhase = () => listeners?.phase(structuredClone(world.app));

  function find(key: ConnectionKey): ConnectionView {
    const found = world.connections.find((one) => sameKey(one, key));
    if (!found) throw failure('unknown_connection');
    return found;
  }
  function put(view: ConnectionView): ConnectionView {
    const at = world.connections.findIndex((one) => sameKey(one, view));
    if (at < 0) world.connections.push(view);
    else world.connections[at] = view;
    tell({ type: 'connectionChanged', connection: view });
    return view;
  }
  function remove(key: ConnectionKey) {
    world.connections = world.connections.filter((one) => !sameKey(one, key));
    tell({ type: 'connectionRemoved', key });
  }
  function write(of: ConnectionView, kind: ActivityKind, params: Record<string, string> = {}) {
    const line = {
      sequence: (world.activity[0]?.sequence ?? 0) + 1,
      at: ago(0),
      connection: keyOf(of),
      connectionName: of.displayName,
      providerName: of.providerName,
      kind,
      params,
    };
    world.activity.unshift(line);
    tell({ type: 'activityAdded', activity: line });
  }
  function moved(change: Partial<AttemptView>): AttemptView {
    if (!attempt) throw failure('attempt_over');
    attempt = { ...attempt, ...change };
    tell({ type: 'attemptChanged', attempt });
    return attempt;
  }
  function running(id: string): AttemptView {
    if (attempt?.id !== id || attempt.phase !== 'waiting') throw failure('attempt_over');
    return attempt;
  }
  function begin(
    of: ConfigView,
    connectionId: string | null,
    surface: Surface | null,
    given: Record<string, string> = {},
  ): AttemptView {
    names += 1;
    const key = { configKey: of.configKey, connectionId: connectionId ?? String(names).padStart(32, 'a') };
    const before = world.connections.find((one) => sameKey(one, key));
    const surfaces = providers.find((one) => one.id === of.provider)?.surfaces ?? ['embedded', 'browser'];
    attempt = {
      ...key,
      id: String(names).padStart(32, '0'),
      providerName: of.providerName,
      phase: 'waiting',
      surface: surface ?? surfaces[0] ?? 'browser',
      surfaces,
      host: of.host,
      reconnect: before?.firstAuthorizedAt != null,
      hint: null,
      device:
        surface === 'device'
          ? {
              userCode: 'WDJB-MJHT',
              verificationUri: `https://${of.host}/device`,
              verificationUriComplete: `https://${of.host}/device?user_code=WDJB-MJHT`,
              expiresAt: ago(-600_000),
            }
          : null,
      error: null,
      startedAt: ago(0),
      expiresAt: ago(-600_000),
    };
    if (!before) {
      put(
        connection({
          ...of,
          ...key,
          parameters: given,
          displayName: key.connectionId,
          status: 'PendingAuth',
          needs: { kind: 'approval', reason: 'notApproved' },
          scopesAsked: of.scopes,
          scopesGranted: [],
          createdAt: ago(0),
          firstAuthorizedAt: null,
          lastAuthorizedAt: null,
          lastRefreshedAt: null,
          lastSyncedAt: null,
          lastUsedAt: null,
        }),
      );
    }
    tell({ type: 'attemptChanged', attempt });
    return attempt;
  }
  function link() {
    if (!attempt) return;
    const before = find(attempt);
    const after = put({
      ...before,
      status: 'Linked',
      needs: { kind: 'nothing' },
      accountHolder: before.accountHolder ?? 'Ana Ribeiro',
      displayName: before.nickname ?? before.accountHolder ?? 'Ana Ribeiro',
      scopesGranted: before.scopesAsked,
      firstAuthorizedAt: before.firstAuthorizedAt ?? ago(0),
      lastAuthorizedAt: ago(0),
      lastSyncedAt: ago(0),
      lastRefreshedAt: ago(0),
      holdsUntil: ago(-180 * 86_400_000),
    });
    if (after.source === 'codat') {
      codat.move(after, { status: 'Linked', firstAuthorizedAt: after.firstAuthorizedAt, lastSyncedAt: ago(0), attempt: null });
    }
    write(after, attempt.reconnect ? 'reconnected' : 'connected');
  }
  function save(draft: ConfigDraft, editing: boolean): ConfigView {
    if (findings(draft, world.configs, editing).some((one) => one.blocking)) throw failure('bad_input');
    const known = providers.find((one) => one.id === draft.provider);
    const before = world.configs.find((one) => one.configKey === draft.configKey.trim());
    const issuerHost = draft.issuer ?? draft.authorizationEndpoint ?? known?.registration ?? 'https://login.example.com';
    const made = config({
      ...(before ?? {}),
      configKey: draft.configKey.trim(),
      provider: draft.provider,
      providerName: known?.name ?? draft.name ?? draft.configKey,
      brandColor: known?.brandColor ?? null,
      category: known?.category ?? 'other',
      approach: known?.approach ?? (draft.clientCredentials ? 'client' : 'approval'),
      parameters: known?.parameters ?? [],
      clientId: draft.clientId,
      hasSecret: draft.clientSecret !== null || (before?.hasSecret ?? false),
      scopes: draft.scopes.split(/[\s,]+/).filter(Boolean),
      issuer: draft.issuer,
      host: new URL(issuerHost).host,
    });
    world.configs = [...world.configs.filter((one) => one.configKey !== made.configKey), made];
    tell({ type: 'configsChanged' });
    return made;
  }

  const door = { world, tell, put, remove, write, refuse: failure };
  const pluggy = pluggyWorld(door);
  const callers = callersWorld(door);
  const desk = deskWorld(() => world.connections, () => callers.handlers.permissions_pending(null));
  const doctor = doctorWorld();
  const codat = codatWorld({
    ...door,
    begin: (of, connectionId, surface, providerName) => begin({ ...of, providerName, host: 'link.codat.io' }, connectionId, surface),
  });

  const handlers: Handlers = {
    ...vaultWorld({ world, refuse: failure, toPhase }),
    ...pluggy.handlers,
    ...codat.handlers,
    ...keyHandlers(door),
    ...callers.handlers,
    ...dataWorld(world),
    ...desk.handlers,
    ...doctor.handlers,
    async beginning() {
      // Lists that are slow or fail are asked for by themselves.
      const calm = world.app.phase === 'ready' && world.lists === 'answer';
      if (!calm) return { app: world.app, lists: null, told: 0 };
      return {
        app: world.app,
        lists: {
          connections: world.connections,
          configs: world.configs,
          attempt: await handlers.authorization_current(null),
          attention: await handlers.attention_list(null),
          questions: await handlers.permissions_pending(null),
        },
        told: 0,
      };
    },
    told: () => ({ events: 0, phase: world.app.phase }),
    app_state: () => world.app,
    vault_create({ protection, passphrase }) {
      if (protection === 'passphrase' && (passphrase ?? '').length < 12) throw failure('weak_passphrase');
      if (protection === 'keychain' && !world.app.keychain.available) {
        throw failure('keychain_unavailable', { reason: world.app.keychain.reason ?? 'other' });
      }
      world.app = { ...world.app, phase: 'ready', protection };
      toPhase();
      return world.app;
    },
    settings_set(settings) {
      world.app = { ...world.app, settings };
      return settings;
    },
    ...releaseHandlers(() => world.app.version),
    providers_list: () => providers,
    issuer_discover({ issuer }) {
      if (!/^https:\/\/[^/]+\.[^/]+/.test(issuer)) throw failure('discovery_failed', {}, 'no such host');
      return {
        issuer,
        host: new URL(issuer).host,
        scopes: ['openid', 'profile', 'email', 'offline_access', 'accounts'],
        revocation: true,
        publicClients: true,
      };
    },
    configs_list: () => world.configs,
    // As in the core, a draft is checked as if it were new: its own name is taken.
    config_check: (draft) => findings(draft, world.configs, false),
    config_create: (draft) => save(draft, false),
    config_edit: (draft) => save(draft, true),
    config_delete({ configKey }) {
      const inUse = world.connections.filter((one) => one.configKey === configKey).length;
      if (inUse > 0) throw failure('config_in_use', { count: String(inUse) });
      world.configs = world.configs.filter((one) => one.configKey !== configKey);
      tell({ type: 'configsChanged' });
      return null;
    },
    connections_list() {
      if (world.lists === 'silent') return new Promise(() => undefined);
      if (world.lists !== 'answer') throw world.lists;
      return world.connections;
    },
    connection_rename({ key, nickname }) {
      const before = find(key);
      const name = nickname?.trim() || null;
      return put({ ...before, nickname: name, displayName: name ?? before.accountHolder ?? before.connectionId });
    },
    connection_pause: (key) => put({ ...find(key), paused: true }),
    connection_resume: (key) => put({ ...find(key), paused: false }),
    connection_sync: (key) => put({ ...find(key), lastSyncedAt: ago(0), lastRefreshedAt: ago(0) }),
    connection_disconnect(key) {
      const after = put({
        ...find(key),
        status: 'Unlinked',
        needs: { kind: 'approval', reason: 'disconnected' },
        accessExpiresAt: null,
        holdsUntil: null,
      });
      if (after.source === 'codat') codat.move(key, { status: 'Unlinked', operations: [] });
      const revoked = after.approach === 'key' || after.approach === 'basic' ? 'keyStays' : 'yes';
      write(after, 'disconnected', { revoked });
      return { revoked };
    },
    connection_delete(key) {
      find(key);
      remove(key);
      return { revoked: 'yes' };
    },
    authorization_begin({ configKey, connectionId, surface, parameters }) {
      const of = world.configs.find((one) => one.configKey === configKey);
      if (!of) throw failure('unknown_config');
      return begin(of, connectionId, surface, parameters);
    },
    authorization_current: () => (attempt?.phase === 'waiting' || attempt?.phase === 'exchanging' ? attempt : null),
    authorization_switch({ attempt: id, surface }) {
      const now = running(id);
      if (now.device) return now;
      const of = world.configs.find((one) => one.configKey === now.configKey);
      if (surface === 'device' && of) return begin(of, now.connectionId, surface);
      return moved({ surface, hint: null });
    },
    authorization_reopen({ attempt: id }) {
      running(id);
      return moved({ hint: null });
    },
    authorization_copy_link({ attempt: id }) {
      running(id);
      return null;
    },
    authorization_paste({ attempt: id, address }) {
      running(id);
      if (!address.includes('code=')) throw failure('foreign_answer');
      return moved({ phase: 'exchanging' });
    },
    authorization_cancel({ attempt: id }) {
      running(id);
      return moved({ phase: 'cancelled' });
    },
    activity_list({ connection: key, before, limit }) {
      const lines = world.activity.filter(
        (one) => (key === null || sameKey(one.connection, key)) && (before === null || one.sequence < before),
      );
      return { lines: lines.slice(0, limit), more: lines.length > limit };
    },
    sandbox_connect() {
      const of = config({
        configKey: 'practice-bank',
        provider: 'sandbox',
        providerName: 'Harbour Bank (Sandbox)',
        brandColor: '#0f5f6b',
        sandbox: true,
        host: '127.0.0.1:4110',
        scopes: ['accounts', 'balance'],
      });
      if (!world.configs.some((one) => one.configKey === of.configKey)) world.configs.push(of);
      tell({ type: 'configsChanged' });
      return begin(of, null, null);
    },
    sandbox_remove() {
      world.connections.filter((one) => one.sandbox).forEach(remove);
      world.configs = world.configs.filter((one) => !one.sandbox);
      tell({ type: 'configsChanged' });
      return null;
    },
  };

  return {
    asked,
    callers,
    async invoke(name, request) {
      asked.push({ name, request });
      await Promise.resolve();
      const doom = doomed.get(name);
      if (doom) {
        doomed.delete(name);
        throw structuredClone(doom);
      }
      return structuredClone(await handlers[name](request));
    },
    async listen(to) {
      listeners = to;
      return () => {
        listeners = null;
      };
    },
    moveAttempt(change) {
      if (change.phase === 'succeeded') link();
      moved(change);
    },
    moveLink: pluggy.move,
    moveCodat: codat.move,
    change: (key, change) => void put({ ...find(key), ...change }),
    miss(key, change) {
      world.connections = world.connections.map((one) => (sameKey(one, key) ? { ...one, ...change } : one));
      listeners?.missed();
    },
    go: (going) => listeners?.go(going),
    setDesk: desk.set,
    breakLinks: desk.breakLinks,
    find: doctor.find,
    lock() {
      world.app = { ...world.app, phase: 'locked', protection: 'passphrase' };
      toPhase();
    },
    failNext: (name, with_) => void doomed.set(name, with_),
  };
}

