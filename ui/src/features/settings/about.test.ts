import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import App from '../../app/App.svelte';
import { Session } from '../../app/session.svelte';
import { clientOver } from '../../ipc/client';
import { fakeIpc } from '../../ipc/fake/fake';
import type { AppState, ReleaseNotes } from '../../ipc/types.gen';

/** The app as it starts when `lastSeenVersion` was the last one that was told of. */
async function started(lastSeenVersion: string | null, notes: Partial<ReleaseNotes> = {}) {
  const fake = fakeIpc('calm');
  const answer = fake.invoke.bind(fake);
  fake.invoke = async (name, request) => {
    const answered = await answer(name, request);
    return name === 'release_notes' ? { ...(answered as ReleaseNotes), ...notes } : answered;
  };
  const { settings } = (await fake.invoke('app_state', null)) as AppState;
  await fake.invoke('settings_set', { ...settings, language: 'en', lastSeenVersion });
  fake.asked.length = 0;
  render(App, { session: new Session(clientOver(fake)) });
  const kept = () => fake.asked.filter((one) => one.name === 'settings_set').map((one) => one.request);
  return { person: userEvent.setup(), kept };
}

describe('About', () => {
  it('says once after an update what changed', async () => {
    const { person, kept } = await started('0.0.9');
    expect(await screen.findByText(/Mooring is now version 0\.1\.0/)).toBeVisible();
    await waitFor(() => expect(kept()).toEqual([expect.objectContaining({ lastSeenVersion: '0.1.0' })]));
    await person.click(await screen.findByRole('button', { name: 'Settings' }));
    expect(await screen.findByText('A practice bank inside Mooring.')).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Connections' }));
    await person.click(screen.getByRole('button', { name: 'Settings' }));
    const summary = await screen.findByText('What changed');
    expect(summary.closest('details')).not.toHaveAttribute('open');
  });

  it('does not speak of an update on the first start of all', async () => {
    const { person, kept } = await started(null);
    await waitFor(() => expect(kept()).toEqual([expect.objectContaining({ lastSeenVersion: '0.1.0' })]));
    expect(screen.queryByText(/is now version/)).toBeNull();
    await person.click(await screen.findByRole('button', { name: 'Settings' }));
    expect(await screen.findByText('This build is not signed: nothing proves who made it.')).toBeVisible();
    expect((await screen.findByText('What changed')).closest('details')).not.toHaveAttribute('open');
  });

  it('offers an update where the build can have one, and says when it failed', async () => {
    const { person } = await started('0.1.0', { updates: true, signed: true });
    await person.click(await screen.findByRole('button', { name: 'Settings' }));
    await person.click(await screen.findByRole('button', { name: 'Check for a newer version' }));
    await person.click(await screen.findByRole('button', { name: 'Install version 0.2.0' }));
    expect(await screen.findByText(/Nothing was changed/)).toBeVisible();
    expect(screen.queryByText(/not signed/)).toBeNull();
  });

  it('keeps quiet when the version is known', async () => {
    const { kept } = await started('0.1.0');
    await screen.findByRole('button', { name: 'Settings' });
    expect(screen.queryByText(/is now version/)).toBeNull();
    expect(kept()).toEqual([]);
  });
});
