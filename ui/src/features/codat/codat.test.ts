import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { opened } from '../../../tests/app';
import { viewport } from '../../../tests/setup';
import { CodatState } from '../../app/codat.svelte';
import { speak } from '../../i18n/i18n.svelte';
import type { Client } from '../../ipc/client';
import { platforms, codatView } from '../../ipc/fake/companies';
import { connection } from '../../ipc/fake/scenarios';
import type { CodatView } from '../../ipc/types.gen';
import { companiesOf, itemsOf } from '../connections/groups';
import { categoriesAmong, companiesMatching, companyNameProblem, platformsMatching } from './list';
import { concerned, dataTypeWords, readingWords } from './words';

const key = (connectionId: string) => ({ configKey: 'codat', connectionId });

/** A connection of the list, opened by its key. */
async function shown(connectionId: string, configKey = 'codat') {
  const app = await opened('codat');
  const row = document.querySelector<HTMLElement>(`[data-row="${configKey}/${connectionId}"]`);
  await app.person.click(row as HTMLElement);
  await screen.findByText('through Codat', { exact: false });
  await waitFor(() => expect(app.asked('codat_show').length).toBeGreaterThan(0));
  await screen.findByText('Category');
  return app;
}

describe('words', () => {
  it('name every kind of data, and spell out what is new', () => {
    expect(dataTypeWords('invoices')).toBe('Invoices');
    expect(dataTypeWords('commerce-newThing')).toBe('New thing');
    expect(dataTypeWords('__proto__')).toBe('Proto');
    expect(readingWords('unknown', 'Reticulating')).toBe('Reticulating');
    void speak('pt-BR', 'pt-BR');
    expect(dataTypeWords('banking-transactions')).toBe('Transações');
  });

  it('leave out what belongs to another connection of the company', () => {
    const type = (dataType: string) => ({ dataType, phase: null, statusWord: null, lastSyncedAt: null });
    const dataTypes = [type('invoices'), type('banking-accounts'), type('commerce-orders')];
    expect(concerned(codatView(key('a'), { dataTypes }))).toEqual(['Invoices']);
    expect(concerned(codatView(key('a'), { dataTypes, category: 'commerce' }))).toEqual(['Orders']);
  });
});

describe('lists', () => {
  it('find platforms without accents, by category, those that can be used first and practice last', () => {
    expect(platformsMatching(platforms, 'xero', 'all').map((one) => one.name)).toEqual(['Xero']);
    expect(platformsMatching(platforms, '', 'other').map((one) => one.key)).toEqual(['hcws']);
    const names = platformsMatching(platforms, '', 'accounting').map((one) => one.name);
    expect(names.slice(-2)).toEqual(['Sandbox', 'Oracle NetSuite']);
    expect(categoriesAmong(platforms.filter((one) => one.category === 'banking'))).toEqual(['all', 'banking']);
  });

  it('say what Codat would drop from a name, and doubt a second company of one name', () => {
    expect(companyNameProblem('', [])?.blocking).toBe(true);
    expect(companyNameProblem('Bakery <b>', [])).toEqual({ words: 'companies.nameLetters', blocking: true });
    const view = { id: '1', name: 'Padaria São João', description: null, createdBy: null, createdAt: null, lastSyncedAt: null, tags: { region: 'sul' }, connections: 0 };
    expect(companyNameProblem('padaria sao joao', [view])?.blocking).toBe(false);
    expect(companiesMatching([view], 'joao')).toHaveLength(1);
    expect(companiesMatching([view], 'sul')).toHaveLength(1);
    expect(companiesMatching([view], 'norte')).toHaveLength(0);
  });
});

describe('connecting', () => {
  async function chosen() {
    const app = await opened('codat');
    await app.person.click(screen.getByRole('button', { name: 'Connect' }));
    await app.person.click(await screen.findByRole('button', { name: /Accounting, banks and shops \(Codat\)/ }));
    await app.person.click(await screen.findByRole('button', { name: /Ribeiro Studio/ }));
    return app;
  }

  it('goes from the company to the platform, says what is read, and waits', async () => {
    const { person, asked, fake } = await chosen();
    await person.type(await screen.findByRole('searchbox'), 'quickbooks d');
    await person.click(await screen.findByRole('button', { name: /QuickBooks Desktop/ }));
    expect(await screen.findByText(/small program that you install/)).toBeVisible();
    expect(await screen.findByText('Invoices')).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Continue at QuickBooks Desktop' }));
    expect(asked('codat_link_begin')).toEqual([
      { configKey: 'codat', company: 'c-studio', integration: 'pqsw', connectionId: null, surface: 'embedded' },
    ]);
    expect(await screen.findByRole('heading', { name: 'Approve at QuickBooks Desktop' })).toBeVisible();
    fake.moveAttempt({ phase: 'succeeded' });
    expect(await screen.findByRole('heading', { name: 'QuickBooks Desktop is connected' })).toBeVisible();
  });

  it('makes a link for somebody else, fresh each time, and goes on waiting without the screen', async () => {
    const { person, asked } = await chosen();
    await person.click(await screen.findByRole('button', { name: /Xero/ }));
    await person.click(await screen.findByRole('radio', { name: /Someone else approves/ }));
    await person.click(screen.getByRole('button', { name: 'Make a link to forward' }));
    await person.click(await screen.findByRole('button', { name: 'Copy a link to forward' }));
    expect(asked('codat_copy_link')).toHaveLength(1);
    expect(asked('authorization_copy_link')).toHaveLength(0);
    await person.click(screen.getByRole('button', { name: 'Leave it waiting' }));
    expect(await screen.findByText('Waiting for you', { exact: false, selector: '[data-row*="aaaa"] *' })).toBeVisible();
  });

  it('begins again through Codat after the person gave up', async () => {
    const { person, asked, fake } = await chosen();
    await person.click(await screen.findByRole('button', { name: /Xero/ }));
    await person.click(await screen.findByRole('button', { name: 'Continue at Xero' }));
    await screen.findByRole('heading', { name: 'Approve at Xero' });
    fake.moveAttempt({ phase: 'cancelled' });
    expect(await screen.findByText(/Xero stays in your list as waiting/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Try again' }));
    expect(asked('codat_link_again')).toHaveLength(1);
    expect(asked('authorization_begin')).toHaveLength(0);
  });

  it('keeps nobody at a screen while Codat has yet to confirm', async () => {
    const { person, asked, fake } = await chosen();
    await person.click(await screen.findByRole('button', { name: /Xero/ }));
    await person.click(await screen.findByRole('button', { name: 'Continue at Xero' }));
    await screen.findByRole('heading', { name: 'Approve at Xero' });
    fake.moveAttempt({ phase: 'exchanging' });
    expect(await screen.findByText(/Codat has yet to say/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Back to Connections' })).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(asked('authorization_cancel')).toHaveLength(1);
  });

  it('says when Codat cannot connect the platform', async () => {
    const { person, fake } = await chosen();
    await person.click(await screen.findByRole('button', { name: /Xero/ }));
    await person.click(await screen.findByRole('button', { name: 'Continue at Xero' }));
    await screen.findByRole('heading', { name: 'Approve at Xero' });
    fake.moveAttempt({ phase: 'failed', error: { code: 'platform_not_supported', params: {}, detail: null } });
    expect(await screen.findByText('Codat cannot connect Xero as you have it.')).toBeVisible();
    expect(screen.getByText(/Nothing was linked/)).toBeVisible();
  });

  it('does not begin with a platform that is switched off', async () => {
    const { person } = await chosen();
    await person.click(await screen.findByRole('button', { name: /Oracle NetSuite/ }));
    expect(await screen.findByText(/not switched on for these keys/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Continue at/ })).toBeNull();
  });

  it('makes a company, and goes on with it', async () => {
    const { person, asked } = await opened('codat');
    await person.click(screen.getByRole('button', { name: 'Connect' }));
    await person.click(await screen.findByRole('button', { name: /Accounting, banks and shops \(Codat\)/ }));
    await person.click(await screen.findByRole('button', { name: 'New' }));
    await person.type(screen.getByLabelText('Name of the company'), 'Tide <Pool>');
    expect(screen.getByText(/Codat drops the rest/)).toBeVisible();
    await person.clear(screen.getByLabelText('Name of the company'));
    await person.type(screen.getByLabelText('Name of the company'), 'Tide Pool');
    await person.click(screen.getByRole('button', { name: 'Create the company' }));
    expect(asked('codat_company_create')).toEqual([{ configKey: 'codat', name: 'Tide Pool', description: null }]);
    expect(await screen.findByRole('heading', { name: 'Connect what for Tide Pool?' })).toBeVisible();
  });
});

describe('a connection', () => {
  it('disconnects with what it concerns, or deletes where the platform asks, and says what each does', async () => {
    const { person, asked } = await shown('xero');
    await person.click(screen.getByRole('button', { name: 'Disconnect…' }));
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByText('that you sent and received', { exact: false })).toBeVisible();
    expect(dialog.getByText(/deleted here and at Codat/)).toBeVisible();
    await person.click(dialog.getByRole('radio', { name: /Delete for good/ }));
    expect(dialog.queryByRole('button', { name: 'Disconnect' })).toBeNull();
    await person.click(dialog.getByRole('radio', { name: /keep the data/ }));
    await person.click(dialog.getByRole('button', { name: 'Disconnect' }));
    expect(asked('connection_disconnect')).toEqual([key('xero')]);
    expect(asked('connection_delete')).toEqual([]);
    expect(await screen.findByText(/what was fetched is kept, here and at Codat/)).toBeVisible();
    expect(await screen.findByRole('button', { name: 'Reconnect' })).toBeVisible();
  });

  it('shows what is concerned before it is connected again, and by whom', async () => {
    const { person, asked } = await shown('square');
    await person.click(screen.getByRole('button', { name: 'Reconnect' }));
    expect(await screen.findByRole('heading', { name: 'Connect Square again' })).toBeVisible();
    expect(screen.getByText('Orders')).toBeVisible();
    expect(screen.getByText(/Choose Blue Harbor Shop again there/)).toBeVisible();
    await person.click(screen.getByRole('radio', { name: /In your browser/ }));
    await person.click(screen.getByRole('button', { name: 'Continue at Square' }));
    expect(asked('codat_link_again')).toEqual([{ key: key('square'), surface: 'browser' }]);
  });

  it('shows no formatted words as anything that could run or be followed', async () => {
    await shown('xero');
    expect(screen.getByText('(ribeiro.example)')).toBeVisible();
    expect(document.querySelector('main a')).toBeNull();
    expect(screen.getByText('Invoices', { selector: 'strong' })).toBeVisible();
  });

  it('reads all or one kind of data, and shows how far it is', async () => {
    const { person, asked, fake } = await shown('xero');
    expect(screen.getByText('Reading: 1 of 3 done')).toBeVisible();
    expect(screen.getByRole('progressbar', { name: 'Invoices' })).toHaveAttribute('value', '64');
    await person.click(screen.getByRole('button', { name: 'Read now: Bills' }));
    expect(asked('codat_sync')).toEqual([{ key: key('xero'), dataType: 'bills' }]);
    fake.moveCodat(key('xero'), { operations: [] });
    fake.change(key('xero'), { syncing: false });
    await person.click(await screen.findByRole('button', { name: 'Read now' }));
    expect(asked('codat_sync')[1]).toEqual({ key: key('xero'), dataType: null });
  });

  it('asks for the history when it is opened, and for more', async () => {
    const { person, asked } = await shown('desktop');
    expect(asked('codat_history')).toEqual([]);
    await person.click(screen.getByText('History of readings'));
    expect(await screen.findByText('The platform did not answer within 60 seconds.')).toBeVisible();
    expect(screen.getByText('New thing')).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Show older' }));
    await waitFor(() => expect(asked('codat_history')).toEqual([{ key: key('desktop'), page: null }, { key: key('desktop'), page: 2 }]));
  });

  it('says that a connector goes on by itself while Mooring pauses', async () => {
    const { person } = await shown('desktop');
    expect(screen.getByText(/holds readings back until/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Pause' }));
    expect(await screen.findByText(/goes on by itself; pause it in its own window/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Read now' })).toBeNull();
  });

  it('notices another organization, and lets the person decide', async () => {
    const { person, asked } = await shown('quickbooks');
    expect(screen.getByText('It was Blue Harbor Shop LLC before; now it is Old Pier LLC.')).toBeVisible();
    expect(screen.queryByText('Up to date', { selector: 'section *' })).toBeNull();
    await person.click(screen.getByRole('button', { name: 'Keep Old Pier LLC' }));
    expect(asked('codat_keep_organization')).toEqual([key('quickbooks')]);
    await waitFor(() => expect(screen.queryByText('Another organization was approved')).toBeNull());
  });

  it('says the same at the end of a reconnect', async () => {
    const { person, fake } = await shown('quickbooks');
    await person.click(screen.getByRole('button', { name: 'Reconnect and choose again' }));
    await person.click(await screen.findByRole('button', { name: 'Continue at QuickBooks Online' }));
    await screen.findByRole('heading', { name: 'Approve at QuickBooks Online' });
    fake.moveAttempt({ phase: 'succeeded' });
    expect(await screen.findByRole('heading', { name: 'QuickBooks Online is connected, to another organization' })).toBeVisible();
  });

  it('gives the correlation id of a refusal to copy', async () => {
    const { person } = await shown('strange');
    const write = vi.spyOn(navigator.clipboard, 'writeText');
    await person.click(screen.getByRole('button', { name: 'Copy the reference' }));
    expect(write).toHaveBeenCalledWith('4f3c2b1a09d84e76a5b4c3d2e1f00918');
    expect(screen.getByText(/Codat calls its state “Migrating”/)).toBeVisible();
  });

  it('shows problems of the platform in its words, those without words too', async () => {
    await shown('plaid');
    expect(screen.getByText('The login details of this item have changed.')).toBeVisible();
    expect(screen.getByText('The platform did not say what.')).toBeVisible();
    expect(screen.getByText('2 earlier problems are over.')).toBeVisible();
  });

  it('offers nothing that the credentials cannot do', async () => {
    await shown('stripe', 'lender');
    expect(screen.getByRole('button', { name: 'Disconnect…' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Pause' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Read now' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete…' })).toBeNull();
    expect(screen.queryByText('History of readings')).toBeNull();
  });

  it('keeps what was deleted elsewhere until the person clears it away', async () => {
    const { person } = await shown('gone');
    expect(screen.getByText('Deleted elsewhere')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Reconnect' })).toBeNull();
    await person.click(screen.getByRole('button', { name: 'Delete…' }));
    expect(within(screen.getByRole('dialog')).getByText(/no longer exists at Codat/)).toBeVisible();
  });

  it('tells programs that the screen was left', async () => {
    const { person, asked } = await shown('xero');
    expect(asked('codat_close')).toEqual([]);
    await person.keyboard('{Escape}');
    await waitFor(() => expect(asked('codat_close')).toEqual([key('xero')]));
  });

  it('is asked for again when events were lost', async () => {
    const { asked, fake } = await shown('xero');
    const before = asked('codat_show').length;
    fake.miss(key('xero'), { paused: true });
    await waitFor(() => expect(asked('codat_show')).toHaveLength(before + 1));
  });

  it('says what failed when it could not be looked at, and tries again', async () => {
    const app = await opened('codat');
    app.fake.failNext('codat_show', { code: 'offline', params: {}, detail: null });
    await app.person.click(document.querySelector<HTMLElement>('[data-row="codat/xero"]') as HTMLElement);
    await app.person.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Category')).toBeVisible();
  });

  it('takes the place of the list in a narrow window', async () => {
    viewport.width = 460;
    await shown('xero');
    expect(screen.getByRole('heading', { level: 1, name: 'Xero' })).toBeVisible();
  });
});

describe('the list', () => {
  it('holds Codat, Pluggy and direct connections together, and filters by company', async () => {
    const { person } = await opened('codat');
    const list = within(screen.getByRole('list', { name: 'Connections' }));
    expect(list.getByText('Conta da Ana')).toBeVisible();
    expect(list.getByText('Conta da casa')).toBeVisible();
    await person.selectOptions(screen.getByRole('combobox', { name: 'Company' }), 'Blue Harbor Shop');
    expect(list.queryByText('Conta da Ana')).toBeNull();
    expect(list.queryByText('Xero')).toBeNull();
    expect(list.getByText('Square')).toBeVisible();
  });

  it('tells companies of one name apart, and finds those whose organization has another name', () => {
    const of = (id: string, name: string | null, accountHolder: string | null) =>
      connection({ configKey: 'codat', connectionId: `${id}-${accountHolder}`, source: 'codat', accountHolder, company: { id, name } });
    const list = [of('c-1111', 'Rowan', 'Rowan Ltd'), of('c-1111', 'Rowan', 'Rowan Bank'), of('c-2222', 'Rowan', null), of('c-3333', null, null)];
    expect(companiesOf(list)).toEqual([
      { id: 'c-3333', name: 'c-3333' },
      { id: 'c-1111', name: 'Rowan (…1111)' },
      { id: 'c-2222', name: 'Rowan (…2222)' },
    ]);
    const rows = itemsOf(list, '', 'all', 0, 'c-1111').filter((one) => one.kind === 'row');
    expect(rows).toHaveLength(2);
    expect(itemsOf(list, 'rowan', 'all', 0).filter((one) => one.kind === 'row')).toHaveLength(3);
    expect(companiesOf([of('c-1111', 'Rowan', 'Rowan Ltd'), of('c-1111', 'Rowan', 'Rowan Bank')])).toEqual([]);
  });

  it('keeps in full only what was opened last', () => {
    const state = new CodatState({} as Client);
    const of = (id: string, view: Partial<CodatView> = {}) => codatView(key(id), view);
    state.hear(of('never-opened'));
    expect(state.view(key('never-opened'))).toBeNull();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) state.keep(of(id));
    state.hear(of('a', { statusWord: 'Hibernating' }));
    expect(state.view(key('a'))?.statusWord).toBe('Hibernating');
    state.keep(of('a'));
    state.keep(of('i'));
    expect(state.view(key('b'))).toBeNull();
    expect(state.view(key('a'))).not.toBeNull();
  });

  it('draws a platform on the ground of the institution of its name', async () => {
    await opened('codat');
    const mark = (connectionId: string) =>
      document.querySelector<HTMLElement>(`[data-row="codat/${connectionId}"] .monogram`)?.getAttribute('style');
    expect(mark('xero')).toBeTruthy();
    expect(mark('xero')).not.toBe(mark('desktop'));
  });

  it('has no choice of companies where there is none', async () => {
    await opened('lender');
    expect(screen.queryByRole('combobox', { name: 'Company' })).toBeNull();
  });
});
