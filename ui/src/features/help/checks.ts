/** What was found on this computer, in words: what is so, what to do, and the one thing to press. Pure. */
import { absolute } from '../../i18n/dates';
import { t } from '../../i18n/i18n.svelte';
import type { Check, CheckCode } from '../../ipc/types.gen';

const good = [
  'folderOk',
  'folderLater',
  'ownerOk',
  'keychainOk',
  'loopbackOk',
  'portFree',
  'portOurs',
  'clockOk',
  'linksOk',
] as const satisfies readonly CheckCode[];
type Good = (typeof good)[number];
type Bad = Exclude<CheckCode, Good>;

/** What can be pressed about a problem. */
export type Mend = 'folder' | 'links' | 'port' | 'keychain' | 'owner';

/** The problems that nothing in this program can do anything about have none. */
const mends: Partial<Record<Bad, Mend>> = {
  folderOpen: 'folder',
  folderReadOnly: 'folder',
  ownerOther: 'owner',
  ownerDeaf: 'owner',
  ownerStale: 'owner',
  ownerNone: 'owner',
  ownerFailed: 'owner',
  keychainNoService: 'keychain',
  keychainLocked: 'keychain',
  keychainDenied: 'keychain',
  keychainOther: 'keychain',
  portTakenBy: 'port',
  portTaken: 'port',
  portShadowed: 'port',
  portBad: 'port',
  linksNobody: 'links',
  linksGone: 'links',
  linksDead: 'links',
};

function isBad(code: CheckCode): code is Bad {
  return !good.some((one) => one === code);
}

/** Values for the words; instants in the person's own time. */
function values({ params }: Check): Record<string, string> {
  const { now, written } = params;
  return {
    ...{ path: '', error: '', pid: '', port: '', name: '', handler: '', program: '', now: '', written: '' },
    ...params,
    ...(now ? { now: absolute(now) } : {}),
    ...(written ? { written: absolute(written) } : {}),
  };
}

/** What was found. */
export function found(check: Check): string {
  return t(`check.${check.code}`, values(check));
}

/** What to do; nothing where all is well. */
export function next({ code }: Check): string {
  return isBad(code) ? t(`check.${code}.next`) : '';
}

export function mendOf({ code }: Check): Mend | null {
  return isBad(code) ? (mends[code] ?? null) : null;
}
