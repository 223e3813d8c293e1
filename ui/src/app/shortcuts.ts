/** Which keys mean what, apart from what they do. */

export type Shortcut = 'connect' | 'search' | 'check' | 'lock' | 'up';

/** The shortcut of a key press, unless somebody nearer took it. */
export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.defaultPrevented || event.altKey) return null;
  if (event.key === 'F5') return 'check';
  if (event.key === 'Escape') return 'up';
  const main = event.ctrlKey || event.metaKey;
  if (!main || event.shiftKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'n') return 'connect';
  if (key === 'f') return 'search';
  if (key === 'l') return 'lock';
  return null;
}
