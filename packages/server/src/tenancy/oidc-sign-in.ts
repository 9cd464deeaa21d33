import { createHash } from 'node:crypto';

import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import type { OidcIdentity, OidcVerifier } from './oidc-access-token.ts';
import type { UserPrincipal } from './principal.ts';
import { recordSignIn } from './record-sign-in.ts';
import { TenancyError } from './tenancy-error.ts';
import { findUserByEmail, findUserByIdentity, linkIdentity, normalizeEmail, type UserRow } from './user-store.ts';

export type OidcSignIn = (token: string, origin: Origin) => Promise<UserPrincipal>;

/** Tokens whose sign-in is on record already; past this the oldest is recorded again, which does no harm. */
const REMEMBERED_TOKENS = 10_000;

/**
 * Who comes with an access token of the issuer's.
 *
 * @throws {TenancyError} `token_invalid`, `token_expired`, `identity_provider_unavailable`, `credentials_invalid`
 */
export function createOidcSignIn(ground: Ground, verifier: OidcVerifier): OidcSignIn {
  const recorded = new Set<string>();
  return async (token, origin) => {
    const identity = await verifier.verify(token);
    const user = await userOfIdentity(ground, identity);
    const digest = createHash('sha256').update(token).digest('base64');
    if (!recorded.has(digest)) {
      await ground.db.unscoped((tx) =>
        recordSignIn(ground, tx, { user, origin, action: 'LOGIN', method: 'oidc', outcome: 'success' }),
      );
      const [oldest] = recorded;
      if (recorded.size >= REMEMBERED_TOKENS && oldest !== undefined) recorded.delete(oldest);
      recorded.add(digest);
    }
    const { user_id: userId, email, name } = user;
    return { kind: 'user', userId, email, name, by: 'oidc', sessionHash: undefined };
  };
}

/**
 * An outside identity becomes a user by what was linked before or, the first time, by an e-mail address that the issuer
 * says it verified. Nobody is made a user this way: an admin adds people, the issuer only says who they are.
 *
 * @throws {TenancyError} `credentials_invalid`
 */
export async function userOfIdentity(ground: Ground, identity: Identity): Promise<UserRow> {
  return (await findUserByIdentity(ground.db.direct, identity.issuer, identity.subject)) ?? link(ground, identity);
}

type Identity = Omit<OidcIdentity, 'expiresAt' | 'name'>;

async function link(ground: Ground, identity: Identity): Promise<UserRow> {
  const user =
    identity.emailVerified && identity.email !== undefined
      ? await findUserByEmail(ground.db.direct, normalizeEmail(identity.email))
      : undefined;
  if (user === undefined) {
    throw new TenancyError(
      'credentials_invalid',
      'Ask an admin to add you with the e-mail address that your provider verified.',
    );
  }
  await ground.db.unscoped((tx) =>
    linkIdentity(tx, { issuer: identity.issuer, subject: identity.subject, userId: user.user_id }, ground.clock()),
  );
  return user;
}
