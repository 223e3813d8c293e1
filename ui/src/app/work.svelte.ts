/** What a screen does at the press of a button: one thing at a time, and what went wrong stays until the next. */
import { asFailure } from '../ipc/client';
import type { Failure } from '../ipc/types.gen';

export class Work {
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);

  /** Waits for a piece of work; null when it failed, and `failure` says how. */
  async run<T>(work: Promise<T>): Promise<T | null> {
    this.busy = true;
    this.failure = null;
    try {
      return await work;
    } catch (error) {
      this.failure = asFailure(error);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
