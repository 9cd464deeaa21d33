import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { unchangedBy } from '../support/stored-rows.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import {
  addMember,
  insist,
  login,
  makeKey,
  makeService,
  makeWorld,
  readTrail,
  SERVICE,
  type World,
} from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

interface Prepared {
  readonly method: string;
  readonly path: string;
  readonly auth: string;
  readonly body?: object;
  readonly success: number;
}

interface Deed {
  readonly event: { readonly action: string; readonly resource_type: string };
  prepare(): Promise<Prepared>;
}

const BACKUP = { completed_at: '2026-06-07T02:00:14Z', type: 'manual', status: 'completed' };

async function onService(method: string, rest: string, success: number, body?: object): Promise<Prepared> {
  const path = world.path(`/services/${await makeService(server, world)}${rest}`);
  return { method, path, auth: world.keys.admin.basic, success, ...(body && { body }) };
}

function declaration(method: string, success: number, body?: object): Prepared {
  const path = world.path(`/declarations/support_access/${randomUUID()}`);
  return { method, path, auth: world.keys.admin.basic, success, ...(body && { body }) };
}

async function onDeclaration(method: string, success: number, body?: object): Promise<Prepared> {
  const prepared = declaration(method, success, body);
  const first = { owner: 'Ann', data: { countries: ['SE'] } };
  await insist(server.call)(201, 'PUT', prepared.path, { auth: world.keys.admin.basic, body: first });
  return prepared;
}

async function onMember(method: string, success: number, body?: object): Promise<Prepared> {
  const auth = world.owner.bearer;
  const { json } = await insist(server.call)(201, 'POST', world.path('/members'), { auth, body: newPerson() });
  return { method, path: world.path(`/members/${json.user_id}`), auth, success, ...(body && { body }) };
}

function newPerson(change: object = {}): object {
  return { email: `${randomUUID()}@example.com`, name: 'Ann', role: 'member', ...change };
}

/** Everything that changes something, or shows what is worth knowing who saw it. */
const DEEDS: Readonly<Record<string, Deed>> = {
  'an organization changed': {
    event: { action: 'CONFIG_CHANGE', resource_type: 'organization' },
    prepare: async () => ({
      method: 'PATCH',
      path: world.path(),
      auth: world.keys.admin.basic,
      body: { name: randomUUID() },
      success: 200,
    }),
  },
  'a retention changed': {
    event: { action: 'CONFIG_CHANGE', resource_type: 'organization' },
    prepare: async () => ({
      method: 'PATCH',
      path: world.path(),
      auth: world.keys.admin.basic,
      body: { audit_retention_days: 1 + Math.floor(Math.random() * 36_000) },
      success: 200,
    }),
  },
  'a member added': {
    event: { action: 'CREATE', resource_type: 'member' },
    prepare: async () => ({
      method: 'POST',
      path: world.path('/members'),
      auth: world.keys.admin.basic,
      body: newPerson({ password: 'given by the admin' }),
      success: 201,
    }),
  },
  'a member invited': {
    event: { action: 'CREATE', resource_type: 'member' },
    prepare: async () => ({
      method: 'POST',
      path: world.path('/members'),
      auth: world.keys.admin.basic,
      body: newPerson(),
      success: 201,
    }),
  },
  'an invitation accepted': {
    event: { action: 'UPDATE', resource_type: 'member' },
    async prepare() {
      const added = await insist(server.call)(201, 'POST', world.path('/members'), {
        auth: world.owner.bearer,
        body: newPerson(),
      });
      const token = (added.json.invitation_url as string).split('#')[1];
      return {
        method: 'POST',
        path: '/api/v1/auth/invitations',
        auth: '',
        body: { token, password: 'a password of her own' },
        success: 204,
      };
    },
  },
  'a role changed': {
    event: { action: 'PERMISSION_CHANGE', resource_type: 'member' },
    prepare: () => onMember('PATCH', 200, { role: 'analyst' }),
  },
  'a member removed': { event: { action: 'DELETE', resource_type: 'member' }, prepare: () => onMember('DELETE', 204) },
  'a key issued': {
    event: { action: 'CREATE', resource_type: 'api_key' },
    prepare: async () => ({
      method: 'POST',
      path: world.path('/api-keys'),
      auth: world.keys.admin.basic,
      body: { name: 'Key', role: 'member' },
      success: 201,
    }),
  },
  'a key withdrawn': {
    event: { action: 'DELETE', resource_type: 'api_key' },
    async prepare() {
      const { id } = await makeKey(server, world.id, world.owner.bearer, 'member');
      return { method: 'DELETE', path: world.path(`/api-keys/${id}`), auth: world.keys.admin.basic, success: 204 };
    },
  },
  'a service posted': {
    event: { action: 'CREATE', resource_type: 'service' },
    prepare: async () => ({
      method: 'POST',
      path: world.path('/services'),
      auth: world.keys.admin.basic,
      body: SERVICE,
      success: 201,
    }),
  },
  'a service put': {
    event: { action: 'CREATE', resource_type: 'service' },
    prepare: async () => ({
      method: 'PUT',
      path: world.path(`/services/${randomUUID()}`),
      auth: world.keys.admin.basic,
      body: SERVICE,
      success: 201,
    }),
  },
  'a service replaced': {
    event: { action: 'UPDATE', resource_type: 'service' },
    prepare: () => onService('PUT', '', 200, { ...SERVICE, name: 'another' }),
  },
  'a service changed': {
    event: { action: 'UPDATE', resource_type: 'service' },
    prepare: () => onService('PATCH', '', 200, { tls_enabled: false }),
  },
  'a service ended': {
    event: { action: 'DELETE', resource_type: 'service' },
    prepare: () => onService('DELETE', '', 204),
  },
  'a backup recorded': {
    event: { action: 'CREATE', resource_type: 'backup' },
    prepare: () => onService('POST', '/backups', 201, BACKUP),
  },
  'observations recorded': {
    event: { action: 'CREATE', resource_type: 'observations' },
    async prepare() {
      const observations = [
        { service_id: await makeService(server, world), fact: 'tls_required', value: true },
        { fact: 'mfa_enforced', value: true },
      ];
      const body = { collector: { id: randomUUID(), version: '1' }, observations };
      return { method: 'POST', path: world.path('/observations'), auth: world.keys.admin.basic, body, success: 201 };
    },
  },
  'something declared': {
    event: { action: 'CREATE', resource_type: 'declaration' },
    prepare: async () => declaration('PUT', 201, { owner: 'Ann', data: { countries: ['SE'] } }),
  },
  'something declared anew': {
    event: { action: 'UPDATE', resource_type: 'declaration' },
    prepare: () => onDeclaration('PUT', 200, { owner: 'Ann', data: { countries: ['SE', 'FI'] } }),
  },
  'a declaration withdrawn': {
    event: { action: 'DELETE', resource_type: 'declaration' },
    prepare: () => onDeclaration('DELETE', 204),
  },
  'a posture report read': {
    event: { action: 'READ', resource_type: 'posture_report' },
    prepare: async () => ({
      method: 'GET',
      path: world.path('/compliance-report'),
      auth: world.keys.member.basic,
      success: 200,
    }),
  },
  'a verification key read': {
    event: { action: 'READ', resource_type: 'verification_key' },
    prepare: async () => ({
      method: 'GET',
      path: world.path('/compliance-report/verification-key'),
      auth: world.keys.admin.basic,
      success: 200,
    }),
  },
  'a subscription begun': {
    event: { action: 'CREATE', resource_type: 'compliance_subscription' },
    async prepare() {
      const path = world.path('/compliance-subscriptions/soc2');
      await insist(server.call)(200, 'DELETE', path, { auth: world.keys.admin.basic });
      return { method: 'PUT', path, auth: world.keys.admin.basic, success: 200 };
    },
  },
  'a subscription ended': {
    event: { action: 'DELETE', resource_type: 'compliance_subscription' },
    async prepare() {
      const path = world.path('/compliance-subscriptions/soc2');
      await insist(server.call)(200, 'PUT', path, { auth: world.keys.admin.basic });
      return { method: 'DELETE', path, auth: world.keys.admin.basic, success: 200 };
    },
  },
  'an export': {
    event: { action: 'EXPORT', resource_type: 'audit_events' },
    prepare: async () => ({
      method: 'GET',
      path: '/api/v1/compliance/export',
      auth: world.keys.admin.basic,
      success: 200,
    }),
  },
  'a login': {
    event: { action: 'LOGIN', resource_type: 'session' },
    async prepare() {
      const { email, password } = await addMember(server, world.id, world.owner.bearer, 'member');
      return { method: 'POST', path: '/api/v1/auth/login', auth: '', body: { email, password }, success: 200 };
    },
  },
  'a login refused': {
    event: { action: 'LOGIN', resource_type: 'session' },
    async prepare() {
      const { email } = await addMember(server, world.id, world.owner.bearer, 'member');
      return {
        method: 'POST',
        path: '/api/v1/auth/login',
        auth: '',
        body: { email, password: 'not the password' },
        success: 401,
      };
    },
  },
  'a logout': {
    event: { action: 'LOGOUT', resource_type: 'session' },
    async prepare() {
      const person = await addMember(server, world.id, world.owner.bearer, 'member');
      return {
        method: 'POST',
        path: '/api/v1/auth/logout',
        auth: await login(server, person.email, person.password),
        success: 204,
      };
    },
  },
};

function perform({ method, path, auth, body }: Prepared) {
  return server.call(method, path, { ...(auth !== '' && { auth }), ...(body && { body }) });
}

describe('exactly one event is left by', () => {
  it.each(Object.entries(DEEDS))('%s', async (_, deed) => {
    const prepared = await deed.prepare();
    const before = (await readTrail(server, world)).length;
    expect((await perform(prepared)).status).toBe(prepared.success);
    const left = (await readTrail(server, world)).slice(before);
    expect(left).toMatchObject([{ ...deed.event, ip_address: '127.0.0.1' }]);
  });

  it('a changed password, in each organization', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const before = (await readTrail(server, world)).length;
    const body = { current_password: person.password, new_password: 'another password' };
    await insist(server.call)(204, 'POST', '/api/v1/auth/password', { auth: person.bearer, body });
    // The current password had to be checked, which is a login like any other.
    const left = (await readTrail(server, world)).slice(before).map((event) => [event.action, event.resource_type]);
    expect(left.filter(([action]) => action !== 'LOGIN')).toEqual([['UPDATE', 'user']]);
  });

  it('an organization made, in the new one', async () => {
    const of = await makeWorld(server);
    const [first] = await readTrail(server, of);
    expect(first).toMatchObject({
      sequence: 0,
      action: 'CREATE',
      resource_type: 'organization',
      resource_id: of.id,
      actor_id: of.owner.id,
    });
  });
});

describe('where its event can not be stored, nothing is done by', () => {
  /** A full disk, as PostgreSQL tells it, at the insert or no sooner than at the commit. */
  const FAILURES = {
    insert: 'CREATE TRIGGER no_room BEFORE INSERT ON audit_events_shared FOR EACH ROW EXECUTE FUNCTION disk_full()',
    commit: `CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON audit_events_shared
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION disk_full()`,
  };

  async function withFullDisk(at: keyof typeof FAILURES, work: () => Promise<void>): Promise<void> {
    await asOwner(server.databaseUrl, async (client) => {
      await client.query(
        `CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql
         AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$`,
      );
      await client.query(FAILURES[at]);
      try {
        await work();
      } finally {
        await client.query('DROP TRIGGER no_room ON audit_events_shared');
      }
    });
  }

  it.each(
    Object.entries(DEEDS).flatMap(([name, deed]) =>
      (['insert', 'commit'] as const).map((at) => [name, at, deed] as const),
    ),
  )('%s (at %s)', async (_, at, deed) => {
    const prepared = await deed.prepare();
    await withFullDisk(at, () =>
      unchangedBy(server, async () => {
        expect((await perform(prepared)).status).toBe(503);
      }),
    );
    for (const line of server.complaints.splice(0)) expect(line).toContain('could not extend file');
    // Once there is room again, the same request does what it asked for.
    expect((await perform(prepared)).status).toBe(prepared.success);
  });
});
