import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AuditAction, AuditEventInput } from './audit-event.ts';
import { AuditClientError } from './client-error.ts';
import type { AuditClient } from './create-audit-client.ts';

/** A request as the audit sees it, whatever the framework. */
export interface AuditedRequest<Request> {
  readonly request: Request;
  readonly method: string;
  /** The pattern, such as `/projects/:projectId/members/:memberId`. */
  readonly route: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly status: number;
}

export interface RequestAuditOptions<Request> {
  readonly client: Pick<AuditClient, 'record'>;
  /** Who did it. Undefined makes it `anonymous`. */
  readonly actor: (request: Request) => { readonly id: string; readonly username?: string | null } | undefined;
  /** Routes whose reading is recorded: their patterns, or a function that says so. None unless given. */
  readonly sensitive?: readonly string[] | ((route: string) => boolean);
  /** Replaces the action that the method stands for; null leaves the request out. */
  readonly action?: (audited: AuditedRequest<Request>) => AuditAction | null | undefined;
  /** Replaces the resource that the route and its parameters stand for. */
  readonly resource?: (audited: AuditedRequest<Request>) => { readonly type: string; readonly id: string } | undefined;
  /** Adds to the details. Bodies, query values and headers are never there unless this puts them there. */
  readonly details?: (audited: AuditedRequest<Request>) => Readonly<Record<string, unknown>> | undefined;
  /**
   * The response ends only when the event is recorded, and is 503 if it can't be (what the request did is done then).
   * Without it the event is recorded after the response, and a failure only reaches `onFailure`.
   */
  readonly strict?: boolean;
  /** Milliseconds that a strict request waits for its event; 10,000 unless given. */
  readonly strictTimeoutMs?: number;
  readonly onFailure?: (error: unknown) => void;
}

/** What a framework knows of a request that was answered. */
export interface Exchange<Request> extends AuditedRequest<Request> {
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  readonly durationMs: number;
  /** Whether the response went out whole; undefined while it isn't out. */
  readonly completed: boolean | undefined;
}

const STRICT_TIMEOUT_MS = 10_000;

const ACTION_OF_METHOD: Readonly<Record<string, AuditAction>> = {
  POST: 'CREATE',
  PUT: 'UPDATE',
  PATCH: 'UPDATE',
  DELETE: 'DELETE',
};

/** Undefined for a request that isn't recorded. */
export function eventOf<Request>(
  options: RequestAuditOptions<Request>,
  exchange: Exchange<Request>,
): AuditEventInput | undefined {
  const action = actionOf(options, exchange);
  if (action === undefined) return undefined;
  const { method, route, params, status, durationMs, completed } = exchange;
  const resource = options.resource?.(exchange) ?? resourceOf(route, params);
  const actor = options.actor(exchange.request);
  return {
    action,
    resource_type: keepable(resource.type, 256),
    resource_id: keepable(resource.id, 1024),
    actor_id: keepable(actor?.id ?? 'anonymous', 512),
    actor_username: actor?.username === undefined || actor.username === null ? null : keepable(actor.username, 1024),
    ip_address: addressOf(exchange.ip),
    user_agent: exchange.userAgent === undefined ? null : keepable(exchange.userAgent, 1024),
    details: {
      method,
      route,
      status,
      duration_ms: Math.round(durationMs),
      ...(completed === false && { completed }),
      ...options.details?.(exchange),
    },
  };
}

/** After the response: whatever happens here, the request isn't touched. */
export async function recordAfterwards<Request>(
  options: RequestAuditOptions<Request>,
  exchange: () => Exchange<Request>,
): Promise<void> {
  try {
    const event = eventOf(options, exchange());
    if (event !== undefined) await options.client.record(event);
  } catch (error) {
    try {
      options.onFailure?.(error);
    } catch {
      // Its own fault, and nobody is left to tell.
    }
  }
}

/**
 * Before the response ends.
 *
 * @throws whatever kept the event from being recorded
 */
export async function recordBefore<Request>(
  options: RequestAuditOptions<Request>,
  exchange: () => Exchange<Request>,
): Promise<void> {
  const { client, strictTimeoutMs = STRICT_TIMEOUT_MS } = options;
  const event = eventOf(options, exchange());
  if (event === undefined) return;
  const over = new AbortController();
  const timeout = sleep(strictTimeoutMs, undefined, { signal: over.signal }).then(() => {
    throw new AuditClientError('timeout', `The event was not recorded within ${strictTimeoutMs} ms.`);
  });
  try {
    await Promise.race([client.record(event), timeout]);
  } finally {
    over.abort();
    timeout.catch(() => undefined);
  }
}

/** The body of the answer to a strict request whose event could not be recorded. */
export const NOT_RECORDED = {
  type: 'about:blank',
  title: 'Not recorded',
  status: 503,
  detail:
    'The request was carried out, but its audit event could not be recorded; ask the operator before you repeat it.',
} as const;

function actionOf<Request>(
  options: RequestAuditOptions<Request>,
  exchange: Exchange<Request>,
): AuditAction | undefined {
  const own = options.action?.(exchange);
  if (own !== undefined) return own ?? undefined;
  const { method, route } = exchange;
  if (method !== 'GET' && method !== 'HEAD') return ACTION_OF_METHOD[method];
  const { sensitive = [] } = options;
  const isSensitive = typeof sensitive === 'function' ? sensitive(route) : sensitive.includes(route);
  return isSensitive ? 'READ' : undefined;
}

/** `/projects/:p/members/:m`: type `members`, id the value of `m`. A route that ends in a word is about all of them: `*`. */
function resourceOf(route: string, params: Readonly<Record<string, unknown>>): { type: string; id: string } {
  const segments = route.split('/').filter((segment) => segment !== '');
  const type = segments.findLast((segment) => !isVariable(segment)) ?? 'root';
  const last = segments.at(-1) ?? '';
  if (!isVariable(last)) return { type, id: '*' };
  const name = /^:?\*?(\w*)/.exec(last.replaceAll(/[{}]/g, ''))?.[1] ?? '';
  const value = params[name] ?? params['*'] ?? Object.values(params).at(-1) ?? '*';
  // Express gives a wildcard's segments as a list.
  return { type, id: [value].flat().map(String).join('/') };
}

function isVariable(segment: string): boolean {
  return /[:*]/.test(segment);
}

/** A caller must not get out of being recorded by sending what can't be kept. */
function keepable(text: string, mostBytes: number): string {
  const clean = text.toWellFormed().replaceAll('\0', '\uFFFD');
  if (clean === '') return '*';
  if (Buffer.byteLength(clean) <= mostBytes) return clean;
  // A character that is cut in half decodes to U+FFFD, which takes as much room as the longest cut.
  return Buffer.from(clean)
    .subarray(0, mostBytes - 3)
    .toString('utf8');
}

/** A v4 address on a v6 socket is a v4 one; a zone isn't part of the address. */
function addressOf(ip: string | undefined): string | null {
  const address = (ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(address) === 0 ? null : address;
}
