import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';

describe('Settings', () => {
  it('changes language and theme at once', async () => {
    const { person, asked } = await ready('typical');
    await person.click(await screen.findByRole('button', { name: 'Settings' }));
    await person.selectOptions(await screen.findByLabelText('Theme'), 'dark');
    await waitFor(() => expect(document.documentElement).toHaveAttribute('data-theme', 'dark'));
    await person.selectOptions(screen.getByLabelText('Language'), 'pt-BR');
    expect(await screen.findByRole('heading', { name: 'Ajustes' })).toBeVisible();
    expect(asked('settings_set').at(-1)).toMatchObject({ language: 'pt-BR', theme: 'dark', surface: 'automatic' });
  });

  it('removes the practice data after asking, and only then stops offering it', async () => {
    const { person } = await ready('typical');
    await person.click(await screen.findByRole('button', { name: 'Settings' }));
    await person.click(await screen.findByRole('button', { name: 'Remove practice data' }));
    const dialog = await screen.findByRole('dialog');
    await person.click(within(dialog).getByRole('button', { name: 'Remove practice data' }));
    expect(await screen.findByText('The practice data is removed.')).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Remove practice data' })).toBeNull());
  });

  it('says how the vault is protected and where it is', async () => {
    const { person } = await ready('calm');
    await person.click(await screen.findByRole('button', { name: 'Settings' }));
    expect(await screen.findByText('This computer’s keychain protects the vault.')).toBeVisible();
    expect(screen.getByText('/home/ana/.local/share/mooring')).toBeVisible();
  });
});
