/** Lines under the day on which they were written, in the person's time zone. */
import { day } from '../../i18n/dates';
import { locale } from '../../i18n/i18n.svelte';
import type { ActivityView } from '../../ipc/types.gen';

export interface DayOfLines {
  label: string;
  lines: ActivityView[];
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

export function byDay(lines: ActivityView[], now: number): DayOfLines[] {
  const days: DayOfLines[] = [];
  for (const line of lines) {
    const label = dayLabel(line.at, now);
    const last = days.at(-1);
    if (last?.label === label) last.lines.push(line);
    else days.push({ label, lines: [line] });
  }
  return days;
}
