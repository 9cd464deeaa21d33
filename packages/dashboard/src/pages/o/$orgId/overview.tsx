import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { postureQuery, type PostureReport } from '../../../api/queries.ts';
import { ShareBar } from '../../../charts/share-bar.tsx';
import { isOverdue } from '../../../posture/backup-schedule.ts';
import { useMay, useOrganization } from '../../../shell/organization.ts';
import { useTitle } from '../../../shell/use-title.ts';
import { Button } from '../../../ui/button.tsx';
import { number } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icons.tsx';
import { PageHeader } from '../../../ui/panel.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Time } from '../../../ui/time.tsx';
import { ActivityPanel } from './overview/activity-panel.tsx';
import { AttentionPanel } from './overview/attention-panel.tsx';
import { BackupPanel } from './overview/backup-panel.tsx';
import { ResidencyPanel } from './overview/residency-panel.tsx';
import { TrailPanel } from './overview/trail-panel.tsx';

export function Overview() {
  useTitle('Overview');
  const { id, name } = useOrganization();
  const mayReadTrail = useMay('analyst');
  const posture = useQuery(postureQuery(id));
  const report = posture.data?.document.report;
  return (
    <>
      <PageHeader
        title={name}
        lead={
          report === undefined ? (
            'What the records show'
          ) : (
            <>
              What the records showed on <Time at={report.generated_at} />
            </>
          )
        }
        action={
          <Button icon={<Icon name="refresh" />} busy={posture.isFetching} onClick={() => void posture.refetch()}>
            Read again
          </Button>
        }
      />
      {posture.error !== null && report === undefined ? (
        <Failed error={posture.error} onRetry={() => void posture.refetch()} />
      ) : (
        <div className="flex flex-col gap-5">
          <Tiles report={report} />
          <div className={mayReadTrail ? 'grid gap-5 xl:grid-cols-[3fr_2fr]' : ''}>
            <AttentionPanel report={report} />
            {mayReadTrail && <TrailPanel />}
          </div>
          <div className={mayReadTrail ? 'grid gap-5 xl:grid-cols-2' : ''}>
            <BackupPanel />
            {mayReadTrail && <ActivityPanel />}
          </div>
          <ResidencyPanel report={report} />
        </div>
      )}
    </>
  );
}

function Tiles({ report }: { readonly report: PostureReport | undefined }) {
  const services = report?.services ?? [];
  const now = new Date(report?.generated_at ?? 0);
  const scheduled = services.filter((one) => one.backup_schedule !== 'none');
  const onTime = scheduled.filter((one) => isOverdue(one.backup_schedule, one.last_backup_at, now) === false);
  const of = (test: (one: (typeof services)[number]) => boolean): number => services.filter(test).length;
  const all = services.length;
  return (
    <ul className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5" aria-busy={report === undefined}>
      <Tile
        name="Resident in the EU"
        part={of((one) => one.eu_residency)}
        whole={all}
        ready={report !== undefined}
        rest="bg-warn-fill"
      />
      <Tile
        name="Storage encrypted"
        part={of((one) => one.storage_encrypted_at_rest)}
        whole={all}
        ready={report !== undefined}
      />
      <Tile name="TLS on" part={of((one) => one.tls_enabled)} whole={all} ready={report !== undefined} />
      <Tile
        name="Backups encrypted"
        part={scheduled.filter((one) => one.backup_encryption !== null).length}
        whole={scheduled.length}
        ready={report !== undefined}
        unit="with backups"
      />
      <Tile
        name="Backups on time"
        part={onTime.length}
        whole={scheduled.length}
        ready={report !== undefined}
        unit="with backups"
      />
    </ul>
  );
}

function Tile({
  name,
  part,
  whole,
  ready,
  unit,
  rest = 'bg-bad-fill',
}: {
  readonly name: string;
  readonly part: number;
  readonly whole: number;
  readonly ready: boolean;
  readonly unit?: string;
  readonly rest?: string;
}): ReactNode {
  const { id } = useOrganization();
  const missing = whole - part;
  return (
    <li className="min-w-0 max-xl:last:max-md:col-span-2">
      <Link
        to="/o/$orgId/records/services"
        params={{ orgId: id }}
        className="block h-full rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card hover:border-line-strong"
      >
        <span className="block text-[0.8125rem] text-ink-3">{name}</span>
        {ready ? (
          <span className="mt-1 flex flex-wrap items-baseline gap-x-1.5">
            <span className="tabular text-2xl font-semibold tracking-tight">{number(part)}</span>
            <span className="text-[0.8125rem] text-ink-3">
              of {number(whole)} {unit ?? (whole === 1 ? 'service' : 'services')}
            </span>
          </span>
        ) : (
          <span className="skeleton mt-2 block h-7 w-24" />
        )}
        <span className="mt-2.5 block">
          <ShareBar
            parts={[
              { name: 'yes', value: part, className: 'bg-ok-fill' },
              { name: 'no', value: missing, className: rest },
            ]}
          />
        </span>
      </Link>
    </li>
  );
}
