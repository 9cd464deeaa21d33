import { FRAMEWORK_IDS } from '@veritrail/formats';
import { Type } from 'typebox';

import { scheduleFramework, unscheduleFramework } from '../../evidence/packets/manage-schedules.ts';
import { listRuns, listSchedules } from '../../evidence/packets/schedule-store.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { closed, nullable, OrganizationPath, Time, Uuid } from '../schemas.ts';

const FrameworkName = Type.Enum([...FRAMEWORK_IDS]);
const FrameworkPath = Type.Object({ orgId: Uuid, framework: FrameworkName });
const CadenceName = Type.Enum(['monthly', 'quarterly']);

const Schedule = Type.Object({
  framework: FrameworkName,
  cadence: CadenceName,
  next_due_at: Time,
  created_at: Time,
});
const Run = Type.Object({
  framework: FrameworkName,
  due_at: Time,
  status: Type.Enum(['complete', 'failed', 'missed']),
  report_id: nullable(Uuid),
  reason: nullable(Type.String()),
});

/** More are in the audit trail. */
const MOST_RUNS = 100;

export function packetScheduleRoutes(door: Door, parts: { readonly ground: Ground }): void {
  const { ground } = parts;
  const path = '/organizations/:orgId/compliance-schedules';
  const changing = { access: { organization: 'path', role: 'admin' } } as const;

  door.get(
    path,
    {
      config: { access: { organization: 'path', role: 'member' } },
      schema: {
        operationId: 'listSchedules',
        tags: ['Evidence packets'],
        summary: 'Which packets are made by themselves, and the last hundred runs',
        params: OrganizationPath,
        response: answers(
          { 200: Type.Object({ items: Type.Array(Schedule), runs: Type.Array(Run) }) },
          401,
          403,
          404,
          503,
        ),
      },
    },
    async (request) => {
      const { no } = callerOf(request).organization;
      return ground.db.scoped(no, async (tx) => ({
        items: await listSchedules(tx, no),
        runs: await listRuns(tx, no, MOST_RUNS),
      }));
    },
  );

  door.put(
    `${path}/:framework`,
    {
      config: changing,
      schema: {
        operationId: 'scheduleFramework',
        tags: ['Evidence packets'],
        summary: 'Make packets of a framework by themselves, each over the calendar month or quarter that ended',
        params: FrameworkPath,
        body: closed({ cadence: CadenceName }),
        response: answers({ 200: Schedule }, 401, 402, 403, 404, 422, 503),
      },
    },
    async (request) => {
      const { framework } = request.params;
      return scheduleFramework(ground, callerOf(request), framework, request.body.cadence);
    },
  );

  door.delete(
    `${path}/:framework`,
    {
      config: changing,
      schema: {
        operationId: 'unscheduleFramework',
        tags: ['Evidence packets'],
        summary: 'Make no more packets of a framework by themselves',
        params: FrameworkPath,
        response: answers({ 204: Type.Null() }, 401, 403, 404, 503),
      },
    },
    async (request, reply) => {
      await unscheduleFramework(ground, callerOf(request), request.params.framework);
      return reply.code(204).send(null);
    },
  );
}
