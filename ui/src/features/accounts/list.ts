/** Accounts in groups, filtered: by the connection they came through, or by currency. Pure. */
import { keyText } from '../../ipc/client';
import type { AccountKind, AccountView, ConnectionView } from '../../ipc/types.gen';
import { t } from '../../i18n/i18n.svelte';
import { plain } from '../connections/groups';
import { nameOf } from '../connections/name';

/** A heading or a row; both in one list, so that it can be virtual as a whole. */
export type AccountItem =
  | { kind: 'group'; id: string; name: string; institution: string | null; brandColor: string | null; keptSince: string | null }
  | { kind: 'row'; account: AccountView; position: number; size: number };

export const groupings = ['institution', 'currency'] as const;
export type Grouping = (typeof groupings)[number];

/** What is chosen; empty is everything. */
export interface Narrowing {
  search: string;
  institution: string;
  currency: string;
  kind: AccountKind | '';
}

export const everything: Narrowing = { search: '', institution: '', currency: '', kind: '' };

export function accountText(account: AccountView): string {
  return `${keyText(account)}/${account.id}`;
}

/** What it is, unless its name says so already. */
export function kindBeside(account: AccountView): string | null {
  const kind = t(`accountKind.${account.kind}`);
  return plain(kind) === plain(account.name) ? null : kind;
}

function textOf(account: AccountView, connection: ConnectionView | undefined): string {
  return plain(
    [
      account.name,
      account.owner,
      account.lastDigits,
      account.connectionName,
      account.currency,
      account.balance,
      connection?.providerName,
      t(`accountKind.${account.kind}`),
    ].join(' '),
  );
}

/** Accounts that match, in the order they came. */
export function narrowed(accounts: AccountView[], connections: ConnectionView[], by: Narrowing): AccountView[] {
  const words = plain(by.search).split(/\s+/).filter(Boolean);
  const byKey = new Map(connections.map((one) => [keyText(one), one]));
  return accounts.filter((account) => {
    if (by.institution !== '' && account.institution !== by.institution) return false;
    if (by.currency !== '' && account.currency !== by.currency) return false;
    if (by.kind !== '' && account.kind !== by.kind) return false;
    const text = words.length > 0 ? textOf(account, byKey.get(keyText(account))) : '';
    return words.every((word) => text.includes(word));
  });
}

/** Accounts under headings. */
export function accountItems(accounts: AccountView[], connections: ConnectionView[], grouping: Grouping = 'institution'): AccountItem[] {
  const byKey = new Map(connections.map((one) => [keyText(one), one]));
  const groups = new Map<string, AccountView[]>();
  for (const account of accounts) {
    const id = grouping === 'currency' ? (account.currency ?? '') : keyText(account);
    const group = groups.get(id);
    if (group) group.push(account);
    else groups.set(id, [account]);
  }
  const items: AccountItem[] = [];
  let position = 0;
  for (const [id, group] of groups) {
    items.push(grouping === 'currency' ? currencyHeading(id) : connectionHeading(id, group, byKey.get(id)));
    for (const account of group) {
      position += 1;
      items.push({ kind: 'row', account, position, size: accounts.length });
    }
  }
  return items;
}

function currencyHeading(code: string): AccountItem {
  const name = code === '' ? t('accounts.noCurrency') : code;
  return { kind: 'group', id: code, name, institution: null, brandColor: null, keptSince: null };
}

function connectionHeading(id: string, group: AccountView[], connection: ConnectionView | undefined): AccountItem {
  const name = connection ? nameOf(connection) : (group[0]?.connectionName ?? '');
  // What is not linked any more is not read any more either: what is shown was kept.
  const isKept = connection !== undefined && connection.status !== 'Linked';
  return {
    kind: 'group',
    id,
    name,
    institution: connection?.providerName ?? name,
    brandColor: connection?.brandColor ?? null,
    keptSince: isKept ? (group.map((one) => one.fetchedAt).sort().at(-1) ?? null) : null,
  };
}

/** Values that there are of something, in the order of their names. */
export function valuesOf(accounts: AccountView[], of: (account: AccountView) => string | null): string[] {
  const values = accounts.map(of).filter((value) => value !== null);
  return [...new Set(values)].sort((one, other) => one.localeCompare(other));
}
