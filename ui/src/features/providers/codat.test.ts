import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened } from '../../../tests/app';
import { entriesOf, textsDraft, typedTexts } from './texts';

async function form() {
  const app = await opened('empty');
  await app.person.click(screen.getByRole('button', { name: 'Providers and keys' }));
  await app.person.click(await screen.findByRole('button', { name: 'Add keys' }));
  await app.person.click(await screen.findByRole('button', { name: /Codat/ }));
  return app;
}

/** The form of keys that are there. */
async function edited(view?: string) {
  const app = await opened('codat');
  await app.person.click(screen.getByRole('button', { name: 'Providers and keys' }));
  await app.person.click(await screen.findByRole('button', { name: /API key stored/ }));
  if (view) await app.person.click(await screen.findByRole('button', { name: view }));
  return app;
}

describe('keys for Codat', () => {
  it('are an API key: checked, saved, forgotten by the page, and lead to the companies', async () => {
    const { person, asked } = await form();
    const field = screen.getByLabelText('API key');
    await person.type(field, 'two parts');
    await person.tab();
    expect(await screen.findByText(/space or line break/)).toBeVisible();
    await person.clear(field);
    await person.type(field, 'k3y-of-the-studio');
    await person.click(screen.getByRole('button', { name: 'Save the keys' }));
    expect(await screen.findByRole('heading', { name: 'The keys for Codat are saved' })).toBeVisible();
    expect(asked('codat_create')).toEqual([
      { configKey: 'codat', apiKey: 'k3y-of-the-studio', tokenEndpoint: null, tokenBearer: null, company: null },
    ]);
    expect(document.body.innerHTML).not.toContain('k3y-of-the-studio');
    await person.click(screen.getByRole('button', { name: 'Choose a company' }));
    expect(await screen.findByRole('heading', { name: 'Which company?' })).toBeVisible();
  });

  it('are an address of whoever holds the key: what it cannot do is said and not offered', async () => {
    const { person, asked } = await form();
    await person.click(screen.getByRole('radio', { name: /accountant or lender/ }));
    await person.click(screen.getByRole('button', { name: 'Save the keys' }));
    expect(await screen.findByText('Please fill this in.')).toBeVisible();
    expect(screen.getByLabelText('Access token endpoint')).toHaveAttribute('aria-invalid', 'true');
    await person.type(screen.getByLabelText('Access token endpoint'), 'https://lender.example/codat');
    await person.click(screen.getByRole('button', { name: 'Save the keys' }));
    expect(await screen.findByText('Connect new platforms: needs the API key')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Choose a company' })).toBeNull();
    await person.click(screen.getByRole('button', { name: 'Look for connections' }));
    expect(asked('codat_list')).toEqual([{ configKey: 'codat' }]);
    expect(await screen.findByText(/Codat has no connection here/)).toBeVisible();
  });

  it('keep the stored key when they are edited', async () => {
    const { person, asked } = await edited();
    await person.click(await screen.findByRole('button', { name: 'Save the changes' }));
    await waitFor(() => expect(asked('codat_edit')).toHaveLength(1));
    expect(asked('codat_edit')[0]).toMatchObject({ configKey: 'codat', apiKey: null, tokenEndpoint: null });
  });

  it('want the address again with a new password for it, rather than drop the password', async () => {
    const { person, asked } = await opened('codat');
    await person.click(screen.getByRole('button', { name: 'Providers and keys' }));
    await person.click(await screen.findByRole('button', { name: /through your accountant or lender/ }));
    expect(screen.getByLabelText('Access token endpoint')).toHaveAttribute('placeholder', 'stored, at portal.lender.example');
    await person.type(screen.getByLabelText(/Password for that address/), 'changed');
    await person.click(screen.getByRole('button', { name: 'Save the changes' }));
    expect(await screen.findByText('Please fill this in.')).toBeVisible();
    expect(asked('codat_edit')).toEqual([]);
  });

  it('say what looking for connections found', async () => {
    const { person } = await edited();
    await person.click(await screen.findByRole('button', { name: 'Look for connections' }));
    expect(await screen.findByText(/Codat has 8 connections; you have all of them\. 1 was deleted elsewhere/)).toBeVisible();
  });
});

describe('allowed web pages', () => {
  it.each([
    ['*', /is not allowed/],
    ['http://shop.example', /served over https/],
    ['http://localhost:3000', /only for development/],
    ['https://shop.example/page', /Leave out what follows/],
    ['https://me@shop.example', /name and password/],
    ['null', /any local file/],
    ['shop.example', /Begin with https/],
    ['tauri://localhost', /Only web pages/],
  ])('refuse %s in words', async (typed, words) => {
    const { person, asked } = await edited('Allowed web pages');
    await person.type(await screen.findByLabelText('Address of a page'), typed);
    await person.click(screen.getByRole('button', { name: 'Add' }));
    expect(await screen.findByText(words)).toBeVisible();
    expect(asked('codat_cors_set')).toEqual([]);
  });

  it('are added and removed', async () => {
    const { person, asked } = await edited('Allowed web pages');
    await person.type(await screen.findByLabelText('Address of a page'), 'https://shop.example');
    await person.click(screen.getByRole('button', { name: 'Add' }));
    const list = within(await screen.findByRole('list', { name: 'Listed pages' }));
    expect(await list.findByText('https://shop.example')).toBeVisible();
    await person.click(list.getByRole('button', { name: 'Remove https://www.ribeiro.example' }));
    await waitFor(() => expect(list.queryByText('https://www.ribeiro.example')).toBeNull());
    expect(asked('codat_cors_set')).toEqual([
      { configKey: 'codat', add: 'https://shop.example', remove: null, development: false },
      { configKey: 'codat', add: null, remove: 'https://www.ribeiro.example', development: false },
    ]);
  });

  it('take pages on this computer once the person says so', async () => {
    const { person, asked } = await edited('Allowed web pages');
    await person.click(await screen.findByRole('checkbox', { name: /for development/ }));
    await person.type(screen.getByLabelText('Address of a page'), 'http://localhost:3000');
    await person.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(asked('codat_cors_set')).toHaveLength(1));
    expect(asked('codat_cors_set')[0]).toMatchObject({ development: true });
  });

  it('say what a page has to send, and what a policy lacks', async () => {
    const { person } = await edited('Allowed web pages');
    expect(await screen.findByText(/Content-Security-Policy: default-src/)).toBeVisible();
    await person.click(screen.getByRole('checkbox', { name: /Write out each/ }));
    expect(await screen.findByText(/script-src 'self' \*\.codat\.io; style-src/)).toBeVisible();
    await person.click(screen.getByText('Check the policy that you have'));
    await person.type(screen.getByLabelText('Your Content-Security-Policy'), 'default-src self');
    expect(await screen.findByText('It lacks:')).toBeVisible();
  });
});

describe('texts of one’s own', () => {
  it('are parted by empty lines', () => {
    expect(entriesOf('one\ntwo\n\n \nthree\n')).toEqual(['one\ntwo', 'three']);
    expect(textsDraft(typedTexts(null))).toEqual({ json: null, accounting: [], banking: [], commerce: [] });
  });

  it('show what they will look like while they are typed, without anything that could run', async () => {
    const { person, asked } = await edited('Your own texts');
    const accounting = within(await screen.findByRole('region', { name: 'Accounting' }));
    await person.type(
      accounting.getByRole('textbox'),
      '**Invoices** <script>alert(1)</script>[[terms](https://ribeiro.example/terms) [[bad](javascript:alert(1))',
    );
    expect(await accounting.findByText('Invoices', { selector: 'strong' })).toBeVisible();
    expect(await accounting.findByText('(ribeiro.example)')).toBeVisible();
    expect(document.querySelector('main script, main a')).toBeNull();
    await person.click(screen.getByRole('button', { name: 'Save the texts' }));
    await waitFor(() => expect(asked('codat_texts_set')).toHaveLength(1));
    expect(await screen.findByText('Your texts are saved.')).toBeVisible();
  });

  it('are taken from options of a web page, and refused when they are none', async () => {
    const { person } = await edited('Your own texts');
    await person.click(await screen.findByText('As Codat’s component takes it'));
    const paste = screen.getByLabelText('Paste options');
    await person.click(paste);
    await person.paste('no json');
    await person.click(screen.getByRole('button', { name: 'Take these texts' }));
    expect(await screen.findByText('This is not an object in JSON.')).toBeVisible();
    await person.clear(paste);
    await person.click(paste);
    await person.paste('{"text":{"commerce.connectionDetails.dataTypes":["Your **orders**"]}}');
    await person.click(screen.getByRole('button', { name: 'Take these texts' }));
    const commerce = within(screen.getByRole('region', { name: 'Commerce' }));
    await waitFor(() => expect(commerce.getByRole('textbox')).toHaveValue('Your **orders**'));
  });
});
