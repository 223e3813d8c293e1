import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened } from '../../../tests/app';
import { question } from '../../preview/programs';
// Loaded when first wanted in the product; here it is there at once.
import './Attention.svelte';

async function toAttention(scenario: 'typical' | 'calm' | 'offline') {
  const app = await opened(scenario);
  const places = within(await screen.findByRole('navigation'));
  await app.person.click(places.getByRole('button', { name: /Needs you/ }));
  return app;
}

describe('What needs the person', () => {
  it('is counted beside its place, and says the same as the first line of Connections', async () => {
    const { person } = await opened('typical');
    const sentence = (await screen.findByRole('heading', { level: 1 })).textContent;
    const place = await screen.findByRole('button', { name: /Needs you.*2 connections need you/ });
    await person.click(place);
    expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent(sentence ?? '-');
    expect(sentence).toContain('2 connections need you');
  });

  it('lists what has stopped before what is ahead, each with its one action', async () => {
    await toAttention('typical');
    const list = await screen.findByRole('list', { name: 'Needs you' });
    const rows = within(list).getAllByRole('listitem');
    expect(rows.map((row) => within(row).getAllByRole('button')[1]?.textContent?.trim())).toEqual([
      'Reconnect',
      'Approve again',
    ]);
  });

  it('reconnects from the list', async () => {
    const { person, asked } = await toAttention('typical');
    await person.click(await screen.findByRole('button', { name: 'Reconnect: Starling savings' }));
    await waitFor(() => expect(asked('authorization_begin')).toHaveLength(1));
  });

  it('puts one off: it leaves the count and the first line, and is kept in sight', async () => {
    const { person } = await toAttention('typical');
    await person.click(await screen.findByRole('button', { name: 'Later: Starling savings' }));
    const later = await screen.findByRole('list', { name: 'Put off' });
    expect(within(later).getByText('Starling savings')).toBeVisible();
    expect(within(later).getByText(/Comes back .*09:00/)).toBeVisible();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent(/needs you: approve again by/);
    const place = screen.getByRole('button', { name: /1 connection needs you/ });
    expect(place).toBeVisible();
  });

  it('says trouble calmly and asks for nothing', async () => {
    await toAttention('offline');
    expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent('Nothing needs you');
    const calm = await screen.findByRole('list', { name: 'Nothing for you to do' });
    expect(within(calm).queryAllByRole('button')).toEqual([]);
    expect(within(calm).getAllByText(/^Offline since \d\d:\d\d today$/)).not.toEqual([]);
    expect(screen.queryByText(/sign in/i)).toBeNull();
  });

  it('holds a program’s question that was put aside, counts it, and asks it again', async () => {
    const { fake, person, asked } = await opened('typical');
    fake.callers.ask(question());
    const dialog = await screen.findByRole('alertdialog');
    dialog.dispatchEvent(new Event('cancel', { cancelable: true }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(screen.getByText(/books still waits/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: /Needs you.*3 things need you/ }));
    expect(await screen.findByRole('heading', { level: 1, name: '3 things need you' })).toBeVisible();
    const rows = within(await screen.findByRole('list', { name: 'Needs you' })).getAllByRole('listitem');
    expect(rows[0]).toHaveTextContent('books');
    await person.click(screen.getByRole('button', { name: 'Decide: books' }));
    const again = within(await screen.findByRole('alertdialog'));
    await waitFor(() => expect(again.getByRole('button', { name: 'Allow once' })).toBeEnabled());
    await person.click(again.getByRole('button', { name: 'Allow once' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Decide: books' })).toBeNull());
    expect(asked('permission_answer')).toMatchObject([{ decision: 'once' }]);
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('2 connections need you');
  });

  it('says it of a program alone by its name', async () => {
    const { fake } = await toAttention('calm');
    fake.callers.ask(question());
    (await screen.findByRole('alertdialog')).dispatchEvent(new Event('cancel', { cancelable: true }));
    expect(await screen.findByRole('heading', { level: 1, name: 'books waits for your answer' })).toBeVisible();
    expect(screen.getByRole('button', { name: /1 thing needs you/ })).toBeVisible();
  });

  it('is led to by the tray, after the vault is open', async () => {
    const { fake } = await opened('calm');
    fake.go({ to: 'attention' });
    expect(await screen.findByRole('heading', { level: 1, name: 'Nothing needs you' })).toBeVisible();
  });
});
