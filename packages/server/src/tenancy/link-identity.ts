import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import type { OidcIdentity } from './oidc-access-token.ts';
import { recordAccountDeed } from './record-account-deed.ts';
import { deleteSessionsOfUser } from './session-store.ts';
import { TenancyError } from './tenancy-error.ts';
import { deleteSecondFactor } from './two-factor-store.ts';
import {
  dropPasswordHash,
  findUserByEmail,
  findUserByIdentity,
  linkIdentity,
  lockUser,
  normalizeEmail,
  type UserRow,
} from './user-store.ts';
import type { VerifiedPasswordCache } from './verified-password-cache.ts';

interface Parts {
  readonly ground: Ground;
  readonly verified: VerifiedPasswordCache;
}

type Identity = Omit<OidcIdentity, 'expiresAt' | 'name'>;

/**
 * An outside identity becomes a user by what was linked before or, the first time, by an e-mail address that the issuer
 * says it verified. Nobody is made a user this way: an admin adds people, the issuer only says who they are.
 *
 * @throws {TenancyError} `credentials_invalid`
 */
export async function userOfIdentity(parts: Parts, identity: Identity, origin: Origin): Promise<UserRow> {
  const { issuer, subject } = identity;
  return (await findUserByIdentity(parts.ground.db.direct, issuer, subject)) ?? link(parts, identity, origin);
}

/**
 * The issuer vouches for the address; nobody ever vouched for the account's password. Whoever first added the address
 * may have chosen it, or taken up their own invitation, and would go on signing in as this person. So the password goes,
 * with the second factor and the sessions that came by it, in the transaction that makes the link.
 */
async function link({ ground, verified }: Parts, identity: Identity, origin: Origin): Promise<UserRow> {
  const { issuer, subject, email, emailVerified } = identity;
  const found =
    emailVerified && email !== undefined ? await findUserByEmail(ground.db.direct, normalizeEmail(email)) : undefined;
  if (found === undefined) {
    throw new TenancyError(
      'credentials_invalid',
      'Ask an admin to add you with the e-mail address that your provider verified.',
    );
  }
  const userId = found.user_id;
  const isNew = await ground.db.unscoped(async (tx) => {
    await lockUser(tx, userId);
    if (!(await linkIdentity(tx, { issuer, subject, userId }, ground.clock()))) return false;
    const hadPassword = await dropPasswordHash(tx, userId);
    const hadSecondFactor = await deleteSecondFactor(tx, userId);
    await deleteSessionsOfUser(tx, userId);
    await recordAccountDeed(ground, tx, { userId, email: found.email }, origin, {
      action: 'UPDATE',
      details: {
        changed: ['identity', ...(hadPassword ? ['password'] : []), ...(hadSecondFactor ? ['second_factor'] : [])],
      },
    });
    return true;
  });
  verified.forget(userId);
  if (isNew) return found;
  // Another request with this identity came first, and may have named another address.
  return (await findUserByIdentity(ground.db.direct, issuer, subject)) ?? found;
}
