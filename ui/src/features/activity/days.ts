/** Lines under the day on which they were written, in the person's time zone. */
import { day } from '../../i18n/dates';
import { locale } from '../../i18n/i18n.svelte';

/** Lines of one day. */
export interface DayOfLines<Line> {
  label: string;
  lines: Line[];
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

export function dayLabel(at: string, now: number): string {
  const days = Math.round((midnight(Date.parse(at)) - midnight(now)) / 86_400_000);
  if (days > -2) {
    const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(days, 'day');
    return words.charAt(0).toLocaleUpperCase() + words.slice(1);
  }
  return day(at, now);
}

export function byDay<Line extends { at: string }>(lines: Line[], now: number): DayOfLines<Line>[] {
  const days: DayOfLines<Line>[] = [];
  for (const line of lines) {
    const label = dayLabel(line.at, now);
    const last = days.at(-1);
    if (last?.label === label) last.lines.push(line);
    else days.push({ label, lines: [line] });
  }
  return days;
}
