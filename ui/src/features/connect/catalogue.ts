/** Which institutions the catalogue shows for a search, a category and a country. Pure. */
import { t } from '../../i18n/i18n.svelte';
import type { Category, ConfigView, ProviderView } from '../../ipc/types.gen';
import { plain } from '../connections/groups';

export interface Wish {
  search: string;
  category: Category | 'all';
  country: string;
}

function matches(name: string, category: Category, wish: Wish): boolean {
  if (wish.category !== 'all' && category !== wish.category) return false;
  return plain(wish.search)
    .split(/\s+/)
    .every((word) => plain(name).includes(word));
}

/** Registrations that are ready to connect with. */
export function readyConfigs(configs: ConfigView[], wish: Wish): ConfigView[] {
  return configs.filter((one) => matches(`${one.providerName} ${one.configKey} ${one.host}`, one.category, wish));
}

/** What stands under the name of a registration; its key only where it tells two of one provider apart. */
export function readyWords(config: ConfigView, all: ConfigView[]): string {
  const alone = all.filter((one) => one.provider === config.provider).length === 1;
  return [t(`category.${config.category}`), config.host, ...(alone ? [] : [config.configKey])].join(' · ');
}

/** Whether banks in Brazil are among what is wished for; `words` are what a search may find them by. */
export function fitsBrazil(wish: Wish, words: string): boolean {
  return matches(words, 'banking', wish) && (wish.country === '' || wish.country === 'BR');
}

/** Whether accounting software, banks and shops are among what is wished for. */
export function fitsCodat(wish: Wish, words: string): boolean {
  const categories: Category[] = ['accounting', 'banking', 'commerce'];
  return wish.country === '' && categories.some((one) => matches(words, one, wish));
}

/** Institutions that still need keys. */
export function otherProviders(providers: ProviderView[], configs: ConfigView[], wish: Wish): ProviderView[] {
  const ready = new Set(configs.map((one) => one.provider));
  return providers.filter(
    (one) =>
      !ready.has(one.id) &&
      matches(one.name, one.category, wish) &&
      (wish.country === '' || one.countries.length === 0 || one.countries.includes(wish.country)),
  );
}

/** Countries that some institution names, sorted by their name in the language. */
export function countriesOf(providers: ProviderView[], locale: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const codes = new Set(providers.flatMap((one) => one.countries));
  return [...codes]
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, locale));
}
