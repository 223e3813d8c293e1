/** Why an address cannot be listed as the origin of a page, in words. */
import { t, type Key } from '../../i18n/i18n.svelte';

const words = {
  empty: 'origin.empty',
  wildcard: 'origin.wildcard',
  null: 'origin.null',
  notAnAddress: 'origin.notAnAddress',
  scheme: 'origin.scheme',
  notHttps: 'origin.notHttps',
  localhost: 'origin.loopback',
  userInformation: 'origin.userInformation',
  path: 'origin.path',
} as const satisfies Record<string, Key>;

export function originWords(problem: string): string {
  return t(Object.hasOwn(words, problem) ? words[problem as keyof typeof words] : 'finding.unknown');
}
