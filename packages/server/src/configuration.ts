import path from 'node:path';
import { BlockList, isIP } from 'node:net';

import { ConfigurationError } from './configuration-error.ts';
import { readFlagSettings, type ActiveRule } from './evidence/flags/flag-settings.ts';
import { Secret } from './secret.ts';
import { ACCOUNT_EMAIL_PATTERN } from './tenancy/email.ts';
import { readPacketPrices, STANDARD_PRICES, type PacketPrices } from './tenancy/packet-prices.ts';
import { passwordProblem } from './tenancy/password-rules.ts';
import { readStripeSettings, type StripeSettings } from './tenancy/stripe/stripe-settings.ts';

export { ConfigurationError };

export interface OidcSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri?: string;
  readonly tokenTypes: readonly string[];
  /** Set where people sign in at the issuer in their browser. */
  readonly client?: { readonly id: string; readonly secret: Secret | undefined };
}

export interface Configuration {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly dataDirectory: string;
  readonly databaseUrl: Secret | undefined;
  readonly databaseOwnerUrl: Secret | undefined;
  readonly databasePoolSize: number;
  readonly auditHmacSecret: Secret | undefined;
  readonly auditHmacSecretArn: string | undefined;
  readonly auditHmacPreviousSecrets: readonly Secret[];
  readonly auditSecretRefreshSeconds: number;
  readonly keyringSecret: Secret | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly trustedProxies: readonly string[];
  readonly zonesFile: string | undefined;
  readonly oidc: OidcSettings | undefined;
  readonly sessionHours: number;
  readonly firstOwnerEmail: string;
  readonly firstOwnerPassword: Secret | undefined;
  readonly firstOrganizationName: string;
  readonly operatorName: string;
  readonly flagRules: readonly ActiveRule[];
  readonly requestTimeoutSeconds: number;
  readonly trailRescanHours: number;
  readonly packetPrices: PacketPrices;
  readonly stripe: StripeSettings | undefined;
  readonly logLevel: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Setting {
  readonly name: string;
  readonly standard: string;
  readonly meaning: string;
}

/** Every setting there is, in the order of the operating page. docs/operating/settings.md is checked against it. */
export const SETTINGS: readonly Setting[] = [
  { name: 'PORT', standard: '8080', meaning: 'TCP port to listen on; 0 picks a free one.' },
  { name: 'HOST', standard: '127.0.0.1', meaning: 'Address to listen on; 0.0.0.0 opens the server to the network.' },
  {
    name: 'PUBLIC_URL',
    standard: 'http(s)://localhost:PORT',
    meaning: 'Address under which callers reach the server; used in links.',
  },
  {
    name: 'DATA_DIR',
    standard: './data',
    meaning: 'Folder of the embedded database, generated secrets and first-run.json.',
  },
  {
    name: 'DATABASE_URL',
    standard: 'unset: embedded',
    meaning: 'postgres:// URL of an outside PostgreSQL, 15 or later.',
  },
  {
    name: 'DATABASE_OWNER_URL',
    standard: 'DATABASE_URL',
    meaning:
      'postgres:// URL of the role that owns and migrates the schema, when the server is to log in as a lesser one.',
  },
  {
    name: 'DATABASE_POOL_SIZE',
    standard: '16',
    meaning: 'Connections for requests, 4 to 200; four more record events.',
  },
  {
    name: 'AUDIT_HMAC_SECRET',
    standard: 'made at the first start',
    meaning: 'Secret of the audit event MAC, 16 or more printable ASCII characters.',
  },
  {
    name: 'AUDIT_HMAC_SECRET_ARN',
    standard: 'unset',
    meaning: 'Name or ARN of that secret in AWS Secrets Manager, in place of AUDIT_HMAC_SECRET; see keys.md.',
  },
  {
    name: 'AUDIT_HMAC_PREVIOUS_SECRETS',
    standard: 'none',
    meaning: 'Secrets that were AUDIT_HMAC_SECRET before, separated by spaces; they verify and never sign.',
  },
  {
    name: 'AUDIT_SECRET_REFRESH_SECONDS',
    standard: '300',
    meaning: 'Seconds between looks for a new version in AWS Secrets Manager, 0 to 86400; 0 looks at the start only.',
  },
  {
    name: 'KEYRING_SECRET',
    standard: 'made at the first start',
    meaning: 'Secret under which stored keys are encrypted, 32 or more characters.',
  },
  {
    name: 'TLS_CERT_FILE',
    standard: 'unset: plain HTTP',
    meaning: 'PEM certificate chain; together with TLS_KEY_FILE turns HTTPS on.',
  },
  { name: 'TLS_KEY_FILE', standard: 'unset', meaning: 'PEM private key of TLS_CERT_FILE.' },
  {
    name: 'TRUSTED_PROXIES',
    standard: 'none',
    meaning:
      'Addresses or CIDR ranges of reverse proxies whose X-Forwarded-* headers are believed, separated by commas.',
  },
  { name: 'ZONES_FILE', standard: 'none', meaning: 'JSON file with zones of your own; see zones.md.' },
  { name: 'OIDC_ISSUER', standard: 'unset', meaning: 'Issuer whose access tokens are accepted.' },
  {
    name: 'OIDC_AUDIENCE',
    standard: 'unset',
    meaning: 'Audience that those tokens must name; required with OIDC_ISSUER.',
  },
  {
    name: 'OIDC_JWKS_URI',
    standard: 'from discovery',
    meaning: 'Key set of the issuer, when it has no discovery document.',
  },
  {
    name: 'OIDC_TOKEN_TYPES',
    standard: 'at+jwt,jwt',
    meaning: 'Accepted `typ` headers of access tokens, separated by commas.',
  },
  {
    name: 'OIDC_CLIENT_ID',
    standard: 'unset',
    meaning: 'Client under which the issuer knows the dashboard; lets people sign in there, see signing-in.md.',
  },
  {
    name: 'OIDC_CLIENT_SECRET',
    standard: 'unset: public client',
    meaning: 'Secret of that client, printable ASCII.',
  },
  {
    name: 'SESSION_HOURS',
    standard: '12',
    meaning: 'Hours until a token from POST /api/v1/auth/login expires, 1 to 720.',
  },
  {
    name: 'FIRST_OWNER_EMAIL',
    standard: 'owner@example.com',
    meaning: 'E-mail of the owner that the first start creates.',
  },
  {
    name: 'FIRST_OWNER_PASSWORD',
    standard: 'made at the first start',
    meaning: 'Password of that owner, 12 or more characters.',
  },
  {
    name: 'FIRST_ORGANIZATION_NAME',
    standard: 'First organization',
    meaning: 'Name of the organization that the first start creates.',
  },
  {
    name: 'OPERATOR_NAME',
    standard: 'The platform operator',
    meaning: 'Who states the facts in evidence packets: the legal name of who runs the platform.',
  },
  {
    name: 'FLAG_RULES',
    standard: 'all, as shipped',
    meaning:
      'Rules switched off (`rule=off`) or with other parameters (`rule.parameter=number`), separated by commas; see flags.md.',
  },
  {
    name: 'REQUEST_TIMEOUT_SECONDS',
    standard: '30',
    meaning: 'Time in which a request must have arrived whole, 1 to 600.',
  },
  {
    name: 'TRAIL_RESCAN_HOURS',
    standard: '24',
    meaning: 'Hours within which every event of every trail is checked again, 1 to 720; see checking.md.',
  },
  {
    name: 'PACKET_PRICES_EUR',
    standard: STANDARD_PRICES,
    meaning:
      'Monthly price of each framework in euros, at most two decimals, separated by commas; new subscriptions begin with it, see billing.md.',
  },
  {
    name: 'STRIPE_SECRET_KEY',
    standard: 'unset: no Stripe',
    meaning: 'Key of the Stripe account that subscriptions are invoiced through; see billing.md.',
  },
  {
    name: 'STRIPE_WEBHOOK_SECRET',
    standard: 'unset',
    meaning: 'Signing secret of the webhook endpoint at Stripe; required with STRIPE_SECRET_KEY.',
  },
  {
    name: 'STRIPE_PRICES',
    standard: 'unset',
    meaning:
      'Price at Stripe of each framework (`soc2=price_…`), all four, separated by commas; required with STRIPE_SECRET_KEY.',
  },
  {
    name: 'STRIPE_API_BASE',
    standard: 'https://api.stripe.com',
    meaning: 'Where the Stripe API is, such as a proxy; http:// on loopback only.',
  },
  { name: 'LOG_LEVEL', standard: 'info', meaning: 'fatal, error, warn, info, debug, trace or silent.' },
];

/**
 * Reads and checks every setting once.
 *
 * @throws {ConfigurationError} for the first setting that can't be used.
 */
export function readConfiguration(environment: Environment, workingDirectory: string): Configuration {
  const at = (name: string): string | undefined => {
    const value = environment[name];
    return value === undefined || value === '' ? undefined : value;
  };
  const file = (name: string): string | undefined => {
    const value = at(name);
    return value === undefined ? undefined : path.resolve(workingDirectory, value);
  };
  return {
    host: host(at('HOST') ?? '127.0.0.1'),
    port: whole('PORT', at('PORT') ?? '8080', 0, 65_535),
    publicUrl: publicUrl(at('PUBLIC_URL')),
    dataDirectory: path.resolve(workingDirectory, at('DATA_DIR') ?? 'data'),
    databaseUrl: databaseUrl('DATABASE_URL', at('DATABASE_URL')),
    databaseOwnerUrl: ownerUrl(at('DATABASE_OWNER_URL'), at('DATABASE_URL')),
    databasePoolSize: whole('DATABASE_POOL_SIZE', at('DATABASE_POOL_SIZE') ?? '16', 4, 200),
    auditHmacSecret: secret('AUDIT_HMAC_SECRET', at('AUDIT_HMAC_SECRET'), 16),
    auditHmacSecretArn: secretsManagerId(at('AUDIT_HMAC_SECRET_ARN'), at('AUDIT_HMAC_SECRET')),
    auditHmacPreviousSecrets: (at('AUDIT_HMAC_PREVIOUS_SECRETS') ?? '')
      .split(' ')
      .filter((part) => part !== '')
      .map((part) => secret('AUDIT_HMAC_PREVIOUS_SECRETS', part, 16)),
    auditSecretRefreshSeconds: whole(
      'AUDIT_SECRET_REFRESH_SECONDS',
      at('AUDIT_SECRET_REFRESH_SECONDS') ?? '300',
      0,
      86_400,
    ),
    keyringSecret: secret('KEYRING_SECRET', at('KEYRING_SECRET'), 32),
    tls: tls(file('TLS_CERT_FILE'), file('TLS_KEY_FILE')),
    trustedProxies: addressRanges('TRUSTED_PROXIES', at('TRUSTED_PROXIES')),
    zonesFile: file('ZONES_FILE'),
    oidc: withClient(
      oidc(at('OIDC_ISSUER'), at('OIDC_AUDIENCE'), at('OIDC_JWKS_URI'), at('OIDC_TOKEN_TYPES')),
      at('OIDC_CLIENT_ID'),
      at('OIDC_CLIENT_SECRET'),
    ),
    sessionHours: whole('SESSION_HOURS', at('SESSION_HOURS') ?? '12', 1, 720),
    firstOwnerEmail: email('FIRST_OWNER_EMAIL', at('FIRST_OWNER_EMAIL') ?? 'owner@example.com'),
    firstOwnerPassword: password('FIRST_OWNER_PASSWORD', at('FIRST_OWNER_PASSWORD')),
    firstOrganizationName: title('FIRST_ORGANIZATION_NAME', at('FIRST_ORGANIZATION_NAME') ?? 'First organization'),
    operatorName: title('OPERATOR_NAME', at('OPERATOR_NAME') ?? 'The platform operator'),
    flagRules: readFlagSettings(at('FLAG_RULES')),
    requestTimeoutSeconds: whole('REQUEST_TIMEOUT_SECONDS', at('REQUEST_TIMEOUT_SECONDS') ?? '30', 1, 600),
    trailRescanHours: whole('TRAIL_RESCAN_HOURS', at('TRAIL_RESCAN_HOURS') ?? '24', 1, 720),
    packetPrices: readPacketPrices(at('PACKET_PRICES_EUR')),
    stripe: readStripeSettings({
      secretKey: at('STRIPE_SECRET_KEY'),
      webhookSecret: at('STRIPE_WEBHOOK_SECRET'),
      apiBase: at('STRIPE_API_BASE'),
      prices: at('STRIPE_PRICES'),
    }),
    logLevel: oneOf('LOG_LEVEL', at('LOG_LEVEL') ?? 'info', [
      'fatal',
      'error',
      'warn',
      'info',
      'debug',
      'trace',
      'silent',
    ]),
  };
}

function whole(setting: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least || value > most) {
    throw new ConfigurationError(setting, `put a whole number from ${least} to ${most} there.`);
  }
  return value;
}

/** What the API takes for a name, too. */
function title(setting: string, text: string): string {
  if (/^\P{Cc}{1,200}$/u.test(text)) return text;
  throw new ConfigurationError(setting, 'use at most 200 characters, and no control characters.');
}

function oneOf(setting: string, text: string, choices: readonly string[]): string {
  if (!choices.includes(text)) throw new ConfigurationError(setting, `put one of ${choices.join(', ')} there.`);
  return text;
}

function host(text: string): string {
  if (isIP(text) === 0 && !/^[a-zA-Z0-9.-]{1,253}$/.test(text)) {
    throw new ConfigurationError('HOST', 'put an IP address or a host name there.');
  }
  return text;
}

function email(setting: string, text: string): string {
  if (text.length > 254 || !new RegExp(ACCOUNT_EMAIL_PATTERN, 'u').test(text)) {
    throw new ConfigurationError(setting, 'put an e-mail address there, without a colon and not beginning with vtk_.');
  }
  return text.toLowerCase();
}

function password(setting: string, text: string | undefined): Secret | undefined {
  if (text === undefined) return undefined;
  const problem = passwordProblem(text);
  if (problem === undefined) return new Secret(text);
  throw new ConfigurationError(setting, problem.charAt(0).toLowerCase() + problem.slice(1));
}

function httpUrl(setting: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigurationError(setting, 'put an http:// or https:// address there.');
  }
  return url;
}

function publicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = httpUrl('PUBLIC_URL', text);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new ConfigurationError(
      'PUBLIC_URL',
      'put an address without a path there, such as https://trail.example.com.',
    );
  }
  return url.origin;
}

function databaseUrl(setting: string, text: string | undefined): Secret | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new ConfigurationError(setting, 'put an address such as postgres://user:password@host:5432/database there.');
  }
  return new Secret(text);
}

function ownerUrl(owner: string | undefined, database: string | undefined): Secret | undefined {
  if (owner !== undefined && database === undefined) {
    throw new ConfigurationError('DATABASE_OWNER_URL', 'set DATABASE_URL too, or neither.');
  }
  return databaseUrl('DATABASE_OWNER_URL', owner);
}

function secret(setting: string, text: string, least: number): Secret;
function secret(setting: string, text: string | undefined, least: number): Secret | undefined;
function secret(setting: string, text: string | undefined, least: number): Secret | undefined {
  if (text === undefined) return undefined;
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw new ConfigurationError(setting, 'use printable ASCII characters and no spaces.');
  }
  if (text.length < least) throw new ConfigurationError(setting, `use ${least} characters or more.`);
  return new Secret(text);
}

function secretsManagerId(text: string | undefined, given: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (given !== undefined) {
    throw new ConfigurationError('AUDIT_HMAC_SECRET_ARN', 'unset it or AUDIT_HMAC_SECRET, since only one can sign.');
  }
  const name = String.raw`[\w/+=.@-]{1,519}`;
  if (!new RegExp(`^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:)?${name}$`).test(text)) {
    throw new ConfigurationError('AUDIT_HMAC_SECRET_ARN', 'put the name or the ARN of a secret there.');
  }
  return text;
}

function tls(certFile: string | undefined, keyFile: string | undefined): Configuration['tls'] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined) throw new ConfigurationError('TLS_CERT_FILE', 'set it too, since TLS_KEY_FILE is set.');
  if (keyFile === undefined) throw new ConfigurationError('TLS_KEY_FILE', 'set it too, since TLS_CERT_FILE is set.');
  return { certFile, keyFile };
}

function addressRanges(setting: string, text: string | undefined): readonly string[] {
  const ranges = (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const probe = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    try {
      if (prefix === undefined) probe.addAddress(address, family);
      else probe.addSubnet(address, whole(setting, prefix, 0, family === 'ipv6' ? 128 : 32), family);
    } catch {
      throw new ConfigurationError(setting, `${range} is not an IP address or CIDR range.`);
    }
  }
  return ranges;
}

function oidc(
  issuer: string | undefined,
  audience: string | undefined,
  jwksUri: string | undefined,
  types: string | undefined,
): OidcSettings | undefined {
  if (issuer === undefined) {
    const set = Object.entries({ OIDC_AUDIENCE: audience, OIDC_JWKS_URI: jwksUri, OIDC_TOKEN_TYPES: types });
    const [without] = set.find(([, value]) => value !== undefined) ?? [];
    if (without === undefined) return undefined;
    throw new ConfigurationError('OIDC_ISSUER', `set it too, since ${without} is set.`);
  }
  if (audience === undefined) throw new ConfigurationError('OIDC_AUDIENCE', 'set it too, since OIDC_ISSUER is set.');
  const url = httpUrl('OIDC_ISSUER', issuer);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new ConfigurationError('OIDC_ISSUER', 'use https://, since tokens checked over plain http could be forged.');
  }
  if (/[?#]/.test(issuer)) throw new ConfigurationError('OIDC_ISSUER', 'leave out the query and the fragment.');
  const keys = jwksUri === undefined ? undefined : httpUrl('OIDC_JWKS_URI', jwksUri);
  if (keys?.protocol === 'http:' && !(url.protocol === 'http:' && isLoopback(keys.hostname))) {
    throw new ConfigurationError(
      'OIDC_JWKS_URI',
      'use https://, since keys that came over plain http could be forged.',
    );
  }
  const tokenTypes = (types ?? 'at+jwt,jwt')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
  if (tokenTypes.length === 0)
    throw new ConfigurationError('OIDC_TOKEN_TYPES', 'name at least one type, such as at+jwt.');
  return { issuer, audience, ...(jwksUri !== undefined && { jwksUri }), tokenTypes };
}

function withClient(
  settings: OidcSettings | undefined,
  id: string | undefined,
  clientSecret: string | undefined,
): OidcSettings | undefined {
  if (id === undefined) {
    if (clientSecret === undefined) return settings;
    throw new ConfigurationError('OIDC_CLIENT_ID', 'set it too, since OIDC_CLIENT_SECRET is set.');
  }
  if (settings === undefined) throw new ConfigurationError('OIDC_ISSUER', 'set it too, since OIDC_CLIENT_ID is set.');
  if (!/^[\x20-\x7e]{1,255}$/.test(id)) {
    throw new ConfigurationError('OIDC_CLIENT_ID', 'use at most 255 printable ASCII characters.');
  }
  return { ...settings, client: { id, secret: secret('OIDC_CLIENT_SECRET', clientSecret, 1) } };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
