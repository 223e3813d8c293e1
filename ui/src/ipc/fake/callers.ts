/** Programs on this computer, in memory: questions, permissions, the audit, the local API. */
import { sameKey } from '../client';
import type {
  AccessSettings,
  AuditLine,
  CallerView,
  Commands,
  ConnectionKey,
  CoreEvent,
  ErrorCode,
  Failure,
  Permission,
  QuestionView,
} from '../types.gen';
import { ago } from './scenarios';

interface Door {
  tell(event: CoreEvent): void;
  refuse(code: ErrorCode, params?: Record<string, string>): Failure;
}

type Named =
  | 'permissions_pending'
  | 'permission_answer'
  | 'callers_list'
  | 'caller_allow'
  | 'caller_revoke'
  | 'audit_list'
  | 'audit_export'
  | 'local_api_get'
  | 'local_api_set'
  | 'local_api_state'
  | 'local_api_origin'
  | 'local_api_copy_secret'
  | 'local_api_rotate_secret';

type Handlers = { [N in Named]: (request: Commands[N]['request']) => Commands[N]['response'] };

/** What happens in the world of programs, and the strings to pull on it. */
export interface CallersWorld {
  handlers: Handlers;
  /** A program asks, and waits. */
  ask(question: QuestionView): void;
  /** The program hung up, or the time is over. */
  withdraw(question: number): void;
  /** Another program has this port. */
  takePort(port: number): void;
  /** A program is known. */
  know(caller: CallerView): void;
  /** A line of the audit is written. */
  audit(line: AuditLine): void;
}

/** Whether two decisions reach as far: over the same connection, or over all. */
function reachSame(a: ConnectionKey | null, b: ConnectionKey | null): boolean {
  return a === null ? b === null : sameKey(a, b);
}

export function callersWorld({ tell, refuse }: Door): CallersWorld {
  let questions: QuestionView[] = [];
  let callers: CallerView[] = [];
  let lines: AuditLine[] = [];
  /** A port that another program has. */
  let taken: number | null = null;
  let settings: AccessSettings = { http: false, port: 3004, origins: [], auditDays: 365 };

  function find(id: string): CallerView {
    const found = callers.find((one) => one.id === id);
    if (!found) throw refuse('bad_input', { field: 'caller', problem: 'unknown' });
    return found;
  }
  function decide(id: string, fallback: Partial<CallerView>, decided: Permission[]): CallerView {
    const path = id.replace(/^\w+:/, '');
    const before = callers.find((one) => one.id === id) ?? {
      id,
      name: path.split('/').pop() ?? path,
      channel: 'socket' as const,
      executable: path,
      permissions: [],
      since: ago(0),
      lastAskedAt: null,
      asked: 0,
      ...fallback,
    };
    const isReplaced = (one: Permission) =>
      decided.some((other) => other.access === one.access && reachSame(other.connection, one.connection));
    const after = { ...before, permissions: [...before.permissions.filter((one) => !isReplaced(one)), ...decided] };
    callers = [...callers.filter((one) => one.id !== id), after];
    tell({ type: 'callersChanged' });
    return after;
  }
  function withdraw(question: number) {
    questions = questions.filter((one) => one.question !== question);
    tell({ type: 'questionsChanged' });
  }
  function origin(typed: string): string {
    const problem = (name: string) => refuse('bad_input', { field: 'origin', problem: name });
    if (!typed.trim()) throw problem('empty');
    if (typed.includes('*')) throw problem('wildcard');
    if (!URL.canParse(typed)) throw problem('notAnAddress');
    return new URL(typed).origin;
  }

  return {
    handlers: {
      permissions_pending: () => questions,
      permission_answer({ question, decision, allConnections }) {
        const asked = questions.find((one) => one.question === question);
        if (!asked) throw refuse('answer_too_late');
        if (decision !== 'once' && decision !== 'notNow') {
          const connection = allConnections ? null : asked.connection;
          const allowed = decision !== 'never';
          const permission = { access: asked.access, connection, allowed, untilLocked: decision === 'untilLocked', since: ago(0) };
          decide(asked.caller, { name: asked.name, channel: asked.channel, executable: asked.executable }, [permission]);
        }
        withdraw(question);
        return null;
      },
      callers_list: () => callers,
      caller_allow({ caller, access, connection, allowed }) {
        if (access.length === 0) throw refuse('bad_input', { field: 'access', problem: 'empty' });
        return decide(caller, {}, access.map((one) => ({ access: one, connection, allowed, untilLocked: false, since: ago(0) })));
      },
      caller_revoke({ caller, access, connection, general }) {
        const before = find(caller);
        const isConcerned = (one: Permission) =>
          (access === null || one.access === access) &&
          (connection === null || sameKey(one.connection, connection)) &&
          (!general || one.connection === null);
        callers = callers.filter((one) => one.id !== caller);
        if (access !== null || connection !== null || general) {
          callers.push({ ...before, permissions: before.permissions.filter((one) => !isConcerned(one)) });
        }
        tell({ type: 'callersChanged' });
        return null;
      },
      audit_list({ filter, before, limit }) {
        const wanted = lines.filter(
          (one) =>
            (before === null || one.sequence < before) &&
            (filter.since === null || one.lastAt >= filter.since) &&
            (filter.caller === null || one.caller === filter.caller || one.callerName === filter.caller) &&
            (filter.connection === null || sameKey(one.connection, filter.connection)),
        );
        return { lines: wanted.slice(0, limit), more: wanted.length > limit };
      },
      audit_export: ({ target }) => ({ name: `mooring-programs-2026-11-21.${target}`, lines: lines.length }),
      local_api_get: () => settings,
      local_api_set(wanted) {
        if (wanted.port < 1024) throw refuse('bad_input', { field: 'port', problem: 'reserved' });
        settings = { ...wanted, origins: wanted.origins.map(origin) };
        return settings;
      },
      local_api_state() {
        if (!settings.http) return { kind: 'off' };
        if (settings.port !== taken) return { kind: 'on', address: `http://127.0.0.1:${settings.port}` };
        const params = { port: String(taken), next: String(taken + 1) };
        return { kind: 'failed', failure: { code: 'loopback_unavailable', params, detail: null } };
      },
      local_api_origin: ({ origin: typed }) => origin(typed),
      local_api_copy_secret: () => null,
      local_api_rotate_secret: () => null,
    },
    ask(question) {
      questions = [...questions, question];
      tell({ type: 'questionsChanged' });
    },
    withdraw,
    takePort(port) {
      taken = port;
    },
    know(caller) {
      callers = [...callers.filter((one) => one.id !== caller.id), caller];
      tell({ type: 'callersChanged' });
    },
    audit(line) {
      lines = [line, ...lines];
      tell({ type: 'auditChanged' });
    },
  };
}
