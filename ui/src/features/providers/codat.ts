/** Keys for Codat while they are typed. Pure; the core checks them. */
import type { CodatDraft, ConfigView, DraftFinding } from '../../ipc/types.gen';

/** The catalogue id of registrations at Codat. */
export const CODAT = 'codat';
/** Ground of Codat's monogram. */
export const CODAT_COLOR = '#4b0fff';

export interface TypedCodat {
  configKey: string;
  way: 'own' | 'other';
  apiKey: string;
  tokenEndpoint: string;
  tokenBearer: string;
  company: string;
}

export function typedCodat(config: ConfigView | null, free: (wish: string) => string): TypedCodat {
  return {
    configKey: config?.configKey ?? free(CODAT),
    way: config?.codat?.mode === 'accessToken' ? 'other' : 'own',
    apiKey: '',
    tokenEndpoint: '',
    tokenBearer: '',
    company: config?.codat?.company ?? '',
  };
}

/** Only what belongs to the way that was chosen is sent; what is empty in an edit keeps what is stored. */
export function codatDraft(typed: TypedCodat, config: ConfigView | null): CodatDraft {
  const own = typed.way === 'own';
  const some = (text: string) => text.trim() || null;
  const kept = config !== null && (config.codat?.mode === 'apiKey') === own;
  const secret = (text: string) => (kept ? some(text) : text.trim());
  return {
    configKey: typed.configKey.trim(),
    apiKey: own ? secret(typed.apiKey) : null,
    tokenEndpoint: own ? null : secret(typed.tokenEndpoint),
    tokenBearer: own ? null : some(typed.tokenBearer),
    company: own ? null : some(typed.company),
  };
}

/** When editing, the name cannot change, and what is stored need not be typed again. */
export function codatFindings(found: DraftFinding[], draft: CodatDraft, config: ConfigView | null): DraftFinding[] {
  const findings = found.map((one) => placed(one, draft));
  if (!config) return findings;
  const kept = (one: DraftFinding) =>
    one.problem === 'empty' &&
    ((one.field === 'apiKey' && draft.apiKey === null) || (one.field === 'tokenEndpoint' && draft.tokenEndpoint === null));
  // A password is for one address; which of them it would go with must be said.
  const apart = draft.tokenBearer !== null && draft.tokenEndpoint === null;
  const more: DraftFinding[] = apart ? [{ field: 'tokenEndpoint', problem: 'empty', blocking: true }] : [];
  return [...findings.filter((one) => one.field !== 'configKey' && !kept(one)), ...more];
}

/** The core cannot know which of the two ways is on the screen, nor that no name is meant by a key's characters. */
function placed(one: DraftFinding, draft: CodatDraft): DraftFinding {
  const own = draft.tokenEndpoint === null && draft.company === null && draft.tokenBearer === null;
  if (one.field === 'apiKey' && one.problem === 'required') {
    return { ...one, field: own ? 'apiKey' : 'tokenEndpoint', problem: 'empty' };
  }
  const secret = one.field === 'apiKey' || one.field === 'tokenBearer';
  return secret && one.problem === 'characters' ? { ...one, problem: 'whitespace' } : one;
}

/** Whether only the connections of one company can be managed with these keys. */
export function isOneCompany(config: ConfigView): boolean {
  return config.codat?.mode === 'accessToken';
}
