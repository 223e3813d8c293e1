/** Scopes in plain words: the provider's own description, else ours for the usual ones, else the name itself. */
import { t, language, type Key } from '../../i18n/i18n.svelte';
import type { ProviderView } from '../../ipc/types.gen';

const usual: Record<string, Key> = {
  openid: 'scope.openid',
  profile: 'scope.profile',
  email: 'scope.email',
  offline_access: 'scope.offline_access',
  accounts: 'scope.accounts',
  balance: 'scope.balance',
  balances: 'scope.balance',
  transactions: 'scope.transactions',
};

/** What a scope lets Mooring do; `null` when nobody put it in words. */
export function scopeWords(name: string, provider: ProviderView | null): string | null {
  const described = provider?.scopes.find((one) => one.name === name);
  if (described) return language() === 'pt-BR' ? described.ptBr : described.en;
  const key = usual[name];
  return key ? t(key) : null;
}
