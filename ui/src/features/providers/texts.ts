/** Words of the person's own while they are typed: one text for each category, its entries parted by empty lines. Pure. */
import type { CodatTexts, CodatTextsDraft } from '../../ipc/types.gen';

export type TextCategory = 'accounting' | 'banking' | 'commerce';
export const textCategories: TextCategory[] = ['accounting', 'banking', 'commerce'];
export type TypedTexts = Record<TextCategory, string>;

export function typedTexts(texts: CodatTexts | null): TypedTexts {
  const of = (category: TextCategory) => (texts?.[category].entries ?? []).join('\n\n');
  return { accounting: of('accounting'), banking: of('banking'), commerce: of('commerce') };
}

export function entriesOf(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((entry) => entry.trim())
    .filter(Boolean);
}

export function textsDraft(typed: TypedTexts): CodatTextsDraft {
  return {
    json: null,
    accounting: entriesOf(typed.accounting),
    banking: entriesOf(typed.banking),
    commerce: entriesOf(typed.commerce),
  };
}
