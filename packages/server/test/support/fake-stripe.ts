import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Stripe does with a request in place of an answer; with `silent` and `broken off` it has done it before. */
export type Trouble = 'declined' | 'in use' | 'limited' | 'server error' | 'not JSON' | 'silent' | 'broken off';

export interface StripeRequest {
  readonly method: string;
  readonly path: string;
  /** Of the form or the query, names as they were sent: `items[0][price]`. */
  readonly params: Readonly<Record<string, string>>;
  readonly idempotencyKey: string | undefined;
}

type Fields = Readonly<Record<string, unknown>> & { readonly id: string };

/** Stripe's API as far as the server asks it: form-encoded requests and JSON answers over HTTP, on loopback. */
export interface FakeStripe {
  readonly base: string;
  readonly requests: StripeRequest[];
  readonly customers: Map<string, Fields>;
  readonly subscriptions: Map<string, Fields>;
  /** Treats the next `times` requests so whose method and path, such as `POST /v1/customers`, are these. */
  trouble(kind: Trouble, operation: string, times?: number): void;
  calm(): void;
  stop(): Promise<void>;
}

export const STRIPE_KEY = 'sk_test_51FakeKeyOfTheTests';
export const WEBHOOK_SECRET = 'whsec_fakeSecretOfTheTests';

const VERSION = /^\d{4}-\d{2}-\d{2}\.[a-z]+$/;
const FORM = 'application/x-www-form-urlencoded';

function newId(kind: string): string {
  return `${kind}_${randomBytes(8).toString('hex')}`;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function startFakeStripe(): Promise<FakeStripe> {
  const requests: StripeRequest[] = [];
  const customers = new Map<string, Fields>();
  const subscriptions = new Map<string, Fields>();
  const troubles: { kind: Trouble; operation: string; times: number }[] = [];
  /** Kept under its idempotency key, whatever the answer was, once the request was begun. */
  const kept = new Map<string, { readonly asked: string; readonly answer: Answer }>();

  const refusal = (status: number, type: string, code?: string): Answer => ({
    status,
    body: { error: { type, ...(code !== undefined && { code }), message: `No: ${STRIPE_KEY}` } },
  });
  const listOf = (data: readonly Fields[], more = false): Answer => ({
    status: 200,
    body: { object: 'list', url: '/v1', has_more: more, data },
  });
  const metadataOf = (params: StripeRequest['params']): Record<string, string> =>
    Object.fromEntries(
      Object.entries(params).flatMap(([name, value]) => {
        const [, member] = /^metadata\[(\w+)\]$/.exec(name) ?? [];
        return member === undefined ? [] : [[member, value]];
      }),
    );

  const act = ({ method, path, params }: StripeRequest): Answer => {
    const id = path.split('/')[3] ?? '';
    const missing = refusal(404, 'invalid_request_error', 'resource_missing');
    switch (`${method} ${path.replace(id === 'search' ? '' : id, '').replace(/\/$/, '/{id}')}`) {
      case 'POST /v1/customers': {
        const made = { ...params, id: newId('cus'), object: 'customer', metadata: metadataOf(params) };
        customers.set(made.id, made);
        return { status: 200, body: made };
      }
      case 'POST /v1/customers/{id}': {
        const before = customers.get(id);
        if (before === undefined) return missing;
        const after = { ...before, ...params };
        customers.set(id, after);
        return { status: 200, body: after };
      }
      case 'GET /v1/customers/search': {
        const [, member = '', value] = /^metadata\['(\w+)'\]:'([^']*)'$/.exec(params['query'] ?? '') ?? [];
        return listOf(
          [...customers.values()].filter((one) => (one['metadata'] as Record<string, string>)[member] === value),
        );
      }
      case 'POST /v1/subscriptions': {
        const customer = params['customer'] ?? '';
        if (!customers.has(customer)) return missing;
        const price = { id: params['items[0][price]'], object: 'price', unit_amount: 4900, currency: 'eur' };
        const made = {
          id: newId('sub'),
          object: 'subscription',
          status: 'active',
          customer,
          metadata: metadataOf(params),
          items: { object: 'list', data: [{ id: 'si_1', price }] },
        };
        subscriptions.set(made.id, made);
        return { status: 200, body: made };
      }
      case 'GET /v1/subscriptions': {
        // Small pages, so that paging is needed; newest first, as at Stripe.
        const all = [...subscriptions.values()]
          .filter((one) => one['customer'] === params['customer'])
          .filter((one) => params['status'] === 'all' || one['status'] !== 'canceled')
          .reverse();
        const from = all.findIndex((one) => one.id === params['starting_after']) + 1;
        return listOf(all.slice(from, from + 1), all.length > from + 1);
      }
      case 'DELETE /v1/subscriptions/{id}': {
        const before = subscriptions.get(id);
        if (before === undefined || before['status'] === 'canceled') return missing;
        const after = { ...before, status: 'canceled' };
        subscriptions.set(id, after);
        return { status: 200, body: after };
      }
      default:
        return refusal(404, 'invalid_request_error');
    }
  };

  const misbehave = (kind: Trouble, request: StripeRequest): Answer | undefined => {
    if (kind === 'declined') return refusal(402, 'card_error', 'card_declined');
    if (kind === 'in use') return refusal(409, 'idempotency_error', 'idempotency_key_in_use');
    if (kind === 'limited') return refusal(429, 'invalid_request_error', 'rate_limit');
    if (kind === 'server error') return refusal(500, 'api_error');
    if (kind === 'not JSON') return { status: 502, body: `<html>${STRIPE_KEY}</html>` };
    // What was done is kept, though nobody hears of it.
    perform(request);
    return undefined;
  };

  function perform(request: StripeRequest, given?: Answer): Answer {
    const answer = given ?? act(request);
    const { idempotencyKey } = request;
    // Neither a conflict nor a limit is the outcome of a request.
    if (idempotencyKey !== undefined && ![409, 429, 502].includes(answer.status)) {
      kept.set(idempotencyKey, { asked: JSON.stringify(request), answer });
    }
    return answer;
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '', 'http://stripe');
    const text = Buffer.concat(chunks).toString();
    const { headers, method = '' } = request;
    const asked: StripeRequest = {
      method,
      path: url.pathname,
      params: Object.fromEntries([...url.searchParams, ...new URLSearchParams(text)]),
      idempotencyKey: headers['idempotency-key'] as string | undefined,
    };
    requests.push(asked);
    const answer = ({ status, body }: Answer): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (headers.authorization !== `Bearer ${STRIPE_KEY}`) return answer(refusal(401, 'invalid_request_error'));
    const form = text === '' || headers['content-type'] === FORM;
    const keyed = method !== 'POST' || (asked.idempotencyKey ?? '') !== '';
    if (!form || !keyed || !VERSION.test(String(headers['stripe-version']))) {
      return answer(refusal(400, 'invalid_request_error', 'not_how_it_is_asked'));
    }
    const operation = `${method} ${url.pathname}`;
    const before = asked.idempotencyKey === undefined ? undefined : kept.get(asked.idempotencyKey);
    if (before !== undefined) {
      return answer(before.asked === JSON.stringify(asked) ? before.answer : refusal(400, 'idempotency_error'));
    }
    const trouble = troubles.find((one) => one.times > 0 && operation.startsWith(one.operation));
    if (trouble === undefined) return answer(perform(asked));
    trouble.times -= 1;
    const instead = misbehave(trouble.kind, asked);
    if (instead !== undefined) return answer(perform(asked, instead));
    if (trouble.kind === 'broken off') request.socket.destroy();
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    customers,
    subscriptions,
    trouble: (kind, operation, times = Infinity) => void troubles.push({ kind, operation, times }),
    calm: () => void troubles.splice(0),
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export function stripeSettings(base: string): Readonly<Record<string, string>> {
  return {
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: base,
    STRIPE_PRICES: 'soc2=price_soc2,gdpr_ropa=price_gdpr,dora=price_dora,eu_ai_act=price_ai',
  };
}

/** The header Stripe-Signature as Stripe documents it: HMAC-SHA256 over the time, a dot and the body. */
export function signWebhook(body: string | Buffer, secret = WEBHOOK_SECRET, time = Date.now()): string {
  const seconds = Math.floor(time / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')}`;
}
