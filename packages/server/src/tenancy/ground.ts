import type { AuditAction } from '@veritrail/formats';

import type { Database, Queryable } from '../storage/database.ts';
import type { Actor, OrganizationRef } from './principal.ts';

/** What a deed of the server leaves in the trail. Values are plain JSON without fractions. */
export interface Deed {
  readonly action: AuditAction;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly details: Readonly<Record<string, DeedDetail>>;
}

export type DeedDetail =
  | string
  | number
  | boolean
  | null
  | readonly DeedDetail[]
  | { readonly [key: string]: DeedDetail };

/**
 * Appends the event of a deed inside the deed's own transaction. It takes the lock on the trail's head, so it is the
 * last statement: every transaction then locks its own rows first and the head after them.
 */
export type RecordDeed = (tx: Queryable, organizationNo: number, actor: Actor, deed: Deed) => Promise<void>;

/** What every deed of tenancy and posture stands on. */
export interface Ground {
  readonly db: Database;
  readonly clock: () => Date;
  readonly recordDeed: RecordDeed;
}

export interface Caller {
  readonly actor: Actor;
  readonly organization: OrganizationRef;
}
