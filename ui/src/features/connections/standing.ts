/**
 * How a connection stands, as one of a few standings that the person tells apart by colour, shape and word.
 *
 * Pure: a connection and the present in, a standing out. The facts stay apart in the core; only here are they ranked.
 */
import { clockTime, day, dayShort, daysUntil } from '../../i18n/dates';
import { t } from '../../i18n/i18n.svelte';
import type { ApprovalReason, ConnectionView, LinkReason } from '../../ipc/types.gen';

export type Standing =
  | 'linked'
  | 'checking'
  | 'pending'
  | 'expiring'
  | 'needsApproval'
  | 'needsKeys'
  | 'needsAnswer'
  | 'needsSignIn'
  | 'needsAction'
  | 'ended'
  | 'disconnected'
  | 'paused'
  | 'trouble'
  | 'offline';

/** Days before the end of a consent at which the person is asked to approve again. */
export const WARN_DAYS = 14;

/** Whether only the person can keep it going, and the date is near. */
export function expiresSoon(one: ConnectionView, now: number): boolean {
  return (
    one.status === 'Linked' && one.holdsUntil !== null && !one.holdRenews && daysUntil(one.holdsUntil, now) < WARN_DAYS
  );
}

/** What only the person can do at an institution that is reached through an aggregator, if anything. */
function neededThere(one: ConnectionView): Standing | null {
  if (one.status === 'Unlinked') return null;
  if (one.needs.kind === 'answer') return 'needsAnswer';
  if (one.needs.kind === 'signIn') return 'needsSignIn';
  return one.needs.kind === 'actThere' ? 'needsAction' : null;
}

export function standingOf(one: ConnectionView, now: number): Standing {
  const there = neededThere(one);
  if (there) return there;
  switch (one.status) {
    case 'PendingAuth':
      // A first reading goes on without the person.
      return one.syncing && one.needs.kind === 'nothing' ? 'checking' : 'pending';
    case 'Unlinked':
      return 'disconnected';
    case 'Deauthorized':
      return 'ended';
    case 'Linked':
      return linkedStanding(one, now);
    default:
      return one.status satisfies never;
  }
}

function linkedStanding(one: ConnectionView, now: number): Standing {
  if (one.needs.kind === 'credentials') return 'needsKeys';
  if (one.needs.kind === 'approval') return 'needsApproval';
  if (one.paused) return 'paused';
  if (expiresSoon(one, now)) return 'expiring';
  if (one.reachability.kind === 'offline') return 'offline';
  if (one.reachability.kind === 'providerTrouble') return 'trouble';
  return one.syncing ? 'checking' : 'linked';
}

/** The word for it, short enough for a row. */
export function standingWord(one: ConnectionView, now: number): string {
  const standing = standingOf(one, now);
  if (standing === 'expiring' && one.holdsUntil) return t('standing.expiring', { day: dayShort(one.holdsUntil) });
  if (standing === 'expiring') return t('standing.needsApproval');
  return t(`standing.${standing}`);
}

/** Whether it waits for the person. What they ended or paused themselves does not. */
export function needsPerson(standing: Standing): boolean {
  return (
    standing === 'pending' ||
    standing === 'expiring' ||
    standing === 'needsApproval' ||
    standing === 'needsKeys' ||
    standing === 'needsAnswer' ||
    standing === 'needsSignIn' ||
    standing === 'needsAction' ||
    standing === 'ended'
  );
}

/** The one thing to press in a standing. */
export type Act =
  | 'check'
  | 'approve'
  | 'approveAgain'
  | 'reconnect'
  | 'fixKeys'
  | 'resume'
  | 'answer'
  | 'signIn'
  | 'actThere';

export function actOf(standing: Standing): Act {
  switch (standing) {
    case 'linked':
    case 'checking':
    case 'trouble':
    case 'offline':
      return 'check';
    case 'pending':
      return 'approve';
    case 'expiring':
    case 'needsApproval':
      return 'approveAgain';
    case 'ended':
    case 'disconnected':
      return 'reconnect';
    case 'needsKeys':
      return 'fixKeys';
    case 'needsAnswer':
      return 'answer';
    case 'needsSignIn':
      return 'signIn';
    case 'needsAction':
      return 'actThere';
    case 'paused':
      return 'resume';
    default:
      return standing satisfies never;
  }
}

/** Why an approval is needed, as a sentence. */
export function reasonWords(reason: ApprovalReason, provider: string): string {
  return t(`reason.${reason}`, { provider });
}

/** Why an institution that is reached through an aggregator could not be read, as a sentence. */
export function linkReasonWords(reason: LinkReason, institution: string): string {
  return t(`linkReason.${reason}`, { institution });
}

/** The longer sentence of the details: what it means and what happens by itself. */
export function standingSentence(one: ConnectionView, now: number): string {
  const standing = standingOf(one, now);
  const provider = one.providerName;
  if (one.needs.kind === 'approval' && standing !== 'disconnected') return reasonWords(one.needs.reason, provider);
  if ((one.needs.kind === 'signIn' || one.needs.kind === 'actThere') && standing !== 'disconnected') {
    return t('sentence.needsPerson', { why: linkReasonWords(one.needs.reason, provider) });
  }
  if (standing === 'trouble' && one.reachability.kind === 'providerTrouble') {
    return t('sentence.trouble', { provider, time: clockTime(one.reachability.retryAt) });
  }
  if (standing === 'expiring' && one.holdsUntil) {
    return t('sentence.expiring', { provider, day: day(one.holdsUntil, now) });
  }
  if (standing === 'ended' || standing === 'pending' || standing === 'needsApproval' || standing === 'expiring') {
    return t('sentence.needsApproval', { provider });
  }
  if (standing === 'needsSignIn' || standing === 'needsAction') return t('sentence.needsApproval', { provider });
  return t(`sentence.${standing}`, { provider });
}
