import { currentSession, endSession } from '../session/session.ts';
import { noAnswer, problemOf } from './problem.ts';
import type { paths } from './schema.d.ts';

export type Path = keyof paths;
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

type Operation<P extends Path, M extends Method> = NonNullable<paths[P][M & keyof paths[P]]>;
type Successes<O> = O extends { responses: infer R } ? R[Extract<keyof R, 200 | 201 | 204>] : never;
type Content<R> = R extends { content: { 'application/json': infer T } } ? T : undefined;

/** What the server answers with, as its own document says. */
export type Answer<P extends Path, M extends Method = 'get'> = Content<Successes<Operation<P, M>>>;

type Parameters<O, Where extends string> = O extends { parameters: Record<Where, infer T> } ? T : undefined;
type Optional<O, Where extends string> = O extends { parameters: { [K in Where]?: infer T } } ? T : undefined;
type Body<O> = O extends { requestBody?: { content: { 'application/json': infer T } } } ? T : undefined;

export interface Asked<P extends Path, M extends Method> {
  readonly path?: Parameters<Operation<P, M>, 'path'>;
  readonly query?: Optional<Operation<P, M>, 'query'>;
  readonly body?: Body<Operation<P, M>>;
  /** Named in X-Organization-Id, for paths without one. */
  readonly organization?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Where a 401 may be about the password or the code that is asked for once more, and not about the session. */
const ASKS_AGAIN = /^\/api\/v1\/auth\/(password|two-factor.*|invitations)$/;

/** Asks as the one who signed in. @throws {Problem} for every refusal, and if no answer came */
export async function ask<P extends Path, M extends Method>(
  method: M,
  path: P,
  asked: Asked<P, M> = {},
): Promise<Response> {
  const session = currentSession();
  const headers: Record<string, string> = { accept: 'application/json' };
  if (session !== undefined) headers['authorization'] = `Bearer ${session.token}`;
  if (asked.organization !== undefined) headers['x-organization-id'] = asked.organization;
  if (asked.body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(addressOf(path, asked), {
    method: method.toUpperCase(),
    headers,
    body: asked.body === undefined ? null : JSON.stringify(asked.body),
    signal: asked.signal ?? null,
    // The token alone says who asks.
    credentials: 'omit',
    cache: 'no-store',
  }).catch((error: unknown) => {
    throw asked.signal?.aborted === true ? error : noAnswer();
  });
  if (response.ok) return response;
  // A token that is refused is refused for good; whoever asked is taken to the sign-in, and back afterwards.
  if (response.status === 401 && session !== undefined && !ASKS_AGAIN.test(path)) endSession();
  throw await problemOf(response);
}

export async function call<P extends Path, M extends Method>(
  method: M,
  path: P,
  asked: Asked<P, M> = {},
): Promise<Answer<P, M>> {
  const response = await ask(method, path, asked);
  return (response.status === 204 ? undefined : await response.json()) as Answer<P, M>;
}

export function addressOf(path: string, asked: { path?: unknown; query?: unknown }): string {
  const values = (asked.path ?? {}) as Readonly<Record<string, string>>;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(
    (asked.query ?? {}) as Record<string, string | number | boolean | undefined>,
  )) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
