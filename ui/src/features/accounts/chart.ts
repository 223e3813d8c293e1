/**
 * A balance over time as lines to draw. Pure.
 *
 * A balance stays until it changes, so the line goes in steps. Numbers here are for drawing alone; what is said in words
 * comes from the exact texts.
 */
import type { BalanceHistory, BalancePoint } from '../../ipc/types.gen';

export interface Chart {
  /** Before the first reading, worked out from transactions; empty where nothing was. */
  workedOut: string;
  /** As read. */
  read: string;
  /** Where nothing is owned, when the line crosses it; in the same units. */
  zero: number | null;
  lowest: string;
  highest: string;
  first: string;
  last: string;
}

export const WIDTH = 600;
export const HEIGHT = 120;
/** Room for the line's own thickness. */
const EDGE = 4;

const time = (point: BalancePoint) => Date.parse(point.date);
const value = (point: BalancePoint) => Number(point.balance);

/** None when there are fewer than two days: a point is no line. */
export function chartOf(history: BalanceHistory): Chart | null {
  const all = [...history.workedOut, ...history.read];
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last || all.length < 2) return null;
  let [lowest, highest] = [first, first];
  for (const point of all) {
    if (value(point) < value(lowest)) lowest = point;
    if (value(point) > value(highest)) highest = point;
  }
  const span = Math.max(1, time(last) - time(first));
  const range = value(highest) - value(lowest) || 1;
  const flat = value(highest) === value(lowest);
  const x = (point: BalancePoint) => round(((time(point) - time(first)) / span) * WIDTH);
  const y = (amount: number) => round(flat ? HEIGHT / 2 : EDGE + ((value(highest) - amount) / range) * (HEIGHT - 2 * EDGE));
  const steps = (points: BalancePoint[]) =>
    points.map((one, index) => (index === 0 ? `M${x(one)} ${y(value(one))}` : `H${x(one)}V${y(value(one))}`)).join('');
  const firstRead = history.read[0];
  return {
    // Up to where reading begins, so that the two lines meet.
    workedOut: steps(firstRead ? [...history.workedOut, firstRead] : history.workedOut),
    read: steps(history.read),
    zero: value(lowest) < 0 && value(highest) > 0 ? y(0) : null,
    lowest: lowest.balance,
    highest: highest.balance,
    first: first.date,
    last: last.date,
  };
}

/** The last balance of each month, newest first: what a table says of it. */
export function byMonth(history: BalanceHistory): BalancePoint[] {
  const months = new Map<string, BalancePoint>();
  for (const point of [...history.workedOut, ...history.read]) months.set(point.date.slice(0, 7), point);
  return [...months.values()].reverse();
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
