/**
 * The interface over an in-memory world, in any browser: `?fake=typical&lang=pt-BR&theme=dark`, or one of the scenes
 * of the gallery: `?scene=connect-device`. `at` stops the clock.
 *
 * `window.mooring` lets a script move the world, and wait until a scene stands as it should.
 */
import './preview/clock';
import { start } from './app/start';
import { fakeIpc } from './ipc/fake/fake';
import type { Fake } from './ipc/fake/strings';
import type { Session } from './app/session.svelte';
import { scenarioNames } from './ipc/fake/scenarios';
import type { Language, Theme } from './ipc/types.gen';
import { frame, opener, settled, until } from './preview/person';
import { placeOf } from './preview/places';
import { scenes, type Scene } from './preview/scenes';

interface Preview {
  fake: Fake;
  session: Session;
  /** Names of all scenes. */
  scenes: string[];
  /** Fulfilled when the scene stands; refused with what did not come. */
  ready: Promise<void>;
  /** What the scene pressed last. */
  readonly opener: HTMLElement | null;
  /** Changes the colours of the scene that stands. */
  paint: (theme: Theme) => Promise<void>;
}

declare global {
  interface Window {
    mooring: Preview;
  }
}

const query = new URLSearchParams(location.search);
const scene = scenes.find((one) => one.name === query.get('scene'));
const asked = scene?.world ?? query.get('fake');
const fake = fakeIpc(scenarioNames.find((name) => name === asked) ?? 'typical');
const app = await fake.invoke('app_state', null);
await fake.invoke('settings_set', {
  ...app.settings,
  language: (query.get('lang') as Language | null) ?? 'en',
  theme: (query.get('theme') as Theme | null) ?? 'system',
});
const session = start(fake);

async function play(): Promise<void> {
  if (!scene) return;
  await until('the app', () => session.app);
  if (session.app?.phase === 'ready' && !scene.loading) await until('the lists', () => session.lists !== 'loading');
  if (scene.to) session.navigation.go(scene.to);
  await settled(scene.loading ?? false);
  await scene.act?.({ fake, session });
  if (scene.opens) await until('the dialog', () => document.querySelector('dialog[open]'));
  await settled(scene.loading ?? false);
  prove(scene);
}

/** A scene that says where it ends and what lies over it does end there. */
function prove({ name, to, ends, overlay, opens }: Scene): void {
  const there = ends ?? (to ? placeOf(to) : null);
  const here = placeOf(session.navigation.route);
  if (there !== null && here !== there) throw new Error(`${name} ends at ${here} and not at ${there}`);
  if (overlay && session.overlay !== overlay) throw new Error(`${name} has ${session.overlay} over it and not ${overlay}`);
  if ((opens !== undefined) !== (document.querySelector('dialog[open]') !== null)) throw new Error(`${name}: a dialog is open, or none`);
}

async function paint(theme: Theme): Promise<void> {
  if (session.app) await session.choose({ ...session.app.settings, theme });
  await frame();
  // Colors that are on their way are nobody's colors.
  await Promise.all(transitions().map((one) => one.finished.catch(() => undefined)));
}

/** Those that are drawn: inside what is folded nothing is, and nothing there ever says that it has ended. */
const transitions = (): Animation[] =>
  document
    .getAnimations()
    .filter((one) => one instanceof CSSTransition && one.effect instanceof KeyframeEffect && one.effect.target?.checkVisibility());

window.mooring = {
  fake,
  session,
  scenes: scenes.map((one) => one.name),
  ready: play(),
  paint,
  get opener() {
    return opener();
  },
};
