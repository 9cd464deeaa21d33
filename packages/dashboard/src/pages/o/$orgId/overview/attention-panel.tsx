import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { histogramQuery, trailCheckQuery, type PostureReport } from '../../../../api/queries.ts';
import { whatNeedsAttention, type Attention } from '../../../../posture/attention.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { Button } from '../../../../ui/button.tsx';
import { count } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { lastDays } from './last-days.ts';

const SHOWN = 4;

export function AttentionPanel({ report }: { readonly report: PostureReport | undefined }) {
  const { id } = useOrganization();
  const mayReadTrail = useMay('analyst');
  const [all, setAll] = useState(false);
  const check = useQuery({ ...trailCheckQuery(id), enabled: mayReadTrail });
  const week = useQuery({ ...histogramQuery(id, lastDays(7)), enabled: mayReadTrail });
  const found =
    report === undefined
      ? undefined
      : whatNeedsAttention(
          report,
          { check: check.data, week: week.data, flagged: undefined },
          new Date(report.generated_at),
        );
  return (
    <Panel
      title="What needs attention"
      hint={
        found === undefined || found.length === 0
          ? 'Drawn from the records as they stand'
          : `${count(found.length, 'finding')} in the records as they stand, worst first`
      }
      flush
    >
      {found === undefined ? (
        <div className="h-[14rem] px-5 py-4">
          <Skeleton lines={5} className="h-7" />
        </div>
      ) : found.length === 0 ? (
        <Empty title="Nothing stands out">
          No record of a service falls short, and the checks of the trail found nothing. That is no statement that
          anybody complies with a standard.
        </Empty>
      ) : (
        <>
          <ul className="min-h-[14rem]">
            {found.slice(0, all ? undefined : SHOWN).map((one) => (
              <Line key={one.title} orgId={id} attention={one} />
            ))}
          </ul>
          {found.length > SHOWN && (
            <div className="no-print border-t border-line px-4 py-2">
              <Button look="quiet" size="small" onClick={() => setAll(!all)} aria-expanded={all}>
                {all ? 'Show fewer' : `Show all ${found.length}`}
              </Button>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}

function Line({ orgId, attention }: { readonly orgId: string; readonly attention: Attention }) {
  const { tone, title, detail, to, serviceId, search, action } = attention;
  return (
    <li className="border-b border-line last:border-0">
      <Link
        to={to}
        params={{ orgId, serviceId: serviceId ?? '' }}
        search={(search ?? {}) as never}
        className="group flex items-start gap-3 px-4 py-2.5 hover:bg-sunken sm:px-5"
      >
        <Icon
          name={tone === 'bad' ? 'cross' : 'warning'}
          className={`mt-0.5 size-4.5 ${tone === 'bad' ? 'text-bad' : 'text-warn'}`}
        />
        <span className="min-w-0 flex-1">
          <span className="block text-sm font-medium break-words">{title}</span>
          <span className="block text-[0.8125rem] text-ink-3">{detail}</span>
        </span>
        <span className="no-print mt-0.5 hidden shrink-0 items-center gap-1 text-[0.8125rem] text-accent sm:flex">
          {action}
          <Icon name="arrow" className="size-3.5" />
        </span>
      </Link>
    </li>
  );
}
