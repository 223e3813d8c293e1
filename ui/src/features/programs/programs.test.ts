import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened } from '../../../tests/app';
import type { AuditLine, CallerView, QuestionView } from '../../ipc/types.gen';
import { exampleHttp } from './examples';
import { runsAnything } from './words';

const PATH = '/home/ana/bin/books';
let numbers = 0;

function question(part: Partial<QuestionView> = {}): QuestionView {
  numbers += 1;
  return {
    question: numbers,
    caller: `program:${PATH}`,
    name: 'books',
    channel: 'socket',
    executable: PATH,
    pid: 4242,
    throughCli: true,
    access: 'token',
    connection: null,
    ends: false,
    askedAt: new Date().toISOString(),
    until: new Date(Date.now() + 120_000).toISOString(),
    waiting: 1,
    ...part,
  };
}

function caller(part: Partial<CallerView> = {}): CallerView {
  return {
    id: `program:${PATH}`,
    name: 'books',
    channel: 'socket',
    executable: PATH,
    permissions: [],
    since: new Date().toISOString(),
    lastAskedAt: new Date().toISOString(),
    asked: 3,
    ...part,
  };
}

async function asking(part: Partial<QuestionView> = {}) {
  const app = await opened('typical');
  app.fake.callers.ask(question(part));
  const dialog = await screen.findByRole('alertdialog');
  return { ...app, dialog: within(dialog) };
}
type Asking = Awaited<ReturnType<typeof asking>>;

async function answer({ person, dialog }: Asking, name: RegExp | string) {
  const button = dialog.getByRole('button', { name });
  await waitFor(() => expect(button).toBeEnabled());
  await person.click(button);
}

describe('a question', () => {
  it('says who asks, for what, and through what, and is left by a plain answer', async () => {
    const app = await asking();
    expect(app.dialog.getByRole('heading', { name: 'Let books act at all connections?' })).toBeVisible();
    expect(app.dialog.getByText(PATH)).toBeVisible();
    expect(app.dialog.getByText('Through Mooring’s command line · Process 4242')).toBeVisible();
    expect(app.dialog.getByText(/act there as you, within the permissions you gave/)).toBeVisible();
    expect(app.dialog.queryByRole('checkbox')).toBeNull();
    await answer(app, 'Allow once');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(app.asked('permission_answer')).toMatchObject([{ decision: 'once', allConnections: false }]);
  });

  it('about what ends something says so, and what is lost', async () => {
    const app = await opened('typical');
    const [row] = await app.fake.invoke('connections_list', null);
    const connection = { configKey: row!.configKey, connectionId: row!.connectionId };
    app.fake.callers.ask(question({ access: 'manage', connection, ends: true }));
    const dialog = within(await screen.findByRole('alertdialog'));
    expect(dialog.getByRole('heading', { name: /^Let books end .+\?$/ })).toBeVisible();
    expect(dialog.getByText(/What is deleted is gone/)).toBeVisible();
  });

  it('cannot be answered by a key that was meant for something else', async () => {
    const app = await asking();
    for (const name of ['Allow once', 'Allow until Mooring is locked', 'Always allow', 'Never']) {
      expect(app.dialog.getByRole('button', { name })).toBeDisabled();
    }
    await app.person.keyboard('{Enter} ');
    expect(app.asked('permission_answer')).toEqual([]);
    await waitFor(() => expect(app.dialog.getByRole('button', { name: 'Allow once' })).toBeEnabled());
    expect(document.activeElement).not.toBeInstanceOf(HTMLButtonElement);
    await app.person.keyboard('{Enter}');
    expect(app.asked('permission_answer')).toEqual([]);
  });

  it('takes what lasts for all connections only where the person says so', async () => {
    const app = await opened('typical');
    const [row] = await app.fake.invoke('connections_list', null);
    const connection = { configKey: row!.configKey, connectionId: row!.connectionId };
    app.fake.callers.ask(question({ connection }));
    const dialog = within(await screen.findByRole('alertdialog'));
    await app.person.click(dialog.getByRole('checkbox', { name: /For all connections/ }));
    await answer({ ...app, dialog }, 'Always allow');
    await waitFor(() =>
      expect(app.asked('permission_answer')).toMatchObject([{ decision: 'always', allConnections: true }]),
    );
    app.fake.callers.ask(question({ connection, caller: 'program:/other', name: 'other' }));
    const second = within(await screen.findByRole('alertdialog'));
    await waitFor(() => expect(second.getByRole('checkbox')).not.toBeChecked());
  });

  it('is put aside by Escape without an answer, and the next one comes with the focus inside', async () => {
    const app = await asking();
    app.fake.callers.ask(question({ name: 'sheet', caller: 'program:/sheet', access: 'readData' }));
    expect(await app.dialog.findByText('1 more question waits')).toBeVisible();
    const node = screen.getByRole('alertdialog');
    node.dispatchEvent(new Event('cancel', { cancelable: true }));
    expect(await screen.findByRole('heading', { name: 'Let sheet read your accounts?' })).toBeVisible();
    expect(app.asked('permission_answer')).toEqual([]);
    expect(app.dialog.getByRole('button', { name: 'Allow once' })).toBeDisabled();
    await waitFor(() => expect(node).toContainElement(document.activeElement as HTMLElement));
  });

  it('disappears when the program goes away, and the focus returns', async () => {
    const app = await opened('typical');
    const search = screen.getByRole('searchbox');
    search.focus();
    const one = question();
    app.fake.callers.ask(one);
    await screen.findByRole('alertdialog');
    app.fake.callers.withdraw(one.question);
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(search).toHaveFocus();
  });

  it('is not shown while Mooring is locked', async () => {
    const app = await asking();
    app.fake.lock();
    expect(await screen.findByRole('heading', { name: 'Mooring is locked' })).toBeVisible();
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  it('says so when a program runs whatever it is given', async () => {
    const app = await asking({ name: 'python3.12', executable: '/usr/bin/python3.12' });
    expect(app.dialog.getByText(/runs whatever script it is given/)).toBeVisible();
    expect(['bash', 'zsh', 'node', 'python3', 'PowerShell.exe'].filter((one) => !runsAnything(one))).toEqual([]);
    expect(['books', 'shell-notes', 'nodemon-like', 'moor'].filter(runsAnything)).toEqual([]);
  });
});

describe('programs', () => {
  async function shown(...callers: CallerView[]) {
    const app = await opened('typical');
    for (const one of callers) app.fake.callers.know(one);
    await app.person.click(screen.getByRole('button', { name: 'Programs' }));
    await screen.findByRole('heading', { name: 'Programs' });
    return app;
  }
  const since = new Date().toISOString();

  it('explain themselves while there is none', async () => {
    await shown();
    expect(await screen.findByText(/No program has asked for anything yet/)).toBeVisible();
    expect(screen.getByText(/^mooring token /)).toBeVisible();
    // What stands in a command's line is no secret.
    expect(exampleHttp(null)).toMatch(/^printf .* \| curl -H @- http:\/\/127\.0\.0\.1:3004\/v1\/connections\//);
  });

  it('may as the sentences say, and one is taken back without the other', async () => {
    const connection = { configKey: 'x', connectionId: 'y' };
    const general = { access: 'token', connection: null, allowed: true, untilLocked: false, since } as const;
    const app = await shown(caller({ permissions: [general, { ...general, connection, allowed: false }] }));
    await app.person.click(await screen.findByRole('button', { name: /books/ }));
    expect(await screen.findByText('Never acts at x/y')).toBeVisible();
    await app.person.click(screen.getByRole('button', { name: 'Take back: Acts at all connections as you' }));
    await waitFor(() => expect(screen.queryByText('Acts at all connections as you')).toBeNull());
    expect(screen.getByText('Never acts at x/y')).toBeVisible();
    expect(app.asked('caller_revoke')).toEqual([{ caller: `program:${PATH}`, access: 'token', connection: null, general: true }]);
  });

  it('can be forbidden everything, what was allowed for one connection too', async () => {
    const connection = { configKey: 'x', connectionId: 'y' };
    const app = await shown(caller({ permissions: [{ access: 'token', connection, allowed: true, untilLocked: false, since }] }));
    await app.person.click(await screen.findByRole('button', { name: /books/ }));
    await app.person.click(await screen.findByRole('button', { name: 'Forbid everything…' }));
    await app.person.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Forbid everything' }));
    expect(await screen.findByText('Never acts at any connection')).toBeVisible();
    await waitFor(() => expect(screen.queryByText('Acts at x/y as you')).toBeNull());
  });

  it('are allowed beforehand by their whole path only, and only what is ticked', async () => {
    const app = await shown();
    await app.person.click(screen.getByRole('button', { name: 'Allow a program' }));
    const dialog = within(await screen.findByRole('dialog'));
    await app.person.type(dialog.getByLabelText('File of the program'), 'books');
    await app.person.click(dialog.getByRole('button', { name: 'Allow' }));
    expect(await dialog.findByText('Give the whole path of the file.')).toBeVisible();
    expect(app.asked('caller_allow')).toEqual([]);
    await app.person.clear(dialog.getByLabelText('File of the program'));
    await app.person.type(dialog.getByLabelText('File of the program'), PATH);
    await app.person.click(dialog.getByRole('button', { name: 'Allow' }));
    expect(await dialog.findByText('Choose at least one.')).toBeVisible();
    expect(app.asked('caller_allow')).toEqual([]);
    await app.person.click(dialog.getByRole('checkbox', { name: 'Act at the institution as you' }));
    await app.person.click(dialog.getByRole('button', { name: 'Allow' }));
    expect(await screen.findByText('Acts at all connections as you')).toBeVisible();
    expect(app.asked('caller_allow')).toMatchObject([{ caller: `program:${PATH}`, access: ['token'], allowed: true }]);
  });

  it('leave their requests in Activity, narrowed and taken elsewhere', async () => {
    const app = await shown(caller());
    const line: AuditLine = {
      ...{ sequence: 1, at: since, lastAt: since, count: 3, caller: `program:${PATH}`, callerName: 'books' },
      ...{ throughCli: false, access: 'token', connection: null, outcome: { refused: { code: 'not_permitted', reason: 'refused' } } },
    };
    app.fake.callers.audit(line);
    app.fake.callers.audit({ ...line, sequence: 2, caller: 'program:/sheet', callerName: 'sheet', outcome: 'given' });
    await app.person.click(await screen.findByRole('button', { name: /books/ }));
    await app.person.click(await screen.findByRole('button', { name: 'What it asked for' }));
    expect(await screen.findByText('books wanted to act at all connections and got nothing. You refused it.')).toBeVisible();
    expect(screen.getByText('3 times within a minute')).toBeVisible();
    expect(screen.queryByText(/^sheet got/)).toBeNull();
    await app.person.selectOptions(screen.getByLabelText('Show requests of'), 'All programs');
    expect(await screen.findByText(/^sheet got access/)).toBeVisible();
    await app.person.click(screen.getByRole('button', { name: 'Export…' }));
    await app.person.click(screen.getByRole('radio', { name: /Scripts/ }));
    await app.person.click(screen.getByRole('button', { name: 'Choose where to save' }));
    expect(await screen.findByText(/^Saved to mooring-programs-/)).toBeVisible();
    expect(app.asked('audit_export')).toMatchObject([{ target: 'json', filter: { caller: null } }]);
  });
});
