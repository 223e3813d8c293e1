import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';
import type { AttemptHint } from '../../ipc/types.gen';

async function waiting() {
  const app = await ready('keys');
  await screen.findByRole('button', { name: 'Connect an institution' });
  await app.person.keyboard('{Control>}n{/Control}');
  await app.person.click(await screen.findByRole('button', { name: /^Xero/ }));
  await screen.findByRole('heading', { name: 'Connect Xero' });
  await app.person.click(screen.getByRole('button', { name: 'Continue at Xero' }));
  await screen.findByRole('heading', { name: 'Approve at Xero' });
  return app;
}

describe('Connect', () => {
  it('shows what will be read, then waits with the real host', async () => {
    const { asked } = await waiting();
    expect(screen.getByText('login.xero.com')).toBeVisible();
    expect(asked('authorization_begin')).toEqual([
      { configKey: 'xero', connectionId: null, surface: 'browser', parameters: {} },
    ]);
  });

  it('ends in a name and returns to the list', async () => {
    const { fake, person } = await waiting();
    fake.moveAttempt({ phase: 'exchanging' });
    expect(await screen.findByRole('heading', { name: 'Finishing' })).toBeVisible();
    fake.moveAttempt({ phase: 'succeeded' });
    expect(await screen.findByRole('heading', { name: 'Xero is connected' })).toBeVisible();
    await person.type(screen.getByLabelText(/^Name/), 'My studio{Enter}');
    expect(await screen.findByText('My studio')).toBeVisible();
    expect(screen.getByRole('heading', { level: 1, name: 'Your connection is up to date' })).toBeVisible();
  });

  it('switches the surface, opens again, copies the link, takes a pasted address', async () => {
    const { person, asked } = await waiting();
    await person.click(screen.getByRole('button', { name: 'Open in a Mooring window' }));
    await person.click(await screen.findByRole('button', { name: 'Open again' }));
    await person.click(screen.getByRole('button', { name: 'Copy link' }));
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
    expect(asked('authorization_switch')).toHaveLength(1);
    expect(asked('authorization_reopen')).toHaveLength(1);

    await person.click(screen.getByText('Approved, but nothing happened here?'));
    await person.type(screen.getByLabelText('Address that you landed on'), 'https://example.com/nothing');
    await person.click(screen.getByRole('button', { name: 'Continue' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('does not belong to a request made here');
    await person.type(screen.getByLabelText('Address that you landed on'), 'http://127.0.0.1/callback?code=a');
    await person.click(screen.getByRole('button', { name: 'Continue' }));
    expect(await screen.findByRole('heading', { name: 'Finishing' })).toBeVisible();
  });

  it('gives a live hint for everything that may go wrong', async () => {
    const { fake } = await waiting();
    const hints: Record<AttemptHint, RegExp> = {
      stalled: /Nothing has moved/,
      loadFailed: /did not load/,
      certificateRefused: /could not prove who it is/,
      passkeyNeeded: /passkey/,
      windowClosed: /window was closed/,
      foreignAnswer: /does not belong/,
    };
    for (const [hint, words] of Object.entries(hints)) {
      fake.moveAttempt({ hint: hint as AttemptHint });
      const said = await screen.findByText(words);
      expect(said.closest('[role=status]')).not.toBeNull();
    }
  });

  it('says what failed and leads to the keys', async () => {
    const { fake, person } = await waiting();
    fake.moveAttempt({ phase: 'failed', error: { code: 'client_refused', params: {}, detail: 'invalid_client' } });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Xero does not accept the keys that you entered.');
    await person.click(within(alert).getByRole('button', { name: 'Check the keys' }));
    expect(await screen.findByRole('heading', { name: 'Keys for Xero' })).toBeVisible();
  });

  it('cancels, and can begin again', async () => {
    const { person, asked } = await waiting();
    await person.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(await screen.findByRole('heading', { name: 'You cancelled' })).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('heading', { name: 'Approve at Xero' })).toBeVisible();
    expect(asked('authorization_begin')).toHaveLength(2);
  });

  it('goes on waiting while the person looks elsewhere', async () => {
    const { person } = await waiting();
    await person.click(screen.getByRole('button', { name: 'Connections' }));
    expect(await screen.findByText(/Xero is waiting for your approval at/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Show' }));
    expect(await screen.findByRole('heading', { name: 'Approve at Xero' })).toBeVisible();
  });

  it('checks a parameter against its pattern before anything opens', async () => {
    const { person, asked } = await ready('keys');
    await screen.findByRole('button', { name: 'Connect an institution' });
    await person.keyboard('{Control>}n{/Control}');
    await person.click(await screen.findByRole('button', { name: /^Shopify/ }));
    await person.type(await screen.findByLabelText('Shop name'), 'Blue Harbour');
    await person.click(screen.getByRole('button', { name: 'Continue at Shopify' }));
    expect(screen.getByLabelText('Shop name')).toBeInvalid();
    expect(asked('authorization_begin')).toEqual([]);
    await person.clear(screen.getByLabelText('Shop name'));
    await person.type(screen.getByLabelText('Shop name'), 'blue-harbour');
    await person.click(screen.getByRole('button', { name: 'Continue at Shopify' }));
    await waitFor(() =>
      expect(asked('authorization_begin')).toMatchObject([{ parameters: { shop: 'blue-harbour' } }]),
    );
  });

  it('leads to the key form when an institution needs keys first, and back', async () => {
    const { person } = await ready('empty');
    await screen.findByRole('button', { name: 'Connect an institution' });
    await person.keyboard('{Control>}n{/Control}');
    await person.type(await screen.findByRole('searchbox'), 'quick');
    await person.click(screen.getByRole('button', { name: /QuickBooks/ }));
    expect(await screen.findByRole('heading', { name: 'Keys for QuickBooks Online' })).toHaveFocus();
    await person.keyboard('{Escape}');
    expect(await screen.findByRole('heading', { name: 'Connect an institution' })).toBeVisible();
  });
});
