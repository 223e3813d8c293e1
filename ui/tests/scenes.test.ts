import { describe, expect, it } from 'vitest';
import type { Overlay } from '../src/app/session.svelte';
import { placeOf, places } from '../src/preview/places';
import { scenes } from '../src/preview/scenes';
import { sources } from './sources';

/** Every overlay; one that is missing does not compile. */
const overlays: Record<Overlay, true> = { palette: true, keys: true, closing: true, tour: true };

describe('the gallery', () => {
  it('has a scene for every place', () => {
    const shown = new Set(scenes.map(({ to, ends }) => ends ?? placeOf(to ?? { screen: 'connections', selected: null })));
    expect(places.filter((one) => !shown.has(one))).toEqual([]);
  });

  it('has a scene for everything that lies over a screen', () => {
    const shown = new Set(scenes.map((one) => one.overlay));
    expect(Object.keys(overlays).filter((one) => !shown.has(one as Overlay))).toEqual([]);
  });

  it('has a scene for every dialog', () => {
    const dialogs = sources()
      .filter(({ path, text }) => path.startsWith('features/') && path.endsWith('.svelte') && /<[Dd]ialog\b/.test(text))
      .map(({ path }) => path.slice('features/'.length, -'.svelte'.length));
    expect(dialogs.length).toBeGreaterThan(15);
    const shown = new Set(scenes.map((one) => one.opens));
    expect(dialogs.filter((one) => !shown.has(one))).toEqual([]);
  });

  it('names each scene once', () => {
    const names = scenes.map((one) => one.name);
    expect(names.filter((one, at) => names.indexOf(one) !== at)).toEqual([]);
  });
});
