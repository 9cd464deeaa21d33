import type { BackupDays } from '../api/queries.ts';
import { standingOf, type DayStanding } from '../posture/backup-schedule.ts';
import { count, day as dayName, weekday } from '../ui/format.ts';
import { Legend } from './legend.tsx';

const DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const LOOKS: Readonly<Record<DayStanding, readonly [words: string, fill: string, background: string]>> = {
  kept: ['On schedule', 'fill-ok-fill', 'bg-ok-fill'],
  missed: ['Missed', 'fill-bad-fill', 'bg-bad-fill'],
  open: ['Not due yet', 'fill-mute-fill', 'bg-mute-fill'],
  unscheduled: ['No schedule', 'fill-sunken', 'bg-sunken'],
};

const CELL = 13;
const TOP = 18;
const LEFT = 30;

/** A year of days, a column a week, Monday first. The words below tell the same to who can't see it. */
export function BackupCalendar({ days }: { readonly days: BackupDays['days'] }) {
  const now = new Date();
  const first = Date.parse(days[0]?.day ?? now.toISOString().slice(0, 10));
  // Weeks begin on Mondays: the epoch was a Thursday.
  const begin = first - ((first / DAY + 3) % 7) * DAY;
  const placed = days.map((day, at) => {
    const time = Date.parse(day.day);
    const n = Math.round((time - begin) / DAY);
    return { day, time, standing: standingOf(days, at, now), column: Math.floor(n / 7), row: n % 7 };
  });
  const columns = (placed.at(-1)?.column ?? 0) + 1;
  const months = placed.filter(({ time }) => new Date(time).getUTCDate() === 1);
  const tally = (standing: DayStanding): number => placed.filter((one) => one.standing === standing).length;
  const missed = placed.filter((one) => one.standing === 'missed');
  const summary = `${count(tally('kept'), 'day')} on schedule, ${missed.length === 0 ? 'none' : count(missed.length, 'day')} missed`;
  return (
    <>
      <div className="overflow-x-auto pb-1" tabIndex={0} role="group" aria-label="Calendar of backups">
        <svg role="img" aria-label={summary} width={LEFT + columns * CELL} height={TOP + 7 * CELL} className="block">
          {months.map(({ column, time }) => (
            <text key={time} x={LEFT + column * CELL} y={11} className="fill-ink-3 text-2xs">
              {MONTHS[new Date(time).getUTCMonth()]}
            </text>
          ))}
          {['Mon', '', 'Wed', '', 'Fri', '', ''].map((name, row) => (
            <text key={row} x={0} y={TOP + row * CELL + 9} className="fill-ink-3 text-2xs">
              {name}
            </text>
          ))}
          {placed.map(({ day, time, standing, column, row }) => (
            <rect
              key={day.day}
              x={LEFT + column * CELL}
              y={TOP + row * CELL}
              width={CELL - 2}
              height={CELL - 2}
              rx={2}
              className={LOOKS[standing][1]}
            >
              <title>{`${weekday(time)} ${dayName(time)}: ${LOOKS[standing][0].toLowerCase()}; ${day.completed} completed, ${day.failed} failed (${day.schedule})`}</title>
            </rect>
          ))}
        </svg>
      </div>
      <Legend entries={Object.values(LOOKS).map(([name, , className]) => ({ name, className }))} />
      <p className="mt-2 text-[0.8125rem] text-ink-2">
        {summary}
        {missed.length > 0 &&
          `. Last missed: ${missed
            .slice(-5)
            .map((one) => dayName(one.time))
            .join('; ')}`}
        .
      </p>
    </>
  );
}
