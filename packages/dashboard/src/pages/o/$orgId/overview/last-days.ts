const DAY = 86_400_000;

/**
 * From the beginning of a UTC day to the end of today, so that the query is the same all day and every bar a whole one.
 */
export function lastDays(days: number, now = Date.now()): { start_date: string; end_date: string } {
  const today = now - (now % DAY);
  return {
    start_date: new Date(today - (days - 1) * DAY).toISOString().replace('.000', ''),
    end_date: new Date(today + DAY - 1).toISOString(),
  };
}
