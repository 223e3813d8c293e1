/** What is done about a connection: how it is approved again, wherever that leads, and what its standing offers. */
import { keyOf, sameKey } from '../ipc/client';
import type { ConnectionView } from '../ipc/types.gen';
import type { Act } from '../features/connections/standing';
import type { Session } from './session.svelte';

/** Has an institution that is reached through an aggregator asked again; how it goes is shown in its place. */
async function mend(session: Session, view: ConnectionView): Promise<void> {
  const key = keyOf(view);
  const link = await session.attemptTo(session.client.linkShow(key), view.providerName);
  if (!link) return;
  session.keepLink(link);
  const waits = link.phase === 'working' || link.phase === 'question' || link.phase === 'action' || link.phase === 'waitsForOthers';
  const signs = link.phase === 'failed' && (link.problem?.remedy === 'signInAgain' || link.problem?.remedy === 'connectAgain');
  if (!(waits || signs) || view.status === 'Unlinked') {
    const again = await session.attemptTo(session.client.linkRetry(key), view.providerName);
    if (!again) return;
    session.keepLink(again);
  }
  session.navigation.go({ screen: 'connections', selected: key });
}

/** Begins a reconnect in place, or the first approval of one that waits. */
export async function reconnect(session: Session, view: ConnectionView): Promise<void> {
  if (view.source === 'pluggy') return mend(session, view);
  if (session.attempt?.phase === 'waiting' && sameKey(session.attempt, view)) {
    session.navigation.go({ screen: 'connect', step: 'attempt' });
    return;
  }
  if (view.source === 'codat') return session.navigation.go({ screen: 'connect', step: 'again', key: keyOf(view) });
  if (view.approach === 'key' || view.approach === 'basic') return review(session, view);
  const attempt = await session.attemptTo(session.begin(keyOf(view), null), view.providerName);
  if (!attempt) return;
  session.attempt = attempt;
  session.navigation.go({ screen: 'connect', step: 'attempt' });
}

/** A key cannot be approved again; another one is typed. */
function review(session: Session, view: ConnectionView): void {
  const { configKey, connectionId } = view;
  session.navigation.go({ screen: 'connect', step: 'review', configKey, connectionId });
}


/** Does the one thing that a standing offers. */
export function act(session: Session, what: Act, one: ConnectionView): void {
    if (what === 'check') void session.check(one);
    else if (what === 'resume') void session.resume(one);
    else if (what === 'fixKeys') session.navigation.go({ screen: 'providers', view: 'edit', configKey: one.configKey });
    else if (what === 'answer' || what === 'signIn' || what === 'actThere') {
      session.navigation.go({ screen: 'connections', selected: keyOf(one) });
    } else void session.reconnect(one);
}
