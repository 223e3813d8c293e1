import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';
import { action, field, PICTURE, product, question } from '../../ipc/fake/banks';
import { failure } from '../../ipc/fake/drafts';
import type { LinkProblem, LinkReason, LinkRemedy, LinkView } from '../../ipc/types.gen';
import { clockOf, spokenStep } from './countdown';
import { fieldProblem, findingIn, missing } from './form';

const KEY = { configKey: 'pluggy', connectionId: '1'.padStart(32, 'b') };

async function institution(name: string) {
  const app = await ready('banks');
  await app.person.keyboard('{Control>}n{/Control}');
  await app.person.click(await screen.findByRole('button', { name: /^Brazilian banks/ }));
  await app.person.type(await screen.findByRole('searchbox', { name: 'Search institutions' }), name);
  await app.person.click((await screen.findAllByRole('button', { name: new RegExp(`^${name}`) }))[0]!);
  return app;
}

/** A link to Inter that has just begun. */
async function begun() {
  const app = await institution('Inter');
  await app.person.type(await screen.findByLabelText('CPF'), '01234567890');
  await app.person.type(screen.getByLabelText('Senha'), 's3nha');
  await app.person.click(screen.getByRole('button', { name: 'Connect Inter' }));
  await screen.findByRole('heading', { name: 'Connecting Inter' });
  const move = (change: Partial<LinkView>) => app.fake.moveLink(KEY, change);
  return { ...app, move };
}

describe('picking an institution', () => {
  it('says before it begins that one cannot be reached, and why', async () => {
    const { asked } = await institution('Caixa');
    expect(await screen.findByText(/cannot be reached through Pluggy at present/)).toBeVisible();
    expect(screen.getByText(/Em manutenção programada/)).toBeVisible();
    expect(screen.queryByLabelText('CPF')).toBeNull();
    expect(asked('institution_form')).toEqual([]);
  });

  it('warns of one that works only sometimes, and lets it begin', async () => {
    await institution('Santander');
    expect(await screen.findByText(/works only some of the time/)).toBeVisible();
    expect(await screen.findByRole('button', { name: 'Continue to Santander' })).toBeEnabled();
  });

  it('draws only what is in view of ten thousand', async () => {
    const { person } = await ready('tenthousand');
    await person.keyboard('{Control>}n{/Control}');
    await person.click(await screen.findByRole('button', { name: /^Brazilian banks/ }));
    const list = await screen.findByRole('list', { name: 'Institutions' });
    expect(within(list).getAllByRole('listitem').length).toBeLessThan(100);
    expect(screen.getByText('10,000 institutions')).toBeVisible();
  });

  it('keeps what was searched for when the person goes back', async () => {
    const { person } = await institution('Itaú');
    await person.keyboard('{Escape}');
    expect(await screen.findByRole('searchbox', { name: 'Search institutions' })).toHaveValue('Itaú');
  });

  it('practices without keys', async () => {
    const { person, asked } = await ready('empty');
    await person.keyboard('{Control>}n{/Control}');
    await person.click(await screen.findByRole('button', { name: 'Practice with invented banks' }));
    expect(await screen.findByRole('button', { name: /^Pluggy Bank Practice/ })).toBeVisible();
    expect(asked('pluggy_practice')).toHaveLength(1);
  });

  it('opens the other page where the person prefers it', async () => {
    const { person, asked } = await ready('banks');
    await person.keyboard('{Control>}n{/Control}');
    await person.click(await screen.findByRole('button', { name: /^Brazilian banks/ }));
    await person.click(await screen.findByRole('button', { name: 'Open Pluggy’s page' }));
    await waitFor(() => expect(asked('widget_open')).toEqual([{ configKey: 'pluggy', key: null }]));
  });
});

describe('the form of an institution', () => {
  it('keeps leading zeros, offers a number pad, and shows what is hidden only when asked', async () => {
    const { person, asked } = await institution('Inter');
    const cpf = await screen.findByLabelText('CPF');
    expect(cpf).toHaveAttribute('inputmode', 'numeric');
    expect(cpf).toHaveAttribute('type', 'text');
    const secret = screen.getByLabelText('Senha');
    expect(secret).toHaveAttribute('type', 'password');
    await person.click(screen.getByRole('button', { name: 'Show: Senha' }));
    expect(secret).toHaveAttribute('type', 'text');
    await person.type(cpf, ' 01234567890 ');
    await person.type(secret, ' with space ');
    await person.click(screen.getByRole('button', { name: 'Connect Inter' }));
    await waitFor(() =>
      expect(asked('link_begin')).toEqual([
        { configKey: 'pluggy', institution: 215, connectionId: null, values: { cpf: '01234567890', password: ' with space ' }, another: false },
      ]),
    );
  });

  it('says in the institution’s words what is wrong when a field is left', async () => {
    const { person } = await institution('Inter');
    await person.type(await screen.findByLabelText('CPF'), '12');
    await person.tab();
    expect(await screen.findByText('O CPF deve ter 11 números.')).toBeVisible();
    expect(screen.getByLabelText('CPF')).toBeInvalid();
    await person.type(screen.getByLabelText('CPF'), '3');
    expect(screen.getByLabelText('CPF')).not.toBeInvalid();
  });

  it('asks for what is missing and marks what may stay empty', async () => {
    const { person, asked } = await institution('Itaú Empresas');
    await person.click(await screen.findByRole('button', { name: 'Connect Itaú Empresas' }));
    expect(screen.getAllByText('Please fill this in.')).toHaveLength(4);
    expect(screen.getByLabelText(/^Código do aplicativo\s*optional/)).not.toBeInvalid();
    expect(screen.getByRole('radio', { name: 'Conta poupança' })).not.toBeChecked();
    expect(asked('link_begin')).toEqual([]);
  });

  it('forgets the password as soon as it is sent, even when it was refused', async () => {
    const { person, fake } = await institution('Inter');
    await person.type(await screen.findByLabelText('CPF'), '01234567890');
    await person.type(screen.getByLabelText('Senha'), 's3nha');
    fake.failNext('link_begin', failure('offline'));
    await person.click(screen.getByRole('button', { name: 'Connect Inter' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This computer is offline.');
    expect(screen.getByLabelText('Senha')).toHaveValue('');
    expect(screen.getByLabelText('CPF')).toHaveValue('01234567890');
  });

  it('offers the connection that there is, and another login beside it', async () => {
    const { person, fake, asked } = await institution('Inter');
    await person.type(await screen.findByLabelText('CPF'), '01234567890');
    await person.type(screen.getByLabelText('Senha'), 's3nha');
    fake.failNext('link_begin', failure('already_connected', { connection: 'nubank', provider: 'Inter' }));
    await person.click(screen.getByRole('button', { name: 'Connect Inter' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This login at Inter is connected already.');
    expect(screen.getByRole('button', { name: 'Open the connection' })).toBeEnabled();
    await person.click(screen.getByRole('checkbox', { name: /another login/ }));
    await person.type(screen.getByLabelText('Senha'), 's3nha');
    await person.click(screen.getByRole('button', { name: 'Connect Inter' }));
    await waitFor(() => expect(asked('link_begin').at(-1)).toMatchObject({ another: true }));
  });

  it('puts a refusal beside the field that it names', async () => {
    const { person, fake } = await institution('Inter');
    await person.type(await screen.findByLabelText('CPF'), '01234567890');
    await person.type(screen.getByLabelText('Senha'), 's3nha');
    fake.failNext('link_begin', failure('bad_input', { field: 'cpf', problem: 'mismatch' }));
    await person.click(screen.getByRole('button', { name: 'Connect Inter' }));
    await waitFor(() => expect(screen.getByLabelText('CPF')).toBeInvalid());
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('judges fields by what it knows', () => {
    const code = field({ name: 'code', label: 'Code', input: { kind: 'digits' } });
    const free = field({ name: 'free', label: 'Free', optional: true });
    expect(missing([code, free], { code: '  ' }).map((one) => one.field)).toEqual(['code']);
    expect(fieldProblem(code, [{ field: 'code', problem: 'notDigits', blocking: true }], 'Inter')?.words).toBe('Use digits only.');
    expect(fieldProblem(code, [{ field: 'code', problem: 'new', blocking: true }], 'Inter')?.words).toContain('Inter');
    expect(fieldProblem(free, [], 'Inter')).toBeNull();
    expect(findingIn(failure('bad_input', { field: 'elsewhere' }), [code])).toBeNull();
  });
});

describe('a link', () => {
  it('shows how far each kind of data is, then leads to the accounts', async () => {
    const { move, person, asked } = await begun();
    expect(screen.getByText('Signing in at Inter')).toBeVisible();
    move({ products: [product('ACCOUNTS', 'done'), product('CREDIT_CARDS', 'running'), product('LOANS', 'waiting')] });
    await screen.findByText('Loans');
    const rows = within(screen.getByRole('list', { name: 'What is read' })).getAllByRole('listitem');
    expect(rows.map((one) => one.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      'Accounts and balances Read', 'Credit cards Reading', 'Loans Waiting',
    ]);
    move({ phase: 'done', products: [product('ACCOUNTS', 'done')] });
    expect(await screen.findByRole('heading', { name: 'Inter is connected' })).toHaveFocus();
    await person.click(screen.getByRole('button', { name: 'See the accounts' }));
    expect(await screen.findByRole('button', { name: /Cartão Platinum/, expanded: false })).toBeVisible();
    expect(asked('accounts_list').length).toBeLessThan(3);
  });

  it('says which kinds are missing and why', async () => {
    const { move } = await begun();
    move({ phase: 'doneWithGaps', products: [product('ACCOUNTS', 'done'), product('LOANS', 'failed', 'Indisponível')] });
    expect(await screen.findByRole('heading', { name: 'Inter is connected, with gaps' })).toBeVisible();
    expect(screen.getByText('Indisponível')).toBeVisible();
    expect(screen.getByText('Not read')).toBeVisible();
  });

  it('asks a question with its time limit, takes the answer, and keeps nothing of it', async () => {
    const { move, person, asked } = await begun();
    move({ phase: 'question', question });
    const code = await screen.findByLabelText('Código de 6 números');
    await waitFor(() => expect(code).toHaveFocus());
    expect(code).toHaveAttribute('autocomplete', 'one-time-code');
    expect(screen.getByText(/final 77/)).toBeVisible();
    expect(screen.getByText(/^Time left: \d:\d\d$/)).toBeInTheDocument();
    expect(screen.getByText('About 5 minutes left')).toBeInTheDocument();
    await person.type(code, '007123');
    await person.click(screen.getByRole('button', { name: 'Send the answer' }));
    await waitFor(() => expect(asked('link_answer')).toEqual([{ key: KEY, values: { token: '007123' } }]));
    move({ phase: 'question', question: { ...question, expiresAt: null } });
    expect(await screen.findByLabelText('Código de 6 números')).toHaveValue('');
  });

  it('shows a picture that is only to be scanned without asking for text', async () => {
    const { move, person, asked } = await begun();
    const picture = field({ name: 'qr', label: 'QR', input: { kind: 'picture', image: PICTURE }, optional: true });
    move({ phase: 'question', question: { field: picture, instructions: null, expiresAt: null } });
    expect(await screen.findByRole('img', { name: 'Picture from the institution' })).toBeVisible();
    expect(screen.queryByRole('textbox')).toBeNull();
    await person.click(screen.getByRole('button', { name: 'I have scanned it' }));
    await waitFor(() => expect(asked('link_answer')).toEqual([{ key: KEY, values: {} }]));
  });

  it('says that an answer came too late', async () => {
    const { move, person, fake } = await begun();
    move({ phase: 'question', question });
    fake.failNext('link_answer', failure('answer_too_late'));
    await person.type(await screen.findByLabelText('Código de 6 números'), '1');
    await person.click(screen.getByRole('button', { name: 'Send the answer' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('The answer came too late.');
  });

  it('waits for an approval at the institution, with its real host', async () => {
    const { move, person, asked } = await begun();
    move({ phase: 'action', action });
    expect(await screen.findByRole('heading', { name: 'Approve at Inter' })).toBeVisible();
    expect(screen.getByText('auth.bradesco.com.br')).toBeVisible();
    expect(screen.getByText(/You can close Mooring; it keeps waiting/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Open Inter' }));
    expect(await screen.findByText(/open in a Mooring window/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Open in the browser instead' }));
    expect(await screen.findByText('The page is open in your browser.')).toBeVisible();
    expect(asked('link_open')).toEqual([{ key: KEY, surface: null }, { key: KEY, surface: 'browser' }]);
  });

  it('has no page to open where the person acts in an app', async () => {
    const { move } = await begun();
    move({ phase: 'action', action: { ...action, host: null, surfaces: [], picture: PICTURE } });
    expect(await screen.findByRole('heading', { name: 'Something to do at Inter' })).toBeVisible();
    expect(screen.getByRole('img', { name: /to scan with the app of Inter/ })).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Open/ })).toBeNull();
  });

  it('waits for others without a button to press', async () => {
    const { move } = await begun();
    move({ phase: 'waitsForOthers', waitsUntil: '2027-05-02T12:00:00Z' });
    expect(await screen.findByRole('heading', { name: 'Inter waits for somebody else' })).toBeVisible();
    expect(screen.getByText(/There is nothing for you to do/)).toBeVisible();
    expect(screen.getByText(/^Inter gives them until /)).toBeVisible();
    expect(screen.queryByRole('button', { name: /again|Open/ })).toBeNull();
  });

  it('fills in the form again for a login that is gone, and has no page of Pluggy’s to mend it', async () => {
    const { move, person, asked } = await begun();
    move({ phase: 'failed', problem: { reason: 'gone', remedy: 'connectAgain', message: null } });
    expect(await screen.findByText(/it becomes a new login at Pluggy/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Use Pluggy’s own page' })).toBeNull();
    await person.type(await screen.findByLabelText('CPF'), '01234567890');
    await person.type(screen.getByLabelText('Senha'), 's3nha');
    await person.click(screen.getByRole('button', { name: 'Sign in again' }));
    await waitFor(() => expect(asked('link_sign_in')).toHaveLength(1));
  });

  it('can be mended in Pluggy’s own page', async () => {
    const { move, person, asked } = await begun();
    move({ phase: 'failed', problem: { reason: 'wrongLogin', remedy: 'signInAgain', message: null } });
    await person.click(await screen.findByRole('button', { name: 'Use Pluggy’s own page' }));
    await waitFor(() => expect(asked('widget_open')).toEqual([{ configKey: 'pluggy', key: KEY }]));
  });

  it('promises no removal at Pluggy where only the company could do it', async () => {
    const { move, person } = await begun();
    move({ limited: true });
    await person.click(await screen.findByRole('button', { name: 'Give up' }));
    const dialog = await screen.findByRole('dialog', { name: 'Give up connecting Inter?' });
    expect(dialog).toHaveTextContent('only your company can have it removed there');
    expect(dialog).not.toHaveTextContent('Pluggy is told');
    await person.click(within(dialog).getByRole('button', { name: 'Give up' }));
    expect(await screen.findByText(/Your company can have the login removed at Pluggy/)).toBeVisible();
  });

  it('signs in again after a wrong password, in the institution’s own words', async () => {
    const { move, person, asked } = await begun();
    move({ phase: 'failed', problem: { reason: 'wrongLogin', remedy: 'signInAgain', message: 'Restam 2 tentativas.' } });
    expect(await screen.findByRole('heading', { name: 'Inter was not connected' })).toBeVisible();
    expect(screen.getByText('Inter did not accept the user or the password.')).toBeVisible();
    expect(screen.getByText('Inter says')).toBeVisible();
    expect(screen.getByText('Restam 2 tentativas.')).toBeVisible();
    await person.type(await screen.findByLabelText('CPF'), '01234567890');
    await person.type(screen.getByLabelText('Senha'), 'better');
    await person.click(screen.getByRole('button', { name: 'Sign in again' }));
    await waitFor(() => expect(asked('link_sign_in')).toEqual([{ key: KEY, values: { cpf: '01234567890', password: 'better' } }]));
    expect(await screen.findByRole('heading', { name: 'Connecting Inter' })).toBeVisible();
  });

  it('has a sentence and a button for every reason and remedy', async () => {
    const { move, person, asked } = await begun();
    const reasons: LinkReason[] = [
      'wrongAnswer', 'answerTooLate', 'accountLocked', 'passwordReset', 'actionThere', 'loggedInElsewhere', 'approvalPending',
      'approvalRefused', 'consentOver', 'notSupported', 'institutionDown', 'aggregatorTrouble', 'forbidden', 'unknown',
    ];
    const buttons: Partial<Record<LinkRemedy, string>> = {
      tryAgain: 'Try again', approveAgain: 'Approve again', actThere: 'Done there: try again', wait: 'Try now anyway', askKeyHolder: 'Try again',
    };
    const remedies = Object.keys(buttons) as LinkRemedy[];
    for (const [index, reason] of reasons.entries()) {
      const remedy = remedies[index % remedies.length]!;
      move({ phase: 'failed', problem: { reason, remedy, message: null } satisfies LinkProblem });
      expect(await screen.findByRole('button', { name: buttons[remedy]! })).toBeEnabled();
      expect(screen.getByText(/^Nothing was linked\. .+\.$/)).toBeVisible();
    }
    await person.click(screen.getByRole('button', { name: /again|anyway/ }));
    await waitFor(() => expect(asked('link_retry')).toEqual([KEY]));
  });

  it('asks before it gives up, and says what that means', async () => {
    const { person, asked } = await begun();
    await person.click(screen.getByRole('button', { name: 'Give up' }));
    const dialog = await screen.findByRole('dialog', { name: 'Give up connecting Inter?' });
    expect(dialog).toHaveTextContent('Nothing is kept here');
    await person.click(within(dialog).getByRole('button', { name: 'Give up' }));
    expect(await screen.findByText('Connecting Inter was given up. Nothing was linked.')).toBeVisible();
    expect(asked('link_cancel')).toEqual([KEY]);
  });

  it('says what it could not do, above the same phase', async () => {
    const { move } = await begun();
    move({ phase: 'action', action, error: failure('surface_unavailable') });
    expect(await screen.findByRole('alert')).toHaveTextContent('cannot be opened this way');
    expect(screen.getByRole('button', { name: 'Open Inter' })).toBeEnabled();
  });

  it('tells screen readers that it moved on while the person looks elsewhere', async () => {
    const { move, person } = await begun();
    await person.click(screen.getByRole('button', { name: 'Activity' }));
    move({ phase: 'question', question });
    expect(await screen.findByText('Inter asks you something', { selector: '[aria-live]' })).toBeInTheDocument();
  });
});

describe('the time that is left', () => {
  it('is in figures for the eye and in few steps for the ear', () => {
    expect([clockOf(245_000), clockOf(9_001), clockOf(-5)]).toEqual(['4:05', '0:10', '0:00']);
    expect([600_000, 299_000, 100_000, 45_000, 20_000, 0].map(spokenStep)).toEqual([null, 5, 2, 1, 0, 'over']);
  });
});
