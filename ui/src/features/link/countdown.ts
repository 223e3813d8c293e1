/** The time that is left, in figures and in steps that are worth saying aloud. Pure. */

/** "4:05". */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What to say: nothing while there is plenty, then 5, 2 and 1 minutes, then less than one, then that it is over. */
export function spokenStep(ms: number): number | 'over' | null {
  if (ms <= 0) return 'over';
  if (ms <= 30_000) return 0;
  for (const minutes of [1, 2, 5]) if (ms <= minutes * 60_000) return minutes;
  return null;
}
