import { request, type Agent, type IncomingMessage } from 'node:http';

import { answerOf, type Answer } from '../../../server/test/support/answer.ts';
import type { FirstRun } from './server-process.ts';

export type { Answer } from '../../../server/test/support/answer.ts';

export interface CallOptions {
  /** The whole Authorization header. */
  readonly auth?: string;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  /** A connection for this call alone unless given. */
  readonly agent?: Agent;
}

/** Calls the server that answers there, and gives back whatever it answers. Rejects only if the connection breaks. */
export async function call(baseUrl: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { auth, body, agent } = options;
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(`${baseUrl}${path}`, {
      method,
      agent: agent ?? false,
      headers: {
        ...(auth !== undefined && { authorization: auth }),
        ...(payload !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        }),
      },
    });
    asked.on('response', resolve);
    asked.on('error', reject);
    asked.end(payload);
  });
  const given = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return answerOf(response.statusCode ?? 0, Object.fromEntries(given) as Record<string, string>, Buffer.concat(chunks));
}

export function asBasic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The first API key, an owner's. */
export function asFirstKey({ api_key: key, api_secret: secret }: FirstRun): string {
  return asBasic(key, secret);
}

export const EVENTS = '/api/v1/compliance/audit-events';
