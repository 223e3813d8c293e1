/** What needs the person, as the core ranks it; asked for again whenever a connection moves. */
import { keyText, type Client } from '../ipc/client';
import type { AttentionItem, AttentionView, ConnectionKey, Failure } from '../ipc/types.gen';
import { asFailure } from '../ipc/client';

const NOTHING: AttentionView = { items: [], later: [], calm: [] };

export class AttentionState {
  readonly #client: Client;
  #asking = false;
  #again = false;
  view = $state.raw<AttentionView>(NOTHING);
  /** What the person put off, by the text of its key. */
  putOff = $derived(new Set(this.view.later.flatMap(keysOf)));

  constructor(client: Client) {
    this.#client = client;
  }

  /** Asks; calls that come meanwhile become one more. */
  async load(): Promise<void> {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#again = false;
        this.view = await this.#client.attentionList();
      } while (this.#again);
    } catch {
      // The vault may have closed meanwhile; the lists say so where it matters.
      this.view = NOTHING;
    } finally {
      this.#asking = false;
    }
  }

  async later(key: ConnectionKey): Promise<Failure | null> {
    try {
      this.view = await this.#client.attentionLater(key);
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  clear(): void {
    this.view = NOTHING;
  }
}

function keysOf(item: AttentionItem): string[] {
  return item.subject.kind === 'connection' ? [keyText(item.subject.key)] : [];
}
