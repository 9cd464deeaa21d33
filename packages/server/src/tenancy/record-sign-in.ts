import { enterScope, type Queryable } from '../storage/database.ts';
import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { listMemberships } from './organization-store.ts';
import type { Actor } from './principal.ts';
import type { Factor } from './second-factor.ts';

export interface SignIn {
  readonly user: { readonly user_id: string; readonly email: string };
  readonly origin: Origin;
  readonly action: 'LOGIN' | 'LOGOUT';
  readonly method: 'password' | 'basic' | 'oidc' | 'session';
  /** `code_required`: the password was right and no code came with it. Neither a success nor a failure yet. */
  readonly outcome: 'success' | 'failure' | 'code_required';
  /** `throttled`: nobody looked at what was sent. One such event stands for all attempts within a wait. */
  readonly reason?: 'throttled';
  /** What came after the password, where something did. */
  readonly secondFactor?: Factor | 'wrong' | undefined;
}

/**
 * A sign-in opens every organization of the user's, so each has it in its trail. They are locked in ascending order,
 * here and everywhere, so two sign-ins can't wait for each other.
 */
export async function recordSignIn(ground: Ground, tx: Queryable, signIn: SignIn): Promise<void> {
  const actor: Actor = {
    id: signIn.user.user_id,
    username: signIn.user.email,
    ipAddress: signIn.origin.ipAddress,
    userAgent: signIn.origin.userAgent,
  };
  for (const { organization } of await listMemberships(tx, signIn.user.user_id)) {
    await enterScope(tx, organization.no);
    await ground.recordDeed(tx, organization.no, actor, {
      action: signIn.action,
      resourceType: 'session',
      resourceId: signIn.user.user_id,
      details: {
        outcome: signIn.outcome,
        method: signIn.method,
        ...(signIn.reason !== undefined && { reason: signIn.reason }),
        ...(signIn.secondFactor !== undefined && { second_factor: signIn.secondFactor }),
      },
    });
  }
}
