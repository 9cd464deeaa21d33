import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { servicesQuery, zonesQuery, type Zone } from '../../../../api/queries.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { countryName } from '../../../../ui/country.ts';
import { CheckField, TextField } from '../../../../ui/field.tsx';
import { count } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';

const STEP = 100;

export function Zones() {
  useTitle('Zones');
  const zones = useQuery(zonesQuery());
  return (
    <>
      <PageHeader
        title="Zones"
        lead="Where each zone lies. EU residency is judged by this catalogue; a zone that is not in it counts as outside."
      />
      <Loaded query={zones} skeleton={<Skeleton lines={12} className="h-8" />}>
        {(all) => <ZoneList zones={all} />}
      </Loaded>
    </>
  );
}

function ZoneList({ zones }: { readonly zones: readonly Zone[] }) {
  const { id } = useOrganization();
  const services = useQuery(servicesQuery(id));
  const [text, setText] = useState('');
  const [onlyEu, setOnlyEu] = useState(false);
  const [onlyUsed, setOnlyUsed] = useState(false);
  const [most, setMost] = useState(STEP);
  const users = new Map<string, string[]>();
  for (const service of services.data ?? []) {
    for (const zone of service.zones) users.set(zone, [...(users.get(zone) ?? []), service.name]);
  }
  const wanted = text.trim().toLowerCase();
  const found = zones.filter(
    ({ zone, country, region, eu }) =>
      (!onlyEu || eu) &&
      (!onlyUsed || users.has(zone)) &&
      (wanted === '' || `${zone} ${countryName(country)} ${country} ${region}`.toLowerCase().includes(wanted)),
  );
  return (
    <>
      <div className="no-print mb-4 flex flex-wrap items-end gap-x-5 gap-y-3">
        <TextField
          className="w-full sm:w-72"
          label="Find"
          type="search"
          placeholder="Zone, country or region"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="flex flex-wrap gap-x-5 gap-y-2 pb-2">
          <CheckField label="In the EU" checked={onlyEu} onChange={(event) => setOnlyEu(event.currentTarget.checked)} />
          <CheckField
            label="Used by our services"
            checked={onlyUsed}
            onChange={(event) => setOnlyUsed(event.currentTarget.checked)}
          />
        </div>
      </div>
      <Panel title={count(found.length, 'zone')} flush>
        {found.length === 0 ? (
          <Empty title="No zone is like that">
            Whoever runs the server can add zones of their own: docs/operating/zones.md.
          </Empty>
        ) : (
          <Table
            caption="Zones"
            rows={found.slice(0, most)}
            keyOf={(zone) => zone.zone}
            columns={[
              {
                name: 'Zone',
                main: true,
                cell: (zone) => <code className="font-mono text-[0.8125rem] font-medium">{zone.zone}</code>,
              },
              { name: 'Country', cell: (zone) => countryName(zone.country) },
              {
                name: 'Region',
                cell: (zone) => <span className="text-ink-2">{zone.region.replaceAll('_', ' ')}</span>,
              },
              { name: 'EU member state', cell: (zone) => (zone.eu ? <Badge tone="ok">Yes</Badge> : <Badge>No</Badge>) },
              {
                name: 'Used by',
                cell: (zone) => users.get(zone.zone)?.join(', ') ?? <span className="text-ink-3">–</span>,
              },
            ]}
          />
        )}
        {found.length > most && (
          <div className="border-t border-line px-5 py-2.5">
            <Button size="small" onClick={() => setMost(most + STEP)}>
              Show more
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}
