import { createHash } from 'node:crypto';

import type { Queryable } from '../storage/database.ts';
import type { Caller, Ground } from '../tenancy/ground.ts';
import { canonicalText, type Plain } from './canonical-text.ts';
import {
  countRecords,
  countStandingRecords,
  findDeclaration,
  findServicesEver,
  insertDeclaration,
  lockDeclarations,
  type DeclarationVersion,
} from './declaration-store.ts';
import { firstAhead, HAPPENED_IN_DECLARATIONS } from './happened-times.ts';
import { PostureError } from './posture-error.ts';

/** Keeps what a packet carries of them within bounds. */
export const MAX_DECLARATIONS = 10_000;
/** Of one, as canonical JSON: the longest text and a long list fit. */
const MAX_DATA_LENGTH = 128 * 1024;

export interface DeclarationRef {
  readonly kind: string;
  readonly recordId: string;
}

export interface NewDeclaration {
  readonly owner: string;
  /** In a year, if it isn't said. */
  readonly validUntil: Date | undefined;
  /** Of the form that belongs to the kind; the door sees to that. */
  readonly data: Plain;
  /** Services that the data names. */
  readonly serviceIds: readonly string[];
}

/**
 * Declares or declares anew. The same owner and data again change nothing and are no event, unless another `validUntil`
 * is said or what was declared no longer holds.
 *
 * @throws {PostureError} `declaration_expired`, `declaration_in_future`, `declaration_too_large`, `service_unknown`,
 * `too_many_declarations`
 */
export async function declare(
  ground: Ground,
  caller: Caller,
  { kind, recordId }: DeclarationRef,
  declared: NewDeclaration,
): Promise<{ readonly declaration: DeclarationVersion; readonly created: boolean }> {
  const { no } = caller.organization;
  return ground.db.scoped(no, async (tx) => {
    await lockDeclarations(tx, no);
    const at = ground.clock();
    const until = validUntil(at, declared.validUntil);
    const ahead = firstAhead(declared.data, HAPPENED_IN_DECLARATIONS[kind], at);
    if (ahead !== undefined) {
      throw new PostureError(
        'declaration_in_future',
        `\`data.${ahead}\` must not be in the future: say it once it is so.`,
      );
    }
    await refuseUnknownServices(tx, no, declared.serviceIds);
    const data = canonicalText(declared.data);
    if (data.length > MAX_DATA_LENGTH) {
      throw new PostureError('declaration_too_large', 'Declare less in one record, and the rest in others.');
    }
    const before = await findDeclaration(tx, no, kind, recordId);
    if (before !== undefined && saysTheSame(before, declared, data, at)) return { declaration: before, created: false };
    const created = before === undefined || before.withdrawn;
    if (created) await refuseTooMany(tx, no);
    const declaration = await insertDeclaration(tx, no, {
      kind,
      record_id: recordId,
      version: (before?.version ?? 0) + 1,
      data,
      owner: declared.owner,
      declared_by: caller.actor.id,
      withdrawn: false,
      at,
      until,
    });
    await tell(ground, tx, caller, created ? 'CREATE' : 'UPDATE', declaration);
    return { declaration, created };
  });
}

/** What was declared stays readable. @throws {PostureError} `declaration_not_found` */
export async function withdrawDeclaration(
  ground: Ground,
  caller: Caller,
  { kind, recordId }: DeclarationRef,
): Promise<void> {
  const { no } = caller.organization;
  await ground.db.scoped(no, async (tx) => {
    await lockDeclarations(tx, no);
    const before = await findDeclaration(tx, no, kind, recordId);
    if (before === undefined || before.withdrawn) throw noDeclaration();
    const withdrawal = await insertDeclaration(tx, no, {
      kind,
      record_id: recordId,
      version: before.version + 1,
      data: before.data,
      owner: before.owner,
      declared_by: caller.actor.id,
      withdrawn: true,
      at: ground.clock(),
      until: new Date(before.valid_until),
    });
    await tell(ground, tx, caller, 'DELETE', withdrawal);
  });
}

export function noDeclaration(): PostureError {
  return new PostureError('declaration_not_found', 'Name a declaration that the list of declarations shows.');
}

function saysTheSame(before: DeclarationVersion, declared: NewDeclaration, data: string, at: Date): boolean {
  const until = Date.parse(before.valid_until);
  return (
    !before.withdrawn &&
    before.data === data &&
    before.owner === declared.owner &&
    until > at.getTime() &&
    (declared.validUntil === undefined || declared.validUntil.getTime() === until)
  );
}

/** Whole seconds, as times are wherever declarations are shown. */
function validUntil(at: Date, asked: Date | undefined): Date {
  const inAYear = new Date(at);
  inAYear.setUTCFullYear(at.getUTCFullYear() + 1, at.getUTCMonth(), at.getUTCDate());
  inAYear.setUTCMilliseconds(0);
  const until = asked ?? inAYear;
  if (until.getTime() <= at.getTime() || until.getTime() > inAYear.getTime()) {
    throw new PostureError('declaration_expired', 'Give a valid_until that lies ahead, by a year at most.');
  }
  return until;
}

async function refuseUnknownServices(tx: Queryable, no: number, serviceIds: readonly string[]): Promise<void> {
  if (serviceIds.length === 0) return;
  const known = await findServicesEver(tx, no, serviceIds);
  const unknown = serviceIds.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new PostureError(
      'service_unknown',
      `There is no service ${unknown}; name one that this organization has or had.`,
    );
  }
}

async function refuseTooMany(tx: Queryable, no: number): Promise<void> {
  if ((await countRecords(tx, no)) < MAX_DECLARATIONS) return;
  if ((await countStandingRecords(tx, no)) < MAX_DECLARATIONS) return;
  throw new PostureError(
    'too_many_declarations',
    `Withdraw a declaration first: an organization keeps at most ${MAX_DECLARATIONS}.`,
  );
}

/** The trail gets the data's digest: data may be long, and may name people. */
async function tell(
  ground: Ground,
  tx: Queryable,
  caller: Caller,
  action: 'CREATE' | 'UPDATE' | 'DELETE',
  declaration: DeclarationVersion,
): Promise<void> {
  const { kind, record_id, version, data, owner, valid_until } = declaration;
  const digest = createHash('sha256').update(data).digest('hex');
  await ground.recordDeed(tx, caller.organization.no, caller.actor, {
    action,
    resourceType: 'declaration',
    resourceId: `${kind}/${record_id}`,
    details: { kind, record_id, version, owner, valid_until, data_sha256: digest },
  });
}
