/**
 * The same time so many calendar months later (earlier, if negative); a day that the month doesn't have becomes its last.
 * Laws count so: six months from 31 August end on the last of February, not after 180 days.
 */
export function addMonths(time: string, months: number): string {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.toISOString().replace('.000Z', 'Z');
}
