import type { AuditEvent } from '@veritrail/formats';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useState, type CSSProperties } from 'react';

import { flagsQuery, type EventFilter } from '../../../../api/queries.ts';
import { ACTION_TONES } from '../../../../trail/actions.ts';
import { eventPageQuery, PAGE_SIZE } from '../../../../trail/read-events.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { classes } from '../../../../ui/classes.ts';
import { ago, clock, day, number } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Empty, Failed } from '../../../../ui/states.tsx';
import { useMedia } from '../../../../ui/use-media.ts';
import { VirtualRows } from '../../../../ui/virtual-rows.tsx';

const GRID = 'md:grid md:grid-cols-[12.5rem_10rem_minmax(0,1.4fr)_minmax(0,1fr)_9.5rem] md:items-center md:gap-x-3';

/** All events of the filters, newest first; pages of them are read as they come into sight. */
export function EventList({
  orgId,
  filter,
  total,
  error,
  openId,
  onOpen,
}: {
  readonly orgId: string;
  readonly filter: EventFilter;
  readonly total: number | undefined;
  readonly error: Error | null;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}) {
  const wide = useMedia('(min-width: 48rem)');
  const [range, setRange] = useState<readonly [number, number]>([0, 30]);
  const onRange = useCallback((from: number, to: number) => setRange([from, to]), []);
  const first = Math.floor(range[0] / PAGE_SIZE) + 1;
  const last = Math.max(Math.floor((range[1] - 1) / PAGE_SIZE) + 1, first);
  const wanted =
    total === undefined || total === 0 ? [] : Array.from({ length: last - first + 1 }, (_, n) => first + n);
  const pages = useQueries({ queries: wanted.map((page) => eventPageQuery(orgId, filter, page)) });
  const flags = useQuery(flagsQuery(orgId, { page: 1 }));
  const flagged = new Set(flags.data?.items.map((flag) => flag.event_id));
  const eventAt = (index: number): AuditEvent | undefined => {
    const page = Math.floor(index / PAGE_SIZE) + 1;
    return pages[page - first]?.data?.items[index % PAGE_SIZE];
  };
  const failed = pages.find((page) => page.error !== null);

  if (total === undefined) return error === null ? <ListSkeleton /> : null;
  if (total === 0) {
    return (
      <div className="rounded-lg border border-line bg-surface shadow-card">
        <Empty title="No events are as the filters say">
          Widen the time or take a filter away. Ids and types are compared exactly, capitals included.
        </Empty>
      </div>
    );
  }
  return (
    <section aria-label="Events" className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      {failed !== undefined && <Failed error={failed.error} onRetry={() => void failed.refetch()} />}
      <VirtualRows
        // Other filters are another list, from its beginning; one that grew by late events keeps its place.
        key={JSON.stringify(filter)}
        total={total}
        rowHeight={wide ? 42 : 78}
        className="h-[max(22rem,calc(100dvh-12rem))] print:h-auto"
        label={`Events, newest first, ${number(total)} in all`}
        onRange={onRange}
        header={
          <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface max-md:sr-only">
            <div role="row" aria-rowindex={1} className={classes(GRID, 'px-5 py-2 text-xs font-semibold text-ink-3')}>
              {['Time (UTC)', 'Action', 'Resource', 'Actor', 'From'].map((name) => (
                <span key={name} role="columnheader">
                  {name}
                </span>
              ))}
            </div>
          </div>
        }
        render={(index, style) => (
          <Row
            key={index}
            index={index}
            style={style}
            event={eventAt(index)}
            flagged={flagged.has(eventAt(index)?.id ?? '')}
            open={openId !== undefined && eventAt(index)?.id === openId}
            onOpen={onOpen}
          />
        )}
      />
    </section>
  );
}

function Row({
  index,
  style,
  event,
  flagged,
  open,
  onOpen,
}: {
  readonly index: number;
  readonly style: CSSProperties;
  readonly event: AuditEvent | undefined;
  readonly flagged: boolean;
  readonly open: boolean;
  readonly onOpen: (id: string) => void;
}) {
  const look = classes(
    GRID,
    'absolute inset-x-0 border-b border-line px-4 text-sm max-md:flex max-md:flex-col max-md:justify-center max-md:gap-0.5 md:px-5',
    open ? 'bg-accent-soft' : 'hover:bg-sunken',
  );
  if (event === undefined) {
    return (
      <div role="row" aria-rowindex={index + 2} className={look} style={style}>
        <span role="cell" className="col-span-full" aria-label="Loading">
          <span className="skeleton block h-4 w-full" />
        </span>
      </div>
    );
  }
  const failedLogin = event.action === 'LOGIN' && /"outcome":"failure"/.test(event.detailsText);
  return (
    <div role="row" aria-rowindex={index + 2} data-row={index} className={look} style={style}>
      <span role="cell" className="tabular min-w-0 max-md:order-2 max-md:text-xs max-md:text-ink-3">
        <Link
          to="."
          search={((before: object) => ({ ...before, event: event.id })) as never}
          resetScroll={false}
          onClick={(click) => {
            if (click.metaKey || click.ctrlKey || click.shiftKey) return;
            click.preventDefault();
            onOpen(event.id);
          }}
          className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <time dateTime={event.timestamp} title={ago(event.timestamp)}>
            {day(event.timestamp)}, {clock(event.timestamp)}
            <span className="md:sr-only"> UTC</span>
          </time>
        </Link>
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-1.5 max-md:order-1">
        <Badge tone={failedLogin ? 'bad' : (ACTION_TONES[event.action] ?? 'neutral')} sign={false}>
          {event.action}
          {failedLogin && ' failed'}
        </Badge>
        {flagged && (
          <span title="Flagged" className="text-warn">
            <Icon name="flags" />
            <span className="sr-only">flagged</span>
          </span>
        )}
        <span className="min-w-0 truncate text-ink-2 md:hidden">{event.resource_type}</span>
      </span>
      <span role="cell" className="min-w-0 truncate max-md:hidden">
        {event.resource_type} <span className="font-mono text-[0.8125rem] text-ink-3">{event.resource_id}</span>
      </span>
      <span role="cell" className="min-w-0 truncate max-md:order-3 max-md:text-[0.8125rem]" title={event.actor_id}>
        {event.actor_username ?? event.actor_id}
      </span>
      <span role="cell" className="min-w-0 truncate font-mono text-[0.8125rem] text-ink-3 max-md:hidden">
        {event.ip_address ?? '–'}
      </span>
    </div>
  );
}

function ListSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="h-[max(22rem,calc(100dvh-12rem))] rounded-lg border border-line bg-surface px-5 py-4 shadow-card"
    >
      {Array.from({ length: 10 }, (_, at) => (
        <div key={at} className="skeleton mb-[1.35rem] h-5" />
      ))}
    </div>
  );
}
