import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened } from '../../../tests/app';

async function settings() {
  const app = await opened('calm');
  await app.person.click(screen.getByRole('button', { name: 'Settings' }));
  await screen.findByRole('heading', { name: 'Local API' });
  return app;
}

describe('the local API', () => {
  it('is off, is turned on, and says where it is', async () => {
    const { person } = await settings();
    const on = await screen.findByRole('switch', { name: /Answer over HTTP/ });
    expect(on).not.toBeChecked();
    await person.click(on);
    expect(await screen.findByText('http://127.0.0.1:3004')).toBeVisible();
    expect(screen.getByText('It is on while Mooring is unlocked.')).toBeVisible();
  });

  it('says that a port is taken, and goes to the next', async () => {
    const { fake, person } = await settings();
    fake.callers.takePort(3004);
    await person.click(await screen.findByRole('switch', { name: /Answer over HTTP/ }));
    expect(await screen.findByText('It is not on: another program has port 3004.')).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Use port 3005' }));
    expect(await screen.findByText('http://127.0.0.1:3005')).toBeVisible();
  });

  it('takes no port of the system', async () => {
    const { person, asked } = await settings();
    await person.click(await screen.findByRole('switch', { name: /Answer over HTTP/ }));
    const port = await screen.findByLabelText('Port');
    await person.clear(port);
    await person.type(port, '80');
    await person.click(screen.getByRole('button', { name: 'Use' }));
    expect(await screen.findByText('A number from 1024 to 65535.')).toBeVisible();
    expect(asked('local_api_set')).toHaveLength(1);
  });

  it('copies the secret without showing it, and replaces it only after asking', async () => {
    const { person, asked } = await settings();
    await person.click(await screen.findByRole('switch', { name: /Answer over HTTP/ }));
    await person.click(await screen.findByRole('button', { name: 'Copy the secret' }));
    expect(await screen.findByText(/The secret is on the clipboard/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Make a new secret…' }));
    expect(asked('local_api_rotate_secret')).toEqual([]);
    await person.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Make a new secret' }));
    expect(await screen.findByText(/There is a new secret/)).toBeVisible();
    expect(asked('local_api_rotate_secret')).toHaveLength(1);
  });

  it('lists origins as the core spells them, and no pattern', async () => {
    const { person, asked } = await settings();
    await person.click(await screen.findByRole('switch', { name: /Answer over HTTP/ }));
    const field = await screen.findByLabelText('Address of a page');
    await person.type(field, 'https://*.example');
    await person.click(screen.getByRole('button', { name: 'Add' }));
    expect(await screen.findByText('List each page by itself; * is not allowed.')).toBeVisible();
    await person.clear(field);
    await person.type(field, 'HTTP://localhost:8080/');
    await person.click(screen.getByRole('button', { name: 'Add' }));
    const list = within(await screen.findByRole('list', { name: 'Web pages that may ask' }));
    expect(list.getByText('http://localhost:8080')).toBeVisible();
    await person.click(list.getByRole('button', { name: 'Remove http://localhost:8080' }));
    await waitFor(() => expect(asked('local_api_set').at(-1)).toMatchObject({ origins: [] }));
  });
});
