/** Which companies and platforms are shown. Pure. */
import type { Key } from '../../i18n/i18n.svelte';
import type { Category, CompanyView, IntegrationView } from '../../ipc/types.gen';
import { plain } from '../connections/groups';

function matches(text: string, search: string): boolean {
  return plain(search)
    .split(/\s+/)
    .every((word) => plain(text).includes(word));
}

/** Companies that a search finds, by name. */
export function companiesMatching(companies: CompanyView[], search: string): CompanyView[] {
  return companies
    .filter((one) => matches([one.name, one.description ?? '', ...Object.values(one.tags)].join(' '), search))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Letters that Codat keeps in a company's name; others it drops without a word. */
const KEPT = /^[\p{L}\p{N} \-',&@.?!]*$/u;

export function companyNameProblem(
  name: string,
  companies: CompanyView[],
): { words: Key; blocking: boolean } | null {
  const typed = name.trim();
  if (typed === '') return { words: 'finding.empty', blocking: true };
  if (!KEPT.test(typed)) return { words: 'companies.nameLetters', blocking: true };
  // Two companies may share a name; but a platform is connected again in the company that it was in.
  if (companies.some((one) => plain(one.name) === plain(typed))) return { words: 'companies.nameTaken', blocking: false };
  return null;
}

export type PlatformCategory = 'all' | 'accounting' | 'banking' | 'commerce' | 'other';

export const platformCategories: PlatformCategory[] = ['all', 'accounting', 'banking', 'commerce', 'other'];

function categoryOf(category: Category): Exclude<PlatformCategory, 'all'> {
  return category === 'accounting' || category === 'banking' || category === 'commerce' ? category : 'other';
}

/** Platforms that a search and a category leave: those that can be used first, practice last, each part by name. */
export function platformsMatching(all: IntegrationView[], search: string, category: PlatformCategory): IntegrationView[] {
  const rank = (one: IntegrationView) => (one.enabled ? 0 : 2) + (one.sandbox ? 1 : 0);
  return all
    .filter((one) => (category === 'all' || categoryOf(one.category) === category) && matches(`${one.name} ${one.key}`, search))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Categories that have a platform, so that none leads to an empty list. */
export function categoriesAmong(all: IntegrationView[]): PlatformCategory[] {
  const present = new Set(all.map((one) => categoryOf(one.category)));
  return platformCategories.filter((one) => one === 'all' || present.has(one));
}
