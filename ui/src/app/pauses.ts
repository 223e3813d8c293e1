/** Pausing everything, and taking it back: the same connections as the tray's menu means. */
import { t } from '../i18n/i18n.svelte';
import { keyOf } from '../ipc/client';
import type { ConnectionView } from '../ipc/types.gen';
import type { Session } from './session.svelte';

export function pausable(session: Session): ConnectionView[] {
  return session.connections.filter((one) => one.status === 'Linked' && !one.paused);
}

export function paused(session: Session): ConnectionView[] {
  return session.connections.filter((one) => one.paused);
}

export async function pauseAll(session: Session): Promise<void> {
  const count = await each(session, pausable(session), (one) => session.client.connectionPause(keyOf(one)));
  if (count !== null) session.notice = { words: t('palette.paused', { count }) };
}

export async function resumeAll(session: Session): Promise<void> {
  const count = await each(session, paused(session), (one) => session.client.connectionResume(keyOf(one)));
  if (count !== null) session.notice = { words: t('palette.resumed', { count }) };
}

/** One after the other; the first that fails ends it, and is told. */
async function each(
  session: Session,
  all: ConnectionView[],
  work: (one: ConnectionView) => Promise<ConnectionView>,
): Promise<number | null> {
  for (const one of all) {
    const done = await session.attemptTo(work(one), one.providerName);
    if (!done) return null;
    session.keep(done);
  }
  return all.length;
}
