import type { Framework } from '@veritrail/formats';

import type { Caller, Ground } from '../../tenancy/ground.ts';
import { insistOnSubscription } from '../../tenancy/manage-subscriptions.ts';
import { EvidenceError } from '../evidence-error.ts';
import { dueAfter } from './schedule.ts';
import {
  deleteSchedule,
  findSchedule,
  lockSchedules,
  putSchedule,
  type Cadence,
  type ScheduleRow,
} from './schedule-store.ts';

/**
 * From the calendar month or quarter that is running on. The same again changes nothing.
 *
 * @throws {TenancyError} `not_subscribed`
 */
export async function scheduleFramework(
  ground: Ground,
  caller: Caller,
  framework: Framework,
  cadence: Cadence,
): Promise<ScheduleRow> {
  const { organization, actor } = caller;
  return ground.db.scoped(organization.no, async (tx) => {
    await insistOnSubscription(tx, organization, framework);
    // Of several that come first at once, one makes it: there is no row yet that they could wait at.
    await lockSchedules(tx, organization.no);
    const before = await findSchedule(tx, organization.no, framework);
    if (before?.cadence === cadence) return before;
    const at = ground.clock();
    const nextDueAt = dueAfter(cadence, at);
    await putSchedule(tx, organization.no, { framework, cadence, nextDueAt }, { id: actor.id, at });
    const after = await findSchedule(tx, organization.no, framework);
    if (after === undefined) throw new Error('a schedule just stored is gone');
    await ground.recordDeed(tx, organization.no, actor, {
      action: before === undefined ? 'CREATE' : 'UPDATE',
      resourceType: 'packet_schedule',
      resourceId: framework,
      details: { cadence, next_due_at: nextDueAt },
    });
    return after;
  });
}

/** @throws {EvidenceError} `schedule_not_found` */
export async function unscheduleFramework(ground: Ground, caller: Caller, framework: Framework): Promise<void> {
  const { organization, actor } = caller;
  await ground.db.scoped(organization.no, async (tx) => {
    if (!(await deleteSchedule(tx, organization.no, framework))) {
      throw new EvidenceError('schedule_not_found', 'Name a framework that the list of schedules shows.');
    }
    await ground.recordDeed(tx, organization.no, actor, {
      action: 'DELETE',
      resourceType: 'packet_schedule',
      resourceId: framework,
      details: {},
    });
  });
}
