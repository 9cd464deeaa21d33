import { countBackupDays } from '../../posture/backup-store.ts';
import { BACKUP_SCHEDULES } from '../../posture/service.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { OrganizationPath, Uuid } from '../schemas.ts';
import { Type } from '../type.ts';

const Days = Type.Object({
  service_id: Uuid,
  days: Type.Array(
    Type.Object({
      day: Type.String({ format: 'date', description: 'In UTC' }),
      schedule: Type.Enum([...BACKUP_SCHEDULES], { description: 'As it stood at the end of the day' }),
      completed: Type.Integer(),
      failed: Type.Integer(),
    }),
  ),
});

export function backupDayRoutes(door: Door, parts: { ground: Ground }): void {
  const { ground } = parts;

  door.get(
    '/organizations/:orgId/backup-days',
    {
      config: { access: { organization: 'path', role: 'member' } },
      schema: {
        operationId: 'countBackupsByDay',
        tags: ['Records'],
        summary: 'Backups of each service by day, beside the schedule that it had; the days up to today',
        params: OrganizationPath,
        querystring: Type.Object(
          {
            days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400, default: 30 })),
            service_id: Type.Optional(Uuid),
            page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 })),
            page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 })),
          },
          { additionalProperties: false },
        ),
        response: answers(
          {
            200: Type.Object({
              items: Type.Array(Days),
              total: Type.Integer(),
              page: Type.Integer(),
              page_size: Type.Integer(),
            }),
          },
          401,
          403,
          404,
          422,
        ),
      },
    },
    async (request) => {
      const { no } = callerOf(request).organization;
      const { days = 30, page = 1, page_size: limit = 100, service_id: serviceId } = request.query;
      const asked = { now: ground.clock(), days, serviceId: serviceId?.toLowerCase() };
      const { services, total } = await ground.db.scoped(no, (tx) =>
        countBackupDays(tx, no, asked, { limit, offset: (page - 1) * limit }),
      );
      return { items: services, total, page, page_size: limit };
    },
  );
}
