/** Numbers and times as people read them; one notation for all pages, so that they can be compared. */
const NUMBER = new Intl.NumberFormat('en-GB');
const RELATIVE = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });

export function number(value: number): string {
  return NUMBER.format(value);
}

export function count(value: number, one: string, several = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : several}`;
}

const EUROS = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' });

export function euros(value: number): string {
  return EUROS.format(value);
}

/** 12.3 MB: powers of ten, as disks and browsers have them. */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let at = 0;
  while (size >= 1000 && at < units.length - 1) {
    size /= 1000;
    at += 1;
  }
  if (at === 0) return count(value, 'byte');
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[at]}`;
}

export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (part / whole) * 100;
  // Never rounded to all or nothing: one of a thousand is not none.
  if (part > 0 && share < 1) return '< 1 %';
  if (part < whole && share > 99) return '> 99 %';
  return `${Math.round(share)} %`;
}

const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 24 Nov 2026, in UTC. */
export function day(time: string | number | Date): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

export function shortDay(time: string | number | Date): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

export function weekday(time: string | number | Date): string {
  return DAY_NAMES[new Date(time).getUTCDay()] ?? '';
}

export function month(time: string | number | Date): string {
  const date = new Date(time);
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

export function clock(time: string | number | Date, seconds = true): string {
  return new Date(time).toISOString().slice(11, seconds ? 19 : 16);
}

/** 24 Nov 2026, 15:20:03 UTC. */
export function moment(time: string | number | Date): string {
  return `${day(time)}, ${clock(time)} UTC`;
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** 3 hours ago. */
export function ago(time: string | number | Date, now = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}
