/**
 * Parts of the interface that are fetched when they are first shown, so that the start reads and keeps what the list
 * needs and no more.
 */
import type { Component } from 'svelte';

export interface Later<Shown> {
  /** The part, once it is here. Reading it fetches it. */
  readonly here: Shown | null;
  /** Fetches it, if it is not here. */
  fetch(): Promise<void>;
}

/** A part that `load` brings. */
export function later<Shown extends Component<never>>(load: () => Promise<{ default: Shown }>): Later<Shown> {
  let here = $state.raw<Shown | null>(null);
  let fetching: Promise<void> | null = null;
  const fetch = () =>
    (fetching ??= load().then(
      (loaded) => {
        here = loaded.default;
      },
      (error: unknown) => {
        // The parts lie in the program itself; one that could not be read is asked for again.
        fetching = null;
        throw error;
      },
    ));
  return {
    get here() {
      if (here === null) void fetch();
      return here;
    },
    fetch,
  };
}
