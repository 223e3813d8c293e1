/** Instants in words. Instants come as RFC 3339 texts in UTC and are shown in the person's own time zone. */
import { locale } from './i18n.svelte';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function once<T>(make: (tag: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const tag = locale();
    let one = made.get(tag);
    if (one === undefined) {
      one = make(tag);
      made.set(tag, one);
    }
    return one;
  };
}

const relativeFormat = once((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
const fullFormat = once((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }));
const timeFormat = once((tag) => new Intl.DateTimeFormat(tag, { timeStyle: 'short' }));
const dayFormat = once((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long' }));
const dayShortFormat = once((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' }));
const civilFormat = once((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', timeZone: 'UTC' }));
const civilYearFormat = once(
  (tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
);
const dayYearFormat = once((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long', year: 'numeric' }));

/** "3 hours ago", "in 2 days". */
export function relative(instant: string, now: number): string {
  const difference = Date.parse(instant) - now;
  const size = Math.abs(difference);
  const format = relativeFormat();
  if (size < MINUTE) return format.format(0, 'second');
  if (size < HOUR) return format.format(Math.trunc(difference / MINUTE), 'minute');
  if (size < DAY) return format.format(Math.trunc(difference / HOUR), 'hour');
  if (size < 30 * DAY) return format.format(Math.trunc(difference / DAY), 'day');
  if (size < 365 * DAY) return format.format(away(difference / (30.44 * DAY)), 'month');
  return format.format(away(difference / (365.25 * DAY)), 'year');
}

/** Whole units, at least one: thirty days are "last month", never "this month". */
function away(units: number): number {
  return Math.trunc(units) || Math.sign(units);
}

/** "12 May 2027, 14:32". */
export function absolute(instant: string): string {
  return fullFormat().format(Date.parse(instant));
}

/** "14:32". */
export function clockTime(instant: string): string {
  return timeFormat().format(Date.parse(instant));
}

/** "12 May", with the year when it is not this one. */
export function day(instant: string, now: number): string {
  const at = new Date(instant);
  return at.getFullYear() === new Date(now).getFullYear() ? dayFormat().format(at) : dayYearFormat().format(at);
}

/** Whether it is today, in the person's own time zone. */
export function sameDay(instant: string, now: number): boolean {
  return new Date(instant).toDateString() === new Date(now).toDateString();
}

/** "12 May" in the fewest letters, for a row. */
export function dayShort(instant: string): string {
  return dayShortFormat().format(Date.parse(instant));
}

/** A day of the calendar without a time, such as `2027-05-12`: "12 May", the same in every time zone. */
export function civilDay(date: string, now: number): string {
  const at = Date.parse(date);
  if (Number.isNaN(at)) return date;
  const near = new Date(at).getUTCFullYear() === new Date(now).getFullYear();
  return (near ? civilFormat() : civilYearFormat()).format(at);
}

/** Whole days from now; negative when it is over. */
export function daysUntil(instant: string, now: number): number {
  return Math.floor((Date.parse(instant) - now) / DAY);
}
