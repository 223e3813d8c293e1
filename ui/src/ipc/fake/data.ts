/** Accounts, transactions, balances and files of the in-memory world. */
import { sum } from '../../i18n/money';
import { keyText, sameKey } from '../client';
import type { AccountView, BalancePoint, Commands, CurrencyTotal, FoundTransaction } from '../types.gen';
import { linesOf } from './banks';
import type { World } from './scenarios';

type Name = 'accounts_overview' | 'transactions_search' | 'balance_history' | 'export_save' | 'export_show';
export type DataHandlers = {
  [N in Name]: (request: Commands[N]['request']) => Commands[N]['response'];
};

const DAY = 86_400_000;
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function dataWorld(world: World): DataHandlers {
  /** Made once for a set of accounts: a search through a hundred thousand must not make them anew. */
  let book: { of: AccountView[]; all: FoundTransaction[] } | null = null;
  function all(): FoundTransaction[] {
    if (book?.of === world.accounts) return book.all;
    const found = world.accounts.flatMap((account) =>
      linesOf(account).map((transaction) => ({
        configKey: account.configKey,
        connectionId: account.connectionId,
        accountId: account.id,
        accountName: account.name,
        institution: account.institution,
        accountCurrency: account.currency,
        transaction,
      })),
    );
    const day = (one: FoundTransaction) => one.transaction.date ?? '';
    found.sort((one, other) => (day(one) === day(other) ? 0 : day(one) < day(other) ? 1 : -1));
    book = { of: world.accounts, all: found };
    return found;
  }
  return {
    accounts_overview: () => ({ accounts: world.accounts, totals: totals(world) }),
    transactions_search(ask) {
      const kinds = new Map(world.accounts.map((one) => [one.id, one.kind]));
      const words = plain(ask.text).split(/\s+/).filter(Boolean);
      const found = all().filter((one) => {
        const { date, description, amount } = one.transaction;
        if (ask.connection && !sameKey(one, ask.connection)) return false;
        if (ask.account !== null && one.accountId !== ask.account) return false;
        if (ask.institution !== null && one.institution !== ask.institution) return false;
        if (ask.currency !== null && one.accountCurrency !== ask.currency) return false;
        if (ask.kind !== null && kinds.get(one.accountId) !== ask.kind) return false;
        if (ask.from !== null && (date === null || date < ask.from)) return false;
        if (ask.to !== null && (date === null || date > ask.to)) return false;
        if (words.length === 0) return true;
        const text = plain(`${description} ${amount ?? ''}`);
        return words.every((word) => text.includes(word.replace(',', '.')));
      });
      return {
        total: found.length,
        offset: ask.offset,
        transactions: found.slice(ask.offset, ask.offset + Math.min(ask.limit, 200)),
        flows: flows(found),
      };
    },
    balance_history({ accounts }) {
      const of = world.accounts.filter((one) => accounts.some((asked) => sameKey(asked.key, one) && asked.account === one.id));
      return { currency: of[0]?.currency ?? null, workedOut: curve(of, 300, 40), read: curve(of, 40, 0) };
    },
    export_save: ({ format, account }) => {
      const accounts = world.accounts.filter((one) => account === null || one.id === account);
      const lines = accounts.flatMap(linesOf);
      const pending = format === 'ofx' ? lines.filter((one) => one.pending).length : 0;
      const end = format === 'csvAccounts' ? 'csv' : format;
      return { name: `mooring-transactions-2026-11-21.${end}`, accounts: accounts.length, transactions: lines.length - pending, leftOut: pending };
    },
    export_show: () => null,
  };
}

function totals(world: World): CurrencyTotal[] {
  const practice = new Set(world.connections.filter((one) => one.sandbox).map(keyText));
  const real = world.accounts.filter((one) => !practice.has(keyText(one)));
  const counted = (real.length > 0 ? real : world.accounts).filter((one) => one.currency !== null);
  return [...new Set(counted.map((one) => one.currency ?? ''))].map((currency) => {
    const of = (card: boolean) =>
      counted
        .filter((one) => one.currency === currency && one.balance !== null && (one.kind === 'creditCard') === card)
        .map((one) => one.balance ?? '');
    const total = (balances: string[]) => (balances.length > 0 ? sum(balances) : null);
    return { currency, owned: total(of(false)), owed: total(of(true)), accounts: of(true).length + of(false).length };
  });
}

function flows(found: FoundTransaction[]) {
  const currencies = new Set(found.map((one) => one.accountCurrency).filter((one) => one !== null));
  return [...currencies].map((currency) => {
    const amounts = found.filter((one) => one.accountCurrency === currency).map((one) => one.transaction.amount ?? '0');
    const out = amounts.filter((one) => one.startsWith('-'));
    return { currency, moneyIn: sum(amounts.filter((one) => !one.startsWith('-'))), moneyOut: sum(out) };
  });
}

/** Wages once a month and a little less each day, ending at what there is now. */
function curve(of: AccountView[], from: number, to: number): BalancePoint[] {
  const ends = of.reduce((total, one) => total + Number(one.balance ?? 0) * (one.kind === 'creditCard' ? -1 : 1), 0);
  const points: BalancePoint[] = [];
  for (let day = from; day > to || day === 0; day -= 2) {
    const swing = Math.abs(ends) * 0.18 * (((day % 30) - 15) / 15) - Math.abs(ends) * 0.001 * day;
    const balance = day === 0 ? ends : ends + swing + Math.sin(day / 3) * Math.abs(ends) * 0.02;
    points.push({ date: new Date(Date.now() - day * DAY).toISOString().slice(0, 10), balance: balance.toFixed(2) });
    if (day === 0) break;
  }
  return points;
}
