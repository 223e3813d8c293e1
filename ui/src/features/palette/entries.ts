/** Everything that can be gone to or done from the keyboard, as a list. Built when the palette opens. */
import { practice } from '../../app/beginnings';
import type { Route } from '../../app/navigation.svelte';
import type { Session } from '../../app/session.svelte';
import { t, type Key } from '../../i18n/i18n.svelte';
import { keyOf, keyText } from '../../ipc/client';
import type { ConfigView, ConnectionView, Settings } from '../../ipc/types.gen';
import { nameOf } from '../connections/name';
import { standingWord } from '../connections/standing';
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
    hint: config.configKey,
    words: `${config.host} ${t('act.connect')}`,
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
    action('palette.keys', () => (session.overlay = 'keys'), { keys: '?' }),
    ...(['settings.look', 'settings.desk', 'settings.safety', 'backup.section', 'localApi.title'] as const).map((section) => ({
      ...action(section, () => session.navigation.go({ screen: 'settings', section })),
      hint: t('nav.settings'),
    })),
  ];
}
