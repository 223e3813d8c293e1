import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';
import { viewport } from '../../../tests/setup';

describe('a connection through Pluggy', () => {
  const row = (name: RegExp) => screen.getAllByRole('button', { name }).find((one) => 'row' in one.dataset) as HTMLElement;
  async function shown(name: RegExp) {
    const app = await ready('banks');
    await app.person.click(row(name));
    return { ...app, panel: await screen.findByRole('region') };
  }

  it('asks its question in its own place', async () => {
    const { panel, person, asked } = await shown(/^Inter/);
    expect(await within(panel).findByRole('heading', { name: 'Inter asks you something' })).toBeVisible();
    await person.type(within(panel).getByLabelText('Código de 6 números'), '123456');
    await person.click(within(panel).getByRole('button', { name: 'Send the answer' }));
    await waitFor(() => expect(asked('link_answer')).toHaveLength(1));
  });

  it('does not begin an approval anew that still waits', async () => {
    const { person, asked } = await ready('banks');
    await person.click(screen.getByRole('button', { name: 'Approve: Bradesco' }));
    expect(await screen.findByRole('button', { name: 'Open Bradesco' })).toBeVisible();
    expect(asked('link_retry')).toEqual([]);
    expect(screen.queryByText('No account has been read so far.')).toBeNull();
  });

  it('begins anew in place when the consent is over', async () => {
    const { person, asked, fake } = await ready('banks');
    const key = { configKey: 'pluggy', connectionId: 'nubank' };
    fake.moveLink(key, { phase: 'failed', problem: { reason: 'consentOver', remedy: 'approveAgain', message: null } });
    await person.click(await screen.findByRole('button', { name: 'Approve again: Conta da Ana' }));
    await waitFor(() => expect(asked('link_retry')).toEqual([key]));
  });

  it('shows accounts, transactions, clocks and references', async () => {
    const { panel, person } = await shown(/Conta da Ana/);
    await person.click(await within(panel).findByRole('button', { name: /Conta corrente.*ending in 4321/ }));
    expect((await within(panel).findAllByText('Supermercado Zona Sul'))[0]).toBeVisible();
    expect(within(panel).getAllByText('pending')).toHaveLength(2);
    await person.click(within(panel).getByRole('button', { name: 'Show more' }));
    expect(within(panel).getAllByText('Padaria Nova Aliança')).toHaveLength(4);
    expect(within(panel).getByText(/^Your consent holds until /)).toBeVisible();
    expect(within(panel).getByText(/^Read next by itself in 20 hours/)).toBeVisible();
    expect(within(panel).getByText('ana@ribeiro.example')).toBeInTheDocument();
    expect(within(panel).getByRole('button', { name: 'Copy: Item ID at Pluggy', hidden: true })).toBeInTheDocument();
    await person.click(within(panel).getByRole('button', { name: /Poupança/ }));
    expect(await within(panel).findByText('No transaction has been read for this account.')).toBeVisible();
  });

  it('draws only what is in view of five thousand accounts', async () => {
    const app = await ready('manyaccounts');
    const rows = screen.getAllByRole('button').filter((one) => 'row' in one.dataset);
    await app.person.click(rows[0]!);
    const panel = await screen.findByRole('region');
    const list = await within(panel).findByRole('list', { name: 'Accounts' });
    const drawn = within(list).getAllByRole('listitem');
    expect(drawn.length).toBeLessThan(100);
    expect(Number(drawn[0]!.getAttribute('aria-setsize'))).toBeGreaterThan(200);
  });

  it('says that the plan leaves the transactions out, and shows what was read before', async () => {
    const { panel, person, fake } = await shown(/Conta da Ana/);
    fake.moveLink({ configKey: 'pluggy', connectionId: 'nubank' }, { transactionsRefused: true });
    await person.click(await within(panel).findByRole('button', { name: /Conta corrente.*ending in 4321/ }));
    expect(await within(panel).findByText(/does not let your keys read the transactions/)).toBeVisible();
    expect((await within(panel).findAllByText('Supermercado Zona Sul'))[0]).toBeVisible();
  });

  it('shows what the bank has recorded that the person allows', async () => {
    const { panel, person, fake } = await shown(/Conta da Ana/);
    const consent = {
      id: 'c-1', products: ['ACCOUNTS', 'TRANSACTIONS'], permissions: ['ACCOUNTS_READ', 'RESOURCES_READ'],
      createdAt: '2027-04-01T12:00:00Z', expiresAt: null, revokedAt: null,
    };
    const key = { configKey: 'pluggy', connectionId: 'nubank' };
    fake.moveLink(key, { consents: [consent] });
    expect(await within(panel).findByText(/^Consent given on /)).toBeVisible();
    await person.click(within(panel).getByText('2 permissions in the bank’s words'));
    expect(within(panel).getByText('ACCOUNTS_READ')).toBeVisible();
    fake.moveLink(key, { consents: [{ ...consent, revokedAt: '2027-04-20T12:00:00Z' }] });
    expect(await within(panel).findByText(/^Consent taken back on /)).toBeVisible();
  });

  it('explains why there are no transactions, and does not ask for them', async () => {
    const { panel, person, asked } = await shown(/Itaú Empresas/);
    await person.click(await within(panel).findByRole('button', { name: /Conta corrente/ }));
    expect(await within(panel).findByText(/can read the accounts here, not their transactions/)).toBeVisible();
    expect(asked('transactions_search')).toEqual([]);
  });

  it('says that disconnecting leaves Pluggy its access, and that deleting ends it', async () => {
    const { panel, person } = await shown(/Conta da Ana/);
    await person.click(within(panel).getByRole('button', { name: 'Disconnect…' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Pluggy keeps its access to Nubank until you delete the connection.');
    await person.click(within(dialog).getByRole('button', { name: 'Keep connected' }));
    await person.click(within(panel).getByRole('button', { name: 'Delete…' }));
    expect(await screen.findByRole('dialog')).toHaveTextContent('It is deleted at Pluggy too, so its access to Nubank ends.');
  });

  it('names the gaps', async () => {
    const { panel } = await shown(/XP Investimentos/);
    expect(await within(panel).findByText(/Some kinds of data could not be read/)).toBeVisible();
    expect(within(panel).getByText(/código 503/)).toBeVisible();
  });

  it('works as a page in a narrow window', async () => {
    viewport.width = 460;
    const { panel } = await shown(/C6 Bank/);
    expect(await within(panel).findByRole('heading', { level: 2, name: 'C6 Bank could not be read' })).toBeVisible();
    expect(await within(panel).findByLabelText('Senha')).toBeVisible();
  });
});
