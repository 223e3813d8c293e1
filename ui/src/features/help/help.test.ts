import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { open, opened } from '../../../tests/app';
import { failure } from '../../ipc/fake/drafts';
import type { Check } from '../../ipc/types.gen';
// Loaded when first wanted in the product; here they are there at once.
import '../palette/Overlays.svelte';
import './Help.svelte';
import { found, mendOf, next } from './checks';

const dead: Check = { of: 'links', ok: false, code: 'linksDead', params: { handler: 'm.desktop', program: '/gone/mooring' } };
const taken: Check = { of: 'port', ok: false, code: 'portTakenBy', params: { port: '3004', name: 'node', pid: '7' } };

async function help(...wrong: Check[]) {
  const app = await opened('typical');
  for (const one of wrong) app.fake.find(one);
  await app.person.click(screen.getByRole('button', { name: 'Help' }));
  await screen.findByRole('heading', { level: 1, name: 'Help' });
  return app;
}

describe('Help', () => {
  it('says that all is well, and what was looked at', async () => {
    const { person } = await help();
    expect(await screen.findByText('Mooring has everything it needs here.')).toBeVisible();
    await person.click(screen.getByText('What was looked at'));
    expect(screen.getByText('Only you can look into it.')).toBeVisible();
  });

  it('counts what needs care and puts links right from here', async () => {
    const { person, asked } = await help(dead, taken);
    expect(await screen.findByText('2 things need care')).toBeVisible();
    expect(screen.getByText(/a program that is not there any more: \/gone\/mooring/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Use Mooring for them' }));
    expect(await screen.findByText('1 thing needs care')).toBeVisible();
    expect(screen.getByText('It is put right.')).toBeVisible();
    expect(asked('doctor_repair')).toEqual([{ of: 'links' }]);
  });

  it('leads to where another port is chosen', async () => {
    const { person } = await help(taken);
    await person.click(await screen.findByRole('button', { name: 'Choose another port' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    const part = screen.getByRole('heading', { level: 2, name: 'Local API' });
    await waitFor(() => expect(part).toHaveFocus());
  });

  it('says when it could not look', async () => {
    const app = await opened('typical');
    app.fake.failNext('doctor_run', failure('defect', {}, 'no look'));
    await app.person.click(screen.getByRole('button', { name: 'Help' }));
    expect(await screen.findByRole('alert')).toBeVisible();
    await app.person.click(screen.getByRole('button', { name: 'Look again' }));
    expect(await screen.findByText('Mooring has everything it needs here.')).toBeVisible();
  });

  it('leads from what does not work to where it is put right', async () => {
    const { person, asked } = await help();
    await person.click(screen.getByText('I approved in the browser, and nothing came back'));
    await person.click(screen.getByRole('button', { name: 'Test the way back' }));
    expect(await screen.findByText(/the link came back to Mooring/)).toBeVisible();
    expect(asked('links_test')).toHaveLength(1);
  });

  it('shows the report before it is saved, and says where it went', async () => {
    const { person, asked } = await help();
    await person.click(screen.getByText('What is in it'));
    expect(await screen.findByRole('region', { name: 'The report' })).toHaveTextContent('"version": "0.1.0"');
    await person.click(screen.getByRole('button', { name: 'Save the report…' }));
    expect(await screen.findByText(/mooring-diagnostics-2026-11-28\.json is saved/)).toBeVisible();
    expect(asked('diagnostics_save')).toHaveLength(1);
  });

  it('helps behind the lock too, without ways that lead nowhere', async () => {
    const { fake, person } = open('broken');
    fake.find(taken);
    fake.find(dead);
    await person.click(await screen.findByRole('button', { name: 'Find out what is wrong' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'What is wrong' }));
    expect(await dialog.findByText('2 things need care')).toBeVisible();
    expect(dialog.queryByRole('button', { name: 'Choose another port' })).toBeNull();
    expect(dialog.getByRole('button', { name: 'Use Mooring for them' })).toBeEnabled();
    expect(dialog.getByRole('button', { name: 'Save the report…' })).toBeEnabled();
  });
});

describe('the first tour', () => {
  it('stands under the first choices until it is put away, and is found under Help again', async () => {
    const { person, asked } = await opened('empty');
    expect(screen.getByRole('region', { name: 'How Mooring works' })).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Put this away' }));
    await waitFor(() => expect(screen.queryByRole('region', { name: 'How Mooring works' })).toBeNull());
    expect(asked('settings_set').at(-1)).toMatchObject({ tourSeen: true });
    expect(screen.getByRole('heading', { level: 1 })).toHaveFocus();
    await person.click(screen.getByRole('button', { name: 'Help' }));
    await person.click(await screen.findByRole('button', { name: 'See how it works' }));
    expect(await screen.findByRole('dialog', { name: 'How Mooring works' })).toBeVisible();
  });

  it('is in nobody’s way who has connections', async () => {
    await opened('typical');
    expect(screen.queryByText('How Mooring works')).toBeNull();
  });
});

describe('why something is asked', () => {
  it('is told where it is asked', async () => {
    const first = open('firstrun');
    await first.person.click(await screen.findByText('Why is this asked?'));
    expect(screen.getByText(/its key has to lie somewhere/)).toBeVisible();
  });

  it('is told in Settings for notices, the start at login, and the local API', async () => {
    const { person } = await opened('calm');
    await person.click(screen.getByRole('button', { name: 'Settings' }));
    for (const why of ['Why notices?', 'Why start at login?', 'Why is this off at first?']) {
      await person.click(await screen.findByText(why));
    }
    expect(screen.getByText(/only you can renew them/)).toBeVisible();
    expect(screen.getByText(/only while it runs/)).toBeVisible();
    expect(screen.getByText(/without the secret and your word/)).toBeVisible();
  });
});

describe('words for what was found', () => {
  it('say instants in the person’s time, and offer nothing where all is well', () => {
    const behind: Check = { of: 'clock', ok: false, code: 'clockBehind', params: { now: '2026-01-01T00:00:00Z', written: '2026-11-28T10:00:00Z', hours: '7954' } };
    expect(found(behind)).toMatch(/2026/);
    expect(found(behind)).not.toContain('T00:00');
    expect([next(behind) !== '', mendOf(behind)]).toEqual([true, null]);
    const well: Check = { of: 'clock', ok: true, code: 'clockOk', params: { now: '2026-11-28T10:00:00Z' } };
    expect([next(well), mendOf(well)]).toEqual(['', null]);
    expect(mendOf(dead)).toBe('links');
  });
});
