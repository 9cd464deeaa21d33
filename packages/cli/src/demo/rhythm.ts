const HOUR = 3_600_000;

/** Share of an ordinary working day's activity by hour of the day, UTC: offices in central Europe. */
const OFFICE = [0.2, 0.1, 0.1, 0.1, 0.3, 2, 7, 14, 19, 20, 19, 13, 15, 19, 18, 14, 8, 4, 2, 1.5, 1.5, 1, 0.7, 0.4];
const WEEKEND = 0.06;
/** Programs work whenever customers do, which is less at night and no less on weekends. */
const PROGRAMS = [2, 1.5, 1.5, 1.5, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 8, 9, 9, 8, 6, 4, 3];

/** How much people and programs do in the hour that begins at `hour`, on one scale. */
export function activityAt(
  hour: number,
  start: number,
  end: number,
): { readonly people: number; readonly programs: number } {
  const date = new Date(hour);
  const of24 = date.getUTCHours();
  const weekday = date.getUTCDay();
  // The invented business does half as much again at the end as at the beginning.
  const growth = 0.8 + (0.4 * (hour - start)) / (end - start);
  const people = (OFFICE[of24] ?? 0) * (weekday === 0 || weekday === 6 ? WEEKEND : 1) * holidays(date);
  return { people: people * growth, programs: (PROGRAMS[of24] ?? 0) * growth };
}

function holidays(date: Date): number {
  const month = date.getUTCMonth();
  const day = date.getUTCDate();
  if ((month === 11 && day >= 24) || (month === 0 && day === 1)) return 0.1;
  return month === 6 ? 0.6 : 1;
}

/** How many of `total` things fall into each hour between two times; they sum up to exactly `total`. */
export function spreadOverHours(start: number, end: number, total: number): number[] {
  const weights: number[] = [];
  for (let hour = start; hour < end; hour += HOUR) {
    const { people, programs } = activityAt(hour, start, end);
    weights.push(people + programs);
  }
  const sum = weights.reduce((one, other) => one + other, 0);
  let before = 0;
  let given = 0;
  return weights.map((weight, index) => {
    before += weight;
    const upTo = index === weights.length - 1 ? total : Math.round((total * before) / sum);
    const count = upTo - given;
    given = upTo;
    return count;
  });
}
