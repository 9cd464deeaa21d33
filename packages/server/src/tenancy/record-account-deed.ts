import { enterScope, type Queryable } from '../storage/database.ts';
import type { Origin } from './authenticate.ts';
import type { Deed, Ground } from './ground.ts';
import { listMemberships } from './organization-store.ts';
import type { UserPrincipal } from './principal.ts';

/** What somebody does to their own account bears on every organization that it opens, so each has it in its trail. */
export async function recordAccountDeed(
  ground: Ground,
  tx: Queryable,
  user: Pick<UserPrincipal, 'userId' | 'email'>,
  origin: Origin,
  deed: Pick<Deed, 'action' | 'details'>,
): Promise<void> {
  const actor = { id: user.userId, username: user.email, ipAddress: origin.ipAddress, userAgent: origin.userAgent };
  for (const { organization } of await listMemberships(tx, user.userId)) {
    await enterScope(tx, organization.no);
    await ground.recordDeed(tx, organization.no, actor, { ...deed, resourceType: 'user', resourceId: user.userId });
  }
}
