import type { Caller, Ground } from './ground.ts';
import { deleteOpenInvitation } from './invitation-store.ts';
import { includesRole, type Role } from './roles.ts';
import { TenancyError } from './tenancy-error.ts';

/**
 * Makes an invitation's link worthless. Somebody new stays the member that they are, without a password to sign in with.
 *
 * @throws {TenancyError} `not_found` (used, expired or never was), `role_too_high`
 */
export async function revokeInvitation(
  ground: Ground,
  caller: Caller & { readonly role: Role },
  userId: string,
): Promise<void> {
  const { no } = caller.organization;
  await ground.db.scoped(no, async (tx) => {
    const invitation = await deleteOpenInvitation(tx, no, userId, ground.clock());
    if (invitation === undefined) {
      throw new TenancyError('not_found', 'Name an invitation that the list of invitations shows.');
    }
    // What is thrown from here on puts it back.
    if (!includesRole(caller.role, invitation.role)) {
      throw new TenancyError('role_too_high', `Let somebody with the role ${invitation.role} revoke this invitation.`);
    }
    await ground.recordDeed(tx, no, caller.actor, {
      action: 'DELETE',
      resourceType: 'invitation',
      resourceId: userId,
      details: { email: invitation.email, role: invitation.role },
    });
  });
}
