/** Values that a connection needs besides an approval: a shop's name, a region. Pure; the core checks again. */
import { t } from '../../i18n/i18n.svelte';
import type { ParameterView } from '../../ipc/types.gen';

export function fits(value: string, pattern: string | null): boolean {
  if (pattern === null) return true;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    // A pattern in another dialect is left to the core.
    return true;
  }
}

/** What to say under a value that was typed. */
export function problemOf(parameter: ParameterView, typed: string): { words: string; blocking: boolean } | null {
  const value = typed.trim();
  if (value === '') return { words: t('finding.empty'), blocking: true };
  if (!fits(value, parameter.pattern)) return { words: t('review.badParameter'), blocking: true };
  return null;
}

/** What was typed, as the core takes it. */
export function valuesOf(parameters: ParameterView[], typed: Record<string, string>): Record<string, string> {
  return Object.fromEntries(parameters.map((one) => [one.name, typed[one.name]?.trim() ?? '']));
}
