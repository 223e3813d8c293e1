import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';
import { pluggyConfig } from '../../ipc/fake/pluggy';
import { isLimited, pluggyDraft, pluggyFindings, typedPluggy } from './pluggy';

async function form() {
  const app = await ready('empty');
  await app.person.click(await screen.findByRole('button', { name: 'Providers and keys' }));
  await app.person.click(await screen.findByRole('button', { name: 'Add keys' }));
  await app.person.click(await screen.findByRole('button', { name: /^Pluggy/ }));
  await screen.findByRole('heading', { name: 'Keys for Pluggy' });
  return app;
}

describe('keys for Pluggy', () => {
  it('are the person’s own: checked, saved, and lead to the institutions', async () => {
    const { person, asked } = await form();
    await person.click(screen.getByRole('button', { name: 'Save the keys' }));
    expect(await screen.findByText('The institution wants one.')).toBeVisible();
    await person.type(screen.getByLabelText('Client ID'), 'a-client');
    await person.type(screen.getByLabelText('Client secret'), 's3cret');
    await person.click(screen.getByRole('checkbox', { name: /practice institutions/ }));
    await person.click(screen.getByRole('button', { name: 'Save the keys' }));
    expect(await screen.findByRole('heading', { name: 'The keys for Pluggy are saved' })).toHaveFocus();
    expect(screen.getByText('Read transactions')).toBeVisible();
    expect(asked('pluggy_create')).toMatchObject([
      { configKey: 'pluggy', clientId: 'a-client', clientSecret: 's3cret', connectTokenEndpoint: null, includeSandbox: true },
    ]);
    expect(document.body).not.toHaveTextContent('s3cret');
    await person.click(screen.getByRole('button', { name: 'Choose an institution' }));
    expect(await screen.findByRole('button', { name: /^Pluggy Bank Practice/ })).toBeVisible();
  });

  it('are the company’s: no secret is asked for, and what is missing is said', async () => {
    const { person, asked } = await form();
    await person.click(screen.getByRole('radio', { name: /My company holds them/ }));
    expect(screen.queryByLabelText('Client secret')).toBeNull();
    expect(screen.getByText(/This way Mooring is limited/)).toBeVisible();
    await person.click(screen.getByLabelText('Connect token endpoint'));
    await person.paste('http://company.example/token');
    expect(await screen.findByText('It has to begin with https://')).toBeVisible();
    await person.clear(screen.getByLabelText('Connect token endpoint'));
    await person.type(screen.getByLabelText('Connect token endpoint'), 'https://company.example/token');
    await person.click(screen.getByRole('button', { name: 'Save the keys' }));
    expect(await screen.findByText('Read transactions: needs the company’s own keys')).toBeVisible();
    expect(asked('pluggy_create')).toMatchObject([{ clientId: null, clientSecret: null, connectTokenEndpoint: 'https://company.example/token' }]);
  });

  it.each([
    ['http://example.com', 'It has to begin with https://'],
    ['https://localhost/done', 'This is the computer itself. Give an address that others can reach.'],
    ['https://127.0.0.1/done', 'This address leads back to this computer. Give one that others can reach.'],
    ['https://example.com/#done', 'Leave out the part from # on.'],
  ])('refuse %s as the address to lead to', async (address, words) => {
    const { person } = await form();
    await person.click(screen.getByLabelText(/^OAuth redirect address/));
    await person.paste(address);
    expect(await screen.findByText(words)).toBeVisible();
  });

  it('keep the stored secret when they are edited, and say what they can do in the list', async () => {
    const { person, asked } = await ready('banks');
    await person.click(screen.getByRole('button', { name: 'Providers and keys' }));
    const row = await screen.findByRole('button', { name: /^Pluggy/ });
    expect(row).toHaveTextContent('reads everything');
    await person.click(row);
    expect(await screen.findByLabelText('Client secret')).toHaveValue('');
    await person.click(screen.getByRole('button', { name: 'Save the changes' }));
    await waitFor(() => expect(asked('pluggy_edit')).toMatchObject([{ configKey: 'pluggy', clientSecret: null }]));
    expect(await screen.findByText('The keys for Pluggy are changed.')).toBeVisible();
  });
});

describe('a draft for Pluggy', () => {
  const company = pluggyConfig({ pluggy: { connectTokenEndpoint: 'https://a.example', clientUserId: null, oauthRedirectUri: null, includeSandbox: true } });

  it('begins from what is stored, never from the secret', () => {
    expect(typedPluggy(company, (wish) => wish)).toMatchObject({ way: 'company', clientSecret: '', includeSandbox: true });
    expect(typedPluggy(null, (wish) => `${wish}-2`)).toMatchObject({ way: 'own', configKey: 'pluggy-2' });
    expect([isLimited(company), isLimited(pluggyConfig({}))]).toEqual([true, false]);
  });

  it('sends only what belongs to the way that was chosen', () => {
    const typed = { ...typedPluggy(company, (wish) => wish), clientId: ' id ', clientSecret: 's', clientUserId: ' ' };
    expect(pluggyDraft(typed)).toMatchObject({ clientId: null, clientSecret: null, connectTokenEndpoint: 'https://a.example', clientUserId: null });
    expect(pluggyDraft({ ...typed, way: 'own' })).toMatchObject({ clientId: 'id', clientSecret: 's', connectTokenEndpoint: null });
  });

  it('takes a stored secret and its own name as given', () => {
    const found = ['configKey', 'clientSecret', 'clientId'].map((field) => ({ field, problem: 'required', blocking: true }));
    expect(pluggyFindings(found, company).map((one) => one.field)).toEqual(['clientId']);
    expect(pluggyFindings(found, null)).toHaveLength(3);
  });
});
