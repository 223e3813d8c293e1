import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';
import { account, accountsFor } from '../../ipc/fake/banks';
import { bankConnection } from '../../ipc/fake/pluggy';
import { byMonth, chartOf } from './chart';
import { accountItems, everything, kindBeside, narrowed } from './list';
import { daysOf } from './period';

const home = { configKey: 'pluggy', connectionId: 'home' };
const shop = { configKey: 'pluggy', connectionId: 'shop' };
const connections = [bankConnection(home, 'Nubank'), bankConnection(shop, 'Itaú')];
const accounts = [...accountsFor(home, 'Nubank'), ...accountsFor(shop, 'Itaú', 2)];

describe('accounts', () => {
  const shape = (search: string) =>
    accountItems(narrowed(accounts, connections, { ...everything, search }), connections).map((item) => (item.kind === 'group' ? item.name : item.account.name));

  it('are grouped by where they are', () => {
    expect(shape('')).toEqual([
      'Nubank', 'Conta corrente', 'Poupança', 'Cartão Platinum', 'Itaú', 'Conta corrente', 'Poupança', 'Cartão Platinum',
    ]);
  });

  it('are found by institution, kind and digits, without accents', () => {
    expect(shape('itau cartao')).toEqual(['Itaú', 'Cartão Platinum']);
    expect(shape('savings')).toEqual(['Nubank', 'Poupança', 'Itaú', 'Poupança']);
    expect(shape('8804 nubank')).toEqual(['Nubank', 'Cartão Platinum']);
    expect(shape('nothing')).toEqual([]);
  });

  it('are narrowed by what is chosen, and grouped by currency when asked', () => {
    const dollars = account(home, { id: 'usd', name: 'Global', currency: 'USD' });
    const all = [...accounts, dollars];
    const names = (by: object) => narrowed(all, connections, { ...everything, ...by }).map((one) => one.name);
    expect(names({ currency: 'USD' })).toEqual(['Global']);
    expect(names({ kind: 'savings', institution: 'Itaú' })).toEqual(['Poupança']);
    const headings = accountItems(all, connections, 'currency').flatMap((item) => (item.kind === 'group' ? [item.name] : []));
    expect(headings).toEqual(['BRL', 'USD']);
  });

  it('of a connection that ended say that they were kept', () => {
    const ended = [bankConnection(home, 'Nubank', { status: 'Unlinked' })];
    const [group] = accountItems(accountsFor(home, 'Nubank'), ended);
    expect(group).toMatchObject({ kind: 'group', keptSince: expect.any(String) });
    const [linked] = accountItems(accountsFor(home, 'Nubank'), connections);
    expect(linked).toMatchObject({ keptSince: null });
  });

  it('do not say twice what they are', () => {
    expect(kindBeside(account(home, { id: 'a', name: 'Checking Account' }))).toBeNull();
    expect(kindBeside(account(home, { id: 'a', name: 'Conta' }))).toBe('Checking account');
  });
});

describe('the accounts screen', () => {
  async function shown(scenario: 'banks' | 'empty' | 'manyaccounts') {
    const app = await ready(scenario);
    await app.person.click(screen.getByRole('button', { name: 'Accounts' }));
    return app;
  }

  it('masks numbers, says what is owed, and opens the account where it is', async () => {
    const { person, asked } = await shown('banks');
    expect(await screen.findByRole('heading', { level: 1, name: 'Accounts' })).toBeVisible();
    const list = await screen.findByRole('list', { name: 'Accounts by institution' });
    const [card] = within(list).getAllByRole('button', { name: /Cartão Platinum.*ending in 8804.*owed/ });
    await person.click(card!);
    expect(await screen.findByRole('heading', { name: 'Conta da Ana' })).toBeVisible();
    expect(await screen.findByText('Bill due')).toBeVisible();
    const connection = { configKey: 'pluggy', connectionId: 'nubank' };
    await waitFor(() => expect(asked('transactions_search')).toEqual([expect.objectContaining({ connection, account: 'nubank-3', limit: 25 })]));
  });

  it('searches, and says how many', async () => {
    const { person } = await shown('banks');
    await person.type(await screen.findByRole('searchbox', { name: 'Search accounts' }), 'global');
    expect(screen.getByText('1 account')).toBeInTheDocument();
    await person.type(screen.getByRole('searchbox'), 'zzz');
    expect(screen.getByText('No account matches.')).toBeVisible();
  });

  it('leads to connecting when there is none', async () => {
    const { person } = await shown('empty');
    await person.click(await screen.findByRole('button', { name: 'Connect an institution' }));
    expect(await screen.findByRole('searchbox', { name: 'Search institutions' })).toBeVisible();
  });

  it('draws only what is in view of five thousand', async () => {
    await shown('manyaccounts');
    const list = await screen.findByRole('list', { name: 'Accounts by institution' });
    const drawn = within(list).getAllByRole('listitem').length;
    expect(drawn).toBeGreaterThan(10);
    expect(drawn).toBeLessThan(120);
  });

  it('tells an error from an empty list', async () => {
    const app = await ready('banks');
    app.fake.failNext('accounts_overview', { code: 'storage', params: {}, detail: null });
    await app.person.click(screen.getByRole('button', { name: 'Accounts' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Reading or writing the vault did not work.');
    await app.person.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('list', { name: 'Accounts by institution' })).toBeVisible();
  });

  it('finds transactions of all accounts by words and amounts, and says what they come to', async () => {
    const { person } = await shown('banks');
    await person.click(await screen.findByRole('button', { name: 'Transactions' }));
    const list = await screen.findByRole('list', { name: 'Transactions, newest first' });
    expect(within(list).getAllByRole('listitem').length).toBeGreaterThan(10);
    await person.type(screen.getByRole('searchbox', { name: 'Search transactions and amounts' }), '312,48');
    await waitFor(() => {
      for (const row of within(screen.getByRole('list', { name: 'Transactions, newest first' })).getAllByRole('listitem')) {
        expect(row).toHaveTextContent('Supermercado Zona Sul');
      }
    });
    await person.clear(screen.getByRole('searchbox'));
    await person.type(screen.getByRole('searchbox'), 'zzz');
    expect(await screen.findByText('No transaction matches.')).toBeVisible();
  });

  it('asks for two hundred thousand transactions a page at a time', async () => {
    const { person, asked } = await shown('manyaccounts');
    await person.click(await screen.findByRole('button', { name: 'Transactions' }));
    expect(await screen.findByText('200,000 transactions')).toBeVisible();
    const list = screen.getByRole('list', { name: 'Transactions, newest first' });
    expect(within(list).getAllByRole('listitem').length).toBeLessThan(120);
    expect(asked('transactions_search').length).toBeLessThan(4);
  });

  it('exports what is chosen, says where it is and what is missing in it', async () => {
    const { person, asked, fake } = await shown('banks');
    await person.click(await screen.findByRole('button', { name: 'Export…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Export accounts and transactions' });
    await person.click(within(dialog).getByRole('radio', { name: /Accounting programs/ }));
    await person.selectOptions(within(dialog).getByRole('combobox', { name: 'Accounts' }), within(dialog).getAllByRole('option', { name: /Conta corrente/ })[0]!);
    await person.selectOptions(within(dialog).getByRole('combobox', { name: 'Period' }), 'Last year');
    fake.failNext('export_save', { code: 'file_not_written', params: {}, detail: 'permission denied' });
    await person.click(within(dialog).getByRole('button', { name: 'Choose where to save' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('could not be written');
    await person.click(within(dialog).getByRole('button', { name: 'Choose where to save' }));
    expect(await screen.findByText(/Saved to mooring-transactions-.*\.ofx/)).toBeVisible();
    expect(screen.getByText(/pending or lack a date/)).toBeVisible();
    const year = new Date().getFullYear() - 1;
    expect(asked('export_save').at(-1)).toMatchObject({ format: 'ofx', from: `${year}-01-01`, to: `${year}-12-31`, account: expect.any(String) });
    await person.click(screen.getByRole('button', { name: 'Show in folder' }));
    expect(asked('export_show')).toHaveLength(1);
  });

  it('draws the balance and says it in a table', async () => {
    const { person } = await shown('banks');
    expect(await screen.findByRole('img', { name: /^Balance from/ })).toBeVisible();
    await person.click(screen.getByText('Balances by month'));
    expect(screen.getAllByRole('row').length).toBeGreaterThan(3);
  });
});

describe('periods', () => {
  const now = new Date(2026, 0, 15).getTime();
  it('are whole months and years, across the turn of the year', () => {
    expect(daysOf('lastMonth', now)).toEqual({ from: '2025-12-01', to: '2025-12-31' });
    expect(daysOf('lastYear', now)).toEqual({ from: '2025-01-01', to: '2025-12-31' });
    expect(daysOf('days90', now)).toEqual({ from: '2025-10-18', to: null });
    expect(daysOf('all', now)).toEqual({ from: null, to: null });
  });
});

describe('the chart', () => {
  const point = (date: string, balance: string) => ({ date, balance });
  it('goes in steps, joins both lines, and marks where nothing is owned', () => {
    const chart = chartOf({
      currency: 'BRL',
      workedOut: [point('2026-01-01', '100.00')],
      read: [point('2026-01-06', '-100.00'), point('2026-01-11', '50.00')],
    });
    expect(chart).toMatchObject({ workedOut: 'M0 4H300V116', read: 'M300 116H600V32', zero: 60, lowest: '-100.00', highest: '100.00' });
  });
  it('is none for a single day', () => {
    expect(chartOf({ currency: null, workedOut: [], read: [point('2026-01-01', '1')] })).toBeNull();
  });
  it('is a table of the last day of each month', () => {
    const read = [point('2026-01-01', '1'), point('2026-01-30', '2'), point('2026-02-03', '3')];
    expect(byMonth({ currency: null, workedOut: [], read }).map((one) => one.balance)).toEqual(['3', '2']);
  });
});
