/** What the core told about Codat so far: connections that were looked at, companies, what they can be connected to. */
import { SvelteMap } from 'svelte/reactivity';
import { asFailure, keyText, type Client } from '../ipc/client';
import type { CodatView, CompanyView, ConnectionKey, Failure, IntegrationView } from '../ipc/types.gen';

/** Connections that are kept in full: those that were opened last. Opening one asks for it anyway. */
const KEPT = 8;

export class CodatState {
  readonly #client: Client;
  /** Connections in full, by the text of their key; only those that were opened, the latest last. */
  readonly #views = new SvelteMap<string, CodatView>();
  /** Companies, by config key. */
  companies = $state.raw<ReadonlyMap<string, CompanyView[]>>(new Map());
  /** What a company can be connected to, by config key. */
  integrations = $state.raw<ReadonlyMap<string, IntegrationView[]>>(new Map());
  /** What was last searched among integrations, so that going back finds it again. */
  search = $state('');

  constructor(client: Client) {
    this.#client = client;
  }

  view(key: ConnectionKey): CodatView | null {
    return this.#views.get(keyText(key)) ?? null;
  }

  company(configKey: string, id: string): CompanyView | null {
    return this.companies.get(configKey)?.find((one) => one.id === id) ?? null;
  }

  integration(configKey: string, platform: string): IntegrationView | null {
    return this.integrations.get(configKey)?.find((one) => one.key === platform) ?? null;
  }

  /** A connection that is on the screen. */
  keep(view: CodatView): void {
    const name = keyText(view);
    this.#views.delete(name);
    this.#views.set(name, view);
    for (const oldest of [...this.#views.keys()].slice(0, -KEPT)) this.#views.delete(oldest);
  }

  /** A connection has changed; one that was not opened is none of ours, and there can be thousands. */
  hear(view: CodatView): void {
    const name = keyText(view);
    if (this.#views.has(name)) this.#views.set(name, view);
  }

  forget(key: ConnectionKey): void {
    this.#views.delete(keyText(key));
  }

  /** Events were lost: what is kept is asked for once more; what no longer answers stays as it was. */
  askAgain(): void {
    for (const { configKey, connectionId } of [...this.#views.values()]) {
      void this.#client.codatShow({ configKey, connectionId }).then(
        (view) => this.hear(view),
        () => undefined,
      );
    }
  }

  /** Runs a command about a connection; its failure is the caller's to show. */
  async move(work: Promise<CodatView>): Promise<Failure | null> {
    try {
      this.keep(await work);
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  /** Those known at once, fresh ones a little later. */
  async loadCompanies(configKey: string): Promise<Failure | null> {
    try {
      const found = await this.#client.codatCompanies(configKey);
      this.companies = new Map(this.companies).set(configKey, found);
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  async loadIntegrations(configKey: string): Promise<Failure | null> {
    try {
      const found = await this.#client.codatIntegrations(configKey);
      this.integrations = new Map(this.integrations).set(configKey, found);
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  addCompany(configKey: string, made: CompanyView): void {
    const known = this.companies.get(configKey) ?? [];
    this.companies = new Map(this.companies).set(configKey, [made, ...known.filter((one) => one.id !== made.id)]);
  }

  clear(): void {
    this.#views.clear();
    this.companies = new Map();
    this.integrations = new Map();
    this.search = '';
  }
}
