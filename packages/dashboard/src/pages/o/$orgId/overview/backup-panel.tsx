import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { backupDaysQuery, type BackupDays } from '../../../../api/queries.ts';
import { Bars, type Bar } from '../../../../charts/bars.tsx';
import { Legend } from '../../../../charts/legend.tsx';
import { standingOf } from '../../../../posture/backup-schedule.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { count, percent, shortDay } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Panel } from '../../../../ui/panel.tsx';
import { Empty } from '../../../../ui/states.tsx';

const DAY = 86_400_000;
const SHOWN = 30;
/** So that the first days shown know the week before them. */
const READ = SHOWN + 7;

const LOOKS = {
  kept: ['On schedule', 'fill-ok-fill', 'bg-ok-fill'],
  missed: ['Missed', 'fill-bad-fill', 'bg-bad-fill'],
  open: ['Not due yet', 'fill-mute-fill', 'bg-mute-fill'],
} as const;

export function BackupPanel() {
  const { id } = useOrganization();
  const query = useQuery(backupDaysQuery(id, READ));
  return (
    <Panel
      title="Backups against their schedule"
      hint="Services by day, over 30 days, in UTC"
      action={
        <Link
          to="/o/$orgId/records/backups"
          params={{ orgId: id }}
          className="text-[0.8125rem] text-accent hover:underline"
        >
          Calendar
        </Link>
      }
    >
      <div className="min-h-[15rem]">
        <Loaded query={query} skeleton={<div className="skeleton h-[15rem]" />}>
          {({ items }) => <BackupChart services={items} />}
        </Loaded>
      </div>
    </Panel>
  );
}

function BackupChart({ services }: { readonly services: readonly BackupDays[] }) {
  const now = new Date();
  const today = now.getTime() - (now.getTime() % DAY);
  const start = today - (SHOWN - 1) * DAY;
  const tally = new Map<string, { kept: number; missed: number; open: number }>();
  for (const { days } of services) {
    days.forEach((day, at) => {
      const standing = standingOf(days, at, now);
      if (standing === 'unscheduled') return;
      const of = tally.get(day.day) ?? { kept: 0, missed: 0, open: 0 };
      of[standing] += 1;
      tally.set(day.day, of);
    });
  }
  const bars: Bar[] = Array.from({ length: SHOWN }, (_, n) => {
    const at = start + n * DAY;
    const of = tally.get(new Date(at).toISOString().slice(0, 10)) ?? { kept: 0, missed: 0, open: 0 };
    const parts = (['kept', 'missed', 'open'] as const).map((standing) => ({
      name: LOOKS[standing][0],
      value: of[standing],
      className: LOOKS[standing][1],
    }));
    return { at, parts };
  });
  const sum = (n: number): number => bars.reduce((total, bar) => total + (bar.parts[n]?.value ?? 0), 0);
  const [kept, missed] = [sum(0), sum(1)];
  if (kept + missed + sum(2) === 0) {
    return <Empty title="No backups are scheduled">Once a service has a schedule, its days are shown here.</Empty>;
  }
  const summary = `${percent(kept, kept + missed)} of the days on schedule: ${count(kept, 'service day')} kept, ${count(missed, 'missed', 'missed')}`;
  return (
    <>
      <p className="mb-2 text-sm">
        <span className="tabular text-lg font-semibold">{percent(kept, kept + missed)}</span>{' '}
        <span className="text-ink-3">
          on schedule; {missed === 0 ? 'none missed' : `${count(missed, 'service day')} missed`}
        </span>
      </p>
      <Bars
        bars={bars}
        start={start}
        end={today + DAY}
        unitMs={DAY}
        summary={summary}
        label={(bar) =>
          `${shortDay(bar.at)}: ${bar.parts
            .filter((part) => part.value > 0)
            .map((part) => `${part.value} ${part.name.toLowerCase()}`)
            .join(', ')}`
        }
      />
      <Legend entries={Object.values(LOOKS).map(([name, , className]) => ({ name, className }))} />
    </>
  );
}
