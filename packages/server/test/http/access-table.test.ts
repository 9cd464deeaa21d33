import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HIDDEN_OPERATIONS, methodOf, OPERATIONS, type Operation, type Request } from '../support/operations.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { addMember, login, makePerson, makeWorld, ROLES, type RoleName, type World } from '../support/world.ts';

interface Caller {
  readonly name: string;
  readonly auth: string | undefined;
  readonly kind: 'nobody' | 'key' | 'user';
  /** In the world that is asked for; none for who belongs to another one. */
  readonly role: RoleName | undefined;
  /** Whether the credential is the token of a login. */
  readonly session?: true;
}

let server: TestServer;
let world: World;
let other: World;
let callers: Caller[];

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  other = await makeWorld(server, 'The secret name of another organization');
  callers = await everyCaller();
});
afterAll(() => server.stop());

/** Enough to see that an operation looks at no credential; some of those cost a password hash a call. */
const DIFFERENT = [
  'nobody',
  'a wrong secret, Basic',
  'no such session',
  'recorder key, Bearer',
  'a user of no organization, Bearer',
];

const RANK: Readonly<Record<RoleName, number>> = { owner: 4, admin: 3, analyst: 2, member: 1, recorder: 0 };

async function everyCaller(): Promise<Caller[]> {
  const { owner } = world;
  const { id: key } = world.keys.owner;
  const found: Caller[] = [
    { name: 'nobody', auth: undefined, kind: 'nobody', role: undefined },
    { name: 'a wrong secret, Basic', auth: `Basic ${btoa(`${key}:wrong`)}`, kind: 'nobody', role: undefined },
    { name: 'a wrong secret, Bearer', auth: `Bearer ${key}.wrong`, kind: 'nobody', role: undefined },
    { name: 'no such session', auth: `Bearer vts_${'0'.repeat(64)}`, kind: 'nobody', role: undefined },
    { name: "the owner key's id alone", auth: `Bearer ${key}`, kind: 'nobody', role: undefined },
  ];
  const both = (name: string, who: { basic: string; bearer: string }, kind: 'key' | 'user', role?: RoleName): void => {
    found.push({ name: `${name}, Basic`, auth: who.basic, kind, role });
    found.push({ name: `${name}, Bearer`, auth: who.bearer, kind, role, ...(kind === 'user' && { session: true }) });
  };
  for (const role of ROLES) both(`${role} key`, world.keys[role], 'key', role);
  both('owner', owner, 'user', 'owner');
  for (const role of ['admin', 'analyst', 'member'] as const) {
    both(role, await addMember(server, world.id, owner.bearer, role), 'user', role);
  }
  both("another organization's owner key", other.keys.owner, 'key');
  both("another organization's owner", other.owner, 'user');
  both('a user of no organization', await makePerson(server), 'user');
  return found;
}

/** The contract's rules, once more. */
function expected(operation: Operation, caller: Caller): number {
  const { who, success } = operation;
  if (who === 'anyone') return success;
  if (caller.kind === 'nobody') return 401;
  if (operation.name === 'POST /api/v1/auth/logout') return caller.session === true ? success : 422;
  // Every user sends the owner's password as the current one.
  if (operation.name === 'POST /api/v1/auth/password' && caller.kind === 'user') return success;
  if (who === 'any') return success;
  if (who === 'user') return caller.kind === 'user' ? success : 403;
  if (operation.in !== 'none' && caller.role === undefined) return 404;
  if (caller.role === 'recorder') return who === 'writer' ? success : 403;
  if (caller.role === undefined) return success;
  return RANK[caller.role] >= RANK[who === 'writer' ? 'admin' : who] ? success : 403;
}

/** Users' passwords stay what they are, and each logout ends a session of its own. */
async function ask(operation: Operation, caller: Caller, request: Request): Promise<number> {
  const { path, body } = request;
  let { auth } = caller;
  if (operation.name === 'POST /api/v1/auth/logout' && caller.session === true) {
    auth = await login(server, world.owner.email, world.owner.password);
  }
  if (operation.name === 'POST /api/v1/auth/password' && caller.kind === 'user') {
    auth = await login(server, world.owner.email, world.owner.password);
  }
  if (caller.kind === 'user') auth = request.auth ?? auth;
  const headers = operation.in === 'header' && caller.role === undefined ? { 'x-organization-id': world.id } : {};
  const answer = await server.call(methodOf(operation), path, {
    headers,
    ...(auth !== undefined && { auth }),
    ...(body !== undefined && { body }),
  });
  return answer.status;
}

describe('who may call', () => {
  // The first of them puts users into an organization more, which they have to name from then on; the second ends sessions.
  const last = ['POST /organizations', 'POST /api/v1/auth/password'];
  const rank = ({ name }: Operation): number => last.indexOf(name);
  const inOrder = OPERATIONS.toSorted((one, other) => rank(one) - rank(other));

  it.each(inOrder.map((operation) => [operation.name, operation] as const))('%s', async (_, operation) => {
    const asking = operation.who === 'anyone' ? callers.filter(({ name }) => DIFFERENT.includes(name)) : callers;
    const seen: Record<string, number> = {};
    // What only reads may be asked for again and again; anything else needs something new to work on.
    const same = methodOf(operation) === 'GET' ? await operation.request({ server, world }) : undefined;
    for (const caller of asking) {
      seen[caller.name] = await ask(operation, caller, same ?? (await operation.request({ server, world })));
    }
    expect(seen).toEqual(Object.fromEntries(asking.map((caller) => [caller.name, expected(operation, caller)])));
  });
});

describe('another organization', () => {
  const inPath = OPERATIONS.filter((operation) => operation.in === 'path');
  const inHeader = OPERATIONS.filter((operation) => operation.in === 'header');

  it.each(inPath.map((operation) => [operation.name, operation] as const))(
    'is as if it were not: %s',
    async (_, operation) => {
      const { path, body } = await operation.request({ server, world });
      const absent = randomUUID();
      for (const auth of [other.keys.owner.bearer, other.owner.basic]) {
        const asked = { auth, ...(body !== undefined && { body }) };
        const there = await server.call(methodOf(operation), path, asked);
        const nowhere = await server.call(methodOf(operation), path.replace(world.id, absent), asked);
        expect([there.status, nowhere.status]).toEqual([404, 404]);
        expect(there.bytes).toEqual(nowhere.bytes);
        expect(unstamped(there.headers)).toEqual(unstamped(nowhere.headers));
        // Nor is the body looked at, which could tell one from the other.
        const wrong = await server.call(methodOf(operation), path, { auth, body: { no: 'such member' } });
        expect(wrong.bytes).toEqual(there.bytes);
      }
    },
  );

  it.each(inHeader.map((operation) => [operation.name, operation] as const))(
    'is not opened by a header: %s',
    async (_, operation) => {
      const { path, body } = await operation.request({ server, world });
      const asked = { auth: other.keys.owner.bearer, ...(body !== undefined && { body }) };
      const call = (organization: string) =>
        server.call(methodOf(operation), path, { ...asked, headers: { 'x-organization-id': organization } });
      const there = await call(world.id);
      expect(there.status).toBe(404);
      for (const organization of [randomUUID(), 'x', '', `${world.id}, ${other.id}`]) {
        const nowhere = await call(organization);
        expect([nowhere.status, nowhere.text]).toEqual([404, there.text]);
      }
    },
  );

  it('shows nothing of its services, members, keys and events through ids that were guessed', async () => {
    const foreign = { server, world: other };
    const auth = world.keys.owner.bearer;
    for (const operation of OPERATIONS) {
      // A framework or a day is no id: every organization has its own of it.
      if (!/\{(?!orgId|framework|day)/.test(operation.name)) continue;
      const { path, body } = await operation.request(foreign);
      const own = path.replace(other.id, world.id);
      const answer = await server.call(methodOf(operation), own, { auth, ...(body !== undefined && { body }) });
      // To put a service under an id that somebody else uses too is no secret and no clash.
      expect([operation.name, answer.status]).toEqual([operation.name, methodOf(operation) === 'PUT' ? 201 : 404]);
      expect(answer.text).not.toContain('secret name');
    }
  });
});

describe('the table', () => {
  it('has every operation that the OpenAPI document has', async () => {
    const { paths } = (await server.call('GET', '/openapi.json')).json as { paths: Record<string, object> };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(OPERATIONS.map((operation) => operation.name).sort());
  });

  it('and the list of pages have every route that the server has', async () => {
    const routes = routesOf(server.running.app.printRoutes({ commonPrefix: false }));
    const open: string[] = [];
    for (const { url, methods } of routes) {
      for (const method of methods) {
        // Addresses answer methods that they don't have with 405, whoever asks.
        const path = url.replaceAll(/:[a-zA-Z]+/g, randomUUID()).replace('*', 'static/index.css');
        const answer = await server.call(method, path, { headers: { accept: '*/*' } });
        if (answer.status !== 405 && method !== 'HEAD')
          open.push(`${method} ${url.replaceAll(/:([a-zA-Z]+)/g, '{$1}')}`);
      }
    }
    expect(open.sort()).toEqual([...OPERATIONS.map((operation) => operation.name), ...HIDDEN_OPERATIONS].sort());
  });
});

/** What changes from one response to the next. */
function unstamped(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { 'x-request-id': _id, date: _date, ...others } = headers;
  return others;
}

/** Reads Fastify's picture of the routes: each line is a piece of a path, under the pieces before it. */
function routesOf(picture: string): { url: string; methods: string[] }[] {
  const pieces: string[] = [];
  const found: { url: string; methods: string[] }[] = [];
  for (const line of picture.split('\n')) {
    const [, indent = '', piece = '', methods] = /^([│ ]*)[├└]── (\S+)(?: \((.+)\))?$/.exec(line) ?? [];
    if (piece === '') continue;
    const depth = indent.length / 4;
    pieces.splice(depth, Infinity, piece);
    if (methods !== undefined) found.push({ url: pieces.join(''), methods: methods.split(', ') });
  }
  return found;
}
