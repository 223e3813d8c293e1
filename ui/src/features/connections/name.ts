/** What to call a connection. A name that nobody chose says nothing to a person; then the provider's has to do. */
import type { ConnectionView } from '../../ipc/types.gen';

/** The shape of a connection id that the core picked by itself. */
const PICKED = /^[0-9a-f]{32}$/;

/** A name, unless the core picked it; then the provider's. */
export function spokenName(name: string | null, provider: string): string {
  return name === null || PICKED.test(name) ? provider : name;
}

export function nameOf(one: ConnectionView): string {
  // Codat sorts by company, so the holder's name is the same for several; the platform's tells them apart.
  if (one.source === 'codat') return one.nickname ?? one.providerName;
  return spokenName(one.displayName, one.providerName);
}
