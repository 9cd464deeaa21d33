import type * as OpenidClient from 'openid-client';
import type { ClientAuth, Configuration } from 'openid-client';

import type { Secret } from '../secret.ts';
import { profileOf, type Profile } from './oidc-access-token.ts';
import { TenancyError } from './tenancy-error.ts';

export interface OidcClientSettings {
  readonly issuer: string;
  readonly client: { readonly id: string; readonly secret: Secret | undefined };
}

/** What ties an answer of the issuer's to the request that it answers; kept where only the asking browser has it. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636), as one issuer's client. */
export interface OidcClient {
  /** Where to send the browser. @throws {TenancyError} `identity_provider_unavailable` */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly pending: Pending }>;
  /**
   * Who the issuer says has come back.
   *
   * @param answered the whole address that the browser was sent back to
   * @throws {TenancyError} `identity_provider_unavailable`, `sign_in_cancelled`, `sign_in_expired`, `token_invalid`
   */
  finish(answered: URL, pending: Pending): Promise<Profile & { readonly issuer: string; readonly subject: string }>;
}

const SCOPE = 'openid email profile';
const TIMEOUT_SECONDS = 5;
/** Anyone may begin a sign-in, which must not become a request to the issuer each. */
const PAUSE_AFTER_FAILURE_MS = 5_000;
const DISCOVERY_LIFETIME_MS = 600_000;

export function createOidcClient(settings: OidcClientSettings, clock: () => Date): OidcClient {
  const { issuer, client } = settings;
  let known: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined;
  let failedAt = -Infinity;

  // Not at the start, which has other things to do; most servers never need it.
  const library = () => import('openid-client');

  async function discovered(): Promise<Configuration> {
    const oidc = await library();
    const metadata = { client_id: client.id };
    const configuration = await oidc.discovery(
      new URL(issuer),
      client.id,
      metadata,
      authentication(oidc, client.secret),
      {
        timeout: TIMEOUT_SECONDS,
        execute: [
          // Beyond TLS: the ID token's signature is checked as well.
          oidc.enableNonRepudiationChecks,
          // The configuration lets plain http be on loopback alone.
          ...(new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
        ],
      },
    );
    configuration.timeout = TIMEOUT_SECONDS;
    return configuration;
  }

  async function configured(): Promise<Configuration> {
    const now = clock().getTime();
    if (known !== undefined && Math.abs(now - known.at) < DISCOVERY_LIFETIME_MS) return known.configuration;
    if (Math.abs(now - failedAt) < PAUSE_AFTER_FAILURE_MS) throw unavailable();
    const asked = { at: now, configuration: discovered() };
    known = asked;
    try {
      return await asked.configuration;
    } catch (cause) {
      if (known === asked) known = undefined;
      failedAt = clock().getTime();
      throw unavailable(cause);
    }
  }

  return {
    async begin(redirectUri) {
      const configuration = await configured();
      const oidc = await library();
      const pending = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, pending };
    },

    async finish(answered, pending) {
      // First: what another browser began, or somebody made up, is no matter of the issuer's.
      if (answered.searchParams.get('state') !== pending.state) throw expired();
      const configuration = await configured();
      const oidc = await library();
      try {
        const tokens = await oidc.authorizationCodeGrant(configuration, answered, {
          expectedState: pending.state,
          expectedNonce: pending.nonce,
          pkceCodeVerifier: pending.verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('no ID token');
        const { sub: subject } = claims;
        const own = profileOf(claims, 'email');
        if (own.email !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined) {
          return { ...own, issuer, subject };
        }
        const told = await oidc.fetchUserInfo(configuration, tokens.access_token, subject);
        return { ...profileOf(told, 'email'), issuer, subject };
      } catch (error) {
        throw asTenancyError(error);
      }
    },
  };
}

/** As the issuer's own document prefers; OpenID Connect makes HTTP Basic the one that needn't be named. */
function authentication(oidc: typeof OpenidClient, secret: Secret | undefined): ClientAuth {
  if (secret === undefined) return oidc.None();
  const basic = oidc.ClientSecretBasic(secret.reveal());
  const post = oidc.ClientSecretPost(secret.reveal());
  return (server, ...others) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...others);
  };
}

/** The issuer's refusals of this sign-in; everything else is about the issuer, our being its client, or the way to it. */
function asTenancyError(error: unknown): TenancyError {
  const { name, error: told, code } = error as { name?: string; error?: string; code?: string };
  if (name === 'AuthorizationResponseError') {
    if (told === 'access_denied') {
      return new TenancyError('sign_in_cancelled', 'Begin again if you want to sign in.', { cause: error });
    }
    return told === 'server_error' || told === 'temporarily_unavailable' ? unavailable(error) : invalid(error);
  }
  if (name === 'ResponseBodyError') return told === 'invalid_grant' ? expired(error) : unavailable(error);
  const ofTheAnswer = code !== undefined && /^OAUTH_(INVALID_RESPONSE|JWT_|MISSING_|PARSE_)/.test(code);
  return ofTheAnswer ? invalid(error) : unavailable(error);
}

function expired(cause?: unknown): TenancyError {
  return new TenancyError(
    'sign_in_expired',
    'Begin again: this sign-in was used, is too old, or another browser began it.',
    {
      cause,
    },
  );
}

function invalid(cause: unknown): TenancyError {
  return new TenancyError('token_invalid', 'Begin again: what the identity provider sent could not be accepted.', {
    cause,
  });
}

function unavailable(cause?: unknown): TenancyError {
  return new TenancyError('identity_provider_unavailable', 'The identity provider does not answer; try again soon.', {
    cause,
    retryAfterSeconds: PAUSE_AFTER_FAILURE_MS / 1000,
  });
}
