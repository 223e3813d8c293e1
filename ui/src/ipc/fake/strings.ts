/** What a test or a preview can pull on the in-memory core. */
import type { Ipc } from '../client';
import type {
  AttemptView,
  Check,
  CodatView,
  Commands,
  ConnectionKey,
  ConnectionView,
  DeskState,
  Failure,
  Going,
  LinkView,
} from '../types.gen';
import type { CallersWorld } from './callers';

/** The in-memory core, and the strings to pull on it. */
export interface Fake extends Ipc {
  /** Commands asked so far, with their requests. */
  readonly asked: { name: keyof Commands; request: unknown }[];
  /** Moves the running attempt: `succeeded` also links its connection. */
  moveAttempt(change: Partial<AttemptView>): void;
  /** Moves a link, and its connection with it. */
  moveLink(key: ConnectionKey, change: Partial<LinkView>): LinkView;
  /** Moves a connection through Codat, beyond its place in the list. */
  moveCodat(key: ConnectionKey, change: Partial<CodatView>): CodatView;
  /** Programs on this computer. */
  readonly callers: Omit<CallersWorld, 'handlers'>;
  /** Changes a connection and tells the listeners. */
  change(key: ConnectionKey, change: Partial<ConnectionView>): void;
  /** Loses events: changes a connection without telling, then says that something was missed. */
  miss(key: ConnectionKey, change: Partial<ConnectionView>): void;
  /** Leads somewhere, as the tray or a notice does. */
  go(going: Going): void;
  /** Changes what the desktop offers. */
  setDesk(change: Partial<DeskState>): void;
  /** Has links of our scheme lead to another program. */
  breakLinks(): void;
  /** Has the look at this computer find this too. */
  find(check: Check): void;
  /** Closes the vault, as another window or a timer may. */
  lock(): void;
  /** Makes the next call of a command fail. */
  failNext(name: keyof Commands, failure: Failure): void;
}
