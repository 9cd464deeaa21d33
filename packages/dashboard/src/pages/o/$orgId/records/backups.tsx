import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { backupDaysQuery, servicesQuery, type BackupDays, type Service } from '../../../../api/queries.ts';
import { Legend } from '../../../../charts/legend.tsx';
import { standingOf } from '../../../../posture/backup-schedule.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { count, day as dayName, percent, shortDay } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';

const SHOWN = 30;
const LOOKS = {
  kept: ['On schedule', 'bg-ok-fill'],
  missed: ['Missed', 'bg-bad-fill'],
  open: ['Not due yet', 'bg-mute-fill'],
  unscheduled: ['No schedule', 'border border-line bg-sunken'],
} as const;

export function Backups() {
  useTitle('Backups');
  const { id } = useOrganization();
  const days = useQuery(backupDaysQuery(id, SHOWN + 7));
  const services = useQuery(servicesQuery(id));
  return (
    <>
      <PageHeader
        title="Backups"
        lead="Whether each day had the backups that its service’s schedule of that day wanted, over 30 days, in UTC."
      />
      <Loaded query={days} skeleton={<Skeleton lines={10} className="h-8" />}>
        {({ items, total }) => (
          <Panel
            title={`The last ${SHOWN} days`}
            hint={
              total > items.length ? `The first ${items.length} of ${count(total, 'service')}` : count(total, 'service')
            }
            flush
          >
            {items.length === 0 ? (
              <Empty title="No services are recorded">Record one first; then its backups are shown here.</Empty>
            ) : (
              <>
                <Grid rows={items} services={new Map(services.data?.map((one) => [one.service_id, one]))} />
                <div className="px-4 pt-1 pb-4 sm:px-5">
                  <Legend entries={Object.values(LOOKS).map(([name, className]) => ({ name, className }))} />
                </div>
              </>
            )}
          </Panel>
        )}
      </Loaded>
    </>
  );
}

function Grid({
  rows,
  services,
}: {
  readonly rows: readonly BackupDays[];
  readonly services: ReadonlyMap<string, Service>;
}) {
  const { id } = useOrganization();
  const now = new Date();
  return (
    <ul className="divide-y divide-line">
      {rows.map(({ service_id: serviceId, days }) => {
        const service = services.get(serviceId);
        const judged = days.map((day, at) => ({ ...day, standing: standingOf(days, at, now) })).slice(-SHOWN);
        const kept = judged.filter((one) => one.standing === 'kept').length;
        const missed = judged.filter((one) => one.standing === 'missed');
        const words =
          kept + missed.length === 0 ? 'Nothing was due' : `${percent(kept, kept + missed.length)} on schedule`;
        const missedWords = missed.length === 0 ? 'none missed' : `${count(missed.length, 'day')} missed`;
        const firstDay = judged[0]?.day;
        return (
          <li
            key={serviceId}
            className="grid grid-cols-1 items-center gap-x-6 gap-y-1.5 px-4 py-3 sm:px-5 lg:grid-cols-[15rem_minmax(0,1fr)_13rem]"
          >
            <div className="min-w-0">
              <Link
                to="/o/$orgId/records/services/$serviceId"
                params={{ orgId: id, serviceId }}
                className="text-sm font-medium break-words text-accent hover:underline"
              >
                {service?.name ?? serviceId}
              </Link>
              <span className="block text-xs text-ink-3">
                {service === undefined
                  ? ''
                  : service.backup_schedule === 'none'
                    ? 'no backups'
                    : service.backup_schedule}
              </span>
            </div>
            <div
              role="img"
              aria-label={`${service?.name ?? serviceId}: ${words}${missed.length > 0 ? `; missed ${missed.map((one) => dayName(one.day)).join(', ')}` : ''}`}
              className="flex gap-[3px]"
            >
              {/* Younger services have fewer days; today is always at the right. */}
              {Array.from({ length: SHOWN - judged.length }, (_, at) => (
                <span key={`none ${at}`} className="h-6 min-w-0 flex-1" />
              ))}
              {judged.map((one) => (
                <span
                  key={one.day}
                  title={`${shortDay(one.day)}: ${LOOKS[one.standing][0].toLowerCase()}; ${one.completed} completed, ${one.failed} failed`}
                  className={`h-6 min-w-0 flex-1 rounded-xs ${LOOKS[one.standing][1]}`}
                />
              ))}
            </div>
            <p className="tabular text-[0.8125rem] text-ink-2 lg:text-end">
              {words}
              {kept + missed.length > 0 && <span className="block text-xs text-ink-3">{missedWords}</span>}
              {firstDay !== undefined && judged.length < SHOWN && (
                <span className="block text-xs text-ink-3">since {dayName(firstDay)}</span>
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
