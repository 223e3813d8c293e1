import { screen, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';
import { config } from '../../ipc/fake/scenarios';
import { draftOf, findingsThatCount, keyNameOf, problemAt, problemWords, typedFrom } from './draft';

async function keys(scenario: 'typical' | 'empty') {
  const app = await ready(scenario);
  await app.person.click(await screen.findByRole('button', { name: 'Providers and keys' }));
  await screen.findByRole('heading', { name: 'Providers and keys' });
  return app;
}

describe('Providers and keys', () => {
  it('says only that a secret is stored', async () => {
    const { person } = await keys('typical');
    await person.click(screen.getByRole('button', { name: /^Stripe/ }));
    const secret = await screen.findByLabelText('Client secret');
    expect(secret).toHaveValue('');
    expect(secret).toHaveAttribute('type', 'password');
    expect(screen.getByText('One is stored. Leave this empty to keep it.')).toBeVisible();
  });

  it('keeps the stored secret when it is left empty', async () => {
    const { person, asked } = await keys('typical');
    await person.click(screen.getByRole('button', { name: /^Stripe/ }));
    await person.click(await screen.findByRole('button', { name: 'Save the changes' }));
    expect(await screen.findByText('The keys for Stripe are changed.')).toBeVisible();
    expect(asked('config_edit')).toMatchObject([{ configKey: 'stripe', clientSecret: null }]);
  });

  it('checks what is pasted, refuses what blocks, saves, and shows the address to register', async () => {
    const { person, asked } = await keys('empty');
    await person.click(screen.getByRole('button', { name: 'Add keys' }));
    await person.click(await screen.findByRole('button', { name: /QuickBooks/ }));
    const id = await screen.findByLabelText('Client ID');
    await person.click(id);
    await person.paste('https://oops.example');
    expect(await screen.findByText('This looks like a web address.')).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Save the keys' }));
    expect(await screen.findByText('The institution wants one.')).toBeVisible();
    expect(asked('config_create')).toEqual([]);

    await person.clear(id);
    await person.type(id, 'ABCD');
    await person.type(screen.getByLabelText('Client secret'), 's3cret');
    await person.click(screen.getByRole('button', { name: 'Save the keys' }));
    expect(await screen.findByRole('heading', { name: /are saved$/ })).toHaveFocus();
    expect(screen.getByText('http://127.0.0.1/callback')).toBeVisible();
    expect(screen.queryByText('s3cret')).toBeNull();
  });

  it('shows beside its field what only the core could know', async () => {
    const { person, fake } = await keys('typical');
    await person.click(screen.getByRole('button', { name: /^Stripe/ }));
    await screen.findByLabelText('Client ID');
    fake.failNext('config_edit', { code: 'bad_input', params: { field: 'clientSecret', problem: 'looksLikeId' }, detail: null });
    await person.click(screen.getByRole('button', { name: 'Save the changes' }));
    expect(await screen.findByText('This looks like the client ID.')).toBeVisible();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('finds an institution by its issuer and offers its scopes', async () => {
    const { person } = await keys('empty');
    await person.click(screen.getByRole('button', { name: 'Add keys' }));
    await person.click(await screen.findByRole('button', { name: 'Another institution' }));
    await person.type(await screen.findByLabelText('Issuer'), 'https://id.example.com');
    await person.click(screen.getByRole('button', { name: 'Look it up' }));
    expect(await screen.findByText('Found. You will sign in at id.example.com.')).toBeVisible();
    expect(screen.getByRole('checkbox', { name: /Your email address/ })).not.toBeChecked();
    await person.click(screen.getByRole('radio', { name: /separate addresses/ }));
    expect(screen.getByLabelText('Token endpoint')).toBeVisible();
  });

  it('refuses to delete keys in use and names who uses them', async () => {
    const { person, asked } = await keys('typical');
    await person.click(screen.getByRole('button', { name: /^Shopify/ }));
    await person.click(await screen.findByRole('button', { name: 'Delete…' }));
    const dialog = await screen.findByRole('dialog', { name: 'One connection uses these keys' });
    expect(within(dialog).getByText('Blue Harbour shop')).toBeVisible();
    expect(asked('config_delete')).toEqual([]);
  });
});

describe('a draft', () => {
  it('has words for every problem, and for one that is new', () => {
    for (const problem of [...Object.keys(problemWords), 'fromTheFuture']) {
      const said = problemAt('clientId', [{ field: 'clientId', problem, blocking: true }], () => true);
      expect(said?.words).toMatch(/^\p{Lu}/u);
    }
  });

  it('takes a stored secret and its own name as given when it is edited', () => {
    const found = [
      { field: 'configKey', problem: 'taken', blocking: true },
      { field: 'clientSecret', problem: 'required', blocking: true },
      { field: 'clientId', problem: 'empty', blocking: true },
    ];
    expect(findingsThatCount(found, null)).toHaveLength(3);
    expect(findingsThatCount(found, config({ configKey: 'x', hasSecret: true })).map((one) => one.field)).toEqual(['clientId']);
    expect(findingsThatCount(found, config({ configKey: 'x', hasSecret: false }))).toHaveLength(2);
  });

  it('names the keys of another institution after it', () => {
    expect(keyNameOf('Crédito & Cia. do Sul')).toBe('credito-cia-do-sul');
    expect(keyNameOf(' 127.0.0.1:9 ')).toBe('127-0-0-1-9');
    expect(keyNameOf('')).toBe('');
  });

  it('sends only what belongs to the way that was chosen', () => {
    const typed = { ...typedFrom(config({ configKey: 'x', issuer: 'https://a.example' }), null, (key) => key), tokenEndpoint: 'https://t' };
    expect(draftOf(typed, 'custom')).toMatchObject({ issuer: 'https://a.example', tokenEndpoint: null });
    expect(draftOf({ ...typed, way: 'endpoints' }, 'custom')).toMatchObject({ issuer: null, tokenEndpoint: 'https://t' });
    expect(draftOf(typed, 'xero')).toMatchObject({ issuer: null, tokenEndpoint: null, name: null });
  });
});
