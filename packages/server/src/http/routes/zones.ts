import type { ZoneCatalogue } from '../../posture/zone-catalogue.ts';
import { answers, type Door } from '../door.ts';
import { items, Zone } from '../schemas.ts';

export function zoneRoutes(door: Door, parts: { zones: ZoneCatalogue }): void {
  const list = {
    items: parts.zones.list().map(({ zone, region, country, eu }) => ({ zone, region, country, eu })),
  };
  door.get(
    '/zones',
    {
      config: { access: 'any' },
      schema: {
        operationId: 'listZones',
        tags: ['Records'],
        summary: 'The zone catalogue: where each zone is',
        response: answers({ 200: items(Zone) }, 401),
      },
    },
    async () => list,
  );
}
