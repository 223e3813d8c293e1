/** Tells that somebody is there: at once after a pause, then once a minute, with how long ago the last input was. */

const PACE = 60_000;
const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Watches the whole page until the returned function is called. What was typed is not looked at. */
export function watchPresence(report: (secondsAgo: number) => void): () => void {
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function turn(reported: number) {
    timer = null;
    // Nothing since the last report: the next input is told at once.
    if (last === reported) return;
    tell();
  }
  function tell() {
    const reported = last;
    report(Math.max(0, Math.floor((Date.now() - last) / 1000)));
    timer = setTimeout(() => turn(reported), PACE);
  }
  function seen() {
    last = Date.now();
    if (timer === null) tell();
  }

  for (const input of INPUTS) window.addEventListener(input, seen, { passive: true, capture: true });
  return () => {
    if (timer !== null) clearTimeout(timer);
    for (const input of INPUTS) window.removeEventListener(input, seen, { capture: true });
  };
}
