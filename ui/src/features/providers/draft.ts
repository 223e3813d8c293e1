/** A client registration while it is typed. Pure; the core checks it. */
import { t, type Key } from '../../i18n/i18n.svelte';
import type { ConfigDraft, ConfigView, DraftFinding, ProviderView } from '../../ipc/types.gen';

export interface Typed {
  configKey: string;
  clientId: string;
  clientSecret: string;
  /** Scopes of the catalogue that are ticked. */
  ticked: string[];
  /** Further scopes, as typed. */
  further: string;
  way: 'issuer' | 'endpoints';
  /** Whether the client speaks for itself and nobody approves. */
  clientCredentials: boolean;
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  revocationEndpoint: string;
  name: string;
}

export function typedFrom(config: ConfigView | null, provider: ProviderView | null, free: (key: string) => string): Typed {
  const offered = provider?.scopes.map((one) => one.name) ?? [];
  const asked = config?.scopes ?? offered;
  return {
    configKey: config?.configKey ?? (provider ? free(provider.id) : ''),
    clientId: config?.clientId ?? '',
    clientSecret: '',
    ticked: offered.filter((one) => asked.includes(one)),
    further: asked.filter((one) => !offered.includes(one)).join(' '),
    way: config && config.issuer === null ? 'endpoints' : 'issuer',
    clientCredentials: config?.approach === 'client',
    issuer: config?.issuer ?? '',
    authorizationEndpoint: '',
    tokenEndpoint: '',
    revocationEndpoint: '',
    name: config?.providerName ?? '',
  };
}

/** A name for the keys, made of the institution's, where the person gives none. */
export function keyNameOf(institution: string): string {
  const plain = institution.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

export function scopesOf(typed: Typed): string {
  return [...typed.ticked, ...typed.further.split(/[\s,]+/).filter(Boolean)].join(' ');
}

export function draftOf(typed: Typed, providerId: string): ConfigDraft {
  const custom = providerId === 'custom';
  const issuer = custom && typed.way === 'issuer';
  const endpoints = custom && typed.way === 'endpoints';
  return {
    configKey: typed.configKey.trim(),
    provider: providerId,
    clientId: typed.clientId.trim(),
    clientSecret: typed.clientSecret === '' ? null : typed.clientSecret,
    scopes: scopesOf(typed),
    issuer: issuer ? typed.issuer.trim() : null,
    authorizationEndpoint: endpoints ? typed.authorizationEndpoint.trim() : null,
    tokenEndpoint: endpoints ? typed.tokenEndpoint.trim() : null,
    revocationEndpoint: endpoints ? typed.revocationEndpoint.trim() || null : null,
    name: custom ? typed.name.trim() : null,
    clientCredentials: custom && typed.clientCredentials,
  };
}

/** When editing, only id, secret and scopes can change, and a stored secret need not be typed again. */
export function findingsThatCount(findings: DraftFinding[], config: ConfigView | null): DraftFinding[] {
  if (!config) return findings;
  const editable = ['clientId', 'clientSecret', 'scopes'];
  const kept = (one: DraftFinding) => one.field === 'clientSecret' && one.problem === 'required' && config.hasSecret;
  return findings.filter((one) => editable.includes(one.field) && !kept(one));
}

/** Every problem that the core may find, with its words. */
export const problemWords = {
  empty: 'finding.empty',
  malformed: 'finding.malformed',
  taken: 'finding.taken',
  characters: 'finding.characters',
  whitespace: 'finding.whitespace',
  tooLong: 'finding.tooLong',
  looksLikeUrl: 'finding.looksLikeUrl',
  looksLikeSecret: 'finding.looksLikeSecret',
  looksLikeId: 'finding.looksLikeId',
  notHttps: 'finding.notHttps',
  notAnAddress: 'finding.notAnAddress',
  required: 'finding.required',
  localhost: 'finding.localhost',
  loopback: 'finding.loopback',
  fragment: 'finding.fragment',
  notDigits: 'finding.notDigits',
  userInformation: 'finding.userInformation',
  other: 'finding.other',
  notEncoded: 'finding.notEncoded',
  unknown: 'finding.unknown',
} as const satisfies Record<string, Key>;

function isProblem(problem: string): problem is keyof typeof problemWords {
  return problem in problemWords;
}

/** What to say under a field; `touched` holds back what the person has not come to yet. */
export function problemAt(
  field: string,
  findings: DraftFinding[],
  touched: (field: string) => boolean,
): { words: string; blocking: boolean } | null {
  const found = findings.find((one) => one.field === field);
  if (!found || !touched(field)) return null;
  return { words: t(problemWords[isProblem(found.problem) ? found.problem : 'unknown']), blocking: found.blocking };
}
