/**
 * What the core told so far, kept current by its events. The only state that outlives a screen.
 *
 * Invariant: everything here can be thrown away and asked for again.
 */
import { getContext, setContext } from 'svelte';
import { asFailure, failureOf, keyOf, keyText, sameKey, type Client } from '../ipc/client';
import type {
  ActivityView,
  AppState,
  AttemptView,
  ConfigView,
  ConnectionKey,
  ConnectionView,
  CoreEvent,
  Failure,
  Going,
  InstitutionView,
  LinkView,
  Lists,
  ProviderView,
  Settings,
  Source,
  Surface,
} from '../ipc/types.gen';
import { speak, t } from '../i18n/i18n.svelte';
import { nameOf } from '../features/connections/name';
import { standingOf, standingWord, type Act } from '../features/connections/standing';
import { phaseTitle } from '../features/link/words';
import { act, reconnect } from './again';
import { lead } from './lead';
import { AttentionState } from './attention.svelte';
import { CodatState } from './codat.svelte';
import { Navigation } from './navigation.svelte';
import { ProgramsState } from './programs.svelte';
import { showTheme } from './theme';
import { Wishes } from './wishes.svelte';

export type Loading = 'loading' | 'ready' | Failure;

/** A sentence at the top of the content until it is dismissed: the outcome of something the person did. */
export type Notice = { words: string } | { failure: Failure; provider?: string };

/** What can lie over any screen. */
export type Overlay = 'palette' | 'keys' | 'closing' | 'tour';

export class Session {
  readonly client: Client;
  readonly navigation = new Navigation();
  readonly codat: CodatState;
  readonly attention: AttentionState;
  readonly programs: ProgramsState;
  readonly wishes = new Wishes();

  app = $state.raw<AppState | null>(null);
  startFailure = $state.raw<Failure | null>(null);
  lists = $state.raw<Loading>('loading');
  connections = $state.raw<ConnectionView[]>([]);
  configs = $state.raw<ConfigView[]>([]);
  providers = $state.raw<ProviderView[]>([]);
  attempt = $state.raw<AttemptView | null>(null);
  /** How connections through an aggregator stand, by the text of their key; only those that were looked at. */
  links = $state.raw<ReadonlyMap<string, LinkView>>(new Map());
  /** Institutions that an aggregator lists, by config key. */
  institutions = $state.raw<ReadonlyMap<string, InstitutionView[]>>(new Map());
  /** What was last searched among them, so that going back finds it again. */
  institutionSearch = $state('');
  /** Whose accounts were last fetched, `null` for anybody's; a new object each time. */
  fetched = $state.raw<{ of: ConnectionKey | null } | null>(null);
  latest = $state.raw<ActivityView | null>(null);
  notice = $state.raw<Notice | null>(null);
  /** The version changed since the last start, and nobody looked at what is new. */
  updated = $state(false);
  /** What lies over the screen, if anything. */
  overlay = $state.raw<Overlay | null>(null);
  /** Where the tray or a notice wanted to lead while the vault was closed. */
  #going: Going | null = null;
  /** The last change of status, for screen readers. */
  announcement = $state('');

  /** Whether the vault was open since the window is: then a closed one was locked. */
  wasOpen = $state(false);

  #stop: (() => void) | null = null;

  constructor(client: Client) {
    this.client = client;
    this.codat = new CodatState(client);
    this.attention = new AttentionState(client);
    this.programs = new ProgramsState(client);
  }

  /** Shows what there is, and listens meanwhile. */
  async start(): Promise<void> {
    try {
      const { app, lists, told } = await this.client.beginning();
      const shown = this.enter(app, lists);
      await this.#follow(told);
      await shown;
    } catch (error) {
      await speak('system', navigator.language);
      this.startFailure = asFailure(error);
    }
  }

  /** Listens, and asks again when something happened between the beginning and the first that could be heard. */
  async #follow(before: number): Promise<void> {
    this.#stop ??= await this.client.listen({
      core: (event) => this.#hear(event),
      phase: (state) => void this.enter(state),
      missed: () => void this.load('quietly'),
      go: (going) => this.lead(going),
    });
    const { events, phase } = await this.client.told();
    if (phase !== this.app?.phase) await this.enter(await this.client.appState());
    else if (events !== before && phase === 'ready') await this.load('quietly');
    else if (phase === 'ready') {
      // No part of the first picture; asked for again with the lists.
      this.client.providersList().then((all) => (this.providers = all), () => undefined);
    }
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  /** Takes the state of the app; loads the lists when the vault just opened, unless they came along. */
  async enter(state: AppState, lists: Lists | null = null): Promise<void> {
    // What belongs to the vault goes at once, before anything is waited for.
    if (state.phase !== 'ready') this.#close();
    await speak(state.settings.language, state.systemLanguage);
    const opened = state.phase === 'ready' && this.app?.phase !== 'ready';
    this.startFailure = null;
    showTheme(state.settings.theme);
    this.wasOpen = state.phase === 'ready' || (this.wasOpen && state.phase === 'locked');
    this.app = state;
    if (opened) {
      if (lists) this.#take(lists);
      else await this.load();
      await this.#tellVersion(state);
    }
  }

  /** Once after an update; on the first start of all there is nothing that changed. */
  async #tellVersion({ settings, version }: AppState): Promise<void> {
    const before = settings.lastSeenVersion;
    if (before === version) return;
    if (before !== null) {
      this.updated = true;
      this.notice = { words: t('settings.updated', { version }) };
    }
    // Told again at the next start if it cannot be kept.
    await this.choose({ ...settings, lastSeenVersion: version }).catch(() => undefined);
  }

  #take({ connections, configs, attempt, attention, questions }: Lists): void {
    this.connections = connections;
    this.configs = configs;
    this.attempt = attempt;
    this.attention.view = attention;
    this.programs.questions = questions;
    this.lists = 'ready';
    if (this.#going) this.lead(this.#going);
  }

  /** Asks for everything; quietly when what is on the screen is only out of date. */
  async load(how?: 'quietly'): Promise<void> {
    if (how !== 'quietly') this.lists = 'loading';
    void this.programs.load();
    try {
      const [connections, configs, providers, attempt] = await Promise.all([
        this.client.connectionsList(),
        this.client.configsList(),
        this.client.providersList(),
        this.client.authorizationCurrent(),
      ]);
      this.connections = connections;
      this.configs = configs;
      this.providers = providers;
      this.attempt = attempt;
      this.lists = 'ready';
      void this.attention.load();
      if (this.#going) this.lead(this.#going);
      if (how === 'quietly') {
        this.#askLinksAgain();
        this.codat.askAgain();
      }
    } catch (error) {
      this.lists = asFailure(error);
    }
  }

  /** Links and accounts that are on some screen may have moved while events were lost. */
  #askLinksAgain(): void {
    for (const link of this.links.values()) {
      this.client.linkShow(keyOf(link)).then((now) => this.keepLink(now), () => undefined);
    }
    this.fetched = { of: null };
  }

  /** Locks; what the vault held leaves the page at once. */
  async lock(): Promise<void> {
    const state = await this.attemptTo(this.client.vaultLock());
    if (state) await this.enter(state);
  }

  /** Another vault has taken the place of the one that was open: nothing of that one stays. */
  async reopen(state: AppState): Promise<void> {
    this.#close();
    await this.enter(state);
    await this.load();
  }

  async choose(settings: Settings): Promise<void> {
    const kept = await this.client.settingsSet(settings);
    if (this.app) await this.enter({ ...this.app, settings: kept });
  }

  connection(key: ConnectionKey | null): ConnectionView | null {
    return this.connections.find((one) => sameKey(one, key)) ?? null;
  }

  provider(id: string): ProviderView | null {
    return this.providers.find((one) => one.id === id) ?? null;
  }

  /** The ground of a platform's monogram: that of the institution of the same name in the catalogue. */
  brand(name: string): string | null {
    return this.providers.find((one) => one.name === name)?.brandColor ?? null;
  }

  config(key: string): ConfigView | null {
    return this.configs.find((one) => one.configKey === key) ?? null;
  }

  /** Runs what the person asked for; a failure becomes the notice. */
  async attemptTo<T>(work: Promise<T>, provider?: string): Promise<T | null> {
    try {
      const done = await work;
      this.notice = null;
      return done;
    } catch (error) {
      const failure = asFailure(error);
      this.notice = provider === undefined ? { failure } : { failure, provider };
      return null;
    }
  }

  /** Puts a changed connection where it was, so that lists keep their order. */
  keep(view: ConnectionView): void {
    const at = this.connections.findIndex((one) => sameKey(one, view));
    const before = this.connections[at];
    this.connections = before ? this.connections.with(at, view) : [...this.connections, view];
    void this.attention.load();
    const now = Date.now();
    if (!before || standingOf(before, now) !== standingOf(view, now)) {
      this.announcement = t('announce.standing', { name: nameOf(view), standing: standingWord(view, now) });
    }
  }

  link(key: ConnectionKey): LinkView | null {
    return this.links.get(keyText(key)) ?? null;
  }

  /** Takes a link as it is now, and says it to screen readers when it moved on. */
  keepLink(link: LinkView): void {
    const before = this.link(link);
    this.links = new Map(this.links).set(keyText(link), link);
    if (before && before.phase !== link.phase) this.announcement = phaseTitle(link);
  }

  /** Runs a command about a link; its failure is the caller's to show. */
  moveLink(work: Promise<LinkView>): Promise<Failure | null> {
    return failureOf(work.then((link) => this.keepLink(link)));
  }

  /** The institutions of a registration: those known at once, fresh ones a little later. */
  loadInstitutions(configKey: string): Promise<Failure | null> {
    const take = (found: InstitutionView[]) => (this.institutions = new Map(this.institutions).set(configKey, found));
    return failureOf(this.client.institutionsList(configKey).then(take));
  }

  /** Begins a reconnect in place, or the first approval of one that waits. */
  reconnect(view: ConnectionView): Promise<void> {
    return reconnect(this, view);
  }

  /** A new approval of something that is in the list, through whoever it is reached. */
  begin(key: ConnectionKey, surface: Surface | null): Promise<AttemptView> {
    if (this.sourceOf(key) === 'codat') return this.client.codatLinkAgain(key, surface);
    return this.client.authorizationBegin({ ...key, surface, parameters: {} });
  }

  /** Through whom a connection reaches its institution; what is not in the list yet is told by its keys. */
  sourceOf(key: ConnectionKey): Source {
    return this.connection(key)?.source ?? this.config(key.configKey)?.source ?? 'oauth';
  }

  async check(view: ConnectionView): Promise<void> {
    const done = await this.attemptTo(this.client.connectionSync(keyOf(view)), view.providerName);
    if (done) this.keep(done);
  }

  async resume(view: ConnectionView): Promise<void> {
    const done = await this.attemptTo(this.client.connectionResume(keyOf(view)), view.providerName);
    if (done) this.keep(done);
  }

  /** Does the one thing that a standing offers. */
  act(what: Act, one: ConnectionView): void {
    act(this, what, one);
  }

  /** Follows the tray or a notice; while the vault is closed it waits, for it is about what is in it. */
  lead(going: Going): void {
    if (going.to === 'closing') return lead(this, going);
    this.#going = this.lists === 'ready' ? null : going;
    if (this.#going === null) lead(this, going);
  }

  /** The vault closed: nothing of it stays on the page. */
  #close(): void {
    this.lists = 'loading';
    this.connections = [];
    this.configs = [];
    this.attempt = null;
    this.links = new Map();
    this.institutions = new Map();
    this.institutionSearch = '';
    this.fetched = null;
    this.codat.clear();
    this.attention.clear();
    this.overlay = null;
    this.wishes.wish(null);
    this.programs.clear();
    this.latest = null;
    this.notice = null;
    this.announcement = '';
    this.navigation.reset();
  }

  #hear(event: CoreEvent): void {
    switch (event.type) {
      case 'connectionChanged':
        return this.keep(event.connection);
      case 'connectionRemoved':
        return this.#forget(event.key);
      case 'attemptChanged':
        // An older attempt may still report its end; it does not take the place of the one on the screen.
        if (!this.attempt || this.attempt.id === event.attempt.id || event.attempt.phase === 'waiting') {
          this.attempt = event.attempt;
        }
        return;
      case 'linkChanged':
        return this.keepLink(event.link);
      case 'codatChanged':
        return this.codat.hear(event.codat);
      case 'codatHappened':
        // For programs that know Codat's component; what it means for the person comes with the views.
        return;
      case 'accountsChanged':
        this.fetched = { of: event.key };
        return;
      case 'configsChanged':
        void this.client.configsList().then((configs) => (this.configs = configs), () => undefined);
        return;
      case 'questionsChanged':
        void this.attention.load();
        return this.programs.hear(event);
      case 'callersChanged':
      case 'auditChanged':
        return this.programs.hear(event);
      case 'activityAdded':
        this.latest = event.activity;
        return;
      default:
        return event satisfies never;
    }
  }

  #forget(key: ConnectionKey): void {
    void this.attention.load();
    this.connections = this.connections.filter((one) => keyText(one) !== keyText(key));
    this.links = new Map([...this.links].filter(([name]) => name !== keyText(key)));
    this.codat.forget(key);
    this.navigation.leave(key);
  }
}

const SESSION = Symbol('session');

export function provideSession(session: Session): Session {
  return setContext(SESSION, session);
}

export function useSession(): Session {
  return getContext<Session>(SESSION);
}
