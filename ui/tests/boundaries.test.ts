import { dirname, join, normalize } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { sources } from './sources';

const all = sources();
const byPath = new Map(all.map((source) => [source.path, source.text]));

function imports(path: string): string[] {
  const text = byPath.get(path) ?? '';
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
}

/** Every module that a module leads to. */
function reach(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const name of imports(path)) {
    if (!name.startsWith('.')) continue;
    const target = normalize(join(dirname(path), name));
    const file = [target, `${target}.ts`, `${target}.svelte`].find((one) => byPath.has(one));
    if (file) reach(file, seen);
  }
  return seen;
}

/** Words written straight into markup: text, and attributes that are read to people. */
function bareWords(path: string, text: string): string[] {
  const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'lead', 'help', 'detail']);
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    const { type, data, name, value } = node as Record<string, unknown>;
    if (type === 'Text' && typeof data === 'string' && /\p{L}/u.test(data)) found.push(data.trim());
    if (type === 'StyleDirective') return;
    if (type === 'Attribute') {
      if (spoken.has(String(name))) visit(value);
      return;
    }
    Object.values(node).forEach(visit);
  };
  visit(parse(text, { filename: path, modern: true }).fragment);
  return found;
}

describe('boundaries', () => {
  it('lets one module know Tauri', () => {
    const knowing = all.filter((source) => source.text.includes('@tauri-apps/')).map((source) => source.path);
    expect(knowing).toEqual(['ipc/tauri.ts']);
  });

  it('keeps the in-memory core out of the product', () => {
    const product = [...reach('main.ts')];
    expect(product).toContain('ipc/tauri.ts');
    expect(product.filter((path) => path.includes('fake') || path === 'preview.ts')).toEqual([]);
    expect([...reach('preview.ts')]).toContain('ipc/fake/fake.ts');
  });

  it('keeps components dumb: no session, no core, no features', () => {
    for (const { path } of all.filter((source) => source.path.startsWith('components/'))) {
      const outside = imports(path).filter((name) => /\/(app|features|ipc)\//.test(name));
      expect(outside, path).toEqual([]);
    }
  });

  it('writes no words into markup', () => {
    for (const { path, text } of all.filter((source) => source.path.endsWith('.svelte'))) {
      expect(bareWords(path, text), path).toEqual([]);
    }
  });

  it('sees bare words where there are some', () => {
    expect(bareWords('x', '<p>Hello</p><a title="There" class="no">{t("key")}</a>')).toEqual(['Hello', 'There']);
  });

  it('puts no raw HTML on the page', () => {
    for (const { path, text } of all) expect(text, path).not.toMatch(/\{@html|innerHTML/);
  });
});
