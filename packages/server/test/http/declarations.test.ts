import { createHash, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DECLARATION_KIND_NAMES, type DeclarationKindName } from '../../src/http/declaration-schemas.ts';
import { listDeclarationsInForce } from '../../src/posture/declaration-store.ts';
import { HAPPENED_IN_DECLARATIONS } from '../../src/posture/happened-times.ts';
import { statusesOf } from '../support/answer.ts';
import { declaredData, LEI } from '../support/declared-data.ts';
import { asServer, organizationNo } from '../support/retention-scene.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeService, makeWorld, readTrail, type World } from '../support/world.ts';

let server: TestServer;
let world: World;
let service: string;
let data: ReturnType<typeof declaredData>;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  service = await makeService(server, world);
  data = declaredData(service);
});
afterAll(() => server.stop());

const OWNER = 'Ann Example';
const DAY = 86_400_000;
const SE = { countries: ['SE'] };
const admin = () => ({ auth: world.keys.admin.basic });
const pathOf = (kind: string, id: string): string => world.path(`/declarations/${kind}/${id}`);
const put = (kind: string, id: string, body: object) => server.call('PUT', pathOf(kind, id), { ...admin(), body });
const list = async (query = '') =>
  (await insist(server.call)(200, 'GET', world.path(`/declarations${query}`), { auth: world.keys.member.basic })).json;
const versions = async (kind: string, id: string) =>
  (await insist(server.call)(200, 'GET', pathOf(kind, id), { auth: world.keys.member.basic })).json.items;
const ahead = (days: number): string => `${new Date(Date.now() + days * DAY).toISOString().slice(0, 19)}Z`;

describe('a declaration', () => {
  it.each(DECLARATION_KIND_NAMES)('of kind %s is given back as it was sent', async (kind) => {
    const id = randomUUID();
    const answer = await put(kind, id, { owner: OWNER, data: data[kind] });
    expect([answer.status, answer.json]).toEqual([
      201,
      {
        kind,
        record_id: id,
        version: 1,
        data: data[kind],
        owner: OWNER,
        declared_by: world.keys.admin.id,
        declared_at: expect.any(String),
        valid_until: expect.any(String),
        withdrawn: false,
      },
    ]);
    expect(await versions(kind, id)).toEqual([answer.json]);
    expect((await list(`?kind=${kind}`)).items).toContainEqual(answer.json);
  });

  it('holds for a year unless an earlier end is said, and never longer', async () => {
    const id = randomUUID();
    const first = (await put('support_access', id, { owner: OWNER, data: SE })).json;
    const [declared, until] = [first.declared_at, first.valid_until];
    expect(until.slice(4)).toBe(`${declared.slice(4, 19)}Z`);
    expect(Number(until.slice(0, 4))).toBe(Number(declared.slice(0, 4)) + 1);
    expect((await put('support_access', id, { owner: OWNER, data: SE, valid_until: ahead(30) })).json.version).toBe(2);
    for (const valid_until of [ahead(367), ahead(0), '2020-01-01T00:00:00Z', 'tomorrow', '2027-01-01', null]) {
      expect((await put('support_access', id, { owner: OWNER, data: SE, valid_until })).status).toBe(422);
    }
  });

  it('said again changes nothing and is no event, members in another order included', async () => {
    const id = randomUUID();
    await put('retention_reason', id, { owner: OWNER, data: { reason: 'a law', review_on: '2027-01-01' } });
    await unchangedBy(server, async () => {
      const again = await put('retention_reason', id, {
        owner: OWNER,
        data: { review_on: '2027-01-01', reason: 'a law' },
      });
      expect([again.status, again.json.version]).toEqual([200, 1]);
    });
  });

  it('anew keeps what was before, and each change is an event with its digest', async () => {
    const id = randomUUID();
    await put('support_access', id, { owner: OWNER, data: SE });
    expect((await put('support_access', id, { owner: 'Bo', data: SE })).status).toBe(200);
    const third = { countries: ['FI', 'SE'] };
    expect((await put('support_access', id, { owner: 'Bo', data: third })).json.version).toBe(3);
    const found = await versions('support_access', id);
    expect(found.map((one: { data: unknown; owner: string }) => [one.owner, one.data])).toEqual([
      ['Bo', third],
      ['Bo', SE],
      [OWNER, SE],
    ]);
    expect((await list('?kind=support_access')).items).toContainEqual(found[0]);
    const events = (await readTrail(server, world)).filter((event) => event.resource_id === `support_access/${id}`);
    expect(events.map((event) => [event.action, event.details['version'], event.details['owner']])).toEqual([
      ['CREATE', 1, OWNER],
      ['UPDATE', 2, 'Bo'],
      ['UPDATE', 3, 'Bo'],
    ]);
    const digest = createHash('sha256').update('{"countries":["FI","SE"]}').digest('hex');
    expect(events[2]?.details['data_sha256']).toBe(digest);
  });

  it('withdrawn leaves the list, stays readable, and can be made again', async () => {
    const id = randomUUID();
    const path = pathOf('support_access', id);
    const body = { owner: OWNER, data: SE };
    expect((await server.call('DELETE', path, admin())).status).toBe(404);
    expect((await server.call('GET', path, admin())).status).toBe(404);
    await insist(server.call)(201, 'PUT', path, { ...admin(), body });
    await insist(server.call)(204, 'DELETE', path, admin());
    expect((await server.call('DELETE', path, admin())).status).toBe(404);
    expect(JSON.stringify(await list())).not.toContain(id);
    await insist(server.call)(201, 'PUT', path, { ...admin(), body });
    const found = await versions('support_access', id);
    expect(found.map((one: { withdrawn: boolean }) => one.withdrawn)).toEqual([false, true, false]);
    const actions = (await readTrail(server, world)).filter((event) => event.resource_id.endsWith(id));
    expect(actions.map((event) => event.action)).toEqual(['CREATE', 'DELETE', 'CREATE']);
  });

  it('may name services that ended, and no others', async () => {
    const ended = await makeService(server, world);
    await insist(server.call)(204, 'DELETE', world.path(`/services/${ended}`), admin());
    const test = (of: string) =>
      put('restore_test', randomUUID(), { owner: OWNER, data: declaredData(of).restore_test });
    expect((await test(ended)).status).toBe(201);
    const theirs = await makeService(server, await makeWorld(server));
    const naming = DECLARATION_KIND_NAMES.filter((kind) => JSON.stringify(data[kind]).includes(service));
    expect(naming).toHaveLength(8);
    await unchangedBy(server, async () => {
      for (const kind of naming) {
        for (const of of [theirs, randomUUID()]) {
          const answer = await put(kind, randomUUID(), { owner: OWNER, data: declaredData(of)[kind] });
          expect([kind, answer.status, answer.json.detail]).toEqual([kind, 422, expect.stringContaining(of)]);
        }
      }
    });
  });

  it('put ten times at once has ten versions in a row, made once', async () => {
    const id = randomUUID();
    const asked = Array.from({ length: 10 }, (_, index) =>
      put('security_measures', id, { owner: OWNER, data: { text: `measure ${index}` } }),
    );
    expect(statusesOf(await Promise.all(asked))).toEqual([...Array<number>(9).fill(200), 201]);
    const found = (await versions('security_measures', id)).reverse() as { version: number; declared_at: string }[];
    expect(found.map((one) => one.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const times = await server.running.house.db.scoped(await organizationNo(server, world), async (tx) =>
      tx.query('SELECT declared_at FROM declarations WHERE record_id = $1 ORDER BY declared_at', [id]),
    );
    expect(times.rows.map((row: { declared_at: string }) => row.declared_at)).toEqual(
      found.map((one) => one.declared_at),
    );
    expect(new Set(found.map((one) => one.declared_at)).size).toBe(10);
  });

  it('the same put ten times at once is made once', async () => {
    const id = randomUUID();
    const asked = Array.from({ length: 10 }, () => put('support_access', id, { owner: OWNER, data: SE }));
    expect(statusesOf(await Promise.all(asked))).toEqual([...Array<number>(9).fill(200), 201]);
    expect(await versions('support_access', id)).toHaveLength(1);
  });

  it('is another organization’s own under the same id', async () => {
    const other = await makeWorld(server);
    await put('support_access', 'shared-id', { owner: OWNER, data: SE });
    const path = other.path('/declarations/support_access/shared-id');
    const auth = other.keys.owner.basic;
    for (const method of ['GET', 'DELETE']) expect((await server.call(method, path, { auth })).status).toBe(404);
    expect((await server.call('GET', other.path('/declarations'), { auth })).json.total).toBe(0);
    await insist(server.call)(201, 'PUT', path, { auth, body: { owner: 'Bo', data: { countries: ['FI'] } } });
    expect((await versions('support_access', 'shared-id'))[0]).toMatchObject({ owner: OWNER, data: SE });
  });
});

describe('refused, and nothing is changed, is', () => {
  const wrong: [string, DeclarationKindName, (right: Record<string, unknown>) => unknown][] = [
    ['data that is none', 'support_access', () => null],
    ['a list', 'support_access', () => [SE]],
    ['a member too many', 'support_access', (right) => ({ ...right, no_such: 1 })],
    ['data of another kind', 'support_access', () => declaredData(service).ai_role],
    ['a country that is none', 'support_access', () => ({ countries: ['XX'] })],
    ['a country in lower case', 'support_access', () => ({ countries: ['se'] })],
    ['a country twice', 'support_access', () => ({ countries: ['SE', 'SE'] })],
    ['the name of a prototype', 'support_access', () => JSON.parse('{"countries":[],"__proto__":{}}')],
    ['no category', 'scope_categories', (right) => ({ ...right, categories: [] })],
    ['a category that is none', 'scope_categories', (right) => ({ ...right, categories: ['compliance'] })],
    ['a day that is none', 'scope_categories', (right) => ({ ...right, decided_on: '2026-02-30' })],
    ['a time for a day', 'scope_categories', (right) => ({ ...right, decided_on: '2026-02-01T00:00:00Z' })],
    ['a decision on everything', 'scope_decision', (right) => ({ ...right, control_id: null })],
    ['a decision on two things', 'scope_decision', (right) => ({ ...right, service_id: service })],
    ['a framework that is none', 'scope_decision', (right) => ({ ...right, framework: 'pci' })],
    ['a time with an offset', 'change_approval', (right) => ({ ...right, approved_at: '2026-01-15T10:30:00+01:00' })],
    ['a time with a fraction', 'change_approval', (right) => ({ ...right, approved_at: '2026-01-15T10:30:00.5Z' })],
    ['a leap second', 'change_approval', (right) => ({ ...right, approved_at: '2016-12-31T23:59:60Z' })],
    ['an id in upper case', 'restore_test', (right) => ({ ...right, service_id: service.toUpperCase() })],
    ['a fraction', 'restore_test', (right) => ({ ...right, rto_minutes: 1.5 })],
    ['a negative number', 'restore_test', (right) => ({ ...right, rto_minutes: -1 })],
    ['a line feed', 'security_measures', () => ({ text: 'a\nb' })],
    ['a C1 control', 'security_measures', () => ({ text: 'a\u0085b' })],
    ['a text too long', 'security_measures', () => ({ text: 'x'.repeat(10_001) })],
    ['an empty text', 'security_measures', () => ({ text: '' })],
    ['a service type that is none', 'dora_service', (right) => ({ ...right, service_type: 'S20' })],
    ['a mechanism that is none', 'third_country_transfer', (right) => ({ ...right, mechanism: '48' })],
    [
      'an LEI with a wrong digit',
      'dora_provider',
      (right) => ({ ...right, identifier: { type: 'LEI', value: LEI.replace(/.$/, '4') } }),
    ],
    [
      'an LEI with two characters changed over',
      'dora_provider',
      (right) => ({ ...right, identifier: { type: 'LEI', value: LEI.replace('T8', '8T') } }),
    ],
    ['an LEI too short', 'dora_provider', (right) => ({ ...right, identifier: { type: 'LEI', value: '5299' } })],
    ['an identifier that is a text', 'dora_provider', (right) => ({ ...right, identifier: LEI })],
    [
      'a thousand and one services',
      'ai_system',
      (right) => ({ ...right, log_services: Array.from({ length: 1001 }, () => randomUUID()) }),
    ],
    ['a deep value', 'ai_system', (right) => ({ ...right, name: JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`) })],
  ];
  it.each(wrong)('%s (%s)', async (_, kind, change) => {
    await unchangedBy(server, async () => {
      const answer = await put(kind, randomUUID(), { owner: OWNER, data: change(data[kind]) });
      expect([answer.status, answer.json.detail]).toEqual([422, expect.stringContaining('`data')]);
    });
  });

  /** Six minutes ahead, or a day that has begun nowhere; `then` is put where the path leads. */
  const moved = (value: unknown, path: readonly string[], then: string): unknown => {
    const [name, ...rest] = path;
    if (name === undefined) return then;
    return { ...(value as object), [name]: moved((value as Record<string, unknown>)[name], rest, then) };
  };
  const happened = Object.entries(HAPPENED_IN_DECLARATIONS).flatMap(([kind, members]) =>
    members.map((member) => [kind as DeclarationKindName, member] as const),
  );

  it.each(happened)('data of kind %s whose %s is in the future', async (kind, member) => {
    const id = randomUUID();
    const isDay = !member.endsWith('_at');
    const at = (minutes: number): string => {
      const time = new Date(Date.now() + (minutes + (isDay ? 14 * 60 : 0)) * 60_000).toISOString();
      return isDay ? time.slice(0, 10) : `${time.slice(0, 19)}Z`;
    };
    const said = (time: string) => ({ owner: OWNER, data: moved(data[kind], member.split('.'), time) });
    await unchangedBy(server, async () => {
      const answer = await put(kind, id, said(at(isDay ? 24 * 60 + 6 : 6)));
      expect([answer.status, answer.json.type, answer.json.detail]).toEqual([
        422,
        expect.stringContaining('declaration_in_future'),
        `\`data.${member}\` must not be in the future: say it once it is so.`,
      ]);
    });
    // Clocks differ by a little, and elsewhere a day may have begun.
    await insist(server.call)(201, 'PUT', pathOf(kind, id), { ...admin(), body: said(at(4)) });
  });

  it('data of any kind with a member left out', async () => {
    await unchangedBy(server, async () => {
      for (const kind of DECLARATION_KIND_NAMES) {
        for (const name of Object.keys(data[kind])) {
          const { [name]: _, ...fewer } = data[kind];
          const answer = await put(kind, randomUUID(), { owner: OWNER, data: fewer });
          expect([kind, name, answer.status]).toEqual([kind, name, 422]);
          expect(answer.json.detail).toContain(name);
        }
      }
    });
  });

  it('an owner without a name, or with control characters in it', async () => {
    for (const owner of [undefined, '', 'a\nb', 'x'.repeat(201), null, 5]) {
      expect((await put('support_access', randomUUID(), { owner, data: SE })).status).toBe(422);
    }
  });

  it('a kind or a record id that can not be, as not found', async () => {
    const body = { owner: OWNER, data: SE };
    const ids = ['a b', 'a/b', 'x'.repeat(101), 'ä', '%00', '..%2fx', ''];
    for (const id of ids) expect([id, (await put('support_access', encodeURI(id), body)).status]).toEqual([id, 404]);
    for (const kind of ['no_such', '__proto__', 'constructor', 'SUPPORT_ACCESS']) {
      expect([kind, (await put(kind, 'x', body)).status]).toEqual([kind, 404]);
    }
    expect((await server.call('GET', world.path('/declarations?kind=no_such'), admin())).status).toBe(422);
  });

  it('more than 128 KiB in one record', async () => {
    const controllers = Array.from({ length: 200 }, (_, at) => ({
      name: `${at}${'x'.repeat(190)}`,
      contact: 'y'.repeat(500),
    }));
    await unchangedBy(server, async () => {
      const answer = await put('ropa_parties', randomUUID(), {
        owner: OWNER,
        data: { ...data.ropa_parties, controllers },
      });
      expect([answer.status, answer.json.type]).toEqual([422, expect.stringContaining('declaration_too_large')]);
    });
  });
});

describe('an LEI', () => {
  // Published ones, as GLEIF lists them.
  it.each(['5493001KJTIIGC8Y1R12', 'HWUPKR0MPOU8FGXBT394', LEI])('%s is taken', async (value) => {
    const body = { owner: OWNER, data: { ...data.dora_provider, identifier: { type: 'LEI', value } } };
    expect((await put('dora_provider', randomUUID(), body)).status).toBe(201);
  });

  it('with any one character changed is not', async () => {
    await unchangedBy(server, async () => {
      for (let at = 0; at < LEI.length; at += 1) {
        const value = `${LEI.slice(0, at)}${LEI[at] === '7' ? '8' : '7'}${LEI.slice(at + 1)}`;
        const body = { owner: OWNER, data: { ...data.dora_provider, identifier: { type: 'LEI', value } } };
        expect([value, (await put('dora_provider', randomUUID(), body)).status]).toEqual([value, 422]);
      }
    });
  });
});

describe('what was in force', () => {
  it('is given out for a time, each version with its end', async () => {
    const other = await makeWorld(server);
    const no = await organizationNo(server, other);
    const place = (id: string, version: number, at: string, until: string, withdrawn = false) =>
      asServer(server, no, (client) =>
        client.query(`INSERT INTO declarations VALUES ($1, 'support_access', $2, $3, '{}', 'Ann', 'u', $4, $5, $6)`, [
          no,
          id,
          version,
          `2026-${at}T00:00:00Z`,
          `2026-${until}T00:00:00Z`,
          withdrawn,
        ]),
      );
    await place('replaced', 1, '01-01', '12-31');
    await place('replaced', 2, '02-01', '12-31');
    await place('withdrawn', 1, '01-05', '12-31');
    await place('withdrawn', 2, '03-01', '12-31', true);
    await place('expired', 1, '01-10', '02-15');
    await place('expired', 2, '04-01', '12-31');
    const between = async (from: string, to: string, ...wholeKinds: string[]) => {
      const time = (day: string): Date => new Date(`2026-${day}T00:00:00Z`);
      const found = await server.running.house.db.scoped(no, (tx) =>
        listDeclarationsInForce(tx, no, { from: time(from), to: time(to), wholeKinds }),
      );
      return found.map((one) => {
        const end = `${one.in_force_until.slice(5, 10)}${one.withdrawn ? ' taken back' : ''}`;
        return `${one.record_id} ${one.version} ${end}`;
      });
    };
    expect(await between('01-01', '12-31')).toEqual([
      'replaced 1 02-01',
      'withdrawn 1 03-01 taken back',
      'expired 1 02-15',
      'replaced 2 12-31',
      'expired 2 12-31',
    ]);
    expect(await between('02-01', '02-02')).toEqual([
      'withdrawn 1 03-01 taken back',
      'expired 1 02-15',
      'replaced 2 12-31',
    ]);
    expect(await between('03-01', '04-01')).toEqual(['replaced 2 12-31']);
    // Of some kinds a record is given with all that it ever said, once any of it is of the time.
    expect(await between('03-01', '04-01', 'support_access')).toEqual(['replaced 1 02-01', 'replaced 2 12-31']);
    expect(await between('03-01', '04-01', 'incident')).toEqual(['replaced 2 12-31']);
    expect(await between('02-15', '02-16')).toEqual(['withdrawn 1 03-01 taken back', 'replaced 2 12-31']);
  });

  it('can be neither changed nor removed, by the server or by the owner of the schema', async () => {
    const no = await organizationNo(server, world);
    for (const statement of [
      `UPDATE declarations SET data = '{}' WHERE organization_no = ${no}`,
      `DELETE FROM declarations WHERE organization_no = ${no}`,
      'TRUNCATE declarations',
    ]) {
      await expect(asServer(server, no, (client) => client.query(statement))).rejects.toThrow(/permission denied/);
      await expect(asOwner(server.databaseUrl, (client) => client.query(statement))).rejects.toThrow(/append-only/);
    }
  });
});

describe('ten thousand declarations', () => {
  it('are as many as an organization keeps; one more is 409, a change still goes, and a withdrawn one makes room', async () => {
    const full = await makeWorld(server);
    const no = await organizationNo(server, full);
    await asOwner(server.databaseUrl, (client) =>
      client.query(
        `INSERT INTO declarations SELECT ${no}, 'support_access', 'r-' || n, 1, '{"countries":[]}', 'Ann', 'u', now(),
           now() + interval '30 days', false FROM generate_series(1, 10000) AS n`,
      ),
    );
    const auth = full.keys.admin.basic;
    const ask = (method: string, id: string) =>
      server.call(method, full.path(`/declarations/support_access/${id}`), {
        auth,
        ...(method === 'PUT' && { body: { owner: OWNER, data: SE } }),
      });
    await unchangedBy(server, async () => expect((await ask('PUT', 'one-more')).status).toBe(409));
    expect((await ask('PUT', 'r-1')).status).toBe(200);
    expect((await ask('DELETE', 'r-2')).status).toBe(204);
    expect((await ask('PUT', 'one-more')).status).toBe(201);
    expect((await ask('PUT', 'r-2')).status).toBe(409);
    const listed = await server.call('GET', full.path('/declarations?page=11&page_size=1000'), { auth });
    expect([listed.json.total, listed.json.items]).toEqual([10_000, []]);
  });
});
