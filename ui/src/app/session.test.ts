import { screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened } from '../../tests/app';
import { clientOver, type Ipc } from '../ipc/client';
import { failure } from '../ipc/fake/drafts';
import { fakeIpc } from '../ipc/fake/fake';
import { Navigation } from './navigation.svelte';
import { Session } from './session.svelte';
import { shortcutOf } from './shortcuts';

const STRIPE = { configKey: 'stripe', connectionId: 'acct_1N7' };

async function session() {
  const fake = fakeIpc('calm');
  const one = new Session(clientOver(fake));
  await one.start();
  return { fake, one };
}

describe('the session', () => {
  it('follows events and keeps the order of the list', async () => {
    const { fake, one } = await session();
    const before = one.connections.map((each) => each.configKey);
    fake.change(STRIPE, { paused: true });
    expect(one.connection(STRIPE)?.paused).toBe(true);
    expect(one.connections.map((each) => each.configKey)).toEqual(before);
  });

  it('asks for everything again, without a flicker, when events were lost', async () => {
    const { fake, one } = await session();
    fake.miss(STRIPE, { nickname: 'Payments', displayName: 'Payments' });
    expect(one.lists).toBe('ready');
    await expect.poll(() => one.connection(STRIPE)?.nickname).toBe('Payments');
  });

  it('asks again when something was told before it listened, and not otherwise', async () => {
    for (const events of [0, 1]) {
      const fake = fakeIpc('calm');
      const ipc: Ipc = {
        ...fake,
        invoke: async (name, request) =>
          name === 'told' ? ({ events, phase: 'ready' } as never) : fake.invoke(name, request),
      };
      const one = new Session(clientOver(ipc));
      await one.start();
      expect(one.lists).toBe('ready');
      expect(fake.asked.filter(({ name }) => name === 'connections_list')).toHaveLength(events);
    }
  });

  it('enters what the app came to before it listened', async () => {
    const fake = fakeIpc('calm');
    const ipc: Ipc = {
      ...fake,
      listen: async (to) => {
        fake.lock();
        return fake.listen(to);
      },
    };
    const one = new Session(clientOver(ipc));
    await one.start();
    expect(one.app?.phase).toBe('locked');
    expect(one.connections).toEqual([]);
  });

  it('asks again for links that are known, when events were lost', async () => {
    const fake = fakeIpc('banks');
    const one = new Session(clientOver(fake));
    await one.start();
    const key = { configKey: 'pluggy', connectionId: 'inter' };
    await one.moveLink(one.client.linkShow(key));
    fake.miss(key, {});
    await expect.poll(() => fake.asked.filter((each) => each.name === 'link_show')).toHaveLength(2);
    expect(one.fetched).toEqual({ of: null });
  });

  it('leaves the screen of a link that is gone', async () => {
    const fake = fakeIpc('banks');
    const one = new Session(clientOver(fake));
    await one.start();
    const key = { configKey: 'pluggy', connectionId: 'bradesco' };
    await one.moveLink(one.client.linkShow(key));
    one.navigation.go({ screen: 'connect', step: 'link', key });
    await one.client.linkCancel(key);
    expect(one.link(key)).toBeNull();
    expect(one.navigation.route).toEqual({ screen: 'connections', selected: null });
  });

  it('keeps no institution, link or search of a vault that was locked', async () => {
    const fake = fakeIpc('banks');
    const one = new Session(clientOver(fake));
    await one.start();
    await one.loadInstitutions('pluggy');
    await one.moveLink(one.client.linkShow({ configKey: 'pluggy', connectionId: 'inter' }));
    one.institutionSearch = 'itau';
    expect([one.institutions.size, one.links.size]).toEqual([1, 1]);
    fake.lock();
    expect([one.institutions.size, one.links.size, one.institutionSearch]).toEqual([0, 0, '']);
  });

  it('leaves a connection that is deleted while it is open', async () => {
    const { one } = await session();
    one.navigation.go({ screen: 'connections', selected: STRIPE });
    await one.client.connectionDelete(STRIPE);
    expect(one.connection(STRIPE)).toBeNull();
    expect(one.navigation.route).toEqual({ screen: 'connections', selected: null });
  });

  it('keeps the attempt on the screen when an older one reports its end', async () => {
    const { one } = await session();
    const first = await one.client.authorizationBegin({ ...STRIPE, surface: null, parameters: {} });
    const second = await one.client.authorizationBegin({ ...STRIPE, surface: null, parameters: {} });
    expect(one.attempt?.id).toBe(second.id);
    expect(first.id).not.toBe(second.id);
  });

  it('returns to a waiting attempt instead of beginning another', async () => {
    const { fake, one } = await session();
    const stripe = one.connection(STRIPE);
    if (!stripe) throw new Error('the scenario has no such connection');
    await one.reconnect(stripe);
    await one.reconnect(stripe);
    expect(fake.asked.filter((each) => each.name === 'authorization_begin')).toHaveLength(1);
    expect(one.navigation.route).toEqual({ screen: 'connect', step: 'attempt' });
  });

  it('says when the core cannot be reached at all', async () => {
    const fake = fakeIpc('calm');
    fake.failNext('beginning', failure('defect', {}, 'no core'));
    const one = new Session(clientOver(fake));
    await one.start();
    expect(one.startFailure).toMatchObject({ code: 'defect', detail: 'no core' });
    await one.start();
    expect(one.startFailure).toBeNull();
  });

  it('keeps nothing of the vault on the page once it is locked', async () => {
    const { fake } = await opened('calm');
    fake.lock();
    expect(await screen.findByRole('heading', { name: 'Mooring is locked' })).toBeVisible();
    expect(document.body).not.toHaveTextContent('Conta da casa');
    const { fake: other, one } = await session();
    other.lock();
    expect(one.connections).toEqual([]);
    expect(one.configs).toEqual([]);
  });
});

describe('navigation', () => {
  it('goes one level up and remembers the row', () => {
    const navigation = new Navigation();
    navigation.go({ screen: 'connections', selected: STRIPE });
    expect(navigation.up()).toBe(true);
    expect(navigation.returnTo).toEqual(STRIPE);
    expect(navigation.up()).toBe(false);
    navigation.go({ screen: 'providers', view: 'new', provider: 'xero', thenConnect: true });
    navigation.up();
    expect(navigation.route).toEqual({ screen: 'connect', step: 'choose' });
    navigation.go({ screen: 'providers', view: 'new', provider: 'xero', thenConnect: false });
    navigation.up();
    expect(navigation.route).toEqual({ screen: 'providers', view: 'new', provider: null, thenConnect: false });
    navigation.up();
    expect(navigation.route).toEqual({ screen: 'providers', view: 'list' });
  });
});

describe('shortcuts', () => {
  const press = (key: string, more: KeyboardEventInit = {}) => shortcutOf(new KeyboardEvent('keydown', { key, ...more }));

  it('are the same with Ctrl and Cmd, and leave other keys alone', () => {
    expect(press('n', { ctrlKey: true })).toBe('connect');
    expect(press('N', { metaKey: true })).toBe('connect');
    expect(press('f', { metaKey: true })).toBe('search');
    expect(press('F5')).toBe('check');
    expect(press('Escape')).toBe('up');
    expect(press('n')).toBeNull();
    expect(press('n', { ctrlKey: true, shiftKey: true })).toBeNull();
    expect(press('f', { ctrlKey: true, altKey: true })).toBeNull();
  });
});
