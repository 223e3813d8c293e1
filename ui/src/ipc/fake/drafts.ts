/** What the core finds wrong with a registration while it is typed, and how it refuses. */
import type { ConfigDraft, ConfigView, DraftFinding, ErrorCode, Failure } from '../types.gen';
import { providers } from './catalogue';

export function failure(code: ErrorCode, params: Record<string, string> = {}, detail: string | null = null): Failure {
  return { code, params, detail };
}

export function findings(draft: ConfigDraft, taken: ConfigView[], editing: boolean): DraftFinding[] {
  const found: DraftFinding[] = [];
  const add = (field: string, problem: string, blocking = true) => found.push({ field, problem, blocking });
  if (!draft.configKey.trim()) add('configKey', 'empty');
  else if (!/^[\p{L}\p{N}._~@:+-]+$/u.test(draft.configKey.trim())) add('configKey', 'characters');
  else if (!editing && taken.some((one) => one.configKey === draft.configKey.trim())) add('configKey', 'taken');
  if (isKeyed(draft)) return found;
  if (!draft.clientId) add('clientId', 'empty');
  else if (/^https?:/.test(draft.clientId)) add('clientId', 'looksLikeUrl');
  else if (/\s/.test(draft.clientId)) add('clientId', 'whitespace');
  const rule = providers.find((one) => one.id === draft.provider)?.secret ?? 'optional';
  if (rule === 'required' && !draft.clientSecret && !editing) add('clientSecret', 'required');
  if (draft.clientSecret && draft.clientSecret === draft.clientId) add('clientSecret', 'looksLikeId', false);
  if (draft.provider === 'custom') {
    if (!draft.name?.trim()) add('name', 'empty');
    if (draft.issuer !== null) {
      if (!draft.issuer) add('issuer', 'empty');
      else if (!draft.issuer.startsWith('https://')) add('issuer', 'notHttps');
    } else {
      if (!draft.authorizationEndpoint) add('authorizationEndpoint', 'empty');
      if (!draft.tokenEndpoint) add('tokenEndpoint', 'empty');
    }
  }
  return found;
}

function isKeyed(draft: ConfigDraft): boolean {
  const approach = providers.find((one) => one.id === draft.provider)?.approach;
  return approach === 'key' || approach === 'basic';
}
