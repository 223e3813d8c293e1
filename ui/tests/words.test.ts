import { describe, expect, it } from 'vitest';
import { IntlMessageFormat } from 'intl-messageformat';
import en from '../src/i18n/en.json';
import ptBr from '../src/i18n/pt-BR.json';
import { sources } from './sources';

type Catalogue = Record<string, string>;
const catalogues: Record<string, Catalogue> = { en, 'pt-BR': ptBr };

/** Names of the values that a message asks for. */
function asks(text: string): string[] {
  const names = new Set<string>();
  const visit = (nodes: ReturnType<IntlMessageFormat['getAst']>) => {
    for (const node of nodes) {
      if ('value' in node && node.type !== 0) names.add(String(node.value));
      if ('options' in node) Object.values(node.options).forEach((option) => visit(option.value));
    }
  };
  visit(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

describe('catalogues', () => {
  it('have the same keys in the same order', () => {
    expect(Object.keys(ptBr)).toEqual(Object.keys(en));
  });

  it('ask for the same values in both languages', () => {
    for (const [key, text] of Object.entries(en as Catalogue)) {
      expect(asks((ptBr as Catalogue)[key] ?? ''), key).toEqual(asks(text));
    }
  });

  it('leave nothing empty and shout nowhere', () => {
    for (const catalogue of Object.values(catalogues)) {
      for (const [key, text] of Object.entries(catalogue)) {
        expect(text.trim(), key).not.toBe('');
        expect(text, key).not.toMatch(/!|\p{Extended_Pictographic}/u);
      }
    }
  });

  it('speak of no tokens, callbacks or OAuth, except where an institution lists its endpoints', () => {
    for (const catalogue of Object.values(catalogues)) {
      for (const [key, text] of Object.entries(catalogue)) {
        if (key.startsWith('custom.') || key.startsWith('pluggyKey.') || key.startsWith('codatKey.')) continue;
        expect(text, key).not.toMatch(/\b(token|oauth|callback|redirect|webhook|sync failed)\b/i);
      }
    }
  });

  it('have no key that nobody uses', () => {
    const text = sources().map((source) => source.text).join('\n');
    // A key made from parts, such as `failure.${code}.what`, is used when its template is.
    const templates = [...text.matchAll(/t\(`([^`]+)`/g)].map(
      ([, template = '']) => new RegExp(`^${template.replaceAll('.', '\\.').replace(/\$\{[^}]+\}/g, '[\\w-]+')}$`),
    );
    const unused = Object.keys(en).filter(
      (key) => !text.includes(`'${key}'`) && !templates.some((template) => template.test(key)),
    );
    expect(unused).toEqual([]);
  });
});
