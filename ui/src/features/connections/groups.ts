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
  const text = plain([one.displayName, one.providerName, one.accountHolder, one.company?.name, one.configKey, one.connectionId].join(' '));
  return words.every((word) => text.includes(word));
}

/** A company to choose. Names are not unique, so one that another company has too carries the end of its id. */
export interface CompanyChoice {
  id: string;
  name: string;
}

/** Companies to choose from, where an aggregator sorts connections by company; none while there is no choice. */
export function companiesOf(connections: ConnectionView[]): CompanyChoice[] {
  const names = new Map<string, string>();
  for (const { company } of connections) {
    if (!company) continue;
    if (company.name || !names.has(company.id)) names.set(company.id, company.name ?? company.id);
  }
  if (names.size < 2) return [];
  const all = [...names.values()];
  const named = ([id, name]: [string, string]) =>
    all.filter((one) => one === name).length > 1 ? { id, name: `${name} (…${id.slice(-4)})` } : { id, name };
  return [...names].map(named).sort((a, b) => a.name.localeCompare(b.name));
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
    if (company !== '' && one.company?.id !== company) continue;
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
