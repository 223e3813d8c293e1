/** Codat's half of the core in memory: keys, companies, connections that a test moves, origins, texts. */
import { keyOf, sameKey } from '../client';
import type {
  CodatDraft,
  CodatTextList,
  CodatTexts,
  CodatTextsDraft,
  CodatView,
  Commands,
  ConfigView,
  ConnectionKey,
  DraftFinding,
  Surface,
  TextBlock,
  TextInline,
} from '../types.gen';
import type { AttemptView } from '../types.gen';
import * as shelf from './companies';
import type { Door } from './pluggy';
import { ago } from './scenarios';

type Name = Extract<keyof Commands, `codat_${string}`>;
export type CodatHandlers = {
  [N in Name]: (request: Commands[N]['request']) => Commands[N]['response'] | Promise<Commands[N]['response']>;
};

/** What this half needs of the whole. */
export interface CodatDoor extends Door {
  begin: (of: ConfigView, connectionId: string | null, surface: Surface | null, providerName: string) => AttemptView;
}

function findings(draft: CodatDraft, taken: ConfigView[]): DraftFinding[] {
  const found: DraftFinding[] = [];
  const add = (field: string, problem: string) => found.push({ field, problem, blocking: true });
  if (!draft.configKey) add('configKey', 'empty');
  else if (taken.some((one) => one.configKey === draft.configKey)) add('configKey', 'taken');
  if (!draft.tokenEndpoint) {
    if (!draft.apiKey) add('apiKey', 'required');
    else if (/\s/.test(draft.apiKey.replace(/^Basic /, ''))) add('apiKey', 'characters');
  } else if (!draft.tokenEndpoint.startsWith('https://')) add('tokenEndpoint', 'notHttps');
  return found;
}

function originProblem(typed: string, development: boolean): string | null {
  const text = typed.trim();
  if (text === '') return 'empty';
  if (text.includes('*')) return 'wildcard';
  if (text === 'null') return 'null';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'notAnAddress';
  }
  if (url.protocol === 'http:') {
    if (!/^(localhost|127\.)/.test(url.hostname)) return 'notHttps';
    if (!development) return 'localhost';
  } else if (url.protocol !== 'https:') return text.includes('://') ? 'scheme' : 'notAnAddress';
  if (url.username !== '') return 'userInformation';
  return url.pathname !== '/' || url.search !== '' || url.hash !== '' ? 'path' : null;
}

/** The least of Markdown that a preview needs; tags are dropped, and a link keeps its host. */
function inlines(text: string): TextInline[] {
  const plain = text.replace(/<[^>]*>/g, '');
  const parts = plain.split(/(\*\*[^*]+\*\*|\[[^\]]*\]\([^)]*\))/).filter(Boolean);
  return parts.map((part): TextInline => {
    const link = /^\[([^\]]*)\]\(([^)]*)\)$/.exec(part);
    if (part.startsWith('**')) return { kind: 'strong', content: [{ kind: 'text', text: part.slice(2, -2) }] };
    if (!link) return { kind: 'text', text: part };
    const [, words = '', address = ''] = link;
    if (!address.startsWith('https://')) return { kind: 'text', text: words };
    return { kind: 'link', address, host: new URL(address).host, content: [{ kind: 'text', text: words }] };
  });
}

function textsOf(draft: CodatTextsDraft): CodatTexts {
  const list = (entries: string[]): CodatTextList => ({
    entries,
    shown: entries.map((entry): TextBlock[] => [{ kind: 'paragraph', content: inlines(entry) }]),
  });
  const pasted = draft.json === null ? null : (JSON.parse(draft.json) as { text?: Record<string, string[]> });
  const of = (category: 'accounting' | 'banking' | 'commerce') =>
    pasted ? (pasted.text?.[`${category}.connectionDetails.dataTypes`] ?? []) : draft[category];
  const texts = { accounting: of('accounting'), banking: of('banking'), commerce: of('commerce') };
  const named = Object.entries(texts)
    .filter(([, entries]) => entries.length > 0)
    .map(([category, entries]) => [`${category}.connectionDetails.dataTypes`, entries]);
  return {
    accounting: list(texts.accounting),
    banking: list(texts.banking),
    commerce: list(texts.commerce),
    skipped: 0,
    json: JSON.stringify({ text: Object.fromEntries(named) }),
  };
}

export function codatWorld(door: CodatDoor) {
  const { world, refuse } = door;
  const known = world.codat;

  const configOf = (configKey: string): ConfigView => {
    const of = world.configs.find((one) => one.configKey === configKey);
    if (!of) throw refuse('unknown_config');
    return of;
  };
  const viewOf = (key: ConnectionKey): CodatView => {
    const found = known.views.find((one) => sameKey(one, key));
    if (!found) throw refuse('unknown_connection');
    return found;
  };
  function move(key: ConnectionKey, change: Partial<CodatView>): CodatView {
    const before = viewOf(key);
    const status = change.status ?? before.status;
    const after: CodatView = {
      ...before,
      ...(change.status ? { statusWord: status, actions: shelf.actionsOf(status, before.mode === 'accessToken') } : {}),
      ...change,
    };
    known.views = known.views.map((one) => (sameKey(one, key) ? after : one));
    door.tell({ type: 'codatChanged', codat: after });
    return after;
  }
  function save(draft: CodatDraft, editing: boolean): ConfigView {
    const before = world.configs.find((one) => one.configKey === draft.configKey);
    const kept = editing ? ['apiKey', 'configKey', 'tokenEndpoint'] : [];
    const wrong = findings(draft, editing ? [] : world.configs).filter(
      (one) => !(kept.includes(one.field) && one.problem === 'required'),
    );
    if (wrong.length > 0) throw refuse('bad_input', { field: wrong[0]?.field ?? '', problem: wrong[0]?.problem ?? '' });
    const fresh = !draft.tokenEndpoint
      ? shelf.codatConfig({ configKey: draft.configKey })
      : shelf.codatConfig(
          { configKey: draft.configKey },
          { mode: 'accessToken', tokenHost: new URL(draft.tokenEndpoint).host, company: draft.company, abilities: [], listedAt: null },
        );
    const made = before ?? fresh;
    world.configs = [...world.configs.filter((one) => one.configKey !== made.configKey), made];
    door.tell({ type: 'configsChanged' });
    return made;
  }

  const handlers: CodatHandlers = {
    codat_check: (draft) => findings(draft, world.configs),
    codat_create: (draft) => save(draft, false),
    codat_edit: (draft) => save(draft, true),
    codat_practice() {
      const made = shelf.codatConfig({ configKey: 'codat-practice', sandbox: true, host: '127.0.0.1:4112' });
      if (!world.configs.some((one) => one.configKey === made.configKey)) world.configs.push(made);
      if (known.companies.length === 0) known.companies.push(shelf.company('c-practice', 'Sample Bakery', { connections: 0 }));
      door.tell({ type: 'configsChanged' });
      return made;
    },
    codat_list({ configKey }) {
      configOf(configKey);
      const here = known.views.filter((one) => one.configKey === configKey);
      return { found: here.length, new: 0, gone: here.filter((one) => one.gone).length, skipped: 0 };
    },
    codat_companies: ({ configKey }) => (configOf(configKey), known.companies),
    codat_company_create({ name, description }) {
      const made = shelf.company(`c-${known.companies.length + 1}`, name, { description, connections: 0, lastSyncedAt: null });
      known.companies = [...known.companies, made];
      return made;
    },
    codat_integrations: ({ configKey }) => (configOf(configKey), known.platforms),
    codat_link_begin({ configKey, company: id, integration, connectionId, surface }) {
      const of = configOf(configKey);
      const platform = known.platforms.find((one) => one.key === integration);
      const whose = known.companies.find((one) => one.id === id);
      if (!platform || !whose) throw refuse('bad_input', { field: 'integration', problem: 'unknown' });
      const attempt = door.begin(of, connectionId, surface, platform.name);
      const view = shelf.codatView(keyOf(attempt), {
        company: id,
        companyName: whose.name,
        platformName: platform.name,
        platform: platform.key,
        category: platform.category,
        status: 'PendingAuth',
        firstAuthorizedAt: null,
        lastSyncedAt: null,
        dataTypes: [],
        attempt: attempt.id,
      });
      known.views = [...known.views, view];
      door.put(shelf.codatRow(view, { sandbox: of.sandbox || platform.sandbox }));
      return attempt;
    },
    codat_link_again({ key, surface }) {
      const view = viewOf(key);
      return door.begin(configOf(key.configKey), key.connectionId, surface, view.platformName);
    },
    codat_copy_link: (key) => (viewOf(key), null),
    codat_show: viewOf,
    codat_keep_organization: (key) => move(key, { otherOrganization: null }),
    codat_sync({ key, dataType }) {
      const view = viewOf(key);
      const asked = view.dataTypes.filter((one) => dataType === null || one.dataType === dataType);
      const operations = asked.map((one) =>
        shelf.operation(`new-${one.dataType}`, { dataType: one.dataType, phase: 'waiting', statusWord: 'Queued', over: false, progress: 0, completedAt: null }),
      );
      return move(key, { operations });
    },
    codat_history({ key, page }) {
      viewOf(key);
      if (page === 2) return { operations: [shelf.operation('h-9', { dataType: 'bills', requestedAt: ago(9 * 86_400_000), completedAt: ago(9 * 86_400_000) })], nextPage: null };
      return {
        operations: [
          shelf.operation('h-1'),
          shelf.operation('h-2', { dataType: 'bills', phase: 'failed', statusWord: 'FetchError', message: 'The platform did not answer within 60 seconds.' }),
          shelf.operation('h-3', { dataType: 'commerce-newThing', phase: 'unknown', statusWord: 'Reticulating' }),
        ],
        nextPage: 2,
      };
    },
    codat_close: () => null,
    codat_cors_check({ origin, development }) {
      const problem = originProblem(origin, development);
      return problem ? [{ field: 'origin', problem, blocking: true }] : [];
    },
    codat_cors_get: ({ configKey }) => (configOf(configKey), { origins: known.origins, notTaken: [] }),
    codat_cors_set({ add, remove, development }) {
      if (add !== null) {
        const problem = originProblem(add, development);
        if (problem) throw refuse('bad_input', { field: 'origin', problem });
        const origin = new URL(add.trim()).origin;
        if (!known.origins.includes(origin)) known.origins = [...known.origins, origin];
      }
      known.origins = known.origins.filter((one) => one !== remove);
      return { origins: known.origins, notTaken: [] };
    },
    codat_csp({ detailed, unsafeInline, policy }) {
      const styles = unsafeInline ? "'unsafe-inline'" : "'nonce-<value>'";
      const names = detailed ? ['script-src', 'style-src', 'font-src', 'connect-src', 'img-src'] : ['default-src', 'style-src'];
      const line = names.map((name) => `${name} 'self' ${name === 'style-src' ? `${styles} ` : ''}*.codat.io`).join('; ');
      const complete = policy === null || policy.includes('*.codat.io');
      return {
        lines: [`Content-Security-Policy: ${line}`],
        missing: complete ? [] : ['script-src *.codat.io', "style-src 'nonce-<value>' *.codat.io"],
      };
    },
    codat_texts_get: () => known.texts,
    codat_texts_check(draft) {
      try {
        return textsOf(draft);
      } catch {
        throw refuse('bad_input', { field: 'json', problem: 'unknown' });
      }
    },
    codat_texts_set: (draft) => (known.texts = textsOf(draft)),
  };
  return { handlers, move };
}
