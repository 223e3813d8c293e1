/** Which row of a list in columns an arrow key leads to. Looks at where the rows are drawn. */

/** The next row in this direction, or null where the key is none or nothing is there. */
export function neighbor(rows: HTMLElement[], from: HTMLElement, key: string): HTMLElement | null {
  const at = rows.indexOf(from);
  if (at < 0) return null;
  const here = from.getBoundingClientRect();
  const beside = (one: HTMLElement) => Math.abs(one.getBoundingClientRect().top - here.top) < 2;
  const under = (one: HTMLElement) => Math.abs(one.getBoundingClientRect().left - here.left) < 2;
  switch (key) {
    case 'ArrowDown':
      // A column that ends before the others goes on wherever the list does.
      return rows.slice(at + 1).find(under) ?? rows.slice(at + 1).find((one) => !beside(one)) ?? null;
    case 'ArrowUp':
      return rows.slice(0, at).findLast(under) ?? null;
    case 'ArrowRight':
      return rows.slice(at + 1, at + 2).find((one) => beside(one) && !under(one)) ?? null;
    case 'ArrowLeft':
      return rows.slice(Math.max(at - 1, 0), at).find((one) => beside(one) && !under(one)) ?? null;
    default:
      return null;
  }
}
