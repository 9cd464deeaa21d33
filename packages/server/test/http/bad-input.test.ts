import { createHmac, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methodOf, OPERATIONS, type Operation } from '../support/operations.ts';
import { faultsOf, type Schema } from '../support/schema-sample.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  EVENT,
  insist,
  makeService,
  makeWorld,
  readTrail,
  recordEvent,
  SERVICE,
  type World,
} from '../support/world.ts';

let server: TestServer;
let world: World;
let service: string;
let found: Awaited<ReturnType<typeof takers>>;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  service = await makeService(server, world);
  found = await takers();
});
afterAll(() => server.stop());

const EVENTS = '/api/v1/compliance/audit-events';

function authFor(operation: Operation): { auth?: string } {
  if (operation.who === 'anyone') return {};
  return { auth: operation.who === 'user' || operation.who === 'any' ? world.owner.bearer : world.keys.owner.basic };
}

/** The operations that take a body, each with one request that would be accepted. */
async function takers(): Promise<
  { operation: Operation; path: string; body: Record<string, unknown>; schema: Schema }[]
> {
  const { paths } = (await server.call('GET', '/openapi.json')).json;
  const requests = [];
  for (const operation of OPERATIONS) {
    const [method = '', template = ''] = operation.name.split(' ');
    const schema = paths[template][method.toLowerCase()].requestBody?.content['application/json'].schema as
      | Schema
      | undefined;
    if (schema === undefined) continue;
    const { path, body = {} } = await operation.request({ server, world });
    requests.push({ operation, path, body, schema });
  }
  return requests;
}

describe('a name', () => {
  const KEPT = {
    quotes: 'say "no" and \'yes\', \\back\\ and /slash/',
    'the end of a signed report': 'a","signature":{"algorithm":"none"},"x":"',
    'only the word': 'signature',
    'what a report begins with': '"report":{}',
    'right to left': 'קובץ \u202e\u2066fdp.exe\u2069 عربي',
    emoji: '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 \u{10ffff}',
    'combining marks': `Z\u0351\u0346\u033c\u0316a\u0308 e\u0301 \u00e9 ${'\u0301'.repeat(50)}`,
    'line separators': 'a\u2028b\u2029c',
    noncharacters: 'a\ufffeb\uffffc\ufdd0d',
    'a byte order mark': '\ufeffx\ufeff',
    'spaces at its ends': '  \u00a0\u3000x\u200b  ',
    markup: "<script>alert(1)</script>&amp;<!--'--><img src=x onerror=alert(1)>",
    'a query': "'; DROP TABLE services; --",
    'the name of a prototype': '__proto__',
    'two hundred astral characters': '𝒳'.repeat(200),
  };
  const REFUSED = {
    'with U+0000': 'a\0b',
    'with a line feed': 'a\nb',
    'with an escape': 'a\u001b[31mb',
    'with DEL': 'a\u007fb',
    'with a C1 control': 'a\u0085b',
    empty: '',
    'of 10 kB': 'x'.repeat(10_240),
    'of 201 characters': 'x'.repeat(201),
  };

  it.each(Object.entries(KEPT))('with %s is kept exactly, and the report verifies', async (_, name) => {
    const call = insist(server.call);
    const { basic: auth } = world.keys.admin;
    const short = [...name].slice(0, 100).join('');
    await call(200, 'PATCH', world.path(), { auth, body: { name } });
    const id = await makeService(server, world, { name, database_type: short, zones: ['first', short, 'se-sto1'] });
    await call(201, 'POST', world.path(`/services/${id}/backups`), {
      auth,
      body: { completed_at: '2026-06-07T02:00:14Z', type: short, status: 'completed' },
    });
    const member = { email: `${randomUUID()}@example.com`, name, role: 'member' };
    const { user_id: user } = (await call(201, 'POST', world.path('/members'), { auth, body: member })).json;
    const { key } = (await call(201, 'POST', world.path('/api-keys'), { auth, body: { name, role: 'member' } })).json;

    const named = async (path: string, member: string, of: string) => {
      const { items } = (await call(200, 'GET', world.path(path), { auth })).json as {
        items: Record<string, unknown>[];
      };
      return items.find((item) => item[member] === of);
    };
    const trail = await readTrail(server, world);
    const texts = {
      organization: (await call(200, 'GET', world.path(), { auth })).json.name,
      service: (await call(200, 'GET', world.path(`/services/${id}`), { auth })).json.name,
      'database type': (await named('/services', 'service_id', id))?.['database_type'],
      zone: (await call(200, 'GET', world.path(`/services/${id}/history`), { auth })).json.items[0].zones[1],
      backup: (await named(`/services/${id}/backups`, 'service_id', id))?.['type'],
      member: (await named('/members', 'user_id', user))?.['name'],
      'API key': (await named('/api-keys', 'key', key))?.['name'],
      'trail, key': trail.find((event) => event.resource_id === key)?.details['name'],
      'trail, service': trail.find((event) => event.resource_id === id)?.details['name'],
    };
    const bytes = (text: unknown): string => Buffer.from(String(text)).toString('hex');
    for (const [place, text] of Object.entries(texts)) {
      const wanted = ['zone', 'backup', 'database type'].includes(place) ? short : name;
      expect([place, bytes(text)]).toEqual([place, bytes(wanted)]);
    }

    const report = await call(200, 'GET', world.path('/compliance-report'), { auth });
    const secret = (await call(200, 'GET', world.path('/compliance-report/verification-key'), { auth })).json;
    const { value } = report.json.signature;
    expect(value).toBe(createHmac('sha256', secret.verification_key).update(signedBytes(report.bytes)).digest('hex'));
    expect(JSON.parse(signedBytes(report.bytes).toString())).toEqual(report.json.report);
    expect(bytes(report.json.report.services.find((one: { service_id: string }) => one.service_id === id).name)).toBe(
      bytes(name),
    );
  });

  /** The first seed's method: from the first `"report":` to the next `,"signature"`. */
  function signedBytes(document: Buffer): Buffer {
    const start = document.indexOf('"report":') + '"report":'.length;
    return document.subarray(start, document.indexOf(',"signature"', start));
  }

  it.each(Object.entries(REFUSED))('%s is refused wherever there are names', async (_, name) => {
    const { basic: auth } = world.keys.owner;
    const serviceChange = async (change: object) =>
      server.call('PATCH', world.path(`/services/${service}`), { auth, body: change });
    await unchangedBy(server, async () => {
      const answers = [
        await server.call('PATCH', world.path(), { auth, body: { name } }),
        await server.call('POST', '/organizations', {
          auth: world.owner.bearer,
          body: { name, billing_email: 'a@example.com' },
        }),
        await server.call('POST', world.path('/services'), { auth, body: { ...SERVICE, name } }),
        await server.call('PUT', world.path(`/services/${randomUUID()}`), { auth, body: { ...SERVICE, name } }),
        await serviceChange({ name }),
        await serviceChange({ database_type: name }),
        await serviceChange({ zones: ['se-sto1', name] }),
        await server.call('POST', world.path('/members'), {
          auth,
          body: { email: 'a@example.com', name, role: 'member' },
        }),
        await server.call('POST', world.path('/api-keys'), { auth, body: { name, role: 'member' } }),
        await server.call('POST', world.path(`/services/${service}/backups`), {
          auth,
          body: { completed_at: '2026-06-07T02:00:14Z', type: name, status: 'completed' },
        }),
      ];
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 422));
    });
  });

  it('is not cut, joined or normalized in an event either', async () => {
    for (const text of Object.values(KEPT)) {
      const names = {
        resource_type: [...text].slice(0, 64).join(''),
        resource_id: text,
        actor_id: [...text].slice(0, 120).join(''),
      };
      const change = { ...names, actor_username: text, user_agent: text, details: { [text]: text } };
      const { id } = (await recordEvent(server, world, change)).json;
      const event = (await insist(server.call)(200, 'GET', `${EVENTS}/${id}`, { auth: world.keys.analyst.basic })).json;
      expect(event).toMatchObject(change);
    }
  });
});

describe('a list', () => {
  it.each([
    ['of 10,000 zones', Array.from({ length: 10_000 }, (_, at) => `zone-${at}`)],
    ['of 101 zones', Array.from({ length: 101 }, (_, at) => `zone-${at}`)],
    ['with a zone twice', ['se-sto1', 'se-sto1']],
    ['with null', [null]],
    ['in a list', [['se-sto1']]],
  ])('%s is refused and changes nothing', async (_, zones) => {
    await unchangedBy(server, async () => {
      const path = world.path(`/services/${service}`);
      const answer = await server.call('PATCH', path, { auth: world.keys.admin.basic, body: { zones } });
      expect([answer.status, answer.json.detail]).toEqual([422, expect.stringContaining('zones')]);
    });
  });

  it('of 1,001 events is refused, one of 1,000 is stored whole', async () => {
    const auth = world.keys.recorder.bearer;
    const events = (count: number) => ({ events: Array.from({ length: count }, () => EVENT) });
    await unchangedBy(server, async () => {
      expect((await server.call('POST', EVENTS, { auth, body: events(1001) })).status).toBe(422);
      expect((await server.call('POST', EVENTS, { auth, body: { events: [] } })).status).toBe(422);
    });
    const stored = await server.call('POST', EVENTS, { auth, body: events(1000) });
    expect([stored.status, stored.json.items.length]).toEqual([201, 1000]);
  });
});

/** Everything that isn't the JSON of an acceptable body, whatever the operation. */
const NOT_ACCEPTABLE: Readonly<Record<string, string | Buffer>> = {
  nothing: '',
  'white space': ' \n\t',
  'half an object': '{',
  'an object too many': '{} {}',
  'a list': '[]',
  'a list of lists': '[[]]',
  null: 'null',
  true: 'true',
  'a number': '5',
  'a text': '"text"',
  NaN: '{"name":NaN}',
  Infinity: '{"name":-Infinity}',
  'a number beyond a double': '{"name":1e400}',
  'hexadecimal digits': '{"name":0x10}',
  'a leading zero': '{"name":01}',
  'an integer of 100,000 digits': `{"name":${'9'.repeat(100_000)}}`,
  'lists 100,000 deep': '['.repeat(100_000),
  'lists 100,000 deep, closed': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  'objects 100,000 deep': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'an unknown member': '{"no_such_member":1}',
  'a member __proto__': '{"__proto__":{"name":"x"}}',
  'a member constructor': '{"constructor":{"prototype":{"name":"x"}}}',
  'a lone surrogate': '{"name":"\\ud800"}',
  'surrogates in the wrong order': '{"name":"\\udc00\\ud800"}',
  'a raw line feed in a text': '{"name":"a\nb"}',
  'a raw U+0000': '{"name":"a\0b"}',
  'U+0000 outside': '\0{"name":"x"}',
  'a wrong escape': '{"name":"\\x41"}',
  'a trailing comma': '{"name":"x",}',
  'single quotes': "{'name':'x'}",
  'a comment': '{"name":"x"/* no */}',
  'no quotes': '{name:"x"}',
  'a byte order mark': '\ufeff{"name":"x"}',
  'a byte that UTF-8 has not': Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
  'an overlong U+0000': Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc0, 0x80, 0x22, 0x7d]),
  'a surrogate in UTF-8': Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]),
  'half a character': Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xf0, 0x9f]),
  'UTF-16': Buffer.from('{"name":"x"}', 'utf16le'),
  'a form': 'name=x&billing_email=a%40example.com',
  XML: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
};

describe('a body', () => {
  it.each(Object.entries(NOT_ACCEPTABLE))('of %s is refused by every operation and changes nothing', async (_, raw) => {
    await unchangedBy(server, async () => {
      const asking = found.map(async ({ operation, path }) => {
        const answer = await server.call(methodOf(operation), path, { ...authFor(operation), raw });
        expect([operation.name, answer.status, answer.text]).toEqual([operation.name, 422, expect.any(String)]);
      });
      await Promise.all(asking);
    });
  });

  it.each([
    [{ 'content-encoding': 'gzip' }, /without Content-Encoding/],
    [{ 'content-encoding': 'identity, br' }, /without Content-Encoding/],
    [{ 'content-type': 'application/json; charset=iso-8859-1' }, /UTF-8/],
    [{ 'content-type': 'application/json;profile=x; CHARSET = "utf-16"' }, /UTF-8/],
  ])('that says it is encoded, %j, is 415 for every operation', async (headers, detail) => {
    await unchangedBy(server, async () => {
      for (const { operation, path, body } of found) {
        const answer = await server.call(methodOf(operation), path, { ...authFor(operation), body, headers });
        expect([operation.name, answer.status, answer.json.detail]).toEqual([
          operation.name,
          415,
          expect.stringMatching(detail),
        ]);
      }
    });
  });

  it.each([
    { 'content-encoding': 'identity' },
    { 'content-encoding': 'Identity', 'content-type': 'application/json; charset=UTF-8' },
    { 'content-type': 'application/json;charset="utf-8"' },
  ])('that says it is not, %j, is taken', async (headers) => {
    const { bearer: auth } = world.keys.recorder;
    expect((await server.call('POST', EVENTS, { auth, body: EVENT, headers })).status).toBe(201);
  });

  it('in which a name stands twice is refused by every operation', async () => {
    await unchangedBy(server, async () => {
      for (const { operation, path, body } of found) {
        const [name = ''] = Object.keys(body);
        const raw = `{${JSON.stringify(name)}:${JSON.stringify(body[name])},${JSON.stringify(body).slice(1)}`;
        const answer = await server.call(methodOf(operation), path, { ...authFor(operation), raw });
        expect([operation.name, answer.status]).toEqual([operation.name, 422]);
      }
    });
  });

  it('with a member too many or of another type, "5" for 5, is refused and the sentence names it', async () => {
    const others = [null, true, 5, -1.5, '', '5', 'x'.repeat(5000), [], ['x'], {}];
    await unchangedBy(server, async () => {
      for (const { operation, path, body, schema } of found) {
        const changes = Object.keys(body).flatMap((name) => others.map((value) => [name, value] as const));
        const asking = [...changes, ['no_such', 1] as const].map(async ([name, value]) => {
          const changed = { ...body, [name]: value };
          if (faultsOf(schema, changed).length === 0) return;
          const answer = await server.call(methodOf(operation), path, { ...authFor(operation), body: changed });
          expect([operation.name, changed, answer.status]).toEqual([operation.name, changed, 422]);
          if (name !== 'no_such') expect(answer.json.detail).toContain(name);
        });
        await Promise.all(asking);
      }
    });
  });

  it('without a member that is needed is refused and the sentence names it', async () => {
    await unchangedBy(server, async () => {
      for (const { operation, path, body, schema } of found) {
        for (const name of Object.keys(body)) {
          const { [name]: _, ...fewer } = body;
          if (faultsOf(schema, fewer).length === 0) continue;
          const answer = await server.call(methodOf(operation), path, { ...authFor(operation), body: fewer });
          expect([operation.name, answer.status, answer.json.detail]).toEqual([
            operation.name,
            422,
            expect.stringContaining(name),
          ]);
        }
      }
    });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'application/octet-stream',
    'nonsense',
    '',
    '; charset=utf-8',
    'application/json, text/plain',
  ])('of type %j is refused', async (type) => {
    await unchangedBy(server, async () => {
      for (const { operation, path, body } of found) {
        const raw = JSON.stringify(body);
        const answer = await server.call(methodOf(operation), path, {
          ...authFor(operation),
          raw,
          headers: { 'content-type': type },
        });
        expect([operation.name, answer.status]).toEqual([operation.name, 415]);
      }
    });
  });

  it('of 1 MiB and a byte is refused with 413, one below is looked at', async () => {
    const auth = world.keys.admin.basic;
    const raw = (bytes: number): string => JSON.stringify({ name: 'x'.repeat(bytes - 11) });
    await unchangedBy(server, async () => {
      const path = world.path('/services');
      expect(raw(1024 * 1024).length).toBe(1024 * 1024);
      expect((await server.call('POST', path, { auth, raw: raw(1024 * 1024 + 1) })).status).toBe(413);
      expect((await server.call('POST', path, { auth, raw: raw(1024 * 1024) })).status).toBe(422);
    });
  });
});

describe('a time that is RFC 3339 and still none of ours', () => {
  it.each(['2016-12-31T23:59:60Z', '1969-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00'])(
    '%s is refused wherever it is sent, and told what would do',
    async (time) => {
      const { basic: auth } = world.keys.owner;
      const backup = { completed_at: time, type: 'manual', status: 'completed' };
      const packet = { framework: 'soc2', period_start: '2026-05-01T00:00:00Z', period_end: time };
      await insist(server.call)(200, 'PUT', world.path('/compliance-subscriptions/soc2'), { auth });
      const answers = await Promise.all([
        server.call('POST', EVENTS, { auth, body: { ...EVENT, timestamp: time } }),
        server.call('GET', `${EVENTS}?start_date=${encodeURIComponent(time)}`, { auth }),
        server.call('POST', world.path(`/services/${service}/backups`), { auth, body: backup }),
        server.call('POST', world.path('/compliance-reports'), { auth, body: packet }),
      ]);
      for (const { status, json } of answers) {
        expect([status, json.detail]).toEqual([422, expect.stringMatching(/from 1970 to 9999 and not a leap second/)]);
      }
    },
  );
});

describe('a refusal', () => {
  it('says where in the body as part of its one sentence', async () => {
    const { basic: auth } = world.keys.owner;
    const answer = await server.call('POST', EVENTS, { auth, raw: '{"action":!}' });
    expect(answer.json.detail).toBe('This character is not valid JSON here (at offset 10).');
  });

  it.each([
    [{ backup_encryption: 'DES' }, '`backup_encryption` must be "AES-256-GCM" or null.'],
    [{ backup_schedule: 'never' }, '`backup_schedule` must be one of "hourly", "daily", "weekly", "none".'],
  ])('of %j says all that would do', async (change, detail) => {
    const body = { ...SERVICE, ...change };
    const answer = await server.call('POST', world.path('/services'), { auth: world.keys.admin.basic, body });
    expect([answer.status, answer.json.detail]).toEqual([422, detail]);
  });

  it('of a number in place of a text says null only where null is taken', async () => {
    const auth = world.keys.owner.basic;
    const patch = (body: object) => server.call('PATCH', world.path(), { auth, body });
    expect((await patch({ audit_retention_days: 'long' })).json.detail).toMatch(/ or null\.$/);
    expect((await patch({ name: 5 })).json.detail).not.toMatch(/null/);
  });
});
