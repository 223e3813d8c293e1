/** Programs, what they may, and what they asked for, in sentences. Exhaustive over what can be asked for. */
import { t } from '../../i18n/i18n.svelte';
import { explain, failureWords } from '../../ipc/errors';
import { keyText } from '../../ipc/client';
import type { Access, AuditLine, CallerView, Channel, ConnectionKey, ConnectionView, ErrorCode, Permission, QuestionView } from '../../ipc/types.gen';
import { nameOf } from '../connections/name';

/** In the order in which they are worth reading: what gives most away first. */
export const accesses = ['token', 'readData', 'list', 'connect', 'manage', 'admission'] as const satisfies readonly Access[];

/** Programs that run whatever script they are given: who allows one allows all of those. */
const RUNS_ANYTHING = /^(ba|da|fi|k|z|pw|power)?sh(ell)?[\d.]*(\.exe)?$|^(python|pypy|perl|ruby|node|nodejs|deno|bun|php|java|lua|osascript|cmd|env|make)[\d.]*w?(\.exe)?$/i;

export function runsAnything(name: string): boolean {
  return RUNS_ANYTHING.test(name);
}

/** What to call a connection in a sentence; its pair of names when it is not in the list. */
export function connectionWords(key: ConnectionKey, known: ConnectionView | null): string {
  if (!known) return keyText(key);
  const name = nameOf(known);
  return name === known.providerName ? name : t('activity.option', { name, provider: known.providerName });
}

type Known = (key: ConnectionKey | null) => ConnectionView | null;

/** What chooses among sentences; a word of the trade stays out of what translators read. */
export function accessWord(access: Access): string {
  return access === 'token' ? 'act' : access;
}

/** The values of every sentence about a program: `all` says whether it is about all connections. */
export function about(access: Access, connection: ConnectionKey | null, known: Known) {
  return { access: accessWord(access), all: connection ? 'no' : 'yes', what: connection ? connectionWords(connection, known(connection)) : '' };
}

/** The values of a question: what would end something is another question than what only changes it. */
export function aboutQuestion({ access, connection, ends }: Pick<QuestionView, 'access' | 'connection' | 'ends'>, known: Known) {
  const values = about(access, connection, known);
  return ends ? { ...values, access: 'end' } : values;
}

/** "May act at Farol Bank as you". */
export function permissionWords(permission: Permission, known: Known): string {
  const values = about(permission.access, permission.connection, known);
  return permission.allowed ? t('program.may', values) : t('program.mayNot', values);
}

/** How it comes, as one line: its file, its address, or that nobody knows. */
export function whereWords(caller: { channel: Channel; executable: string | null; name: string }): string {
  if (caller.channel === 'web') return t('program.page');
  if (!caller.executable) return t(caller.channel === 'http' ? 'program.unknownHttp' : 'program.unknown');
  return caller.channel === 'http' ? t('program.overHttp', { path: caller.executable }) : caller.executable;
}

/** What was decided, in the fewest words. */
export function standingOf(caller: CallerView): 'allowed' | 'forbidden' | 'mixed' | 'undecided' {
  const may = caller.permissions.some((one) => one.allowed);
  const mayNot = caller.permissions.some((one) => !one.allowed);
  if (may && mayNot) return 'mixed';
  if (may) return 'allowed';
  return mayNot ? 'forbidden' : 'undecided';
}

const reasons = [
  ...(['refused', 'nobodyAnswered', 'nobodyThere', 'notOurs'] as const),
  ...(['noSecret', 'wrongSecret', 'foreignOrigin', 'foreignHost', 'otherUser'] as const),
];

function isCode(code: string): code is ErrorCode {
  return code in failureWords;
}

/** One line of the audit as a sentence. */
export function auditWords(line: AuditLine, known: Known): string {
  const given = line.outcome === 'given';
  const main = t('audit.line', {
    ...about(line.access, line.connection, known),
    name: line.callerName,
    outcome: given ? 'given' : 'refused',
  });
  return [main, line.outcome === 'given' ? '' : refusalWords(line.outcome.refused, known(line.connection)?.providerName)]
    .filter(Boolean)
    .join(' ');
}

function refusalWords({ code, reason }: { code: ErrorCode; reason: string | null }, provider?: string): string {
  const ours = reasons.find((one) => one === reason);
  if (code === 'not_permitted' && ours) return t(`audit.${ours}`);
  return isCode(code) ? explain({ code, params: {}, detail: null }, provider).what : '';
}
