/**
 * Programs on this computer: the questions that wait, and who asked before.
 *
 * Invariant: an answer that was on its way when the vault closed is thrown away.
 */
import { asFailure, sameKey, type Client } from '../ipc/client';
import type { CallerId, CallerView, ConnectionKey, CoreEvent, Failure, QuestionView } from '../ipc/types.gen';

export class ProgramsState {
  readonly #client: Client;
  /** Questions that wait for the person, the oldest first. */
  questions = $state.raw<QuestionView[]>([]);
  /** Numbers of questions that the person put aside: they wait under Needs you, and lie in nobody's way. */
  #aside = $state.raw<ReadonlySet<number>>(new Set());
  /** Questions that are asked in front of everything. */
  asked = $derived(this.questions.filter((one) => !this.#aside.has(one.question)));
  /** Programs that asked or were decided about; not there until somebody wants to see them. */
  callers = $state.raw<CallerView[] | null>(null);
  /** Why the list could not be read. */
  failure = $state.raw<Failure | null>(null);
  /** Grows when something was written into the audit. */
  audited = $state(0);

  #wanted = false;
  #turn = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  caller(id: string): CallerView | null {
    return this.callers?.find((one) => one.id === id) ?? null;
  }

  /** Programs that may use this connection unasked: what was decided about it stands above what holds everywhere. */
  usersOf(key: ConnectionKey): CallerView[] {
    return (this.callers ?? []).filter(({ permissions }) =>
      permissions.some(({ access, allowed, connection }) => {
        if (!allowed || (connection !== null && !sameKey(connection, key))) return false;
        return connection !== null || !permissions.some((one) => one.access === access && sameKey(one.connection, key) && !one.allowed);
      }),
    );
  }

  /** Takes a question out of the way without an answer. */
  putAside(question: number): void {
    this.#aside = new Set([...this.#aside, question]);
  }

  /** Asks again what was put aside of this program. */
  askAgain(caller: CallerId): void {
    const again = new Set(this.questions.filter((one) => one.caller === caller).map((one) => one.question));
    this.#aside = new Set([...this.#aside].filter((one) => !again.has(one)));
  }

  /** Reads the list, and keeps it current from here on. */
  async want(): Promise<void> {
    this.#wanted = true;
    await this.#read(this.#client.callersList(), (callers) => {
      this.callers = callers;
      this.failure = null;
    });
  }

  /** Reads the questions that wait, and the list if somebody looks at it. */
  async load(): Promise<void> {
    const questions = this.#read(this.#client.permissionsPending(), (found) => (this.questions = found));
    await Promise.all([questions, this.#wanted ? this.want() : null]);
  }

  hear({ type }: CoreEvent): void {
    if (type === 'questionsChanged') void this.load();
    else if (type === 'callersChanged') void (this.#wanted && this.want());
    else if (type === 'auditChanged') {
      this.audited += 1;
      if (this.#wanted) void this.want();
    }
  }

  /** Nothing of the vault stays. */
  clear(): void {
    this.#turn += 1;
    this.#wanted = false;
    this.questions = [];
    this.#aside = new Set();
    this.callers = null;
    this.failure = null;
  }

  async #read<T>(asked: Promise<T>, keep: (found: T) => void): Promise<void> {
    const mine = this.#turn;
    try {
      const found = await asked;
      if (mine === this.#turn) keep(found);
    } catch (error) {
      if (mine === this.#turn) this.failure = asFailure(error);
    }
  }
}
