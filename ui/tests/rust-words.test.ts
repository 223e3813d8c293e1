/** Words that the program itself says beside the page: in the tray, in notices, above a provider's page, in a browser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const crates = join(import.meta.dirname, '../../crates');
const read = (path: string) => readFileSync(join(crates, path), 'utf8').replaceAll(/\/\/.*$/gm, '').replaceAll(/\\\n\s*/g, '');

interface Pair {
  english: string;
  portuguese: string;
}

const literal = '"((?:[^"\\\\]|\\\\.)*)"';

/** Texts of both languages, side by side, in the ways in which these files write them. */
function pairs(text: string): Pair[] {
  const found: Pair[] = [];
  const take = (pattern: RegExp) => {
    for (const [, english = '', portuguese = ''] of text.matchAll(pattern)) found.push({ english, portuguese });
  };
  take(new RegExp(`language\\.of\\(\\s*${literal},\\s*${literal},?\\s*\\)`, 'g'));
  take(new RegExp(`Language::English\\)? => (?:format!\\()?${literal}[^"]*?Language::Portuguese\\)? => (?:format!\\()?${literal}`, 'g'));
  // Two tables of the same names, as `MenuWords` and `PageWords` are.
  const tables = [...text.matchAll(/(?:MenuWords|PageWords) \{((?:\s*\w+: "[^"]*",)+)\s*\}/g)].map(([, body = '']) =>
    new Map([...body.matchAll(/(\w+): "([^"]*)"/g)].map(([, name = '', words = '']) => [name, words])),
  );
  for (let at = 0; at + 1 < tables.length; at += 2) {
    const [english, portuguese] = [tables[at], tables[at + 1]];
    for (const [name, words] of english ?? []) found.push({ english: words, portuguese: portuguese?.get(name) ?? '' });
  }
  // Pages for a browser: a title and a sentence for each.
  const pages = (spoken: string) =>
    [...text.matchAll(new RegExp(`, ${spoken}\\) => (?:\\{\\s*)?\\(${literal},\\s*${literal}\\)`, 'g'))].flatMap(([, title = '', words = '']) => [title, words]);
  const portuguese = pages('true');
  pages('false').forEach((english, at) => found.push({ english, portuguese: portuguese[at] ?? '' }));
  return found;
}

/** Values that a text asks for. */
const asks = (text: string) => [...text.matchAll(/\{(\w*)\}/g)].map(([, name]) => name).sort();

describe.each([
  ['attention/src/words.rs', 35],
  ['commands/src/page_words.rs', 5],
  ['platform/src/loopback/pages.rs', 6],
])('the words of %s', (path, least) => {
  const text = read(path);
  const all = pairs(text);

  it('are there in both languages', () => {
    expect(all.length).toBeGreaterThanOrEqual(least);
    for (const { english, portuguese } of all) {
      expect(portuguese.trim(), english).not.toBe('');
      if (english.includes(' ')) expect(portuguese, english).not.toBe(english);
      expect(asks(portuguese), english).toEqual(asks(english));
    }
  });

  it('are all seen here: no sentence stands outside a pair', () => {
    const seen = new Set(all.flatMap(({ english, portuguese }) => [english, portuguese]));
    const source = text.split('#[cfg(test)]')[0] ?? '';
    const sentences = [...source.matchAll(new RegExp(literal, 'g'))].map(([, one = '']) => one).filter((one) => /^\p{L}[\p{L}’]* \p{L}/u.test(one));
    // What a server says to a browser beside its pages is for no person.
    const statuses = /^(HTTP|Content|Bad|Not|Method|Misdirected|Request)/;
    expect(sentences.filter((one) => !seen.has(one) && !statuses.test(one))).toEqual([]);
  });

  it('speak as the page does: plainly, and without a shout', () => {
    for (const words of all.flatMap(({ english, portuguese }) => [english, portuguese])) {
      expect(words).not.toMatch(/!|\p{Extended_Pictographic}/u);
      expect(words).not.toMatch(/\b(token|oauth|callback|redirect|webhook|sync)\b/i);
    }
  });
});

describe('the scan', () => {
  it('sees a text without the other language', () => {
    expect(pairs('language.of("Later", "")')).toEqual([{ english: 'Later', portuguese: '' }]);
    const table = (words: string) => `PageWords { copy: "${words}", }`;
    expect(pairs(`${table('Copy')} ${table('Copiar')}`)).toEqual([{ english: 'Copy', portuguese: 'Copiar' }]);
  });
});
