import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';

describe('Activity', () => {
  it('pages, filters by connection, and takes new lines as they are written', async () => {
    const { person, asked, fake } = await ready('calm');
    await person.click(await screen.findByRole('button', { name: 'Activity' }));
    expect(await screen.findByRole('heading', { name: 'Today' })).toBeVisible();
    const lines = () => screen.getAllByRole('listitem').filter((one) => one.querySelector('time')).length;
    expect(lines()).toBe(50);
    await person.click(screen.getByRole('button', { name: 'Show older' }));
    await waitFor(() => expect(lines()).toBe(100));

    await person.selectOptions(screen.getByLabelText('Show activity of'), 'stripe/acct_1N7');
    await waitFor(() => expect(asked('activity_list').at(-1)).toMatchObject({ connection: { configKey: 'stripe' } }));
    await waitFor(() => expect(lines()).toBe(24));
    await fake.invoke('connection_disconnect', { configKey: 'stripe', connectionId: 'acct_1N7' });
    expect(await screen.findByText(/You disconnected Ribeiro Studio/)).toBeVisible();
  });

  it('says so when nothing has happened', async () => {
    const { person } = await ready('empty');
    await person.click(await screen.findByRole('button', { name: 'Activity' }));
    expect(await screen.findByText('Nothing has happened yet.')).toBeVisible();
  });
});
