import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened } from '../../../tests/app';
// Loaded when first wanted in the product; here it is there at once.
import '../palette/Overlays.svelte';

async function settings() {
  const app = await opened('calm');
  const open = async () => app.person.click(await screen.findByRole('button', { name: 'Settings' }));
  return { ...app, openSettings: open };
}

describe('Notices and desktop', () => {
  it('says when nobody shows notices', async () => {
    const { fake, openSettings } = await settings();
    fake.setDesk({ notices: false });
    await openSettings();
    expect(await screen.findByText(/Nothing on this desktop shows notices/)).toBeVisible();
  });

  it('says why there can be no icon, and offers none', async () => {
    const { fake, openSettings } = await settings();
    fake.setDesk({ tray: false });
    await openSettings();
    await waitFor(() => expect(screen.getByRole('switch', { name: 'Icon beside the clock' })).toBeDisabled());
    expect(screen.getByText(/shows no icons beside the clock/)).toBeVisible();
  });

  it('asks what closing means only where there is an icon', async () => {
    const { person, asked, openSettings } = await settings();
    await openSettings();
    expect(screen.queryByLabelText('Closing the window')).toBeNull();
    await person.click(await screen.findByRole('switch', { name: 'Icon beside the clock' }));
    await person.selectOptions(await screen.findByLabelText('Closing the window'), 'hide');
    await waitFor(() => expect(asked('settings_set').at(-1)).toMatchObject({ tray: true, closing: 'hide' }));
  });

  it('starts with the session when it is wished', async () => {
    const { person, asked, openSettings } = await settings();
    await openSettings();
    await person.click(await screen.findByRole('switch', { name: 'Start when I log in' }));
    await waitFor(() => expect(asked('login_set')).toEqual([{ on: true }]));
  });

  it('tests the return from the browser and repairs it', async () => {
    const { fake, person, openSettings } = await settings();
    fake.breakLinks();
    await openSettings();
    await person.click(await screen.findByRole('button', { name: 'Test it' }));
    expect(await screen.findByText(/opens such links with other\.desktop/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Use Mooring for them' }));
    expect(await screen.findByText(/the link came back to Mooring/)).toBeVisible();
  });

  it('asks once what closing means, and remembers the answer', async () => {
    const { fake, person, asked } = await settings();
    fake.go({ to: 'closing' });
    const dialog = await screen.findByRole('dialog', { name: 'Keep Mooring running?' });
    await person.click(within(dialog).getByRole('button', { name: 'Keep running' }));
    await waitFor(() => expect(asked('window_close')).toEqual([{ hide: true }]));
    expect(asked('settings_set').at(-1)).toMatchObject({ closing: 'hide' });
  });
});
