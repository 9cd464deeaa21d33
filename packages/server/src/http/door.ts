import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TSchema } from 'typebox';

import { Problem } from './schemas.ts';

/** The server as routes see it: schemas give the types of what comes in. */
export type Door = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

const REFUSALS: Readonly<Record<number, string>> = {
  401: 'No credential, or not a valid one',
  402: 'Not subscribed to the framework',
  403: 'The role is too low',
  404: 'Not found, or an organization that the caller is no member of',
  409: 'In conflict with what is stored',
  422: 'A value is wrong; the sentence says which',
  429: 'Too many failed logins; wait as long as Retry-After says',
  503: 'Busy or away; try again as Retry-After says',
};

/** Whoever must show a credential may be told to wait with it. */
const WITH_CREDENTIAL = [429, 503];

/** The response section of a route: what success looks like, and which refusals to expect. */
export function answers(
  success: Readonly<Record<number, TSchema>>,
  ...refusals: readonly number[]
): Record<number, TSchema> {
  const all = refusals.includes(401) ? [...refusals, ...WITH_CREDENTIAL] : refusals;
  return { ...success, ...Object.fromEntries(all.map((status) => [status, refusal(status)])) };
}

function refusal(status: number): TSchema {
  const content = { 'application/problem+json': { schema: Problem } };
  return { description: REFUSALS[status] ?? 'Refused', content };
}
