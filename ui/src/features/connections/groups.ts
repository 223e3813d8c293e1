/** Which connections are shown, in which groups and order. Pure. */
import type { Category, ConnectionView } from '../../ipc/types.gen';
import { needsPerson, standingOf, type Standing } from './standing';

export type Filter = 'all' | 'needy' | 'paused' | 'disconnected';
export type GroupName = 'needy' | Category;

/** A heading or a row; both in one list, so that it can be virtual as a whole. */
export type Item =
  | { kind: 'group'; name: GroupName; count: number }
  | { kind: 'row'; connection: ConnectionView; needy: boolean; position: number; size: number };

const order: Category[] = ['banking', 'accounting', 'commerce', 'payments', 'payroll', 'other'];

function passes(standing: Standing, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'needy':
      return needsPerson(standing);
    case 'paused':
    case 'disconnected':
      return standing === filter;
    default:
      return filter satisfies never;
  }
}

/** Lower case without accents, so that "itau" finds Itaú. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

function found(one: ConnectionView, words: string[]): boolean {
  if (words.length === 0) return true;
  const text = plain([one.displayName, one.providerName, one.accountHolder, one.configKey, one.connectionId].join(' '));
  return words.every((word) => text.includes(word));
}

/** Whose connection it is, where an aggregator sorts connections by company. */
function companyOf(one: ConnectionView): string | null {
  return one.source === 'codat' ? one.accountHolder : null;
}

/** Companies to choose from; none while there is no choice. */
export function companiesOf(connections: ConnectionView[]): string[] {
  const names = new Set(connections.map(companyOf).filter((name) => name !== null));
  return names.size < 2 ? [] : [...names].sort((a, b) => a.localeCompare(b));
}

/** Filters that would show something, with how many. */
export function filtersOf(connections: ConnectionView[], now: number): { filter: Filter; count: number }[] {
  const filters: Filter[] = ['all', 'needy', 'paused', 'disconnected'];
  return filters
    .map((filter) => ({
      filter,
      count: connections.filter((one) => passes(standingOf(one, now), filter)).length,
    }))
    .filter(({ filter, count }) => filter === 'all' || count > 0);
}

export function itemsOf(connections: ConnectionView[], search: string, filter: Filter, now: number, company = ''): Item[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  const groups = new Map<GroupName, ConnectionView[]>();
  let size = 0;
  for (const one of connections) {
    const standing = standingOf(one, now);
    if (!passes(standing, filter) || !found(one, words)) continue;
    if (company !== '' && companyOf(one) !== company) continue;
    const name: GroupName = needsPerson(standing) ? 'needy' : one.category;
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
    size += 1;
  }
  const items: Item[] = [];
  let position = 0;
  for (const name of ['needy', ...order] as GroupName[]) {
    const group = groups.get(name);
    if (!group) continue;
    items.push({ kind: 'group', name, count: group.length });
    for (const connection of group) {
      position += 1;
      items.push({ kind: 'row', connection, needy: name === 'needy', position, size });
    }
  }
  return items;
}
