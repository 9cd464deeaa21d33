import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTHeaderParameters, JWTPayload } from 'jose';
import Provider from 'oidc-provider';

export const AUDIENCE = 'https://veritrail.example';

const CLIENT = 'cli';
const CLIENT_SECRET = 'client-secret-of-32-characters-ok';
const REDIRECT = 'https://client.example/callback';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

export interface Issuer {
  readonly issuer: string;
  readonly keys: readonly SigningKey[];
  /** Requests so far, by path. */
  readonly requests: Map<string, number>;
  /** Answers a path in place of the provider. */
  readonly overrides: Map<string, Handler>;
  /** Replaces every key, as an issuer does when one leaked. */
  rotate(): Promise<void>;
  /** Makes a client of its own for one that signs people in in their browser, and takes them back to that address. */
  register(redirectUri: string, secret?: string): Promise<void>;
  /** What a browser does from the issuer's first page on, as that account or LEAVING. @returns the address it is sent back to */
  visit(url: string, account: string): Promise<string>;
  clientToken(): Promise<string>;
  /** By the authorization code flow, through the provider's own login and consent pages. */
  userTokens(account: string): Promise<{ accessToken: string; idToken: string }>;
  sign(
    claims: JWTPayload,
    header?: { alg?: string; kid?: string | undefined; typ?: string | undefined },
  ): Promise<string>;
  stop(): Promise<void>;
}

export interface IssuerOptions {
  readonly algorithms?: readonly string[];
  /** Claims about the user that the provider puts into access tokens. */
  readonly extraClaims?: (account: string) => Record<string, unknown>;
  /** Whether ID tokens have the e-mail; otherwise userinfo has to be asked. */
  readonly idTokenClaims?: boolean;
}

/** In place of an account: somebody who turns back at the login page. */
export const LEAVING = 'nobody, who leaves';

export const BROWSER_CLIENT = 'dashboard';

interface BrowserClient {
  readonly redirectUri: string;
  readonly secret: string | undefined;
}

/** A real OpenID provider (oidc-provider) on a loopback port, JWT access tokens for AUDIENCE. */
export async function startIssuer(options: IssuerOptions = {}): Promise<Issuer> {
  const { algorithms = ['RS256'] } = options;
  const requests = new Map<string, number>();
  const overrides = new Map<string, Handler>();
  let handle: Handler;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    requests.set(path, (requests.get(path) ?? 0) + 1);
    (overrides.get(path) ?? handle)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  let keys: SigningKey[] = [];
  let browserClient: BrowserClient | undefined;
  async function rotate(): Promise<void> {
    keys = await Promise.all(
      algorithms.map(async (alg) => ({
        ...(await generateKeyPair(alg, { extractable: true })),
        alg,
        kid: randomBytes(8).toString('hex'),
      })),
    );
    const jwks = await Promise.all(
      keys.map(async ({ privateKey, alg, kid }) => ({ ...(await exportJWK(privateKey)), alg, kid, use: 'sig' })),
    );
    const provider = configured(issuer, jwks, algorithms[0] ?? 'RS256', options, browserClient);
    handle = provider.callback();
  }
  await rotate();

  return {
    issuer,
    get keys() {
      return keys;
    },
    requests,
    overrides,
    rotate,
    register: async (redirectUri, secret) => {
      browserClient = { redirectUri, secret };
      await rotate();
    },
    visit: (url, account) => logIn(url, account),
    clientToken: async () => {
      const tokens = await redeem(issuer, { grant_type: 'client_credentials', resource: AUDIENCE, scope: 'api' });
      return tokens.access_token;
    },
    userTokens: (account) => authorizationCodeFlow(issuer, account),
    sign: async (claims, header = {}) => {
      const key = keys.find(({ alg }) => alg === (header.alg ?? keys[0]?.alg));
      if (key === undefined) throw new Error('no such key');
      const whole = { kid: key.kid, typ: 'at+jwt', ...header, alg: key.alg };
      return new SignJWT(claims).setProtectedHeader(whole as JWTHeaderParameters).sign(key.privateKey);
    },
    stop: () => stop(server),
  };
}

function configured(
  issuer: string,
  keys: JWK[],
  alg: string,
  { extraClaims, idTokenClaims }: IssuerOptions,
  browserClient: BrowserClient | undefined,
): Provider {
  return new Provider(issuer, {
    jwks: { keys },
    clients: [
      {
        client_id: CLIENT,
        client_secret: CLIENT_SECRET,
        redirect_uris: [REDIRECT],
        grant_types: ['authorization_code', 'client_credentials'],
        id_token_signed_response_alg: alg as 'RS256',
      },
      ...(browserClient === undefined
        ? []
        : [
            {
              client_id: BROWSER_CLIENT,
              ...(browserClient.secret === undefined
                ? { token_endpoint_auth_method: 'none' as const }
                : { client_secret: browserClient.secret }),
              redirect_uris: [browserClient.redirectUri],
              grant_types: ['authorization_code'],
              id_token_signed_response_alg: alg as 'RS256',
            },
          ]),
    ],
    // Claims of scopes belong to userinfo unless the issuer chooses otherwise.
    conformIdTokenClaims: idTokenClaims !== true,
    cookies: { keys: ['cookie-key'] },
    ttl: { AccessToken: 3600, ClientCredentials: 3600, Grant: 3600, IdToken: 3600, Interaction: 3600, Session: 3600 },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    scopes: ['openid', 'email', 'profile', 'api'],
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@example.com`, ...extraClaims?.(sub) }),
    }),
    extraTokenClaims: (_, token) =>
      token.kind === 'AccessToken' && extraClaims !== undefined ? extraClaims(token.accountId) : undefined,
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'api',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: alg as 'RS256' } },
        }),
      },
    },
  });
}

async function redeem(issuer: string, form: Record<string, string>) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT}:${CLIENT_SECRET}`).toString('base64')}` },
    body: new URLSearchParams(form),
  });
  if (response.status !== 200) throw new Error(`token endpoint: ${await response.text()}`);
  return (await response.json()) as { access_token: string; id_token: string };
}

/** Through the provider's own pages, with cookies; whoever leaves follows their link for that. */
async function logIn(url: string, account: string): Promise<string> {
  const cookies = new Map<string, string>();
  async function browse(url: string, form?: Record<string, string>): Promise<string> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.slice(0, line.indexOf(';')).split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return new URL(location, url).href;
  }
  const login = await browse(url);
  if (account === LEAVING) return browse(await browse(`${login}/abort`));
  const consent = await browse(await browse(login, { prompt: 'login', login: account, password: 'any' }));
  return browse(await browse(consent, { prompt: 'consent' }));
}

async function authorizationCodeFlow(issuer: string, account: string) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = new URLSearchParams({
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid email api',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const callback = await logIn(`${issuer}/auth?${query.toString()}`, account);
  const code = new URL(callback).searchParams.get('code') ?? '';
  const tokens = await redeem(issuer, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    code_verifier: verifier,
  });
  return { accessToken: tokens.access_token, idToken: tokens.id_token };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
