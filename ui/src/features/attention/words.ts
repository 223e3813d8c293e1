/** How much needs the person, in one sentence. Pure. */
import { t } from '../../i18n/i18n.svelte';
import type { AttentionItem } from '../../ipc/types.gen';

/** "2 connections need you"; programs that wait are things among others. */
export function needyWords(items: AttentionItem[]): string {
  const count = items.length;
  return items.every((one) => one.subject.kind === 'connection')
    ? t('attention.count', { count })
    : t('attention.things', { count });
}

/** The first line where programs wait: the one that does, or how much there is. */
export function programsFirst(items: AttentionItem[]): string {
  const [only] = items;
  if (only?.subject.kind === 'program' && items.length === 1) return t('attention.asks', { name: only.subject.name });
  return needyWords(items);
}
