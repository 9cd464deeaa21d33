import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';

import { call } from '../../../../api/call.ts';
import { backupDaysQuery, backupsQuery, historyQuery, servicesQuery, type Service } from '../../../../api/queries.ts';
import { BackupCalendar } from '../../../../charts/backup-calendar.tsx';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge, YesNo } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Confirm } from '../../../../ui/confirm.tsx';
import { Copyable } from '../../../../ui/copyable.tsx';
import { count } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Fact, Facts, PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Time } from '../../../../ui/time.tsx';
import { tell } from '../../../../ui/toasts.tsx';
import { ServiceHistory } from './service-history.tsx';

const ServiceForm = lazy(() => import('./service-form.tsx'));

export function ServicePage() {
  const { orgId, serviceId } = useParams({ from: '/o/$orgId/records/services/$serviceId' });
  const services = useQuery(servicesQuery(orgId));
  const history = useQuery(historyQuery(orgId, serviceId));
  const service = services.data?.find((one) => one.service_id === serviceId);
  const newest = history.data?.items.at(-1);
  useTitle(newest?.name ?? 'Service');
  return (
    <Loaded query={history} skeleton={<Skeleton lines={12} className="h-8" />}>
      {({ items, total }) => (
        <>
          <PageHeader
            title={newest?.name ?? ''}
            lead={
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                {newest?.database_type}
                <Copyable text={serviceId} label="service id" />
              </span>
            }
            action={service !== undefined && <Actions service={service} />}
          />
          <div className="flex flex-col gap-5">
            {services.data !== undefined && service === undefined && (
              <Notice tone="neutral" title="This service has ended">
                Its history and backups stay, and packets over its time still speak of it.
              </Notice>
            )}
            <div className="grid gap-5 xl:grid-cols-2">
              {service !== undefined && <NowPanel service={service} />}
              <Panel
                title="History"
                hint={`${count(total, 'version')}, newest first; each from when to when it was true`}
              >
                <ServiceHistory versions={items} />
              </Panel>
            </div>
            {service !== undefined && <BackupPanels orgId={orgId} serviceId={serviceId} />}
          </div>
        </>
      )}
    </Loaded>
  );
}

function Actions({ service }: { readonly service: Service }) {
  const { id: orgId } = useOrganization();
  const mayChange = useMay('admin');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'change' | 'end'>();
  if (!mayChange) return null;
  return (
    <>
      <Button onClick={() => setOpen('change')}>Change</Button>
      <Button look="danger" onClick={() => setOpen('end')}>
        End the service
      </Button>
      <Suspense>{open === 'change' && <ServiceForm service={service} onClose={() => setOpen(undefined)} />}</Suspense>
      <Confirm
        open={open === 'end'}
        onClose={() => setOpen(undefined)}
        title={`End ${service.name}?`}
        action="End it"
        onConfirm={async () => {
          await call('delete', '/organizations/{orgId}/services/{serviceId}', {
            path: { orgId, serviceId: service.service_id },
          });
          await queryClient.invalidateQueries({ queryKey: [orgId] });
          tell(`${service.name} was ended.`);
          await navigate({ to: '/o/$orgId/records/services', params: { orgId } });
        }}
      >
        <p>It leaves the posture report from now on. Its history and its backups stay on record.</p>
      </Confirm>
    </>
  );
}

function NowPanel({ service }: { readonly service: Service }) {
  return (
    <Panel title="As it stands">
      <Facts>
        <Fact name="Zones">
          {service.zones.length === 0 ? (
            'None'
          ) : (
            <span className="font-mono text-[0.8125rem]">{service.zones.join(', ')}</span>
          )}
        </Fact>
        <Fact name="Storage encrypted">
          <YesNo value={service.storage_encrypted_at_rest} />
        </Fact>
        <Fact name="TLS">
          <YesNo value={service.tls_enabled} yes="On" no="Off" />
        </Fact>
        <Fact name="Backups">{service.backup_schedule === 'none' ? 'None' : service.backup_schedule}</Fact>
        {service.backup_schedule !== 'none' && (
          <Fact name="Backup encryption">
            {service.backup_encryption === null ? (
              <Badge tone="bad">None</Badge>
            ) : (
              <Badge tone="ok">{service.backup_encryption}</Badge>
            )}
          </Fact>
        )}
        <Fact name="Backups are kept">{count(service.backup_retention_days, 'day')}</Fact>
        <Fact name="Recorded since">
          <Time at={service.created_at} />
        </Fact>
        <Fact name="Last changed">
          <Time at={service.updated_at} />
        </Fact>
      </Facts>
    </Panel>
  );
}

function BackupPanels({ orgId, serviceId }: { readonly orgId: string; readonly serviceId: string }) {
  const days = useQuery(backupDaysQuery(orgId, 371, serviceId));
  const backups = useQuery(backupsQuery(orgId, serviceId));
  return (
    <>
      <Panel title="Backups by day" hint="Against the schedule of each day, over a year, in UTC">
        <Loaded query={days} skeleton={<div className="skeleton h-36" />}>
          {({ items: [own] }) => <BackupCalendar days={own?.days ?? []} />}
        </Loaded>
      </Panel>
      <Loaded query={backups} skeleton={<Skeleton lines={6} className="h-7" />}>
        {({ items, total }) => (
          <Panel
            title="Latest backups"
            hint={
              total > items.length ? `The newest ${items.length} of ${count(total, 'backup')}` : count(total, 'backup')
            }
            flush
          >
            {items.length === 0 ? (
              <Empty title="No backup is recorded">
                Your platform reports each backup to the API:{' '}
                <Link to="/o/$orgId/admin/api-keys" params={{ orgId }} className="text-accent underline">
                  it needs an API key
                </Link>
                .
              </Empty>
            ) : (
              <Table
                caption="Latest backups"
                rows={items}
                keyOf={(backup) => backup.backup_id}
                columns={[
                  { name: 'Completed', main: true, cell: (backup) => <Time at={backup.completed_at} /> },
                  {
                    name: 'Outcome',
                    cell: (backup) =>
                      backup.status === 'completed' ? (
                        <Badge tone="ok">Completed</Badge>
                      ) : (
                        <Badge tone="bad">Failed</Badge>
                      ),
                  },
                  { name: 'Type', cell: (backup) => backup.type },
                  { name: 'Recorded', cell: (backup) => <Time at={backup.recorded_at} /> },
                ]}
              />
            )}
          </Panel>
        )}
      </Loaded>
    </>
  );
}
