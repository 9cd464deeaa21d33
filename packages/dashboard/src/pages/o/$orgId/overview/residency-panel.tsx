import { useQuery } from '@tanstack/react-query';

import { zonesQuery, type PostureReport } from '../../../../api/queries.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { countryName } from '../../../../ui/country.ts';
import { count } from '../../../../ui/format.ts';
import { Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';

interface Place {
  readonly key: string;
  readonly country: string | undefined;
  readonly region: string;
  readonly eu: boolean;
  readonly zones: Set<string>;
  readonly services: Set<string>;
}

export function ResidencyPanel({ report }: { readonly report: PostureReport | undefined }) {
  const zones = useQuery(zonesQuery());
  return (
    <Panel
      title="Where data lies"
      hint={
        report === undefined || report.service_count === 0
          ? 'Zones of services, by country'
          : report.all_services_eu_residency
            ? 'Every zone of every service lies in a member state of the EU'
            : 'Not every service lies wholly in the EU; one zone outside is enough'
      }
      flush
    >
      {report === undefined || zones.data === undefined ? (
        <div className="px-5 py-4">
          <Skeleton lines={4} className="h-6" />
        </div>
      ) : report.service_count === 0 ? (
        <Empty title="No services are recorded" />
      ) : (
        <PlaceTable report={report} countries={new Map(zones.data.map((zone) => [zone.zone, zone]))} />
      )}
    </Panel>
  );
}

function PlaceTable({
  report,
  countries,
}: {
  readonly report: PostureReport;
  readonly countries: ReadonlyMap<string, { readonly country: string; readonly eu: boolean }>;
}) {
  const places = new Map<string, Place>();
  for (const service of report.services) {
    service.zones.forEach((zone, at) => {
      const known = countries.get(zone);
      const region = service.regions[at] ?? 'unknown';
      const key = known?.country ?? 'unknown';
      const place = places.get(key) ?? {
        key,
        country: known?.country,
        region,
        eu: known?.eu ?? false,
        zones: new Set<string>(),
        services: new Set<string>(),
      };
      place.zones.add(zone);
      place.services.add(service.name);
      places.set(key, place);
    });
  }
  const rows = [...places.values()].sort((one, other) => other.services.size - one.services.size);
  return (
    <Table
      caption="Countries in which services have zones"
      rows={rows}
      keyOf={(place) => place.key}
      columns={[
        {
          name: 'Country',
          main: true,
          cell: (place) => (
            <span className="font-medium">
              {place.country === undefined ? 'Not in the catalogue' : countryName(place.country)}
            </span>
          ),
        },
        { name: 'Region', cell: (place) => <span className="text-ink-2">{place.region.replaceAll('_', ' ')}</span> },
        {
          name: 'EU member state',
          cell: (place) =>
            place.country === undefined ? (
              <Badge tone="warn">Not known</Badge>
            ) : place.eu ? (
              <Badge tone="ok">Yes</Badge>
            ) : (
              <Badge tone="warn">No</Badge>
            ),
        },
        {
          name: 'Zones',
          cell: (place) => <span className="font-mono text-[0.8125rem] text-ink-2">{[...place.zones].join(', ')}</span>,
        },
        {
          name: 'Services',
          align: 'end',
          cell: (place) => <span title={[...place.services].join(', ')}>{count(place.services.size, 'service')}</span>,
        },
      ]}
    />
  );
}
