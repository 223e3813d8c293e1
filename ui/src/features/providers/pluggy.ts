/** Keys for Pluggy while they are typed. Pure; the core checks them. */
import type { ConfigView, DraftFinding, PluggyDraft } from '../../ipc/types.gen';

/** The catalogue id of registrations at Pluggy. */
export const PLUGGY = 'pluggy';
/** Ground of Pluggy's monogram. */
export const PLUGGY_COLOR = '#ef294b';

export interface TypedPluggy {
  configKey: string;
  way: 'own' | 'company';
  clientId: string;
  clientSecret: string;
  connectTokenEndpoint: string;
  clientUserId: string;
  oauthRedirectUri: string;
  includeSandbox: boolean;
}

export function typedPluggy(config: ConfigView | null, free: (wish: string) => string): TypedPluggy {
  const known = config?.pluggy ?? null;
  return {
    configKey: config?.configKey ?? free(PLUGGY),
    way: known?.connectTokenEndpoint ? 'company' : 'own',
    clientId: config?.clientId ?? '',
    clientSecret: '',
    connectTokenEndpoint: known?.connectTokenEndpoint ?? '',
    clientUserId: known?.clientUserId ?? '',
    oauthRedirectUri: known?.oauthRedirectUri ?? '',
    includeSandbox: known?.includeSandbox ?? false,
  };
}

/** Only what belongs to the way that was chosen is sent. */
export function pluggyDraft(typed: TypedPluggy): PluggyDraft {
  const own = typed.way === 'own';
  const some = (text: string) => text.trim() || null;
  return {
    configKey: typed.configKey.trim(),
    clientId: own ? typed.clientId.trim() : null,
    clientSecret: own && typed.clientSecret !== '' ? typed.clientSecret : null,
    connectTokenEndpoint: own ? null : typed.connectTokenEndpoint.trim(),
    clientUserId: some(typed.clientUserId),
    oauthRedirectUri: some(typed.oauthRedirectUri),
    includeSandbox: typed.includeSandbox,
  };
}

/** When editing, the name cannot change, and a stored secret need not be typed again. */
export function pluggyFindings(findings: DraftFinding[], config: ConfigView | null): DraftFinding[] {
  if (!config) return findings;
  const kept = (one: DraftFinding) =>
    one.field === 'clientSecret' && (one.problem === 'required' || one.problem === 'empty') && config.hasSecret;
  return findings.filter((one) => one.field !== 'configKey' && !kept(one));
}

/** Whether only accounts can be read with these keys. */
export function isLimited(config: ConfigView): boolean {
  return config.pluggy?.connectTokenEndpoint != null;
}
