/** The present, for words such as "3 minutes ago": moves twice a minute while something reads it. */
import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 30_000);
  return () => clearInterval(timer);
});

/** Now, in milliseconds since the epoch. */
export function now(): number {
  subscribe();
  return Date.now();
}
