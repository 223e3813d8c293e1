/** Brings a part of a long screen into view when a route names it, and keeps it there while what is above it loads. */

/** Whatever shows that the person has begun to move by themselves. */
const OWN = ['wheel', 'pointerdown', 'keydown'] as const;

/** Shows the part with this id at the top and gives its heading the focus; returns what ends the care for it. */
export function arrive(id: string, within: HTMLElement): (() => void) | null {
  const part = document.getElementById(id);
  if (!part || !within.contains(part)) return null;
  const heading = part.matches('h3') ? part : part.querySelector<HTMLElement>('h2');
  heading?.focus({ preventScroll: true });
  part.scrollIntoView();
  // What is above it may still load and push it down.
  const watcher = new ResizeObserver(() => part.scrollIntoView());
  for (const one of within.children) watcher.observe(one);
  const end = () => {
    watcher.disconnect();
    for (const kind of OWN) window.removeEventListener(kind, end, true);
  };
  for (const kind of OWN) window.addEventListener(kind, end, { capture: true, passive: true });
  return end;
}
