/** A clock that stands still where the address asks for one, so that two pictures of one screen are the same. */
const asked = new URLSearchParams(location.search).get('at');
const start = asked === null ? Number.NaN : Date.parse(asked);

if (!Number.isNaN(start)) {
  const Real = Date;
  class Still extends Real {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(start);
      else super(...(given as [number]));
    }
    static override now(): number {
      return start;
    }
  }
  globalThis.Date = Still as DateConstructor;
}
