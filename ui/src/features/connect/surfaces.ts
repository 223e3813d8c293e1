/** Where the person approves: what is offered and what is chosen to begin with. Pure. */
import type { ProviderView, Surface, SurfacePreference } from '../../ipc/types.gen';

/** Allowed surfaces, the preferred first. A provider that is not in the catalogue leaves both open, in the order the core has. */
export function surfacesOf(provider: ProviderView | null): Surface[] {
  const allowed = (provider?.surfaces ?? ['embedded', 'browser']).filter((one) => one !== 'print');
  return allowed.length > 0 ? allowed : ['browser'];
}

/** The person's preference where it is allowed, else the catalogue's. */
export function startingSurface(allowed: Surface[], preference: SurfacePreference): Surface {
  if (preference !== 'automatic' && allowed.includes(preference)) return preference;
  return allowed[0] ?? 'browser';
}

/** The other place to approve, if there is one. */
export function otherSurface(now: Surface, allowed: Surface[]): Surface | null {
  const pages = allowed.filter((one) => one !== now && one !== 'print');
  // A code is the last resort: it is offered beside the other page, not in its place.
  return pages.find((one) => one !== 'device') ?? pages[0] ?? null;
}
