import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/dom';
import { afterEach } from 'vitest';
import { learn, speak } from '../src/i18n/i18n.svelte';

// A screen that is fetched when it is first shown is compiled then, which a busy machine takes its time for.
configure({ asyncUtilTimeout: 20_000 });

// What jsdom lacks and the interface relies on.
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
  this.querySelector<HTMLElement>('input, button')?.focus();
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};
HTMLElement.prototype.scrollIntoView ??= function () {};
// Nothing has a size there, so no size ever changes.
globalThis.ResizeObserver ??= class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};

/** Widths that `matchMedia` answers for; a test may narrow the window. */
export const viewport = { width: 1080 };
window.matchMedia = (query: string) => {
  const min = /min-width: (\d+)px/.exec(query);
  return {
    matches: min ? viewport.width >= Number(min[1]) : false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  };
};

// Tests speak both languages, at once.
await Promise.all([learn('en'), learn('pt-BR')]);
await speak('en', 'en-GB');

afterEach(() => {
  viewport.width = 1080;
  void speak('en', 'en-GB');
});
