import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { packetsQuery, subscriptionsQuery, type PacketItem, type Subscription } from '../../../../api/queries.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { count } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Day, Time } from '../../../../ui/time.tsx';
import { PacketDownloads } from './downloads.tsx';
import { GenerateSheet } from './generate-sheet.tsx';
import { STATUS_NAMES, STATUSES } from './statuses.ts';
import { SubscriptionPanel } from './subscription-panel.tsx';
import { ComplianceTabs } from './tabs.tsx';

export function Packets() {
  useTitle('Evidence packets');
  const { id } = useOrganization();
  const subscriptions = useQuery(subscriptionsQuery(id));
  const packets = useQuery(packetsQuery(id));
  const [making, setMaking] = useState<Subscription['framework']>();
  const open = subscriptions.data?.filter((one) => one.enabled) ?? [];
  const [first] = open;
  return (
    <>
      <PageHeader
        title="Evidence packets"
        lead="What the records of a period show, control by control, signed with a key that anybody can check. A packet is evidence for a reader’s own judgement, not a certificate."
        action={
          <Button
            look="primary"
            icon={<Icon name="plus" />}
            disabled={first === undefined}
            title={first === undefined ? 'Subscribe to a framework first' : undefined}
            onClick={() => setMaking(first?.framework)}
          >
            Generate a packet
          </Button>
        }
      />
      <ComplianceTabs />
      <div className="flex flex-col gap-5">
        <Loaded query={subscriptions} skeleton={<Skeleton lines={4} className="h-14" />}>
          {(all) => <SubscriptionPanel subscriptions={all} onGenerate={setMaking} />}
        </Loaded>
        <Loaded query={packets} skeleton={<Skeleton lines={5} className="h-9" />}>
          {({ items, total }) => (
            <Panel title={count(total, 'packet')} hint="Newest first. Packets stay when a subscription ends." flush>
              {items.length === 0 ? (
                <Empty title="No packet was made yet">
                  Subscribe to a framework, then generate the first. It takes some seconds.
                </Empty>
              ) : (
                <PacketTable
                  packets={items}
                  names={new Map(subscriptions.data?.map((one) => [one.framework, one.name]))}
                />
              )}
            </Panel>
          )}
        </Loaded>
      </div>
      {making !== undefined && (
        <GenerateSheet subscriptions={open} framework={making} onClose={() => setMaking(undefined)} />
      )}
    </>
  );
}

function PacketTable({
  packets,
  names,
}: {
  readonly packets: readonly PacketItem[];
  readonly names: ReadonlyMap<string, string>;
}) {
  const { id } = useOrganization();
  return (
    <Table
      caption="Evidence packets"
      rows={packets}
      keyOf={(packet) => packet.report_id}
      columns={[
        {
          name: 'Framework',
          main: true,
          cell: (packet) =>
            packet.status === 'complete' ? (
              <Link
                to="/o/$orgId/compliance/packets/$reportId"
                params={{ orgId: id, reportId: packet.report_id }}
                search={{}}
                className="font-medium text-accent hover:underline"
              >
                {names.get(packet.framework) ?? packet.framework}
              </Link>
            ) : (
              <span className="font-medium">{names.get(packet.framework) ?? packet.framework}</span>
            ),
        },
        {
          name: 'Period',
          cell: (packet) => (
            <>
              <Day at={packet.period_start} /> to <Day at={packet.period_end} />
            </>
          ),
        },
        { name: 'Generated', cell: (packet) => <Time at={packet.generated_at} /> },
        {
          name: 'Controls',
          cell: (packet) =>
            packet.status === 'failed' ? (
              <Badge tone="bad">Failed: {(packet.failure ?? 'unknown').replaceAll('_', ' ')}</Badge>
            ) : (
              <StatusCounts counts={packet.status_counts ?? {}} />
            ),
        },
        {
          name: 'Download',
          quietName: true,
          align: 'end',
          cell: (packet) =>
            packet.status === 'complete' && (
              <PacketDownloads reportId={packet.report_id} framework={packet.framework} size="small" />
            ),
        },
      ]}
    />
  );
}

export function StatusCounts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  return (
    <span className="flex flex-wrap gap-1">
      {STATUS_NAMES.filter((status) => (counts[status] ?? 0) > 0).map((status) => (
        <Badge key={status} tone={STATUSES[status].tone} sign={false}>
          {counts[status]} {STATUSES[status].name}
        </Badge>
      ))}
    </span>
  );
}
