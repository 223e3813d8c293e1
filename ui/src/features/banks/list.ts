/** Which institutions are listed for a search, a kind, a product and a country. Pure. */
import type { InstitutionView } from '../../ipc/types.gen';
import { plain } from '../connections/groups';
import { kindWords, productWords } from '../link/words';

export interface BankWish {
  search: string;
  kind: string;
  product: string;
  country: string;
}

/** An institution with the text that a search looks at, made once: there may be ten thousand. */
export interface Listed {
  view: InstitutionView;
  text: string;
}

export function listed(institutions: InstitutionView[]): Listed[] {
  return institutions.map((view) => ({ view, text: plain(view.name) }));
}

/** Those that match, the ones whose name begins with the search first, else in the order given. */
export function matching(all: Listed[], wish: BankWish): InstitutionView[] {
  const words = plain(wish.search).split(/\s+/).filter(Boolean);
  const found = all.filter(
    ({ view, text }) =>
      (wish.kind === '' || view.kind === wish.kind) &&
      (wish.product === '' || view.products.includes(wish.product)) &&
      (wish.country === '' || view.country === wish.country) &&
      words.every((word) => text.includes(word)),
  );
  const [first] = words;
  if (first === undefined) return found.map(({ view }) => view);
  const begins = found.filter(({ text }) => text.startsWith(first));
  const others = found.filter(({ text }) => !text.startsWith(first));
  return [...begins, ...others].map(({ view }) => view);
}

export interface Option {
  value: string;
  label: string;
}

function sorted(values: Set<string>, words: (value: string) => string, locale: string): Option[] {
  return [...values]
    .map((value) => ({ value, label: words(value) }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

export function kindsOf(institutions: InstitutionView[], locale: string): Option[] {
  return sorted(new Set(institutions.flatMap((one) => one.kind ?? [])), kindWords, locale);
}

export function productsOf(institutions: InstitutionView[], locale: string): Option[] {
  return sorted(new Set(institutions.flatMap((one) => one.products)), productWords, locale);
}

/** Countries, where there is more than one to choose from. */
export function countriesAmong(institutions: InstitutionView[], locale: string): Option[] {
  const codes = new Set(institutions.flatMap((one) => one.country ?? []));
  if (codes.size < 2) return [];
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  return sorted(codes, (code) => countryName(names, code), locale);
}

function countryName(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    // What is no region code is shown as it came.
    return code;
  }
}
