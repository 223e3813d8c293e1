/** Periods that people ask for, as days of the calendar. Pure; today comes in. */
export const periods = ['all', 'thisMonth', 'lastMonth', 'days90', 'thisYear', 'lastYear'] as const;
export type Period = (typeof periods)[number];

export interface Days {
  from: string | null;
  to: string | null;
}

/** The days of a period; none where it has no bound. Months and years are whole, of the person's own calendar. */
export function daysOf(period: Period, now: number): Days {
  const today = new Date(now);
  const [year, month] = [today.getFullYear(), today.getMonth()];
  switch (period) {
    case 'all':
      return { from: null, to: null };
    case 'thisMonth':
      return { from: day(year, month, 1), to: null };
    case 'lastMonth':
      return { from: day(year, month - 1, 1), to: day(year, month, 0) };
    case 'days90':
      return { from: day(year, month, today.getDate() - 89), to: null };
    case 'thisYear':
      return { from: day(year, 0, 1), to: null };
    case 'lastYear':
      return { from: day(year - 1, 0, 1), to: day(year - 1, 11, 31) };
    default:
      return period satisfies never;
  }
}

/** Days and months beyond their ends fall into the next, as the calendar goes on. */
function day(year: number, month: number, date: number): string {
  return new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10);
}
