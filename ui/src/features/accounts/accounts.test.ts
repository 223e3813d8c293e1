import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';
import { account, accountsFor } from '../../ipc/fake/banks';
import { bankConnection } from '../../ipc/fake/pluggy';
import { accountItems, kindBeside, totalsOf } from './list';

const home = { configKey: 'pluggy', connectionId: 'home' };
const shop = { configKey: 'pluggy', connectionId: 'shop' };
const connections = [bankConnection(home, 'Nubank'), bankConnection(shop, 'Itaú')];
const accounts = [...accountsFor(home, 'Nubank'), ...accountsFor(shop, 'Itaú', 2)];

describe('accounts', () => {
  const shape = (search: string) =>
    accountItems(accounts, connections, search).map((item) => (item.kind === 'group' ? item.name : item.account.name));

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

  it('come to one total for each currency, what is owed apart', () => {
    const dollars = account(home, { id: 'usd', name: 'Global', currency: 'USD', balance: '-0.10' });
    expect(totalsOf([...accounts, dollars], connections)).toEqual([
      { currency: 'BRL', owned: '118987.11', owed: '6932.70' },
      { currency: 'USD', owned: '-0.10', owed: null },
    ]);
  });

  it('never count practice money as real', () => {
    const mixed = [connections[0]!, bankConnection(shop, 'Pluggy Bank', { sandbox: true })];
    expect(totalsOf(accounts, mixed)).toEqual([{ currency: 'BRL', owned: '39662.37', owed: '2310.90' }]);
    expect(totalsOf([account(home, { id: 'x', name: 'x', balance: null })], connections)).toEqual([]);
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
    await waitFor(() => expect(asked('transactions_list')).toEqual([{ key: { configKey: 'pluggy', connectionId: 'nubank' }, account: 'nubank-3' }]));
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
    app.fake.failNext('accounts_list', { code: 'storage', params: {}, detail: null });
    await app.person.click(screen.getByRole('button', { name: 'Accounts' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Reading or writing the vault did not work.');
    await app.person.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('list', { name: 'Accounts by institution' })).toBeVisible();
  });
});
