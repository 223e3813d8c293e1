/** Words for what Codat names: kinds of data, readings. What is new to us is shown as it came. */
import { isKey, t, type Key } from '../../i18n/i18n.svelte';
import type { CodatView, OperationPhase } from '../../ipc/types.gen';

type Known = Key extends infer K ? (K extends `dataType.${infer Word}` ? Word : never) : never;

function isKnown(word: string): word is Known {
  return isKey(`dataType.${word}`);
}

/** "commerce-productCategories" as "Product categories". */
function spelled(word: string): string {
  const text = word
    .replace(/^(banking|commerce)-/, '')
    .replace(/[-_]/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .trim()
    .toLocaleLowerCase();
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}

/** A kind of data. */
export function dataTypeWords(word: string): string {
  return isKnown(word) ? t(`dataType.${word}`) : spelled(word);
}

/** What a reading comes down to; a word that we do not know is shown as it came. */
export function readingWords(phase: OperationPhase, statusWord: string | null): string {
  return phase === 'unknown' && statusWord ? statusWord : t(`reading.${phase}`);
}

/** The kinds of data that a connection concerns, in words, each once. */
export function concerned(view: CodatView): string[] {
  const prefix = { banking: 'banking-', commerce: 'commerce-' }[view.category as 'banking' | 'commerce'] ?? '';
  // Codat tells the state of the whole company; only what belongs to this category concerns this connection.
  const own = view.dataTypes.filter(({ dataType }) =>
    prefix ? dataType.startsWith(prefix) : !/^(banking|commerce)-/.test(dataType),
  );
  return [...new Set(own.map(({ dataType }) => dataTypeWords(dataType)))];
}
