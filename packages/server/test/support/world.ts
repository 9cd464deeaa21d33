import { asBasic, asBearer, type Call, type TestServer } from './test-server.ts';
import type { Answer } from './answer.ts';

export const ROLES = ['owner', 'admin', 'analyst', 'member', 'recorder'] as const;
export type RoleName = (typeof ROLES)[number];

export interface Credential {
  /** The API key or the user's id. */
  readonly id: string;
  readonly basic: string;
  readonly bearer: string;
}

export interface Person extends Credential {
  readonly email: string;
  readonly password: string;
}

/** An organization with a key for each role and the user who owns it. */
export interface World {
  readonly id: string;
  readonly keys: Readonly<Record<RoleName, Credential>>;
  readonly owner: Person;
  /** `/organizations/{its id}` and what follows. */
  path(rest?: string): string;
}

const EVENTS = '/api/v1/compliance/audit-events';
let made = 0;

export async function makeWorld(server: TestServer, name = `World ${(made += 1)}`): Promise<World> {
  const owner = await makePerson(server);
  const call = insist(server.call);
  const body = { name, billing_email: owner.email };
  const { id } = (await call(201, 'POST', '/organizations', { auth: owner.bearer, body })).json as { id: string };
  const keys = await Promise.all(
    ROLES.map(async (role) => [role, await makeKey(server, id, owner.bearer, role)] as const),
  );
  return {
    id,
    keys: Object.fromEntries(keys) as World['keys'],
    owner,
    path: (rest = '') => `/organizations/${id}${rest}`,
  };
}

export async function makeKey(server: TestServer, organizationId: string, auth: string, role: RoleName) {
  const answer = await insist(server.call)(201, 'POST', `/organizations/${organizationId}/api-keys`, {
    auth,
    body: { name: `${role} key`, role },
  });
  const { key, secret } = answer.json as { key: string; secret: string };
  return { id: key, basic: asBasic(key, secret), bearer: asBearer(`${key}.${secret}`) };
}

/** A user who belongs to no organization. */
export async function makePerson(server: TestServer): Promise<Person> {
  const { organization_id: first, api_key: key, api_secret: secret } = server.firstRun;
  const auth = asBasic(key, secret);
  const person = await addMember(server, first, auth, 'member');
  await insist(server.call)(204, 'DELETE', `/organizations/${first}/members/${person.id}`, { auth });
  return person;
}

/** A user of their own with that role, signed in. */
export async function addMember(
  server: TestServer,
  organizationId: string,
  auth: string,
  role: RoleName,
): Promise<Person> {
  made += 1;
  const email = `person-${made}@example.com`;
  const password = `password of person ${made}`;
  const body = { email, name: `Person ${made}`, role, password };
  const added = await insist(server.call)(201, 'POST', `/organizations/${organizationId}/members`, { auth, body });
  const { user_id: id } = added.json as { user_id: string };
  return { id, email, password, basic: asBasic(email, password), bearer: await login(server, email, password) };
}

/** The Authorization header of a new session. */
export async function login(server: TestServer, email: string, password: string): Promise<string> {
  const answer = await insist(server.call)(200, 'POST', '/api/v1/auth/login', { body: { email, password } });
  return asBearer((answer.json as { access_token: string }).access_token);
}

/** `call` that fails unless the status is the given one; for what a test stands on and isn't about. */
export function insist(call: Call): (status: number, ...asked: Parameters<Call>) => Promise<Answer> {
  return async (status, ...asked) => {
    const answer = await call(...asked);
    if (answer.status === status) return answer;
    throw new Error(`${asked[0]} ${asked[1]} answered ${answer.status}, not ${status}: ${answer.text.slice(0, 500)}`);
  };
}

export const SERVICE = {
  name: 'orders-prod',
  database_type: 'postgresql',
  zones: ['se-sto1'],
  storage_encrypted_at_rest: true,
  backup_encryption: 'AES-256-GCM',
  tls_enabled: true,
  backup_schedule: 'daily',
  backup_retention_days: 14,
} as const;

export async function makeService(server: TestServer, world: World, change: object = {}): Promise<string> {
  const auth = world.keys.admin.basic;
  const answer = await insist(server.call)(201, 'POST', world.path('/services'), {
    auth,
    body: { ...SERVICE, ...change },
  });
  return (answer.json as { service_id: string }).service_id;
}

export const EVENT = {
  action: 'UPDATE',
  resource_type: 'experiment',
  resource_id: 'exp-1',
  actor_id: 'usr-1',
  actor_username: 'jane.smith',
  ip_address: '203.0.113.45',
  user_agent: 'Mozilla/5.0',
  details: { previous_status: 'DRAFT' },
} as const;

export async function recordEvent(server: TestServer, world: World, change: object = {}): Promise<Answer> {
  return insist(server.call)(201, 'POST', EVENTS, { auth: world.keys.recorder.bearer, body: { ...EVENT, ...change } });
}

export interface EventItem {
  readonly id: string;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly actor_id: string;
  readonly actor_username: string | null;
  readonly timestamp: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly details: Record<string, unknown>;
  readonly signature: string;
  readonly recorded_at: string;
  readonly sequence: number;
  readonly signature_key_id: string;
}

/** The whole trail of an organization, in the order of its sequence. Reading it leaves no event. */
export async function readTrail(server: TestServer, world: World, query = ''): Promise<EventItem[]> {
  const items: EventItem[] = [];
  for (let page = 1; ; page += 1) {
    const path = `${EVENTS}?page_size=500&page=${page}${query}`;
    const answer = await insist(server.call)(200, 'GET', path, { auth: world.keys.analyst.bearer });
    const found = answer.json as { items: EventItem[]; pages: number };
    items.push(...found.items);
    if (page >= found.pages) return items.sort((a, b) => a.sequence - b.sequence);
  }
}
