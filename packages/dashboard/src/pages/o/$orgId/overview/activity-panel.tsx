import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';

import { histogramQuery, type Histogram } from '../../../../api/queries.ts';
import { Bars } from '../../../../charts/bars.tsx';
import { useOrganization } from '../../../../shell/organization.ts';
import { count, number, shortDay } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Panel } from '../../../../ui/panel.tsx';
import { lastDays } from './last-days.ts';

const DAY = 86_400_000;

export function ActivityPanel() {
  const { id } = useOrganization();
  const filter = lastDays(30);
  const query = useQuery(histogramQuery(id, filter));
  return (
    <Panel
      title="Activity"
      hint="Audit events by day, over 30 days, in UTC"
      action={
        <Link
          to="/o/$orgId/audit"
          params={{ orgId: id }}
          search={filter as never}
          className="text-[0.8125rem] text-accent hover:underline"
        >
          Audit log
        </Link>
      }
    >
      <div className="min-h-[15rem]">
        <Loaded query={query} skeleton={<div className="skeleton h-[15rem]" />}>
          {(data) => <Activity histogram={data} start={Date.parse(filter.start_date)} />}
        </Loaded>
      </div>
    </Panel>
  );
}

function Activity({ histogram, start }: { readonly histogram: Histogram; readonly start: number }) {
  const { id } = useOrganization();
  const navigate = useNavigate();
  const bars = histogram.items.map(({ start: at, events }) => ({
    at: Date.parse(at),
    parts: [{ name: 'events', value: events, className: 'fill-accent-fill' }],
  }));
  const top = Object.entries(histogram.by_action)
    .filter(([, events]) => events > 0)
    .sort(([, one], [, other]) => other - one);
  return (
    <>
      <p className="mb-2 text-sm">
        <span className="tabular text-lg font-semibold">{number(histogram.total)}</span>{' '}
        <span className="text-ink-3">{histogram.total === 1 ? 'event' : 'events'}</span>
      </p>
      <Bars
        bars={bars}
        start={start}
        end={start + 30 * DAY}
        unitMs={DAY}
        summary={`${count(histogram.total, 'audit event')} in 30 days`}
        label={(bar) => `${shortDay(bar.at)}: ${count(bar.parts[0]?.value ?? 0, 'event')}`}
        onSelect={({ from, to }) =>
          void navigate({
            to: '/o/$orgId/audit',
            params: { orgId: id },
            search: { start_date: new Date(from).toISOString(), end_date: new Date(to - 1).toISOString() } as never,
          })
        }
      />
      <p className="mt-2 text-xs text-ink-2">
        {top.slice(0, 4).map(([action, events], at) => (
          <span key={action}>
            {at > 0 && ' · '}
            {action} <span className="tabular text-ink-3">{number(events)}</span>
          </span>
        ))}
      </p>
    </>
  );
}
