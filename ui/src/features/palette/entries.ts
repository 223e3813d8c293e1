/** Everything that can be gone to or done from the keyboard, as a list. Built when the palette opens. */
import { practice } from '../../app/beginnings';
import { pausable, pauseAll, paused, resumeAll } from '../../app/pauses';
import type { Route } from '../../app/navigation.svelte';
import type { Session } from '../../app/session.svelte';
import type { Wish } from '../../app/wishes.svelte';
import { t, type Key } from '../../i18n/i18n.svelte';
import { keyOf, keyText } from '../../ipc/client';
import type { ConfigView, ConnectionView, Settings } from '../../ipc/types.gen';
import { nameOf } from '../connections/name';
import { readyWords } from '../connect/catalogue';
import { actOf, needsPerson, standingOf, standingWord } from '../connections/standing';
import type { Searchable } from './match';

export type Kind = 'connection' | 'connect' | 'action' | 'place';

export interface Entry extends Searchable {
  kind: Kind;
  /** What stands beside the title. */
  hint: string;
  /** The keys that do the same. */
  keys?: string;
  run: () => void;
}

export function entriesOf(session: Session, check: () => void, now: number): Entry[] {
  return [
    ...session.connections.map((one) => connectionEntry(session, one, now)),
    ...session.connections.flatMap((one) => actEntry(session, one, now)),
    ...actions(session, check),
    ...places(session),
    ...session.configs.map((one) => configEntry(session, one)),
    ...newProviders(session),
  ];
}

function connectionEntry(session: Session, one: ConnectionView, now: number): Entry {
  const name = nameOf(one);
  return {
    id: `connection ${keyText(one)}`,
    kind: 'connection',
    title: name,
    hint: [name === one.providerName ? null : one.providerName, standingWord(one, now)].filter(Boolean).join(' · '),
    words: [one.providerName, one.displayName, one.accountHolder, one.configKey, one.connectionId].join(' '),
    run: () => session.navigation.go({ screen: 'connections', selected: keyOf(one) }),
  };
}

/** The one thing that a connection offers, where there is more to it than looking again. */
function actEntry(session: Session, one: ConnectionView, now: number): Entry[] {
  const standing = standingOf(one, now);
  const act = actOf(standing);
  if (act === 'check' || !(needsPerson(standing) || standing === 'disconnected' || standing === 'paused')) return [];
  return [
    {
      id: `${act} ${keyText(one)}`,
      kind: 'action',
      title: t('row.act', { act: t(`act.${act}`), name: nameOf(one) }),
      hint: standingWord(one, now),
      words: one.providerName,
      run: () => session.act(act, one),
    },
  ];
}

/** Where connecting begins with a registration, by what it opens. */
function start(config: ConfigView): Route {
  const { configKey } = config;
  if (config.source === 'pluggy') return { screen: 'connect', step: 'institutions', configKey };
  if (config.source === 'codat') return { screen: 'connect', step: 'companies', configKey };
  return { screen: 'connect', step: 'review', configKey, connectionId: null };
}

function configEntry(session: Session, config: ConfigView): Entry {
  return {
    id: `connect ${config.configKey}`,
    kind: 'connect',
    title: t('palette.connect', { name: config.providerName }),
    hint: readyWords(config, session.configs),
    words: `${config.configKey} ${t('act.connect')}`,
    run: () => session.navigation.go(start(config)),
  };
}

function newProviders(session: Session): Entry[] {
  const ready = new Set(session.configs.map((one) => one.provider));
  const missing = session.providers.filter((one) => !ready.has(one.id));
  return missing.map((one) => ({
    id: `provider ${one.id}`,
    kind: 'connect',
    title: t('palette.connect', { name: one.name }),
    hint: t('palette.needsKeys'),
    words: `${one.id} ${t(`category.${one.category}`)}`,
    run: () => session.navigation.go({ screen: 'providers', view: 'new', provider: one.id, thenConnect: true }),
  }));
}

function places(session: Session): Entry[] {
  const all: [Key, Route][] = [
    ['nav.connections', { screen: 'connections', selected: null }],
    ['nav.attention', { screen: 'attention' }],
    ['nav.accounts', { screen: 'accounts' }],
    ['nav.programs', { screen: 'programs', selected: null }],
    ['nav.activity', { screen: 'activity', of: null }],
    ['nav.providers', { screen: 'providers', view: 'list' }],
    ['nav.settings', { screen: 'settings' }],
    ['nav.help', { screen: 'help' }],
  ];
  return all.map(([key, route]) => ({
    id: `place ${key}`,
    kind: 'place',
    title: t(key),
    hint: '',
    words: t('palette.go'),
    run: () => session.navigation.go(route),
  }));
}

function actions(session: Session, check: () => void): Entry[] {
  const settings = session.app?.settings;
  const change = (part: Partial<Settings>) => {
    if (settings) void session.attemptTo(session.choose({ ...settings, ...part }));
  };
  const action = (title: Key, run: () => void, more: { keys?: string; words?: Key } = {}): Entry => ({
    id: `action ${title}`,
    kind: 'action',
    title: t(title),
    hint: '',
    words: more.words ? t(more.words) : '',
    ...(more.keys ? { keys: more.keys } : {}),
    run,
  });
  const begin = (title: Key, wish: Wish, to: Route, words: Key) =>
    action(title, () => (session.wishes.wish(wish), session.navigation.go(to)), { words });
  const backup: Route = { screen: 'settings', section: 'backup.section' };
  return [
    action('act.connectInstitution', () => session.navigation.go({ screen: 'connect', step: 'choose' }), { keys: 'N' }),
    action('palette.checkAll', check, { keys: 'F5' }),
    action('palette.lock', () => void session.lock(), { keys: 'L' }),
    action('palette.themeLight', () => change({ theme: 'light' }), { words: 'settings.theme' }),
    action('palette.themeDark', () => change({ theme: 'dark' }), { words: 'settings.theme' }),
    action('palette.themeSystem', () => change({ theme: 'system' }), { words: 'settings.theme' }),
    action('palette.english', () => change({ language: 'en' }), { words: 'settings.language' }),
    action('palette.portuguese', () => change({ language: 'pt-BR' }), { words: 'settings.language' }),
    action('palette.practice', () => void practice(session), { words: 'common.practice' }),
    ...(pausable(session).length > 0 ? [action('palette.pauseAll', () => void pauseAll(session))] : []),
    ...(paused(session).length > 0 ? [action('palette.resumeAll', () => void resumeAll(session))] : []),
    begin('palette.export', 'export', { screen: 'accounts' }, 'nav.accounts'),
    begin('palette.backUp', 'backUp', backup, 'backup.section'),
    begin('palette.restore', 'restore', backup, 'backup.section'),
    begin('palette.links', 'testLinks', { screen: 'settings', section: 'links.title' }, 'links.title'),
    begin('palette.report', 'saveReport', { screen: 'help', section: 'help.report' }, 'nav.help'),
    action('help.tour', () => (session.overlay = 'tour'), { words: 'nav.help' }),
    action('palette.keys', () => (session.overlay = 'keys'), { keys: '?' }),
    ...(['settings.look', 'settings.desk', 'settings.safety', 'backup.section', 'localApi.title', 'settings.about'] as const).map((section) => ({
      ...action(section, () => session.navigation.go({ screen: 'settings', section })),
      hint: t('nav.settings'),
    })),
  ];
}
