/** Where the tray or a notice leads, once the lists are there. */
import { keyOf } from '../ipc/client';
import type { Going } from '../ipc/types.gen';
import { actOf, standingOf } from '../features/connections/standing';
import type { Session } from './session.svelte';

export function lead(session: Session, going: Going): void {
  if (going.to === 'closing') {
    session.overlay = 'closing';
    return;
  }
  session.overlay = null;
  if (going.to === 'attention') return session.navigation.go({ screen: 'attention' });
  if (going.to === 'connect') return session.navigation.go({ screen: 'connect', step: 'choose' });
  const one = session.connection(going.key);
  if (!one) return;
  if (going.to === 'act') session.act(actOf(standingOf(one, Date.now())), one);
  else session.navigation.go({ screen: 'connections', selected: keyOf(one) });
}
