import type { Seal } from '../keyring/seal.ts';
import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { insertHandover, takeHandover } from './handover-store.ts';
import { userOfIdentity } from './link-identity.ts';
import type { OidcClient, Pending } from './oidc-client.ts';
import { openSession, type NewSession } from './open-session.ts';
import { recordSignIn } from './record-sign-in.ts';
import { TenancyError } from './tenancy-error.ts';
import { newHandoverCode, tokenHash } from './tokens.ts';
import { findUser, findUserByEmail, normalizeEmail } from './user-store.ts';
import type { VerifiedPasswordCache } from './verified-password-cache.ts';

/**
 * Signing in at the issuer in a browser, in three steps: away to the issuer, back from it, and into a session.
 *
 * The session's token never stands in an address. What does, after the #, is a code that is good once, for two minutes,
 * and only with the binding of the page that began: so nobody can be signed in as somebody else by a link either.
 */
export interface OidcBrowserSignIn {
  /** `kept` is for the browser to bring back, and for nobody to read. */
  begin(binding: string, redirectUri: string): Promise<{ readonly url: string; readonly kept: string }>;
  /** @throws {TenancyError} what `OidcClient.finish` throws, and `credentials_invalid` for who is no user here */
  finish(answered: URL, kept: string | undefined, origin: Origin): Promise<{ readonly code: string }>;
}

/** Time to find one's password and phone at the issuer. */
export const PENDING_SECONDS = 600;
const HANDOVER_SECONDS = 120;
const CONTEXT = 'oidc sign-in under way v1';

interface Kept extends Pending {
  readonly binding: string;
  readonly until: number;
}

export function createOidcBrowserSignIn(
  ground: Ground,
  verified: VerifiedPasswordCache,
  seal: Seal,
  client: OidcClient,
): OidcBrowserSignIn {
  const { db, clock } = ground;

  function read(kept: string | undefined): Kept {
    try {
      const found = JSON.parse(seal.open(Buffer.from(kept ?? '', 'base64url'), CONTEXT)) as Kept;
      if (found.until > clock().getTime()) return found;
    } catch {
      // What isn't ours is like nothing.
    }
    throw over();
  }

  return {
    async begin(binding, redirectUri) {
      const { url, pending } = await client.begin(redirectUri);
      const kept: Kept = { ...pending, binding, until: clock().getTime() + PENDING_SECONDS * 1000 };
      return { url, kept: seal.seal(JSON.stringify(kept), CONTEXT).toString('base64url') };
    },

    async finish(answered, kept, origin) {
      const pending = read(kept);
      const identity = await client.finish(answered, pending);
      const user = await userOfIdentity({ ground, verified }, identity, origin).catch(async (error: unknown) => {
        await recordRefusal(ground, identity.email, origin);
        throw error;
      });
      const code = newHandoverCode();
      await insertHandover(db.direct, {
        codeHash: tokenHash(code),
        bindingHash: tokenHash(pending.binding),
        userId: user.user_id,
        expiresAt: new Date(clock().getTime() + HANDOVER_SECONDS * 1000),
      });
      return { code };
    },
  };
}

/** @throws {TenancyError} `sign_in_expired` */
export async function takeUpSession(
  ground: Ground,
  hours: number,
  shown: { readonly code: string; readonly binding: string },
  origin: Origin,
): Promise<NewSession> {
  return ground.db.unscoped(async (tx) => {
    const hashes = { codeHash: tokenHash(shown.code), bindingHash: tokenHash(shown.binding) };
    const userId = await takeHandover(tx, hashes, ground.clock());
    const user = userId === undefined ? undefined : await findUser(tx, userId);
    if (user === undefined) throw over();
    return openSession(ground, tx, hours, { user, origin, method: 'oidc' });
  });
}

/** The issuer names an account here without vouching for the address: its owner should be able to see that. */
async function recordRefusal(ground: Ground, email: string | undefined, origin: Origin): Promise<void> {
  const user = email === undefined ? undefined : await findUserByEmail(ground.db.direct, normalizeEmail(email));
  if (user === undefined) return;
  await ground.db.unscoped((tx) =>
    recordSignIn(ground, tx, { user, origin, action: 'LOGIN', method: 'oidc', outcome: 'failure' }),
  );
}

function over(): TenancyError {
  return new TenancyError(
    'sign_in_expired',
    'Begin again: this sign-in was used, is too old, or another browser began it.',
  );
}
