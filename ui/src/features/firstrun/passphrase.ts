/** The rule for a passphrase: long enough; the core holds the same rule and has the last word. */
export const MIN_CHARACTERS = 12;

/** Characters still missing, counted as people count them. */
export function missing(passphrase: string): number {
  return Math.max(0, MIN_CHARACTERS - [...passphrase].length);
}
