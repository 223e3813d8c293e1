/** Accounts grouped by the connection they came through, and what they come to. Pure. */
import { keyText } from '../../ipc/client';
import type { AccountView, ConnectionView } from '../../ipc/types.gen';
import { sum } from '../../i18n/money';
import { t } from '../../i18n/i18n.svelte';
import { plain } from '../connections/groups';
import { nameOf } from '../connections/name';

/** A heading or a row; both in one list, so that it can be virtual as a whole. */
export type AccountItem =
  | { kind: 'group'; id: string; name: string; institution: string; brandColor: string | null }
  | { kind: 'row'; account: AccountView; position: number; size: number };

/** What all accounts in one currency come to: owned, and owed on cards. */
export interface Total {
  currency: string;
  owned: string | null;
  owed: string | null;
}

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
      connection?.providerName,
      t(`accountKind.${account.kind}`),
    ].join(' '),
  );
}

/** Accounts that match, in the order of their connections. */
export function accountItems(accounts: AccountView[], connections: ConnectionView[], search: string): AccountItem[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  const byKey = new Map(connections.map((one) => [keyText(one), one]));
  const groups = new Map<string, AccountView[]>();
  let size = 0;
  for (const account of accounts) {
    const id = keyText(account);
    const text = words.length > 0 ? textOf(account, byKey.get(id)) : '';
    if (!words.every((word) => text.includes(word))) continue;
    const group = groups.get(id);
    if (group) group.push(account);
    else groups.set(id, [account]);
    size += 1;
  }
  const items: AccountItem[] = [];
  let position = 0;
  for (const [id, group] of groups) {
    const connection = byKey.get(id);
    const name = connection ? nameOf(connection) : (group[0]?.connectionName ?? '');
    const institution = connection?.providerName ?? name;
    items.push({ kind: 'group', id, name, institution, brandColor: connection?.brandColor ?? null });
    for (const account of group) {
      position += 1;
      items.push({ kind: 'row', account, position, size });
    }
  }
  return items;
}

/** One total for each currency, the most used first. Practice money is not counted with real money. */
export function totalsOf(accounts: AccountView[], connections: ConnectionView[]): Total[] {
  const practice = new Set(connections.filter((one) => one.sandbox).map(keyText));
  const real = accounts.filter((one) => !practice.has(keyText(one)));
  const counted = (real.length > 0 ? real : accounts).filter((one) => one.balance !== null && one.currency !== null);
  const byCurrency = new Map<string, { owned: string[]; owed: string[] }>();
  for (const { kind, balance, currency } of counted) {
    const both = byCurrency.get(currency ?? '') ?? { owned: [], owed: [] };
    both[kind === 'creditCard' ? 'owed' : 'owned'].push(balance ?? '');
    byCurrency.set(currency ?? '', both);
  }
  return [...byCurrency]
    .sort(([, a], [, b]) => b.owned.length + b.owed.length - (a.owned.length + a.owed.length))
    .map(([currency, { owned, owed }]) => ({
      currency,
      owned: owned.length > 0 ? sum(owned) : null,
      owed: owed.length > 0 ? sum(owed) : null,
    }));
}
