import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';

import { servicesQuery, type Service } from '../../../../api/queries.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { YesNo } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { count } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Day } from '../../../../ui/time.tsx';

const ServiceForm = lazy(() => import('./service-form.tsx'));

export function Services() {
  useTitle('Services');
  const { id } = useOrganization();
  const mayChange = useMay('admin');
  const [creating, setCreating] = useState(false);
  const query = useQuery(servicesQuery(id));
  const add = (
    <Button look="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>
      Record a service
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Services"
        lead="What the posture report and evidence packets speak of. A change keeps what was true before."
        action={mayChange && add}
      />
      <Loaded query={query} skeleton={<Skeleton lines={10} className="h-9" />}>
        {(services) => (
          <Panel title={count(services.length, 'service')} hint="As they stand now, oldest first" flush>
            {services.length === 0 ? (
              <Empty title="No services are recorded" action={mayChange && add}>
                {mayChange
                  ? 'Record the first by hand here, or let your platform send them to the API.'
                  : 'An admin can record them, or your platform sends them to the API.'}
              </Empty>
            ) : (
              <ServiceTable services={services} orgId={id} />
            )}
          </Panel>
        )}
      </Loaded>
      <Suspense>{creating && <ServiceForm onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}

function ServiceTable({ services, orgId }: { readonly services: readonly Service[]; readonly orgId: string }) {
  return (
    <Table
      caption="Services"
      rows={services}
      keyOf={(service) => service.service_id}
      columns={[
        {
          name: 'Service',
          main: true,
          cell: (service) => (
            <>
              <Link
                to="/o/$orgId/records/services/$serviceId"
                params={{ orgId, serviceId: service.service_id }}
                className="font-medium text-accent hover:underline"
              >
                {service.name}
              </Link>
              <span className="block text-xs text-ink-3">{service.database_type}</span>
            </>
          ),
        },
        {
          name: 'Zones',
          cell: (service) => <span className="font-mono text-[0.8125rem]">{service.zones.join(', ') || '–'}</span>,
        },
        { name: 'Storage encrypted', cell: (service) => <YesNo value={service.storage_encrypted_at_rest} /> },
        { name: 'TLS', cell: (service) => <YesNo value={service.tls_enabled} yes="On" no="Off" /> },
        {
          name: 'Backups',
          cell: (service) => (
            <>
              {service.backup_schedule === 'none' ? 'None' : service.backup_schedule}
              {service.backup_schedule !== 'none' && (
                <span className="block text-xs text-ink-3">
                  {service.backup_encryption ?? 'not encrypted'}, kept {count(service.backup_retention_days, 'day')}
                </span>
              )}
            </>
          ),
        },
        { name: 'Since', cell: (service) => <Day at={service.created_at} /> },
        { name: 'Changed', cell: (service) => <Day at={service.updated_at} /> },
      ]}
    />
  );
}
