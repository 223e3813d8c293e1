/** Hands for a scene: finds what a person would, by its words, and waits for what must come. */
import { tick } from 'svelte';
import { t, type Key } from '../i18n/i18n.svelte';

const PATIENCE = 10_000;
let pressed: HTMLElement | null = null;

/** Waits until `find` finds something, looking again whenever the page changes. */
export function until<T>(what: string, find: () => T | null | undefined | false): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = find();
      if (found === null || found === undefined || found === false) return;
      watcher.disconnect();
      clearTimeout(limit);
      resolve(found);
    };
    const watcher = new MutationObserver(look);
    const limit = setTimeout(() => {
      watcher.disconnect();
      reject(new Error(`${what} did not come`));
    }, PATIENCE);
    watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });
}

function nameOf(element: Element): string {
  return (element.getAttribute('aria-label') ?? element.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** Where things are looked for: the dialog in front, or the whole page. */
function ground(): ParentNode {
  return document.querySelector('dialog[open]') ?? document;
}

/** Presses the button, link or summary of these words. */
export async function press(key: Key, values?: Parameters<typeof t>[1]): Promise<void> {
  const words = t(key, values);
  const found = await until(`"${words}"`, () =>
    [...ground().querySelectorAll<HTMLElement>('button, a, summary, [role="tab"], label')].find(
      (one) => nameOf(one) === words && !one.matches(':disabled') && one.checkVisibility(),
    ),
  );
  found.focus();
  found.click();
  pressed = found;
  await tick();
}

/** What was pressed last: the focus comes back to it. */
export const opener = (): HTMLElement | null => pressed;

/** Writes into the field that a selector finds. */
export async function write(selector: string, text: string): Promise<void> {
  const field = await until(selector, () => ground().querySelector<HTMLInputElement>(selector));
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await tick();
}

/** Sends the form that is shown. */
export async function send(): Promise<void> {
  (await until('a form', () => ground().querySelector('form'))).requestSubmit();
  await tick();
}

/** Waits until the page was drawn once more. */
export const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

/** Waits until the page holds still: its screen is here, nothing loads, its fonts are drawn. */
export async function settled(loading: boolean): Promise<void> {
  await until('a heading', () => document.querySelector('h1'));
  if (!loading) await until('the end of loading', () => !document.querySelector('.skeleton'));
  await document.fonts.ready;
  await frame();
  await frame();
}
