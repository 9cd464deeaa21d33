import type { Samples } from '@veritrail/controls';

/** Five years; of a longer period the newest are drawn and all are counted. */
const MOST_MONTHS = 60;

const CELL = 10;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** A strip for each month: what was sampled is filled, what is missing is an empty box with a stroke through it. */
export function viewSamples({ expected, taken, missing }: Samples) {
  const months = new Map<string, { taken: number[]; missing: number[] }>();
  const sort = (days: readonly string[], kind: 'taken' | 'missing'): void => {
    for (const day of days) {
      const month = months.get(day.slice(0, 7)) ?? { taken: [], missing: [] };
      month[kind].push(Number(day.slice(8, 10)));
      months.set(day.slice(0, 7), month);
    }
  };
  sort(taken, 'taken');
  sort(missing, 'missing');
  const all = [...months].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    expected,
    taken: taken.length,
    missing: missing.length,
    missing_days: ranges(missing),
    months_left_out: Math.max(0, all.length - MOST_MONTHS),
    months: all.slice(-MOST_MONTHS).map(([month, days]) => ({
      month,
      taken: days.taken.length,
      days: days.taken.length + days.missing.length,
      svg: drawMonth(days.taken, days.missing),
      alt: describeMonth(month, days.taken, days.missing),
    })),
  };
}

function drawMonth(taken: readonly number[], missing: readonly number[]): string {
  const full = taken.map((day) => `M${(day - 1) * CELL + 1} 1h8v8h-8z`).join('');
  const empty = missing.map((day) => `M${(day - 1) * CELL + 1.5} 1.5h7v7h-7zl7 7`).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${31 * CELL} ${CELL}">` +
    `<path fill="#1b4d6b" d="${full}"/><path fill="none" stroke="#000" stroke-width="1" d="${empty}"/></svg>`
  );
}

function describeMonth(month: string, taken: readonly number[], missing: readonly number[]): string {
  const name = `${MONTHS[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}`.trim();
  const rest = missing.length === 0 ? 'none missing' : `missing: ${missing.join(', ')}`;
  return `${name}: ${taken.length} of ${taken.length + missing.length} days sampled; ${rest}.`;
}

/** "2026-05-03, 2026-05-06 to 2026-05-09": days in a row as one entry. */
function ranges(days: readonly string[]): string {
  const rows: [string, string][] = [];
  for (const day of [...days].sort()) {
    const last = rows.at(-1);
    if (last !== undefined && Date.parse(day) - Date.parse(last[1]) === 86_400_000) last[1] = day;
    else rows.push([day, day]);
  }
  return rows.map(([from, to]) => (from === to ? from : `${from} to ${to}`)).join(', ');
}
