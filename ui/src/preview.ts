/**
 * The interface over the in-memory world, in any browser: `?fake=typical&lang=pt-BR&theme=dark`.
 *
 * The world is reachable as `window.mooringFake`, so that a script can move it while taking pictures.
 */
import { start } from './app/start';
import { fakeIpc } from './ipc/fake/fake';
import type { Fake } from './ipc/fake/strings';
import { scenarioNames } from './ipc/fake/scenarios';
import type { Language, Theme } from './ipc/types.gen';

declare global {
  interface Window {
    mooringFake: Fake;
  }
}

const query = new URLSearchParams(location.search);
const asked = query.get('fake');
const fake = fakeIpc(scenarioNames.find((name) => name === asked) ?? 'typical');
const app = await fake.invoke('app_state', null);
await fake.invoke('settings_set', {
  ...app.settings,
  language: (query.get('lang') as Language | null) ?? 'en',
  theme: (query.get('theme') as Theme | null) ?? 'system',
});
window.mooringFake = fake;
start(fake);
