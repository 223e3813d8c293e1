import '@testing-library/jest-dom/vitest';
import { afterEach } from 'vitest';
import { speak } from '../src/i18n/i18n.svelte';

// What jsdom lacks and the interface relies on.
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
  this.querySelector<HTMLElement>('input, button')?.focus();
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};
HTMLElement.prototype.scrollIntoView ??= function () {};

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

afterEach(() => {
  viewport.width = 1080;
  speak('en', 'en-GB');
});
