import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { open, opened as ready } from '../../../tests/app';
import { watchPresence } from '../../app/presence';
import { PASSPHRASE } from '../../ipc/fake/vault';
import { asideTime } from './aside';

const NEW = 'four words without relation';

async function settings(scenario: 'calm' | 'typical' = 'calm') {
  const app = await ready(scenario);
  await app.person.click(await screen.findByRole('button', { name: 'Settings' }));
  await screen.findByRole('heading', { name: 'Settings' });
  return app;
}

async function typeTwice(person: Awaited<ReturnType<typeof settings>>['person'], label: string, again: string, words: string) {
  const dialog = within(await screen.findByRole('dialog'));
  await person.type(dialog.getByLabelText(label), words);
  await person.type(dialog.getByLabelText(again), words);
  return dialog;
}

describe('locking', () => {
  it('locks by keyboard, shows nothing of the vault, and opens again by the keychain', async () => {
    const { person, asked } = await ready('typical');
    await person.keyboard('{Control>}l{/Control}');
    expect(await screen.findByRole('heading', { name: 'Mooring is locked' })).toBeVisible();
    expect(screen.queryByRole('navigation')).toBeNull();
    expect(screen.getByText(/Until then nothing is renewed/)).toBeVisible();
    const button = screen.getByRole('button', { name: 'Open' });
    await waitFor(() => expect(button).toHaveFocus());
    await person.click(button);
    expect(await screen.findByRole('navigation')).toBeVisible();
    expect(asked('vault_lock')).toHaveLength(1);
  });

  it('locks from the sidebar, and over an open dialog', async () => {
    const { person } = await settings();
    await person.click(screen.getByRole('button', { name: 'Change protection…' }));
    await screen.findByRole('dialog');
    await person.keyboard('{Control>}l{/Control}');
    expect(await screen.findByRole('heading', { name: 'Mooring is locked' })).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Open' }));
    await person.click(await screen.findByRole('button', { name: /^Lock/ }));
    expect(await screen.findByRole('heading', { name: 'Mooring is locked' })).toBeVisible();
  });

  it('takes both choices about locking', async () => {
    const { person, asked } = await settings();
    await person.selectOptions(screen.getByLabelText('Lock by itself'), '5');
    await person.click(screen.getByRole('radio', { name: /Connections are kept alive/ }));
    await waitFor(() =>
      expect(asked('settings_set').at(-1)).toMatchObject({ autoLock: '5', whileLocked: 'keepAlive' }),
    );
    expect(screen.getByText(/also locks when the computer sleeps/)).toBeVisible();
  });
});

describe('presence', () => {
  afterEach(() => void vi.useRealTimers());

  it('is told at once, then once a minute with the time since', () => {
    vi.useFakeTimers();
    const told: number[] = [];
    const stop = watchPresence((ago) => told.push(ago));
    void fireEvent.keyDown(window);
    expect(told).toEqual([0]);
    vi.advanceTimersByTime(5_000);
    void fireEvent.pointerMove(window);
    void fireEvent.pointerMove(window);
    expect(told).toEqual([0]);
    vi.advanceTimersByTime(55_000);
    expect(told).toEqual([0, 55]);
    vi.advanceTimersByTime(600_000);
    expect(told).toEqual([0, 55]);
    void fireEvent.keyDown(window);
    expect(told).toEqual([0, 55, 0]);
    stop();
    vi.advanceTimersByTime(60_000);
    void fireEvent.keyDown(window);
    expect(told).toHaveLength(3);
  });
});

describe('protection', () => {
  it('goes from the keychain to a passphrase, and refuses a wrong one afterwards', async () => {
    const { person, asked } = await settings();
    await person.click(screen.getByRole('button', { name: 'Change protection…' }));
    const dialog = await typeTwice(person, 'New passphrase', 'New passphrase again', NEW);
    expect(await dialog.findByText(/guess/)).toBeVisible();
    await person.click(dialog.getByRole('button', { name: 'Change' }));
    expect(await screen.findByText('From now on your new passphrase protects the vault.')).toBeVisible();
    expect(asked('protection_change')).toEqual([{ current: null, protection: 'passphrase', next: NEW }]);

    await person.click(screen.getByRole('button', { name: 'Change protection…' }));
    const again = within(await screen.findByRole('dialog'));
    await person.type(again.getByLabelText('Current passphrase'), 'not the passphrase');
    await person.click(again.getByRole('radio', { name: /keychain/ }));
    await person.click(again.getByRole('button', { name: 'Change' }));
    expect(await again.findByText('This is not the current passphrase. Nothing was changed.')).toBeVisible();
  });
});

describe('backups', () => {
  it('is written under a passphrase typed twice', async () => {
    const { person, asked } = await settings();
    await person.click(screen.getByRole('button', { name: 'Back up…' }));
    const dialog = await typeTwice(person, 'Passphrase for the backup', 'Passphrase for the backup again', NEW);
    await person.click(dialog.getByRole('button', { name: 'Back up' }));
    expect(await screen.findByText(/The backup is made, with/)).toBeVisible();
    expect(asked('backup_write')).toEqual([{ passphrase: NEW, replace: false }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('is restored on the first screen, after a wrong passphrase', async () => {
    const { person } = open('firstrun');
    await person.click(await screen.findByRole('button', { name: 'Restore from a backup…' }));
    const dialog = within(await screen.findByRole('dialog'));
    await person.type(dialog.getByLabelText('Passphrase of the backup'), 'not it');
    await person.click(dialog.getByRole('button', { name: 'Restore' }));
    expect(await dialog.findByText('This is not the passphrase of this backup. Nothing was changed.')).toBeVisible();
    await person.clear(dialog.getByLabelText('Passphrase of the backup'));
    await person.type(dialog.getByLabelText('Passphrase of the backup'), PASSPHRASE);
    await person.click(dialog.getByRole('button', { name: 'Restore' }));
    expect(await screen.findByRole('navigation')).toBeVisible();
    expect(await screen.findByText(/The vault is restored/)).toBeVisible();
  });

  it('tells on the first screen where everything went when a computer was retired', async () => {
    const { person, asked } = await settings('typical');
    await person.click(screen.getByRole('button', { name: 'Retire this computer…' }));
    const dialog = await typeTwice(person, 'Passphrase for the backup', 'Passphrase for the backup again', NEW);
    await person.click(dialog.getByRole('button', { name: 'Back up and delete here' }));
    expect(await screen.findByRole('heading', { name: 'Welcome to Mooring' })).toBeVisible();
    expect(screen.getByText(/This computer is retired\. Everything is in/)).toBeVisible();
    expect(asked('computer_retire')).toHaveLength(1);
  });

  it('reads the date of a vault that was set aside', () => {
    expect(asideTime('20261121-100000-2')).toBe('2026-11-21T10:00:00Z');
  });
});
