/**
 * Words, numbers and dates in the person's language.
 *
 * Invariant: a key that one language has, the other has too (`tests/words.test.ts`). Reading a word inside a template
 * or `$derived` makes it follow a change of language.
 */
import { IntlMessageFormat, type PrimitiveType } from 'intl-messageformat';
import type { Language } from '../ipc/types.gen';
import en from './en.json';
import ptBr from './pt-BR.json';

export type Key = keyof typeof en;
export type Spoken = 'en' | 'pt-BR';
type Values = Record<string, PrimitiveType>;

const catalogues: Record<Spoken, Record<Key, string>> = { en, 'pt-BR': ptBr };

let spoken = $state<Spoken>('en');
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

/** Follows the person's choice, and the system's language where they left it open. */
export function speak(choice: Language, systemLanguage: string): void {
  const system: Spoken = systemLanguage.toLowerCase().startsWith('pt') ? 'pt-BR' : 'en';
  spoken = choice === 'system' ? system : choice;
  region = variantOf(spoken, systemLanguage);
  document.documentElement.lang = spoken;
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

/** The words under a key. */
export function t(key: Key, values?: Values): string {
  const text = catalogues[spoken][key];
  if (!text.includes('{')) return text;
  const id = `${region} ${key}`;
  let format = compiled.get(id);
  if (!format) {
    format = new IntlMessageFormat(text, region, undefined, { ignoreTag: true });
    compiled.set(id, format);
  }
  return String(format.format(values));
}
