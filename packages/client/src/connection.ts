import { AuditClientError } from './client-error.ts';

export interface ConnectionOptions {
  /** Of the server, such as `https://trail.example.com`. */
  readonly baseUrl: string;
  /** A key of the role `recorder` is enough. */
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Id of the organization, for credentials that belong to several. */
  readonly organization?: string;
  /** Milliseconds for one request; 30,000 unless given. */
  readonly requestTimeoutMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

export type Answer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: Buffer;
      /** Milliseconds since 1970 by the server's clock; undefined if it doesn't say. */
      readonly serverTime: number | undefined;
    }
  /** Nothing is known about what the server did. The same again is safe, since every event has its id. */
  | { readonly kind: 'again'; readonly reason: string; readonly afterMs: number };

export interface Connection {
  post(body: string | Uint8Array<ArrayBuffer>, contentType: string, signal: AbortSignal): Promise<Answer>;
}

const EVENTS_PATH = '/api/v1/compliance/audit-events';
const REQUEST_TIMEOUT_MS = 30_000;
/** A server that asks for more than this is asked again anyway. */
const LONGEST_RETRY_AFTER_MS = 15 * 60_000;

/** What may be right the next time, unchanged. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** @throws {AuditClientError} `option_invalid` */
export function openConnection(options: ConnectionOptions): Connection {
  const { apiKey, apiSecret, organization, requestTimeoutMs = REQUEST_TIMEOUT_MS, fetch = globalThis.fetch } = options;
  const url = addressOf(options.baseUrl);
  if (typeof apiKey !== 'string' || apiKey === '' || typeof apiSecret !== 'string' || apiSecret === '') {
    throw new AuditClientError('option_invalid', 'Give apiKey and apiSecret, both of them.');
  }
  const headers = {
    authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`,
    ...(organization !== undefined && { 'x-organization-id': organization }),
  };
  return {
    async post(body, contentType, signal) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { ...headers, 'content-type': contentType },
          body,
          // The credential goes to the address that it was given for and nowhere else.
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
        });
        const bytes = Buffer.from(await response.arrayBuffer());
        if (!PASSING.has(response.status)) {
          const serverTime = dateOf(response.headers);
          return { kind: 'answered', status: response.status, body: bytes, serverTime };
        }
        return { kind: 'again', reason: reasonOf(response.status, bytes), afterMs: retryAfterMs(response.headers) };
      } catch (error) {
        return { kind: 'again', reason: causeOf(error), afterMs: 0 };
      }
    },
  };
}

/** The sentence of problem details (RFC 9457), if there is one. */
export function detailOf(body: Buffer): string | undefined {
  try {
    const { detail } = JSON.parse(body.toString('utf8')) as { detail?: unknown };
    return typeof detail === 'string' ? detail : undefined;
  } catch {
    return undefined;
  }
}

export function reasonOf(status: number, body: Buffer): string {
  return `The server answered ${status}${detailSuffix(detailOf(body))}`;
}

function detailSuffix(detail: string | undefined): string {
  return detail === undefined ? '.' : `: ${detail}`;
}

function addressOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '') {
    throw new AuditClientError('option_invalid', 'Give baseUrl as an address such as https://trail.example.com.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}${EVENTS_PATH}`;
}

/** RFC 9110, 10.2.3: seconds or a date. */
function retryAfterMs(headers: Headers): number {
  const text = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}

function dateOf(headers: Headers): number | undefined {
  const ms = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `The server can not be reached: ${cause instanceof Error ? cause.message : String(cause)}.`;
}
