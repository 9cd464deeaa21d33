import { createHash } from 'node:crypto';

import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { userOfIdentity } from './link-identity.ts';
import type { OidcVerifier } from './oidc-access-token.ts';
import type { UserPrincipal } from './principal.ts';
import { recordSignIn } from './record-sign-in.ts';
import type { VerifiedPasswordCache } from './verified-password-cache.ts';

export type OidcSignIn = (token: string, origin: Origin) => Promise<UserPrincipal>;

/** Tokens whose sign-in is on record already; past this the oldest is recorded again, which does no harm. */
const REMEMBERED_TOKENS = 10_000;

/**
 * Who comes with an access token of the issuer's.
 *
 * @throws {TenancyError} `token_invalid`, `token_expired`, `identity_provider_unavailable`, `credentials_invalid`
 */
export function createOidcSignIn(ground: Ground, verified: VerifiedPasswordCache, verifier: OidcVerifier): OidcSignIn {
  const recorded = new Set<string>();
  return async (token, origin) => {
    const identity = await verifier.verify(token);
    const user = await userOfIdentity({ ground, verified }, identity, origin);
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
