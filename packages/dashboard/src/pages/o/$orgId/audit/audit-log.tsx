import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useState } from 'react';

import { histogramQuery, type EventFilter } from '../../../../api/queries.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { RoleWall } from '../../../../shell/role-wall.tsx';
import { useTitle } from '../../../../shell/use-title.ts';
import { Button } from '../../../../ui/button.tsx';
import { Icon } from '../../../../ui/icons.tsx';
import { PageHeader } from '../../../../ui/panel.tsx';
import { Time } from '../../../../ui/time.tsx';
import { ActionFacets } from './action-facets.tsx';
import { EventHistogram } from './event-histogram.tsx';
import { EventList } from './event-list.tsx';
import { Filters } from './filters.tsx';
import type { AuditSearch } from './search.ts';

const EventSheet = lazy(() => import('./event-sheet.tsx'));
const ExportSheet = lazy(() => import('./export-sheet.tsx'));

export function AuditLog() {
  useTitle('Audit log');
  return (
    <RoleWall role="analyst" what="The audit log">
      <Log />
    </RoleWall>
  );
}

function Log() {
  const { id } = useOrganization();
  const mayExport = useMay('admin');
  const search = useSearch({ from: '/o/$orgId/audit' });
  const navigate = useNavigate({ from: '/o/$orgId/audit' });
  // Pages would shift under the eye as events come in, so all are of what happened until this moment.
  const [asOf, setAsOf] = useState(() => new Date().toISOString());
  const [exporting, setExporting] = useState(false);

  const { event, ...chosen } = search;
  const filter: EventFilter = { ...chosen, end_date: chosen.end_date ?? asOf };
  const { action: _, ...others } = filter;
  const histogram = useQuery(histogramQuery(id, filter));
  const facets = useQuery(histogramQuery(id, others));

  const change = useCallback(
    (next: Partial<Record<keyof AuditSearch, string | undefined>>): void => {
      void navigate({
        search: (before) => {
          const merged = Object.entries({ ...before, ...next }).filter(
            ([, value]) => value !== undefined && value !== '',
          );
          return Object.fromEntries(merged) as AuditSearch;
        },
        replace: !('event' in next),
        resetScroll: false,
      });
    },
    [navigate],
  );
  const open = useCallback((eventId: string | undefined) => change({ event: eventId }), [change]);

  return (
    <>
      <PageHeader
        title="Audit log"
        lead={
          <>
            Events until <Time at={chosen.end_date ?? asOf} />. Each was given a MAC before it was stored.
          </>
        }
        action={
          <>
            <Button
              icon={<Icon name="refresh" />}
              busy={histogram.isFetching}
              onClick={() => setAsOf(new Date().toISOString())}
            >
              Read again
            </Button>
            {mayExport && (
              <Button icon={<Icon name="download" />} onClick={() => setExporting(true)}>
                Export
              </Button>
            )}
          </>
        }
      />
      <div className="flex flex-col gap-4">
        <Filters search={search} onChange={change} />
        <section
          aria-label="Over time"
          className="rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card sm:px-5"
        >
          <EventHistogram
            query={histogram}
            filter={filter}
            narrowed={chosen.start_date !== undefined || chosen.end_date !== undefined}
            onSelect={(span) => change(span)}
          />
          <ActionFacets query={facets} action={search.action} onChange={(action) => change({ action })} />
        </section>
        <EventList
          orgId={id}
          filter={filter}
          total={histogram.data?.total}
          error={histogram.error}
          openId={event}
          onOpen={open}
        />
      </div>
      <Suspense>
        {event !== undefined && (
          <EventSheet orgId={id} eventId={event} onClose={() => open(undefined)} onFilter={change} />
        )}
        {exporting && (
          <ExportSheet orgId={id} filter={chosen} total={histogram.data?.total} onClose={() => setExporting(false)} />
        )}
      </Suspense>
    </>
  );
}
