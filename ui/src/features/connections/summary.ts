/** The answer first: how all connections stand, in one sentence. Pure. */
import { day } from '../../i18n/dates';
import { t } from '../../i18n/i18n.svelte';
import { keyText } from '../../ipc/client';
import type { ConnectionView } from '../../ipc/types.gen';
import { needsPerson, standingOf, type Standing } from './standing';

export interface Summary {
  standing: Standing;
  sentence: string;
}

/** `putOff` holds the keys of what the person wants to hear of tomorrow. */
export function summaryOf(connections: ConnectionView[], now: number, putOff: ReadonlySet<string> = new Set()): Summary {
  const standings = connections.map((one) => ({ one, standing: standingOf(one, now) }));
  const waiting = standings.filter(({ standing }) => needsPerson(standing));
  const needy = waiting.filter(({ one }) => !putOff.has(keyText(one)));
  const [first] = needy;
  if (first && needy.length === 1) return { standing: first.standing, sentence: needsOne(first.one, first.standing, now) };
  if (first) return { standing: 'needsApproval', sentence: t('summary.needsMany', { count: needy.length }) };

  if (waiting.length > 0) return { standing: 'paused', sentence: t('summary.later', { count: waiting.length }) };

  const active = standings.filter(({ standing }) => standing !== 'paused' && standing !== 'disconnected');
  if (active.length === 0) return { standing: 'paused', sentence: t('summary.nothingActive') };
  if (active.every(({ standing }) => standing === 'offline')) {
    return { standing: 'offline', sentence: t('summary.offline', { count: active.length }) };
  }
  const troubled = active.filter(({ standing }) => standing === 'trouble');
  if (troubled.length > 0) {
    const providers = new Set(troubled.map(({ one }) => one.providerName));
    const [provider = ''] = providers;
    return { standing: 'trouble', sentence: t('summary.trouble', { count: providers.size, provider }) };
  }
  return { standing: 'linked', sentence: t('summary.allGood', { count: active.length }) };
}

function needsOne(one: ConnectionView, standing: Standing, now: number): string {
  const name = one.nickname ?? one.providerName;
  if (standing === 'expiring' && one.holdsUntil) {
    return t('summary.needsBy', { name, day: day(one.holdsUntil, now) });
  }
  if (standing === 'needsKeys') return t('summary.needsKeys', { name });
  if (standing === 'needsAnswer') return t('summary.needsAnswer', { name });
  if (standing === 'needsSignIn') return t('summary.needsSignIn', { name });
  if (standing === 'needsAction') return t('summary.needsAction', { name });
  if (standing === 'pending') return t('summary.pending', { name });
  return t('summary.needsOne', { name });
}
