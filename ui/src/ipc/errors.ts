/**
 * Failures in words: what happened, whether the person's data is safe, what to do, and the one thing to press.
 *
 * The map is exhaustive by its type: a new `ErrorCode` without words does not compile.
 */
import { clockTime } from '../i18n/dates';
import { t, type Key } from '../i18n/i18n.svelte';
import type { ErrorCode, Failure } from './types.gen';

/** What a failure offers to press. Whoever shows it decides which of them it can do. */
export type Remedy = 'retry' | 'approveAgain' | 'editKeys' | 'otherSurface' | 'paste' | 'resume' | 'unlock' | 'none';

/** What became of the person's data. */
type Safety = 'safe' | 'nothingLinked' | 'nothingChanged' | 'notOpened';

interface Words {
  remedy: Remedy;
  safety: Safety;
}

export const failureWords: Record<ErrorCode, Words> = {
  access_denied: { remedy: 'retry', safety: 'nothingLinked' },
  approve_again: { remedy: 'approveAgain', safety: 'safe' },
  provider_trouble: { remedy: 'retry', safety: 'safe' },
  offline: { remedy: 'retry', safety: 'safe' },
  certificate_refused: { remedy: 'retry', safety: 'nothingLinked' },
  client_refused: { remedy: 'editKeys', safety: 'safe' },
  provider_answer: { remedy: 'retry', safety: 'safe' },
  foreign_answer: { remedy: 'retry', safety: 'nothingChanged' },
  attempt_over: { remedy: 'retry', safety: 'nothingChanged' },
  superseded: { remedy: 'none', safety: 'nothingChanged' },
  paused: { remedy: 'resume', safety: 'safe' },
  disconnected: { remedy: 'approveAgain', safety: 'safe' },
  not_approved: { remedy: 'approveAgain', safety: 'nothingChanged' },
  unknown_connection: { remedy: 'none', safety: 'nothingChanged' },
  unknown_config: { remedy: 'none', safety: 'nothingChanged' },
  unknown_provider: { remedy: 'none', safety: 'nothingChanged' },
  name_taken: { remedy: 'none', safety: 'nothingChanged' },
  bad_name: { remedy: 'none', safety: 'nothingChanged' },
  bad_input: { remedy: 'none', safety: 'nothingChanged' },
  config_in_use: { remedy: 'none', safety: 'nothingChanged' },
  surface_unavailable: { remedy: 'otherSurface', safety: 'nothingChanged' },
  discovery_failed: { remedy: 'retry', safety: 'nothingChanged' },
  loopback_unavailable: { remedy: 'otherSurface', safety: 'nothingLinked' },
  institution_offline: { remedy: 'retry', safety: 'nothingLinked' },
  needs_company_key: { remedy: 'none', safety: 'safe' },
  plan_limit: { remedy: 'none', safety: 'nothingChanged' },
  busy: { remedy: 'retry', safety: 'nothingChanged' },
  platform_not_supported: { remedy: 'none', safety: 'nothingLinked' },
  no_tokens: { remedy: 'none', safety: 'safe' },
  not_permitted: { remedy: 'none', safety: 'safe' },
  token_refused: { remedy: 'approveAgain', safety: 'safe' },
  key_refused: { remedy: 'none', safety: 'nothingChanged' },
  key_not_checked: { remedy: 'retry', safety: 'nothingChanged' },
  answer_too_late: { remedy: 'retry', safety: 'safe' },
  gone: { remedy: 'none', safety: 'safe' },
  already_connected: { remedy: 'none', safety: 'safe' },
  widget_failed: { remedy: 'retry', safety: 'safe' },
  locked: { remedy: 'unlock', safety: 'safe' },
  no_vault: { remedy: 'none', safety: 'nothingChanged' },
  vault_exists: { remedy: 'none', safety: 'safe' },
  wrong_passphrase: { remedy: 'retry', safety: 'notOpened' },
  weak_passphrase: { remedy: 'none', safety: 'nothingChanged' },
  keychain_unavailable: { remedy: 'retry', safety: 'notOpened' },
  key_missing: { remedy: 'retry', safety: 'notOpened' },
  vault_damaged: { remedy: 'retry', safety: 'notOpened' },
  vault_newer: { remedy: 'retry', safety: 'notOpened' },
  vault_in_use: { remedy: 'retry', safety: 'notOpened' },
  file_exists: { remedy: 'none', safety: 'nothingChanged' },
  not_a_backup: { remedy: 'none', safety: 'nothingChanged' },
  backup_damaged: { remedy: 'none', safety: 'nothingChanged' },
  backup_newer: { remedy: 'none', safety: 'nothingChanged' },
  backup_unproven: { remedy: 'retry', safety: 'safe' },
  disk_full: { remedy: 'retry', safety: 'safe' },
  read_only: { remedy: 'retry', safety: 'safe' },
  storage: { remedy: 'retry', safety: 'safe' },
  file_not_written: { remedy: 'retry', safety: 'safe' },
  defect: { remedy: 'retry', safety: 'safe' },
};

export interface Explanation {
  what: string;
  safe: string;
  next: string;
  remedy: Remedy;
}

/** A failure in the person's language. `provider` is whom to name where the failure does not say. */
export function explain(failure: Failure, provider?: string): Explanation {
  const words = failureWords[failure.code] ?? failureWords.defect;
  const code: ErrorCode = failure.code in failureWords ? failure.code : 'defect';
  const retryAt = failure.params['retryAt'];
  const values = {
    provider: failure.params['provider'] ?? provider ?? t('failure.someone'),
    when: retryAt ? t('failure.whenAt', { time: clockTime(retryAt) }) : t('failure.whenSoon'),
    reason: code === 'keychain_unavailable' ? keychainReason(failure.params['reason'] ?? null) : '',
  };
  return {
    what: t(`failure.${code}.what`, values),
    safe: t(`failure.safety.${words.safety}`),
    next: t(`failure.${code}.next`, values),
    remedy: words.remedy,
  };
}

const keychainReasons: Record<string, Key> = {
  noService: 'keychain.noService',
  locked: 'keychain.locked',
  denied: 'keychain.denied',
  timeout: 'keychain.timeout',
};

/** Why the keychain does not answer, as a sentence. */
export function keychainReason(reason: string | null): string {
  return t(keychainReasons[reason ?? ''] ?? 'keychain.other');
}
