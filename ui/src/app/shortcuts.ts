/** Which keys mean what, apart from what they do. */

export type Shortcut = 'connect' | 'search' | 'check' | 'lock' | 'palette' | 'keys' | 'up';

/** The shortcut of a key press, unless somebody nearer took it. */
export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.defaultPrevented || event.altKey) return null;
  if (event.key === 'F5') return 'check';
  if (event.key === 'Escape') return 'up';
  const main = event.ctrlKey || event.metaKey;
  if (event.key === '?' && !main && !isTyping(event.target)) return 'keys';
  if (!main || event.shiftKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'n') return 'connect';
  if (key === 'f') return 'search';
  if (key === 'l') return 'lock';
  if (key === 'k') return 'palette';
  return null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}
