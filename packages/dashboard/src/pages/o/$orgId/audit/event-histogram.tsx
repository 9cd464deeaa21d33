import type { UseQueryResult } from '@tanstack/react-query';

import type { EventFilter, Histogram } from '../../../../api/queries.ts';
import { Bars } from '../../../../charts/bars.tsx';
import { Button } from '../../../../ui/button.tsx';
import { clock, count, day, number, shortDay } from '../../../../ui/format.ts';
import { Failed } from '../../../../ui/states.tsx';

const HOUR = 3_600_000;
const HEIGHT = 130;

/** How the events that the filters select spread over time. Dragging over it narrows the time. */
export function EventHistogram({
  query,
  filter,
  narrowed,
  onSelect,
}: {
  readonly query: UseQueryResult<Histogram>;
  readonly filter: EventFilter;
  readonly narrowed: boolean;
  readonly onSelect: (span: { start_date: string | undefined; end_date: string | undefined }) => void;
}) {
  const { data } = query;
  if (data === undefined) {
    return query.error === null ? (
      <div role="status" aria-label="Loading" className="flex flex-col gap-3">
        <div className="skeleton h-5 w-40" />
        <div className="skeleton h-[8.15rem]" />
      </div>
    ) : (
      <Failed error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const unitMs = data.unit === 'hour' ? HOUR : 24 * HOUR;
  const floor = (time: number): number => time - (time % unitMs);
  const times = data.items.map((item) => Date.parse(item.start));
  const start = floor(filter.start_date === undefined ? (times[0] ?? Date.now()) : Date.parse(filter.start_date));
  const end = floor(Math.max(Date.parse(filter.end_date ?? ''), times.at(-1) ?? 0)) + unitMs;
  const bars = data.items.map(({ start: at, events }) => ({
    at: Date.parse(at),
    parts: [{ name: 'events', value: events, className: 'fill-accent-fill' }],
  }));
  const unit = data.unit === 'hour' ? 'hour' : 'day';
  return (
    <div className={query.isPlaceholderData ? 'opacity-60' : ''}>
      <div className="mb-1 flex min-h-7 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="text-sm" role="status">
          <span className="tabular font-semibold">{number(data.total)}</span>{' '}
          <span className="text-ink-3">
            {data.total === 1 ? 'event' : 'events'}, by {unit} in UTC
          </span>
        </p>
        {narrowed ? (
          <Button size="small" look="quiet" onClick={() => onSelect({ start_date: undefined, end_date: undefined })}>
            Show all of the time
          </Button>
        ) : (
          <span className="no-print hidden text-xs text-ink-3 sm:block">Drag over the bars to narrow the time</span>
        )}
      </div>
      <Bars
        bars={bars}
        start={start}
        end={end}
        unitMs={unitMs}
        height={HEIGHT}
        summary={`${count(data.total, 'event')} from ${day(start)} to ${day(end - 1)}, by ${unit}`}
        label={(bar) =>
          `${unit === 'hour' ? `${shortDay(bar.at)}, ${clock(bar.at, false)} UTC` : day(bar.at)}: ${count(bar.parts[0]?.value ?? 0, 'event')}`
        }
        onSelect={({ from, to }) =>
          onSelect({
            start_date: new Date(from).toISOString().replace('.000', ''),
            end_date: new Date(to - 1).toISOString(),
          })
        }
      />
    </div>
  );
}
