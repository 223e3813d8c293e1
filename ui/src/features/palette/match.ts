/** Which entries a search finds, the best first. Pure: texts in, an order out. */
import { plain } from '../connections/groups';

export interface Searchable {
  id: string;
  title: string;
  /** Further words that find it: ids, the institution's name, words of the other kind. */
  words: string;
}

/** How well a word fits a text, both plain: 0 is not at all. */
function fit(word: string, text: string): number {
  if (text.startsWith(word)) return 5;
  if (text.includes(` ${word}`)) return 4;
  if (text.includes(word)) return 3;
  return word.length > 2 && inOrder(word, text) ? 1 : 0;
}

/** Whether the letters of `word` come in `text` in this order, close enough to be meant. */
function inOrder(word: string, text: string): boolean {
  let from = -1;
  let first = -1;
  for (const letter of word) {
    from = text.indexOf(letter, from + 1);
    if (from < 0) return false;
    if (first < 0) first = from;
  }
  return from - first < word.length * 3;
}

/** 0 when some word of the search is not found. */
function score(entry: Searchable, words: string[]): number {
  const title = plain(entry.title);
  const more = plain(entry.words);
  let sum = 0;
  for (const word of words) {
    const best = Math.max(fit(word, title) * 2, fit(word, more));
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

/** The entries that a search finds; without one all of them. What was used lately comes before its equals. */
export function ranked<T extends Searchable>(entries: T[], search: string, recent: readonly string[]): T[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  const age = (id: string) => {
    const at = recent.indexOf(id);
    return at < 0 ? recent.length : at;
  };
  return entries
    .map((entry, at) => ({ entry, at, score: words.length === 0 ? 1 : score(entry, words) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || age(a.entry.id) - age(b.entry.id) || a.at - b.at)
    .map((one) => one.entry);
}
