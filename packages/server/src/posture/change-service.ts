import { isDeepStrictEqual } from 'node:util';

import { v7 as uuidv7 } from 'uuid';

import type { Queryable } from '../storage/database.ts';
import type { Caller, DeedDetail, Ground } from '../tenancy/ground.ts';
import { PostureError } from './posture-error.ts';
import { FACT_NAMES, type Service, type ServiceFacts } from './service.ts';
import { countServices, endService, insertService, lockService, putVersion, reviveService } from './service-store.ts';

/** Keeps a posture report at some 4 MB and its making in one read. */
export const MAX_SERVICES = 10_000;

/** @throws {PostureError} `too_many_services` */
export async function createService(ground: Ground, caller: Caller, facts: ServiceFacts): Promise<Service> {
  const { service } = await putService(ground, caller, uuidv7(), facts);
  return service;
}

/**
 * Creates or replaces a service under the caller's own id. What is the same as before changes nothing and is no event.
 *
 * @throws {PostureError} `too_many_services`
 */
export async function putService(
  ground: Ground,
  caller: Caller,
  serviceId: string,
  facts: ServiceFacts,
): Promise<{ service: Service; created: boolean }> {
  const { no } = caller.organization;
  return ground.db.scoped(no, async (tx) => {
    const at = ground.clock();
    await insertService(tx, no, serviceId, at);
    const before = await lockService(tx, no, serviceId);
    if (before !== undefined) return { service: await store(ground, tx, caller, before, facts), created: false };
    if ((await countServices(tx, no)) >= MAX_SERVICES) {
      throw new PostureError(
        'too_many_services',
        `Delete a service first: an organization keeps at most ${MAX_SERVICES}.`,
      );
    }
    const revivedAt = await reviveService(tx, no, serviceId, at);
    await putVersion(tx, no, serviceId, facts, revivedAt ?? at);
    const service = await lockService(tx, no, serviceId);
    if (service === undefined) throw new Error('a service just stored is gone');
    await ground.recordDeed(tx, no, caller.actor, {
      action: 'CREATE',
      resourceType: 'service',
      resourceId: serviceId,
      details: detailsOf(facts),
    });
    return { service, created: true };
  });
}

/** @throws {PostureError} `service_not_found` */
export async function changeService(
  ground: Ground,
  caller: Caller,
  serviceId: string,
  change: Partial<ServiceFacts>,
): Promise<Service> {
  return ground.db.scoped(caller.organization.no, async (tx) => {
    const before = await lockService(tx, caller.organization.no, serviceId);
    if (before === undefined) throw notFound();
    return store(ground, tx, caller, before, { ...before, ...change });
  });
}

/** Ends the service; its history and backups stay. @throws {PostureError} `service_not_found` */
export async function removeService(ground: Ground, caller: Caller, serviceId: string): Promise<void> {
  await ground.db.scoped(caller.organization.no, async (tx) => {
    const before = await lockService(tx, caller.organization.no, serviceId);
    if (before === undefined) throw notFound();
    await endService(tx, caller.organization.no, serviceId, ground.clock());
    await ground.recordDeed(tx, caller.organization.no, caller.actor, {
      action: 'DELETE',
      resourceType: 'service',
      resourceId: serviceId,
      details: { name: before.name },
    });
  });
}

async function store(
  ground: Ground,
  tx: Queryable,
  caller: Caller,
  before: Service,
  facts: ServiceFacts,
): Promise<Service> {
  const changed: Record<string, DeedDetail> = {};
  for (const name of FACT_NAMES) {
    if (!isDeepStrictEqual(before[name], facts[name])) changed[name] = { from: before[name], to: facts[name] };
  }
  if (Object.keys(changed).length === 0) return before;
  await putVersion(tx, caller.organization.no, before.service_id, facts, ground.clock());
  const after = await lockService(tx, caller.organization.no, before.service_id);
  if (after === undefined) throw new Error('a service just stored is gone');
  await ground.recordDeed(tx, caller.organization.no, caller.actor, {
    action: 'UPDATE',
    resourceType: 'service',
    resourceId: before.service_id,
    details: { changed },
  });
  return after;
}

function detailsOf(facts: ServiceFacts): Record<string, DeedDetail> {
  return Object.fromEntries(FACT_NAMES.map((name) => [name, facts[name]]));
}

function notFound(): PostureError {
  return new PostureError('service_not_found', 'Name a service that the list of services shows.');
}
