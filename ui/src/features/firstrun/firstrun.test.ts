import { screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { open } from '../../../tests/app';
import { missing } from './passphrase';

describe('first run', () => {
  it('makes a vault in the keychain and goes straight to Connections', async () => {
    const { person, asked } = open('firstrun');
    await person.click(await screen.findByRole('button', { name: 'Create the vault' }));
    expect(await screen.findByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible();
    expect(asked('vault_create')).toEqual([{ protection: 'keychain', passphrase: null }]);
  });

  it('says why there is no keychain and asks for a passphrase', async () => {
    const { person, asked } = open('nokeychain');
    expect(await screen.findByText(/This system offers no keychain\./)).toBeVisible();
    expect(screen.queryByRole('radio')).toBeNull();

    await person.type(screen.getByLabelText('Passphrase'), 'too short');
    await person.click(screen.getByRole('button', { name: 'Create the vault' }));
    expect(screen.getByLabelText('Passphrase')).toBeInvalid();
    expect(asked('vault_create')).toEqual([]);

    await person.clear(screen.getByLabelText('Passphrase'));
    await person.type(screen.getByLabelText('Passphrase'), 'correct horse battery');
    await person.type(screen.getByLabelText('Passphrase again'), 'correct horse butter');
    await person.click(screen.getByRole('button', { name: 'Create the vault' }));
    expect(screen.getByText('The two are not the same.')).toBeVisible();
    expect(asked('vault_create')).toEqual([]);

    await person.clear(screen.getByLabelText('Passphrase again'));
    await person.type(screen.getByLabelText('Passphrase again'), 'correct horse battery');
    await person.click(screen.getByRole('button', { name: 'Create the vault' }));
    expect(await screen.findByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible();
  });

  it('counts characters as people do', () => {
    expect(missing('ééééééééééé')).toBe(1);
    expect(missing('correct horse')).toBe(0);
  });
});

describe('unlock', () => {
  it('refuses a wrong passphrase in words and opens with the right one', async () => {
    const { person } = open('locked');
    const field = await screen.findByLabelText('Passphrase');
    expect(field).toHaveFocus();
    await person.type(field, 'wrong one here{Enter}');
    expect(await screen.findByText(/This is not the passphrase of this vault/)).toBeVisible();
    await person.clear(field);
    await person.type(field, 'correct horse battery{Enter}');
    expect(await screen.findByRole('heading', { name: '2 connections need you' })).toBeVisible();
  });

  it('asks for no passphrase when the keychain should open it, and says what is wrong', async () => {
    open('lockedkeychain');
    expect(await screen.findByText('The system’s keychain is locked.')).toBeVisible();
    expect(screen.queryByLabelText('Passphrase')).toBeNull();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeEnabled();
  });

  it('shows why a vault cannot be opened', async () => {
    open('broken');
    expect(await screen.findByText('Another Mooring has the vault open.')).toBeVisible();
    expect(screen.getByText(/Nothing in the vault was touched/)).toBeVisible();
  });
});
