import { describe, expect, it } from 'vitest';
import { neighbor } from './neighbor';

/** Rows by where they are drawn: column and line. */
function drawn(...places: [number, number][]): HTMLElement[] {
  return places.map(([left, top]) => {
    const row = document.createElement('button');
    row.getBoundingClientRect = () => new DOMRect(left * 400, top * 64, 390, 63);
    return row;
  });
}

describe('arrow keys in columns', () => {
  // Two groups: three rows in two columns, then two.
  const rows = drawn([0, 0], [1, 0], [0, 1], [0, 3], [1, 3]);
  const to = (from: number, key: string) => rows.indexOf(neighbor(rows, rows[from]!, key)!);

  it('stay in their column, over the end of a group too', () => {
    expect([to(0, 'ArrowDown'), to(2, 'ArrowDown'), to(1, 'ArrowDown')]).toEqual([2, 3, 4]);
    expect([to(4, 'ArrowUp'), to(3, 'ArrowUp')]).toEqual([1, 2]);
  });

  it('go sideways on their line only', () => {
    expect([to(0, 'ArrowRight'), to(1, 'ArrowLeft')]).toEqual([1, 0]);
    expect([to(1, 'ArrowRight'), to(2, 'ArrowRight'), to(2, 'ArrowLeft'), to(0, 'ArrowLeft')]).toEqual([-1, -1, -1, -1]);
  });

  it('reach the last row from a column that has ended', () => {
    const last = drawn([0, 0], [1, 0], [0, 1]);
    expect(neighbor(last, last[1]!, 'ArrowDown')).toBe(last[2]);
    expect(neighbor(last, last[2]!, 'ArrowDown')).toBeNull();
  });

  it('follow the order of the page where there is one column', () => {
    const one = drawn([0, 0], [0, 1]);
    expect(neighbor(one, one[0]!, 'ArrowDown')).toBe(one[1]);
    expect(neighbor(one, one[0]!, 'Enter')).toBeNull();
  });
});
