import { createHash } from 'node:crypto';

import { LAST_SECOND } from '@veritrail/formats';
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';

import { TenancyError } from './tenancy-error.ts';

/** Asymmetric only: under HS256 the issuer's public key, which anyone has, would be the secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 30;
/** Longer ones don't fit a usual header limit anyway, and cost a parse each. */
const MAX_TOKEN_LENGTH = 16_384;
const MAX_DOCUMENT_BYTES = 262_144;
const DISCOVERY_LIFETIME_MS = 600_000;
/** After a failure nobody is asked again for so long, or each token sent to us would be a request to the issuer. */
const PAUSE_AFTER_FAILURE_MS = 5_000;
const MAX_PROFILES = 10_000;

export interface OidcVerifierSettings {
  /** Exactly as the issuer writes it in its tokens. https, or http on a loopback host. */
  readonly issuer: string;
  readonly audience: string;
  /** Makes discovery needless, for issuers that have none; e-mails then come from tokens only. */
  readonly jwksUri?: string;
  /** Accepted `typ` headers, without "application/", such as `at+jwt`; `none` accepts tokens without one. */
  readonly tokenTypes: readonly string[];
  /** Claim with the e-mail, `email` if not given. */
  readonly emailClaim?: string;
}

export interface OidcVerifierOptions {
  readonly clock: () => Date;
  /** 5,000 if not given; for each request to the issuer, body included. */
  readonly timeoutMs?: number;
  /** Least time between two fetches of the key set because of unknown key ids; 30,000 if not given. */
  readonly keySetCooldownMs?: number;
}

export interface OidcIdentity {
  readonly issuer: string;
  /** At most 255 characters, no control characters. */
  readonly subject: string;
  readonly email?: string;
  /** Whether the issuer says so, in the same document as the e-mail. Never true without an e-mail. */
  readonly emailVerified: boolean;
  readonly name?: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

export interface OidcVerifier {
  /**
   * @throws {TenancyError} `token_expired`, `token_invalid` for every other refusal, and
   * `identity_provider_unavailable` if the issuer's documents are needed and can't be had.
   */
  verify(token: string): Promise<OidcIdentity>;
}

export type Profile = Pick<OidcIdentity, 'email' | 'emailVerified' | 'name'>;
type Claims = Readonly<Record<string, unknown>>;

interface Discovery {
  readonly jwksUri: string;
  readonly userinfoEndpoint: string | undefined;
}

/**
 * Checks access tokens of one issuer: RFC 9068 where `tokenTypes` says so, otherwise any signed JWT (RFC 7519) with
 * issuer, audience, subject and expiry. Keys come from OpenID Connect Discovery 1.0 and follow the issuer's rotation.
 * A token without e-mail is taken to the userinfo endpoint once.
 *
 * @throws {TenancyError} `setting_invalid` if the issuer or key set URL can't be used.
 */
export function createOidcVerifier(settings: OidcVerifierSettings, options: OidcVerifierOptions): OidcVerifier {
  const { issuer, audience, emailClaim = 'email' } = settings;
  const { clock, timeoutMs = 5_000, keySetCooldownMs = 30_000 } = options;
  const tokenTypes = settings.tokenTypes.map(bareType).filter((type) => type !== '');
  const plainHttpAllowed = isIssuerOnLoopback(issuer);
  if (settings.jwksUri !== undefined && !isUsable(settings.jwksUri, plainHttpAllowed)) {
    throw new TenancyError('setting_invalid', 'Give the key set of the identity provider as an https:// address.');
  }

  const ask = politely(clock, timeoutMs);
  const discovery = cachedFor(DISCOVERY_LIFETIME_MS, clock, () => discover(ask, issuer, plainHttpAllowed));
  const profiles = new Map<string, { readonly expiresAt: number; readonly profile: Promise<Profile> }>();
  const keySets = new Map<string, JWTVerifyGetKey>();

  const findKey: JWTVerifyGetKey = async (header, token) => {
    try {
      const uri = settings.jwksUri ?? (await discovery()).jwksUri;
      return await keySet(uri)(header, token);
    } catch (error) {
      // Only these two are about the token; whatever else happens here is about the issuer or the way to it.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw unavailable(error);
    }
  };

  function keySet(uri: string): JWTVerifyGetKey {
    const held = keySets.get(uri);
    if (held !== undefined) return held;
    const fetched = createRemoteJWKSet(new URL(uri), {
      cooldownDuration: keySetCooldownMs,
      [customFetch]: async (url) => Response.json(await ask({ url, read: asKeySet, pauseAfterFailure: true })),
    });
    keySets.clear();
    keySets.set(uri, fetched);
    return fetched;
  }

  async function profileFromIssuer(token: string, subject: string, expiresAt: number): Promise<Profile> {
    const key = createHash('sha256').update(token).digest('base64');
    const held = profiles.get(key);
    if (held !== undefined && held.expiresAt > clock().getTime() / 1000) return held.profile;
    const profile = askUserinfo(token, subject);
    profiles.delete(key);
    if (profiles.size >= MAX_PROFILES) {
      const [oldest] = profiles.keys();
      if (oldest !== undefined) profiles.delete(oldest);
    }
    profiles.set(key, { expiresAt: expiresAt + CLOCK_TOLERANCE_SECONDS, profile });
    try {
      return await profile;
    } catch (error) {
      if (profiles.get(key)?.profile === profile) profiles.delete(key);
      throw error;
    }
  }

  async function askUserinfo(token: string, subject: string): Promise<Profile> {
    if (settings.jwksUri !== undefined) return NO_PROFILE;
    const { userinfoEndpoint: url } = await discovery().catch((error: unknown) => {
      throw unavailable(error);
    });
    if (url === undefined) return NO_PROFILE;
    const claims = await ask({
      url,
      headers: { authorization: `Bearer ${token}` },
      // One user's token must not be able to stop the others' logins.
      pauseAfterFailure: false,
      read: (document) => document,
      // Many issuers refuse tokens here that are meant for us alone. That makes them no less valid.
      refused: () => undefined,
    }).catch((error: unknown) => {
      throw unavailable(error);
    });
    if (claims === undefined) return NO_PROFILE;
    // OpenID Connect Core 1.0, section 5.3.2: without this check one user's token could come with another's e-mail.
    if (claims['sub'] !== subject) throw invalid('The identity provider answered about somebody else than this token.');
    return profileOf(claims, emailClaim);
  }

  return {
    async verify(token) {
      refuseForeign(token, issuer, tokenTypes);
      const claims = await verifiedClaims(token, findKey, { issuer, audience, now: clock() });
      const subject = textClaim(claims['sub'], 255);
      if (subject === undefined) throw invalid('Send an access token that names its subject.');
      const expiresAt = claims['exp'];
      if (typeof expiresAt !== 'number' || !(expiresAt <= LAST_SECOND)) {
        throw invalid('Send an access token that expires.');
      }
      // Bound to a key that the sender would have to prove (RFC 7800): as a bearer token it may be a stolen one.
      if (claims['cnf'] !== undefined) throw invalid('Send a bearer access token; this one is bound to a key.');
      const own = profileOf(claims, emailClaim);
      const profile = own.email === undefined ? await profileFromIssuer(token, subject, expiresAt) : own;
      const name = own.name ?? profile.name;
      return { issuer, subject, ...profile, ...(name !== undefined && { name }), expiresAt };
    },
  };
}

const NO_PROFILE: Profile = { emailVerified: false };

/** What can be seen without a key is refused before anything is fetched for the token. Nothing here is believed yet. */
function refuseForeign(token: string, issuer: string, tokenTypes: readonly string[]): void {
  if (token.length > MAX_TOKEN_LENGTH) throw invalid('Send an access token of the configured identity provider.');
  let type: unknown;
  let claimedIssuer: unknown;
  try {
    type = decodeProtectedHeader(token).typ ?? 'none';
    claimedIssuer = decodeJwt(token).iss;
  } catch (cause) {
    throw invalid('Send an access token of the configured identity provider.', cause);
  }
  if (claimedIssuer !== issuer) throw invalid('Send an access token of the configured identity provider.');
  if (typeof type !== 'string' || !tokenTypes.includes(bareType(type))) {
    throw invalid('Send an access token; this is a token of another type.');
  }
}

async function verifiedClaims(
  token: string,
  findKey: JWTVerifyGetKey,
  expected: { readonly issuer: string; readonly audience: string; readonly now: Date },
): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: ALGORITHMS,
      issuer: expected.issuer,
      audience: expected.audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: expected.now,
    });
    return payload;
  } catch (error) {
    if (error instanceof TenancyError) throw error;
    if (error instanceof errors.JWTExpired) {
      throw new TenancyError('token_expired', 'Log in again; this access token has expired.', { cause: error });
    }
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
      throw invalid('Send an access token that was issued for this service.', error);
    }
    throw invalid('Send an access token that is valid now and signed by the identity provider.', error);
  }
}

/** What of an issuer's claims is believed about a user. */
export function profileOf(claims: Claims, emailClaim: string): Profile {
  const email = textClaim(claims[emailClaim], 254);
  const name = textClaim(claims['name'], 200);
  const verified = claims['email_verified'];
  return {
    // Some issuers write the boolean as text.
    emailVerified: email !== undefined && (verified === true || verified === 'true'),
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
  };
}

/** Text that can be stored: no NUL and other control characters, no lone surrogates. Anything else counts as absent. */
function textClaim(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > maxLength) return undefined;
  return /[\p{Cc}\p{Cs}]/u.test(value) ? undefined : value;
}

/** `typ` is a media type that may leave out "application/", in any case (RFC 7515, section 4.1.9). */
function bareType(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}

interface Question<T> {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Throws if the document isn't what it should be, which counts as a failure like any other. */
  readonly read: (document: Claims) => T;
  readonly pauseAfterFailure: boolean;
  /** What it means if the answer is "not for you"; if absent, that is a failure too. */
  readonly refused?: () => T;
}

type Ask = <T>(question: Question<T>) => Promise<T>;

/** GETs JSON objects: without redirects, bounded in time and size, and not again so soon where it failed. */
function politely(clock: () => Date, timeoutMs: number): Ask {
  const failures = new Map<string, { readonly at: number; readonly error: unknown }>();
  return async ({ url, headers, read, pauseAfterFailure, refused }) => {
    const failure = failures.get(url);
    const sinceFailure = failure === undefined ? Infinity : clock().getTime() - failure.at;
    if (sinceFailure >= 0 && sinceFailure < PAUSE_AFTER_FAILURE_MS) throw failure?.error;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, {
        headers: { accept: 'application/json', ...headers },
        redirect: 'error',
        signal,
      });
      const body = await boundedText(response);
      if (refused !== undefined && [400, 401, 403, 404].includes(response.status)) return refused();
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
      const document: unknown = JSON.parse(body);
      if (typeof document !== 'object' || document === null) throw new Error(`${url} sent no JSON object`);
      const answer = read(document as Claims);
      failures.delete(url);
      return answer;
    } catch (error) {
      // One issuer has two such addresses at a time; others are left over from earlier discovery documents.
      if (failures.size >= 16) failures.clear();
      if (pauseAfterFailure) failures.set(url, { at: clock().getTime(), error });
      throw error;
    }
  };
}

function asKeySet(document: Claims): Claims {
  if (!Array.isArray(document['keys'])) throw new Error('The key set has no keys');
  return document;
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > MAX_DOCUMENT_BYTES) throw new Error(`${response.url} sent more than ${MAX_DOCUMENT_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** OpenID Connect Discovery 1.0, section 4. */
function discover(ask: Ask, issuer: string, plainHttpAllowed: boolean): Promise<Discovery> {
  const address = (value: unknown): string | undefined =>
    typeof value === 'string' && isUsable(value, plainHttpAllowed) ? value : undefined;
  return ask({
    url: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    pauseAfterFailure: true,
    read: (document) => {
      // Section 4.3: must be identical, or one issuer could pass for another on the same host.
      if (document['issuer'] !== issuer) throw new Error('The discovery document is of another issuer');
      const jwksUri = address(document['jwks_uri']);
      if (jwksUri === undefined) throw new Error('The discovery document has no usable jwks_uri');
      return { jwksUri, userinfoEndpoint: address(document['userinfo_endpoint']) };
    },
  });
}

/** One fetch at a time, shared by all who wait. A failure isn't kept, and what was known before it is. */
function cachedFor<T>(lifetimeMs: number, clock: () => Date, load: () => Promise<T>): () => Promise<T> {
  let known: { readonly value: T; readonly at: number } | undefined;
  let loading: Promise<T> | undefined;
  return async () => {
    const age = known === undefined ? Infinity : clock().getTime() - known.at;
    if (known !== undefined && age >= 0 && age < lifetimeMs) return known.value;
    loading ??= load()
      .then((value) => {
        known = { value, at: clock().getTime() };
        return value;
      })
      .finally(() => {
        loading = undefined;
      });
    try {
      return await loading;
    } catch (error) {
      if (known === undefined) throw error;
      return known.value;
    }
  };
}

function isIssuerOnLoopback(issuer: string): boolean {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const plain = url?.protocol === 'http:' && isLoopback(url.hostname);
  // A query or fragment is not allowed in an issuer (Discovery 1.0, section 3).
  if (url === undefined || (url.protocol !== 'https:' && !plain) || /[?#]/.test(issuer)) {
    throw new TenancyError('setting_invalid', 'Give the issuer as an https:// address without query or fragment.');
  }
  return plain;
}

/** Tokens checked with keys that came over plain http could be forged by anyone on the way, except on this machine. */
function isUsable(address: string, plainHttpAllowed: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === 'https:' || (plainHttpAllowed && url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function invalid(message: string, cause?: unknown): TenancyError {
  return new TenancyError('token_invalid', message, { cause });
}

function unavailable(error: unknown): TenancyError {
  if (error instanceof TenancyError) return error;
  return new TenancyError('identity_provider_unavailable', 'The identity provider does not answer; try again soon.', {
    cause: error,
    retryAfterSeconds: PAUSE_AFTER_FAILURE_MS / 1000,
  });
}
