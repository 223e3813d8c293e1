import { dirname, join, normalize } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import en from '../src/i18n/en.json';
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

/** Attributes of elements and props of components that name, style or connect, and are read to nobody. */
const SILENT =
  /^(class|style|id|for|of|name|type|value|href|src|rel|role|kind|size|tone|shape|width|height|layout|level|field|form|slot|key|words|title-key|autocomplete|autocapitalize|inputmode|spellcheck|target|method|xmlns|viewBox|fill|stroke.*|d|points|transform|tabindex|lang|dir|data-.*|on.*|aria-(current|live|hidden|expanded|controls|pressed|haspopup|autocomplete|keyshortcuts|labelledby|describedby|activedescendant|invalid|selected|busy|orientation|sort|modal|relevant|atomic))$/;
/** What is said to people by its name, on elements and components alike. */
const SPOKEN = /^(aria-label|aria-description|aria-roledescription|aria-valuetext|title|placeholder|alt|lead|help|detail|note|optional|summary|warning|second|\w*[lL]abel|\w*[wW]ords)$/;

type Node = Record<string, unknown>;
const isNode = (node: unknown): node is Node => typeof node === 'object' && node !== null;

/** Whether a text is something to read: a word with a capital or a space, and no key such as `nav.help`. */
const isSaid = (text: string) => /\p{L}{2}/u.test(text) && (/^\p{Lu}/u.test(text.trim()) || /\p{L}\s+\p{L}/u.test(text));

/** Texts that an expression comes to: those it holds, but not what is looked up, compared or asked for. */
function textsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (!isNode(node)) return [];
  switch (node['type']) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : [];
    case 'TemplateLiteral':
      return [...(node['quasis'] as { value: { raw: string } }[]).map((one) => one.value.raw), ...textsOf(node['expressions'])];
    case 'ConditionalExpression':
      return [...textsOf(node['consequent']), ...textsOf(node['alternate'])];
    case 'LogicalExpression':
      return [...textsOf(node['left']), ...textsOf(node['right'])];
    case 'BinaryExpression':
      return node['operator'] === '+' ? [...textsOf(node['left']), ...textsOf(node['right'])] : [];
    case 'ArrayExpression':
      return textsOf(node['elements']);
    case 'CallExpression': {
      // `['a', 'b'].join()` says what it joins; any other call answers for itself.
      const callee = node['callee'] as Node;
      return callee['type'] === 'MemberExpression' ? textsOf(callee['object']) : [];
    }
    default:
      return [];
  }
}

/** Words written straight into markup: text, expressions between tags, and what attributes and props say. */
function bareWords(path: string, text: string): string[] {
  const found: string[] = [];
  const said = (texts: string[], lenient: boolean) =>
    found.push(...texts.filter((one) => (lenient ? /\p{L}/u.test(one) : isSaid(one))).map((one) => one.trim()));
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!isNode(node)) return;
    const { type, data, name, value } = node;
    if (type === 'Text' && typeof data === 'string' && /\p{L}/u.test(data)) found.push(data.trim());
    if (type === 'StyleDirective' || type === 'ClassDirective') return;
    if (type === 'ExpressionTag') said(textsOf(node['expression']), false);
    if (type === 'Attribute') {
      const parts = (Array.isArray(value) ? value : [value]).filter(isNode);
      const texts = parts.flatMap((part) =>
        part['type'] === 'Text' ? [String(part['data'])] : part['type'] === 'ExpressionTag' ? textsOf(part['expression']) : [],
      );
      if (SPOKEN.test(String(name))) {
        // A key is passed to a component that looks it up.
        said(texts.filter((one) => !Object.hasOwn(en, one)), true);
      } else if (!SILENT.test(String(name))) said(texts, false);
      return;
    }
    Object.values(node).forEach(visit);
  };
  visit(parse(text, { filename: path, modern: true }).fragment);
  return found;
}

/** Sentences in code that nobody looked up: a literal that begins like one and has several words. */
function bareSentences(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  const literals = [...code.matchAll(/(?<!new Error\()(['"`])((?:\p{Lu}\p{Ll}+)(?: [\p{L}’,.-]+)+)\1/gu)];
  return literals.map(([, , words = '']) => words);
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
    const seen = (markup: string) => bareWords('x', markup);
    expect(seen('<p>Hello</p><a title="There" class="no">{t("key")}</a>')).toEqual(['Hello', 'There']);
    expect(seen('<p>{"Hello you"}</p><p>{busy ? "Wait" : t("nav.help")}</p>')).toEqual(['Hello you', 'Wait']);
    expect(seen('<p>{`${count} connections left`}</p>')).toEqual(['connections left']);
    expect(seen('<Dialog title={busy ? "Wait" : t("nav.help")} onclose={close} />')).toEqual(['Wait']);
    expect(seen('<Field label="name" againLabel={"again"} />')).toEqual(['name', 'again']);
    expect(seen('<Note tone="amber" reason="Not yet" />')).toEqual(['Not yet']);
    expect(seen('<Why of="scopes" /><Row title="nav.help" /><Button kind="primary" {...rest} />')).toEqual([]);
    expect(seen('<input type="text" autocomplete="new-password" placeholder={{example}.example} />')).toEqual([]);
  });

  it('writes no sentences into code', () => {
    const product = all.filter(({ path }) => !path.startsWith('preview') && !path.startsWith('ipc/fake/'));
    for (const { path, text } of product) {
      const code = path.endsWith('.svelte') ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, one]) => one).join('\n') : text;
      expect(bareSentences(code), path).toEqual([]);
    }
    expect(bareSentences("const a = 'Not found here';\n// 'Left out here'\nconst b = 'nav.help';")).toEqual(['Not found here']);
  });

  it('puts no raw HTML on the page', () => {
    for (const { path, text } of all) expect(text, path).not.toMatch(/\{@html|innerHTML/);
  });
});
