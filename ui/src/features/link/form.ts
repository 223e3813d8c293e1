/** What is wrong with an institution's form, in words. Pure; the core judges the values. */
import { t } from '../../i18n/i18n.svelte';
import type { DraftFinding, Failure, FieldView } from '../../ipc/types.gen';

export interface Problem {
  words: string;
  blocking: boolean;
}

/** Fields that must be filled in and are not. */
export function missing(fields: FieldView[], values: Record<string, string>): DraftFinding[] {
  return fields
    .filter((one) => !one.optional && (values[one.name] ?? '').trim() === '')
    .map((one) => ({ field: one.name, problem: 'empty', blocking: true }));
}

/** What to say under a field: the institution's own sentence where it has one. */
export function fieldProblem(field: FieldView, findings: DraftFinding[], institution: string): Problem | null {
  const found = findings.find((one) => one.field === field.name);
  if (!found) return null;
  return { words: words(field, found.problem, institution), blocking: found.blocking };
}

function words(field: FieldView, problem: string, institution: string): string {
  switch (problem) {
    case 'empty':
    case 'required':
      return t('finding.empty');
    case 'notDigits':
      return field.mismatch ?? t('finding.notDigits');
    case 'tooLong':
      return t('finding.tooLong');
    default:
      return field.mismatch ?? t('finding.mismatch', { institution });
  }
}

/** A refusal that names a field belongs beside it, not above the form. */
export function findingIn(failure: Failure, fields: FieldView[]): DraftFinding | null {
  const { field, problem } = failure.params;
  if (failure.code !== 'bad_input' || !fields.some((one) => one.name === field)) return null;
  return { field: field ?? '', problem: problem ?? 'unknown', blocking: true };
}
