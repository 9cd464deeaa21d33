import type { Database } from '../storage/database.ts';
import { findApiKeyCredentials } from './api-key-store.ts';
import { coalesceLookups } from './coalesce-lookups.ts';
import type { KeyUses } from './key-uses.ts';
import type { OidcSignIn } from './oidc-sign-in.ts';
import type { PasswordSignIn } from './password-sign-in.ts';
import type { Principal } from './principal.ts';
import { findSessionUsers } from './session-store.ts';
import { TenancyError } from './tenancy-error.ts';
import { API_KEY_PREFIX, matchesHash, SESSION_PREFIX, tokenHash } from './tokens.ts';

/** From where a request comes, for the throttle and the trail. */
export interface Origin {
  readonly ipAddress: string;
  readonly userAgent: string | null;
}

/** @throws {TenancyError} why the credential isn't one; the same sentence whether or not its user or key exists. */
export type Authenticate = (authorization: string, origin: Origin) => Promise<Principal>;

export interface AuthenticationParts {
  readonly db: Database;
  readonly clock: () => Date;
  readonly passwords: PasswordSignIn;
  readonly oidc: OidcSignIn | undefined;
  readonly keyUses: KeyUses;
}

/** Both schemes carry every kind of credential: what the credential looks like decides, not the scheme. */
export function createAuthenticate(parts: AuthenticationParts): Authenticate {
  const { db, clock } = parts;
  const apiKey = coalesceLookups((keys) => findApiKeyCredentials(db.direct, keys));
  const session = coalesceLookups((hashes) => findSessionUsers(db.direct, hashes, clock()));

  async function byApiKey(key: string, secret: string): Promise<Principal> {
    const found = await apiKey(key);
    if (!matchesHash(secret, found?.secret_hash) || found === undefined) throw refused();
    parts.keyUses.note(key, clock());
    const organization = { no: found.organization_no, id: found.organization_id, name: found.organization_name };
    return { kind: 'api_key', apiKey: key, name: found.name, role: found.role, organization };
  }

  async function bySession(token: string): Promise<Principal> {
    const hash = tokenHash(token);
    const user = await session(hash.toString('hex'));
    if (user === undefined) throw refused();
    const { user_id: userId, email, name } = user;
    return { kind: 'user', userId, email, name, by: 'session', sessionHash: hash };
  }

  return async (authorization, origin) => {
    const [, scheme = '', credential = ''] = /^([A-Za-z]+) +([\x21-\x7e]+)$/.exec(authorization) ?? [];
    switch (scheme.toLowerCase()) {
      case 'basic': {
        const pair = Buffer.from(credential, 'base64').toString('utf8');
        const colon = pair.indexOf(':');
        // RFC 7617, section 2: neither part has control characters. The database could not even be asked about U+0000.
        if (colon === -1 || /\p{Cc}/u.test(pair)) throw refused();
        const [user, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
        if (user.startsWith(API_KEY_PREFIX)) return byApiKey(user, password);
        return parts.passwords.check(user, password, origin);
      }
      case 'bearer': {
        if (credential.startsWith(API_KEY_PREFIX)) {
          const dot = credential.indexOf('.');
          return byApiKey(credential.slice(0, Math.max(dot, 0)), credential.slice(dot + 1));
        }
        if (credential.startsWith(SESSION_PREFIX)) return bySession(credential);
        if (parts.oidc !== undefined && credential.split('.').length === 3) return parts.oidc(credential, origin);
        throw refused();
      }
      default:
        throw refused();
    }
  };
}

function refused(): TenancyError {
  return new TenancyError('credentials_invalid', 'Send a valid credential, as HTTP Basic or Bearer.');
}
