/**
 * Transactions that were found, of which only pages near what is drawn are asked for.
 *
 * What was found for an older question never shows under a newer one.
 */
import { SvelteMap } from 'svelte/reactivity';
import { asFailure, type Client } from '../../ipc/client';
import type { CurrencyFlow, Failure, FoundTransaction, TransactionsAsk } from '../../ipc/types.gen';

export type Wanted = Omit<TransactionsAsk, 'offset' | 'limit'>;
const PAGE = 100;

export class Found {
  /** How many there are; none until the first answer. */
  total = $state.raw<number | null>(null);
  flows = $state.raw<CurrencyFlow[]>([]);
  failure = $state.raw<Failure | null>(null);
  #pages = new SvelteMap<number, FoundTransaction[]>();
  #asked = new Set<number>();
  #wanted: Wanted | null = null;
  #question = 0;

  constructor(private readonly client: Client) {}

  /** Asks anew. What is shown stays until the answer is there. */
  async ask(wanted: Wanted): Promise<void> {
    this.#question += 1;
    this.#wanted = wanted;
    this.#asked.clear();
    await this.#load(0, true);
  }

  /** The transaction at a place, if its page is there; else the page is asked for. */
  at(place: number): FoundTransaction | null {
    const page = Math.floor(place / PAGE);
    const rows = this.#pages.get(page);
    // Not while a row is being drawn: what is drawn must not change by it.
    if (!rows) queueMicrotask(() => void this.#load(page, false));
    return rows?.[place % PAGE] ?? null;
  }

  async #load(page: number, anew: boolean): Promise<void> {
    if (!this.#wanted || this.#asked.has(page)) return;
    this.#asked.add(page);
    const question = this.#question;
    try {
      const answer = await this.client.transactionsSearch({ ...this.#wanted, offset: page * PAGE, limit: PAGE });
      if (question !== this.#question) return;
      if (anew) this.#pages.clear();
      this.#pages.set(page, answer.transactions);
      this.total = answer.total;
      this.flows = answer.flows;
      this.failure = null;
    } catch (error) {
      if (question !== this.#question) return;
      this.#asked.delete(page);
      this.failure = asFailure(error);
    }
  }
}
