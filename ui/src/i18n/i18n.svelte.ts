/**
 * Words, numbers and dates in the person's language.
 *
 * Invariant: a key that one language has, the other has too (`tests/words.test.ts`). Reading a word inside a template
 * or `$derived` makes it follow a change of language.
 */
import { IntlMessageFormat, type PrimitiveType } from 'intl-messageformat';
import type { Language } from '../ipc/types.gen';
import type en from './en.json';

export type Key = keyof typeof en;
export type Spoken = 'en' | 'pt-BR';
type Values = Record<string, PrimitiveType>;
type Words = Record<Key, string>;

/** One language is spoken at a time, so one is fetched. */
const books: Record<Spoken, () => Promise<{ default: Words }>> = {
  en: () => import('./en.json'),
  'pt-BR': () => import('./pt-BR.json'),
};
const learned = new Map<Spoken, Words>();

let spoken = $state<Spoken>('en');
let words = $state.raw<Words | null>(null);
let region = $state('en');
const compiled = new Map<string, IntlMessageFormat>();

/** The language of the words. */
export function language(): Spoken {
  return spoken;
}

/** The tag for dates and numbers: the system's own when it is a variant of the language spoken. */
export function locale(): string {
  return region;
}

/** Fetches the words of a language. */
export async function learn(language: Spoken): Promise<void> {
  if (!learned.has(language)) learned.set(language, (await books[language]()).default);
}

/**
 * Follows the person's choice, and the system's language where they left it open. A language that was learned is
 * spoken at once, another one when its words are here.
 */
export async function speak(choice: Language, systemLanguage: string): Promise<void> {
  const wanted = choice === 'system' ? spokenBy(systemLanguage) : choice;
  if (!learned.has(wanted)) await learn(wanted);
  spoken = wanted;
  words = learned.get(wanted) ?? null;
  region = variantOf(spoken, systemLanguage);
  document.documentElement.lang = spoken;
}

/** The language that a system of this language is spoken to in. */
export function spokenBy(systemLanguage: string): Spoken {
  return systemLanguage.toLowerCase().startsWith('pt') ? 'pt-BR' : 'en';
}

function variantOf(words: Spoken, systemLanguage: string): string {
  const base = words.slice(0, 2);
  if (!systemLanguage.toLowerCase().startsWith(base)) return words;
  try {
    return Intl.getCanonicalLocales(systemLanguage)[0] ?? words;
  } catch {
    // The system may name something that is no tag, such as `en_US.UTF-8`.
    return words;
  }
}

/** A whole number, as the language groups its digits. */
export function whole(number: number): string {
  return number.toLocaleString(region);
}

/** Whether there are words under this key. */
export function isKey(text: string): text is Key {
  return words !== null && Object.hasOwn(words, text);
}

/** The words under a key. */
export function t(key: Key, values?: Values): string {
  const text = words?.[key] ?? '';
  if (!text.includes('{')) return text;
  const id = `${region} ${key}`;
  let format = compiled.get(id);
  if (!format) {
    format = new IntlMessageFormat(text, region, undefined, { ignoreTag: true });
    compiled.set(id, format);
  }
  return String(format.format(values));
}
