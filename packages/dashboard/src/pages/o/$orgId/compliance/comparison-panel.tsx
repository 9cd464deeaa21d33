import type { ControlStatus } from '@veritrail/controls';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { comparisonQuery } from '../../../../api/queries.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Skeleton } from '../../../../ui/states.tsx';
import { Time } from '../../../../ui/time.tsx';
import { STATUSES } from './statuses.ts';

export function ComparisonPanel({
  orgId,
  reportId,
  other,
}: {
  readonly orgId: string;
  readonly reportId: string;
  readonly other: string;
}) {
  const query = useQuery(comparisonQuery(orgId, reportId, other));
  return (
    <div className="mt-4">
      <Loaded query={query} skeleton={<Skeleton lines={4} className="h-6" />}>
        {({ before, after, statuses, exceptions, services, catalogue_changed: catalogueChanged }) => {
          const nothing =
            statuses.length === 0 && services.added.length + services.ended.length + services.changed.length === 0;
          return (
            <div className="flex flex-col gap-4 text-sm" role="status">
              <p className="text-ink-3">
                From the one of <Time at={before.generated_at} /> to that of <Time at={after.generated_at} />
              </p>
              {catalogueChanged && <p>The two were judged by different editions of the catalogue.</p>}
              {nothing && <p className="font-medium">No status changed, and no service.</p>}
              {statuses.length > 0 && (
                <Group title="Statuses">
                  {statuses.map((one) => (
                    <li key={one.control_id} className="flex flex-wrap items-center gap-2">
                      <span className="w-28 font-medium">{one.control_id}</span>
                      <Status status={one.before} />
                      <Icon name="arrow" className="size-3.5 text-ink-3" />
                      <span className="sr-only">became</span>
                      <Status status={one.after} />
                    </li>
                  ))}
                </Group>
              )}
              {exceptions.opened.length > 0 && (
                <Group title="New exceptions">
                  <li>{exceptions.opened.join(', ')}</li>
                </Group>
              )}
              {exceptions.closed.length > 0 && (
                <Group title="Exceptions that are mended">
                  <li>{exceptions.closed.join(', ')}</li>
                </Group>
              )}
              {exceptions.vanished.length > 0 && (
                <Group title="Exceptions out of sight: not mended, nothing can be said now">
                  <li>{exceptions.vanished.join(', ')}</li>
                </Group>
              )}
              {services.added.length + services.ended.length + services.changed.length > 0 && (
                <Group title="Services">
                  {services.added.map((one) => (
                    <li key={one.service_id}>{one.name}: new</li>
                  ))}
                  {services.ended.map((one) => (
                    <li key={one.service_id}>{one.name}: ended</li>
                  ))}
                  {services.changed.map((one) => (
                    <li key={one.service_id}>
                      {one.name}:{' '}
                      {one.facts
                        .map((fact) => `${fact.fact.replaceAll('_', ' ')} ${words(fact.before)} → ${words(fact.after)}`)
                        .join('; ')}
                    </li>
                  ))}
                </Group>
              )}
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1 text-[0.8125rem] font-semibold">{title}</h3>
      <ul className="flex flex-col gap-1">{children}</ul>
    </div>
  );
}

function Status({ status }: { readonly status: ControlStatus | null }) {
  if (status === null) return <Badge>not in the catalogue</Badge>;
  return <Badge tone={STATUSES[status].tone}>{STATUSES[status].name}</Badge>;
}

function words(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
