import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened } from '../../../tests/app';
// Loaded when first wanted in the product; here it is there at once.
import './Overlays.svelte';
import '../accounts/Accounts.svelte';
import '../help/Help.svelte';
import '../settings/Settings.svelte';
import { failure } from '../../ipc/fake/drafts';
import { ranked } from './match';

const entries = [
  { id: 'itau', title: 'Itaú', words: 'banco br' },
  { id: 'joint', title: 'Joint account', words: 'Itaú' },
  { id: 'dark', title: 'Use the dark theme', words: 'Theme' },
];
const ids = (search: string, recent: string[] = []) => ranked(entries, search, recent).map((one) => one.id);

describe('the search', () => {
  it('ignores accents and prefers titles', () => {
    expect(ids('itau')).toEqual(['itau', 'joint']);
    expect(ids('ITAÚ')).toEqual(['itau', 'joint']);
  });

  it('needs every word, and forgives left out letters', () => {
    expect(ids('joint itau')).toEqual(['joint']);
    expect(ids('drk thm')).toEqual(['dark']);
    expect(ids('zebra')).toEqual([]);
  });

  it('puts what was used lately first among equals', () => {
    expect(ids('')).toEqual(['itau', 'joint', 'dark']);
    expect(ids('', ['dark', 'joint'])).toEqual(['dark', 'joint', 'itau']);
    expect(ids('itau', ['joint'])).toEqual(['itau', 'joint']);
  });
});

describe('the palette', () => {
  async function palette(scenario: 'typical' | 'calm' = 'typical') {
    const app = await opened(scenario);
    await app.person.keyboard('{Control>}k{/Control}');
    const field = await screen.findByRole('combobox', { name: /Search connections/ });
    return { ...app, field };
  }

  it('goes to a connection by keyboard alone', async () => {
    const { person, field } = await palette();
    expect(field).toHaveFocus();
    await person.keyboard('starling');
    const first = await screen.findByRole('option', { selected: true });
    expect(first).toHaveTextContent('Starling savings');
    expect(field).toHaveAttribute('aria-activedescendant', first.id);
    await person.keyboard('{Enter}');
    expect(await screen.findByRole('heading', { name: /Starling savings/ })).toBeVisible();
    expect(screen.queryByRole('combobox', { name: /Search connections/ })).toBeNull();
  });

  it('carries out an action', async () => {
    const { person, asked } = await palette();
    await person.keyboard('dark theme{Enter}');
    await waitFor(() => expect(asked('settings_set').at(-1)).toMatchObject({ theme: 'dark' }));
  });

  it('acts at a connection that needs the person, and at none that is well', async () => {
    const { person, asked } = await palette();
    await person.keyboard('reconnect starling');
    expect(await screen.findByRole('option', { selected: true })).toHaveTextContent('Reconnect: Starling savings');
    await person.keyboard('{Enter}');
    await waitFor(() => expect(asked('authorization_begin')).toHaveLength(1));
    await person.keyboard('{Control>}k{/Control}');
    await person.keyboard('joint account');
    expect(screen.queryByRole('option', { name: /: Joint account/ })).toBeNull();
  });

  it('pauses everything, and takes it back', async () => {
    const { person, asked } = await palette('calm');
    await person.keyboard('pause all{Enter}');
    expect(await screen.findByText('5 connections are paused')).toBeVisible();
    expect(asked('connection_pause')).toHaveLength(5);
    await person.keyboard('{Control>}k{/Control}');
    await person.keyboard('pause all');
    expect(screen.queryByRole('option', { name: /Pause all/ })).toBeNull();
    await person.clear(screen.getByRole('combobox'));
    await person.keyboard('resume all{Enter}');
    expect(await screen.findByText('5 connections go on')).toBeVisible();
    expect(asked('connection_resume')).toHaveLength(5);
  });

  it('ends at the first that does not follow, and says so', async () => {
    const { fake, person, asked } = await palette('calm');
    fake.failNext('connection_pause', failure('storage'));
    await person.keyboard('pause all{Enter}');
    expect(await screen.findByRole('alert')).toBeVisible();
    expect(asked('connection_pause')).toHaveLength(1);
  });

  it.each([
    ['make a backup', 'backup_pick', /Back up/],
    ['restore from', 'restore_pick', /Restore/],
  ])('begins on the screen that is gone to: %s', async (words, command, dialog) => {
    const { person, asked } = await palette();
    await person.keyboard(`${words}{Enter}`);
    expect(await screen.findByRole('dialog', { name: dialog })).toBeVisible();
    expect(asked(command)).toHaveLength(1);
  });

  it('opens the export where there are accounts, tests links, and leads to Help', async () => {
    const { person, asked } = await opened('banks');
    const choose = async (words: string) => {
      await person.keyboard('{Control>}k{/Control}');
      await screen.findByRole('combobox', { name: /Search connections/ });
      await person.keyboard(`${words}{Enter}`);
    };
    await choose('export accounts');
    const dialog = await screen.findByRole('dialog', { name: /Export/ });
    await person.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    await choose('way back');
    await waitFor(() => expect(asked('links_test')).toHaveLength(1));
    await choose('help');
    expect(await screen.findByRole('heading', { level: 1, name: 'Help' })).toBeVisible();
  });

  it('moves round with the arrows and tells how much was found', async () => {
    const { person } = await palette();
    await person.keyboard('theme');
    const options = await screen.findAllByRole('option');
    await person.keyboard('{ArrowUp}');
    await waitFor(() => expect(screen.getByRole('option', { selected: true })).toBe(options.at(-1)));
    await person.keyboard('{ArrowDown}');
    await waitFor(() => expect(screen.getByRole('option', { selected: true })).toBe(options[0]));
    const dialog = screen.getByRole('dialog', { name: 'Go to anything' });
    expect(within(dialog).getByRole('status')).toHaveTextContent(`${options.length} results`);
  });

  it('closes by its own keys', async () => {
    const { person } = await palette();
    await person.keyboard('{Control>}k{/Control}');
    await waitFor(() => expect(screen.queryByRole('combobox', { name: /Search connections/ })).toBeNull());
  });

  it('lists the shortcuts, but not while somebody types', async () => {
    const { person } = await opened('calm');
    await person.click(await screen.findByRole('searchbox'));
    await person.keyboard('?');
    expect(screen.queryByRole('dialog')).toBeNull();
    await person.clear(screen.getByRole('searchbox'));
    (document.activeElement as HTMLElement).blur();
    await person.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  });
});
