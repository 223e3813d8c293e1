/**
 * Something to begin on the screen that is gone to: the palette or Help asks for it, and the screen begins it once.
 *
 * Invariant: a wish that no screen has granted goes with the next one.
 */

export type Wish = 'export' | 'backUp' | 'restore' | 'testLinks' | 'saveReport';

export class Wishes {
  #wish = $state<Wish | null>(null);

  wish(wish: Wish | null): void {
    this.#wish = wish;
  }

  /** Whether this is wished; from then on it is not any more. Called in an effect, it is told when it becomes so. */
  granted(wish: Wish): boolean {
    if (this.#wish !== wish) return false;
    this.#wish = null;
    return true;
  }
}
