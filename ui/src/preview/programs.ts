/** Programs on an invented computer: who asked, what was decided, and what they got. */
import type { AuditLine, CallerView, Permission, QuestionView } from '../ipc/types.gen';
import { ago } from '../ipc/fake/scenarios';
import type { Fake } from '../ipc/fake/strings';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const studio = { configKey: 'xero', connectionId: 'studio' };
const books = { caller: 'program:/home/ana/bin/books', name: 'books', executable: '/home/ana/bin/books' };

let numbers = 0;

/** A question that waits for two minutes. */
export function question(part: Partial<QuestionView> = {}): QuestionView {
  numbers += 1;
  return {
    ...{ question: numbers, ...books, channel: 'socket', pid: 4242, throughCli: true, access: 'token', ends: false },
    ...{ connection: studio, askedAt: ago(0), until: ago(-2 * MINUTE), waiting: 1 },
    ...part,
  };
}

function permission(part: Partial<Permission>): Permission {
  return { access: 'token', connection: null, allowed: true, untilLocked: false, since: ago(12 * DAY), ...part };
}

const callers: CallerView[] = [
  {
    ...{ id: books.caller, name: books.name, channel: 'socket', executable: books.executable },
    permissions: [permission({ connection: studio }), permission({ access: 'list' }), permission({ access: 'connect', allowed: false })],
    ...{ since: ago(40 * DAY), lastAskedAt: ago(22 * MINUTE), asked: 318 },
  },
  {
    ...{ id: 'web:https://sheets.ribeiro.example', name: 'https://sheets.ribeiro.example', channel: 'web', executable: null },
    permissions: [permission({ access: 'readData', untilLocked: true, since: ago(50 * MINUTE) })],
    ...{ since: ago(3 * DAY), lastAskedAt: ago(50 * MINUTE), asked: 7 },
  },
  {
    ...{ id: 'program:/usr/bin/python3.11', name: 'python3.11', channel: 'socket', executable: '/usr/bin/python3.11' },
    permissions: [permission({ allowed: false })],
    ...{ since: ago(90 * DAY), lastAskedAt: ago(90 * DAY), asked: 1 },
  },
  {
    ...{ id: 'http:/opt/ledger/bin/ledger-import', name: 'ledger-import', channel: 'http', executable: '/opt/ledger/bin/ledger-import' },
    permissions: [],
    ...{ since: ago(2 * MINUTE), lastAskedAt: ago(2 * MINUTE), asked: 1 },
  },
];

function lines(): AuditLine[] {
  const line = (sequence: number, minutes: number, part: Partial<AuditLine>): AuditLine => ({
    ...{ sequence, at: ago(minutes * MINUTE), lastAt: ago(minutes * MINUTE), count: 1, caller: books.caller },
    ...{ callerName: books.name, throughCli: true, access: 'token', connection: studio, outcome: 'given' },
    ...part,
  });
  return [
    line(1, 3000, { caller: 'program:/usr/bin/python3.11', callerName: 'python3.11', connection: null, outcome: { refused: { code: 'not_permitted', reason: 'refused' } } }),
    line(2, 1500, { access: 'list', connection: null }),
    line(3, 50, { caller: 'web:https://sheets.ribeiro.example', callerName: 'https://sheets.ribeiro.example', throughCli: false, access: 'readData' }),
    line(4, 22, { count: 12 }),
  ];
}

/** Makes them known. */
export function knowPrograms({ callers: world }: Fake): void {
  for (const one of callers) world.know(one);
  for (const one of lines()) world.audit(one);
}
