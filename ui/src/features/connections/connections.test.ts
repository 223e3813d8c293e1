import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready, open } from '../../../tests/app';
import { viewport } from '../../../tests/setup';

const row = (name: RegExp) => screen.getAllByRole('button', { name }).find((one) => 'row' in one.dataset) as HTMLElement;

describe('Connections', () => {
  it('answers first, then groups with counts', async () => {
    await ready('typical');
    expect(await screen.findByRole('heading', { level: 1, name: '2 connections need you' })).toBeVisible();
    const groups = screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent);
    expect(groups).toEqual(['Needs you2', 'Banking2', 'Accounting2', 'Commerce1', 'Payments1', 'Payroll1']);
    expect(screen.getByRole('button', { name: 'Reconnect: Starling savings' })).toBeEnabled();
  });

  it('offers two ways to begin when there is nothing', async () => {
    const { person } = await ready('empty');
    await screen.findByRole('button', { name: 'Connect an institution' });
    await person.click(screen.getByRole('button', { name: 'Connect the practice bank' }));
    expect(await screen.findByRole('heading', { name: 'Approve at Harbour Bank (Sandbox)' })).toHaveFocus();
  });

  it('tells an error from an empty list, and tries again', async () => {
    const { person, asked } = open('failed');
    expect(await screen.findByRole('alert')).toHaveTextContent('Reading or writing the vault did not work.');
    await person.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(asked('connections_list')).toHaveLength(2));
  });

  it('holds the shape while it loads', async () => {
    open('loading');
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeInTheDocument();
  });

  it('searches and filters', async () => {
    const { person } = await ready('typical');
    const search = await screen.findByRole('searchbox', { name: 'Search connections' });
    await person.type(search, 'itau');
    expect(screen.getAllByRole('listitem').filter((one) => one.ariaPosInSet ?? one.getAttribute('aria-posinset'))).toHaveLength(1);
    await person.keyboard('{Escape}');
    expect(search).toHaveValue('');
    await person.click(screen.getByRole('button', { name: /^Paused/ }));
    expect(row(/Ribeiro Studio LLC/)).toBeVisible();
    expect(screen.queryByText('Conta da casa')).toBeNull();
  });

  it('moves through rows with the arrows, opens with Enter and returns with Esc', async () => {
    const { person } = await ready('typical');
    await person.click(await screen.findByRole('searchbox'));
    await person.keyboard('{ArrowDown}{ArrowDown}');
    expect(row(/Starling savings/)).toHaveFocus();
    await person.keyboard('{Enter}');
    expect(await screen.findByRole('heading', { name: 'Starling savings' })).toHaveFocus();
    await person.keyboard('{Escape}');
    await waitFor(() => expect(row(/Starling savings/)).toHaveFocus());
  });

  it('answers to its shortcuts', async () => {
    const { person, asked } = await ready('calm');
    await person.keyboard('{Control>}f{/Control}');
    expect(screen.getByRole('searchbox')).toHaveFocus();
    await person.keyboard('{F5}');
    await waitFor(() => expect(asked('connection_sync')).toHaveLength(5));
    await person.keyboard('{Control>}n{/Control}');
    expect(await screen.findByRole('searchbox', { name: 'Search institutions' })).toBeVisible();
  });

  it('tells screen readers of a changed status and keeps the order', async () => {
    const { fake } = await ready('calm');
    const names = () => screen.getAllByRole('button').filter((one) => 'row' in one.dataset).map((one) => one.dataset['row']);
    const before = names();
    fake.change({ configKey: 'stripe', connectionId: 'acct_1N7' }, { syncing: true });
    expect(await screen.findByText('Ribeiro Studio: Checking')).toBeInTheDocument();
    expect(names()).toEqual(before);
  });

  it('draws only the rows in view of a long list', async () => {
    await ready('many');
    const drawn = screen.getAllByRole('listitem').length;
    expect(drawn).toBeGreaterThan(10);
    expect(drawn).toBeLessThan(100);
    const [first] = screen.getAllByRole('listitem').filter((one) => one.hasAttribute('aria-posinset'));
    expect(first).toHaveAttribute('aria-setsize', '1000');
  });
});

describe('Connection', () => {
  async function opened(name: RegExp) {
    const app = await ready('typical');
    await app.person.click(row(name));
    return { ...app, panel: await screen.findByRole('region') };
  }

  it('keeps the two clocks apart and says what is read', async () => {
    const { panel } = await opened(/Ribeiro Studio Ltd/);
    expect(within(panel).getByText('Access renews by itself')).toBeVisible();
    expect(within(panel).getByText(/^Holds until /)).toBeVisible();
    expect(within(panel).getByText('Customers and suppliers')).toBeVisible();
    expect(within(panel).getByText('not granted')).toBeVisible();
    expect(within(panel).getByText('First authorized')).toBeVisible();
  });

  it('says by when to approve again', async () => {
    const { panel, person, asked } = await opened(/Conta da casa/);
    expect(within(panel).getByText(/^You must approve again by /)).toBeVisible();
    await person.click(within(panel).getByRole('button', { name: 'Approve again' }));
    await waitFor(() =>
      expect(asked('authorization_begin')).toEqual([
        { configKey: 'itau', connectionId: 'ana', surface: null, parameters: {} },
      ]),
    );
  });

  it('asks before it disconnects, offers to pause, and says how the institution took it', async () => {
    const { panel, person } = await opened(/Ribeiro Studio Ltd/);
    await person.click(within(panel).getByRole('button', { name: 'Disconnect…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Disconnect Ribeiro Studio Ltd?' });
    expect(within(dialog).getByText('What stays')).toBeVisible();
    expect(within(dialog).getByRole('button', { name: 'Pause instead' })).toBeEnabled();
    await person.click(within(dialog).getByRole('button', { name: 'Disconnect' }));
    expect(await screen.findByText(/is disconnected. What was fetched is kept. Xero confirmed that the access has ended/)).toBeVisible();
    expect(within(panel).getByRole('button', { name: 'Reconnect' })).toBeEnabled();
  });

  it('deletes only after a second confirmation', async () => {
    const { panel, person, asked } = await opened(/Old company/);
    await person.click(within(panel).getByRole('button', { name: 'Delete…' }));
    const dialog = await screen.findByRole('dialog');
    const act = within(dialog).getByRole('button', { name: 'Delete the connection' });
    expect(act).toBeDisabled();
    await person.click(within(dialog).getByRole('checkbox'));
    await person.click(act);
    expect(await screen.findByText(/Old company is deleted/)).toBeVisible();
    expect(asked('connection_delete')).toHaveLength(1);
    expect(screen.queryByRole('region')).toBeNull();
  });

  it('renames', async () => {
    const { panel, person } = await opened(/Joint account/);
    await person.click(within(panel).getByRole('button', { name: 'Rename' }));
    const name = await screen.findByLabelText('Name');
    await person.clear(name);
    await person.type(name, 'House{Enter}');
    expect(await within(panel).findByRole('heading', { name: 'House' })).toBeVisible();
  });

  it('shows what failed, without losing the screen', async () => {
    const { panel, person, fake } = await opened(/Ribeiro Studio Ltd/);
    fake.failNext('connection_sync', { code: 'offline', params: {}, detail: null });
    await person.click(within(panel).getByRole('button', { name: 'Check now' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This computer is offline. What you have here is safe.');
    await person.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('takes the place of the list in a narrow window', async () => {
    viewport.width = 460;
    const { person } = await opened(/Joint account/);
    expect(screen.queryByRole('searchbox')).toBeNull();
    await person.click(screen.getByRole('button', { name: 'Back' }));
    await waitFor(() => expect(row(/Joint account/)).toHaveFocus());
  });
});
