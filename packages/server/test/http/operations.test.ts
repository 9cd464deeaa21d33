import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startEmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import { makeScratchFolder } from '../storage/scratch.ts';
import { freePort } from '../support/outside-postgres.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { asBasic, asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { EVENT, insist, makeWorld, recordEvent, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

const EVENTS = '/api/v1/compliance/audit-events';

describe('probes', () => {
  it('say that the process answers and that it can do its work', async () => {
    expect((await server.call('GET', '/healthz')).json).toEqual({ status: 'ok' });
    const ready = await server.call('GET', '/readyz');
    expect([ready.status, ready.json.status, new Set(Object.values(ready.json.checks))]).toEqual([
      200,
      'ready',
      new Set(['ok']),
    ]);
  });

  it('and requests follow a database that goes away and comes back', async () => {
    const scratch = makeScratchFolder();
    const options = {
      dataDirectory: scratch.path,
      diagnostics: pino({ level: 'silent' }),
      loopbackPort: await freePort(),
    };
    let postgres = await startEmbeddedPostgres(options);
    const { user, password, port, database } = postgres.owner;
    const own = await startTestServer({ DATABASE_URL: `postgres://${user}:${password}@127.0.0.1:${port}/${database}` });
    try {
      const auth = asBasic(own.firstRun.api_key, own.firstRun.api_secret);
      const asked = () =>
        Promise.all([
          own.call('GET', '/organizations', { auth }),
          own.call('GET', `/organizations/${own.firstRun.organization_id}/compliance-report`, { auth }),
          own.call('POST', EVENTS, { auth, body: EVENT }),
          own.call('POST', '/api/v1/auth/login', {
            body: { email: own.firstRun.email, password: own.firstRun.password },
          }),
        ]);
      expect((await asked()).map((answer) => answer.status)).toEqual([200, 200, 201, 200]);
      await postgres.stop();
      const away = await own.call('GET', '/readyz');
      expect([away.status, away.json]).toMatchObject([503, { status: 'not_ready', checks: { database: 'failed' } }]);
      expect((await own.call('GET', '/healthz')).status).toBe(200);
      for (const answer of await asked()) {
        expect([answer.status, answer.json.type]).toEqual([503, '/docs/problems#database_unavailable']);
      }
      postgres = await startEmbeddedPostgres(options);
      for (let attempt = 0; (await own.call('GET', '/readyz')).status !== 200; attempt += 1) {
        if (attempt === 100) throw new Error('not ready though the database is back');
        await sleep(50);
      }
      expect((await asked()).map((answer) => answer.status)).toEqual([200, 200, 201, 200]);
      for (const line of own.complaints.splice(0)) expect(line).toContain('database_unavailable');
    } finally {
      await own.stop();
      await postgres.stop();
      scratch.remove();
    }
  });
});

describe('metrics', () => {
  const SAMPLE =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (-?[0-9.e+-]+|[Nn]a[Nn]|[+-]Inf)$/;

  async function samples(): Promise<Map<string, number>> {
    const answer = await server.call('GET', '/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    const found = new Map<string, number>();
    const typed = new Set<string>();
    for (const line of answer.text.trimEnd().split('\n')) {
      if (line === '') continue;
      const [, type] = /^# TYPE (\S+) (?:counter|gauge|histogram|summary)$/.exec(line) ?? [];
      if (type !== undefined) typed.add(type);
      if (line.startsWith('#')) continue;
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      expect(name, `not a sample: ${line}`).not.toBe('');
      expect(typed.has(name.replace(/_(bucket|sum|count)$/, '')) || typed.has(name), `no type: ${line}`).toBe(true);
      found.set(`${name}{${labels}}`, Number(value));
    }
    return found;
  }

  it('are in the exposition format and count what was done', async () => {
    const before = await samples();
    await recordEvent(server, world);
    await server.call('POST', EVENTS, { auth: world.keys.recorder.basic, body: { events: [EVENT, EVENT] } });
    await server.call('GET', `/nowhere/${randomUUID()}`);
    const after = await samples();
    const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('veritrail_audit_events_recorded_total{}')).toBe(3);
    expect(grown(`veritrail_http_requests_total{route="${EVENTS}",method="POST",status="201"}`)).toBe(2);
    expect(grown('veritrail_http_requests_total{route="unknown",method="GET",status="404"}')).toBe(1);
    expect(after.get('veritrail_audit_events_waiting{}')).toBe(0);
  });

  it('name nobody, whatever was asked, and don’t grow with it', async () => {
    const names = async () => [...(await samples()).keys()].filter((name) => name.startsWith('veritrail_'));
    await server.call('GET', world.path(), { auth: world.keys.owner.basic });
    for (const method of ['GET', 'POST']) await server.call(method, `/nowhere/${randomUUID()}`);
    const before = await names();
    for (let at = 0; at < 20; at += 1) {
      await server.call('GET', `/nowhere/${randomUUID()}?q=${randomUUID()}`);
      await server.call('GET', `/organizations/${randomUUID()}`, { auth: world.keys.owner.basic });
      await server.call('GET', world.path(), { auth: world.keys.owner.basic });
    }
    const after = (await names()).filter((name) => !before.includes(name) && !name.includes('status="404"'));
    expect(after.filter((name) => !name.includes('route="/metrics"'))).toEqual([]);
    const text = (await names()).join('\n');
    for (const secret of [world.id, world.owner.id, world.owner.email, world.keys.owner.id, '127.0.0.1']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('every kind of response', () => {
  it('has the security headers, is kept by no cache, and has a request id of its own', async () => {
    const { basic: auth } = world.keys.owner;
    const ids: string[] = [];
    const kinds: [number, string, string, object?][] = [
      [200, 'GET', '/'],
      [200, 'HEAD', '/'],
      [200, 'GET', '/healthz'],
      [200, 'GET', '/openapi.json'],
      [200, 'GET', '/assets/page.css'],
      [200, 'GET', '/docs/'],
      [200, 'GET', '/docs/problems'],
      [200, 'GET', '/metrics'],
      [200, 'GET', '/zones', { auth }],
      [200, 'GET', EVENTS, { auth }],
      [200, 'GET', '/api/v1/compliance/export', { auth }],
      [201, 'POST', EVENTS, { auth, body: EVENT }],
      [204, 'POST', '/api/v1/auth/logout', { auth: world.owner.bearer }],
      [400, 'GET', '/%zz'],
      [401, 'GET', '/zones'],
      [403, 'GET', '/organizations', { auth: world.keys.recorder.basic }],
      [404, 'GET', '/nowhere'],
      [404, 'POST', '/nowhere', { body: {} }],
      [405, 'DELETE', '/zones', { auth }],
      [413, 'POST', EVENTS, { auth, raw: 'x'.repeat(9_000_000) }],
      [415, 'POST', EVENTS, { auth, raw: 'x', headers: { 'content-type': 'text/plain' } }],
      [422, 'POST', EVENTS, { auth, raw: '{' }],
    ];
    for (const [status, method, path, options] of kinds) {
      const answer = await server.call(method, path, options);
      expect([method, path, answer.status, answer.headers['cache-control']]).toEqual([
        method,
        path,
        status,
        'no-store',
      ]);
      ids.push(answer.headers['x-request-id'] ?? '');
    }
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('never has the id that a caller chose', async () => {
    const answer = await server.call('GET', '/healthz', {
      headers: { 'x-request-id': 'chosen', 'request-id': 'chosen' },
    });
    expect(answer.headers['x-request-id']).not.toBe('chosen');
  });

  it('of a 500 says nothing of the inside, and has an id that the diagnostics have too', async () => {
    await asOwner(server.databaseUrl, async (client) => {
      await client.query(`CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'a secret of the inside'; END $$`);
      await client.query(
        'CREATE TRIGGER broken BEFORE INSERT ON audit_events_shared FOR EACH ROW EXECUTE FUNCTION break_down()',
      );
    });
    await unchangedBy(server, async () => {
      const response = await fetch(`${server.baseUrl}${EVENTS}`, {
        method: 'POST',
        headers: { authorization: world.keys.recorder.basic, 'content-type': 'application/json' },
        body: JSON.stringify(EVENT),
      });
      const problem = (await response.json()) as Record<string, unknown>;
      expect([response.status, response.headers.get('content-type')]).toEqual([
        500,
        'application/problem+json; charset=utf-8',
      ]);
      expect(problem).toEqual({
        type: '/docs/problems#internal',
        title: 'Internal error',
        status: 500,
        detail: expect.stringContaining(String(problem['id'])),
        id: response.headers.get('x-request-id'),
      });
      const told = server.complaints.splice(0);
      expect(told).toEqual([expect.stringContaining(String(problem['id']))]);
      expect([told[0]?.includes('a secret of the inside'), JSON.stringify(problem).includes('secret')]).toEqual([
        true,
        false,
      ]);
    });
    await asOwner(server.databaseUrl, (client) => client.query('DROP TRIGGER broken ON audit_events_shared'));
    expect((await recordEvent(server, world)).status).toBe(201);
  });
});

describe('the pages', () => {
  /** What a browser would fetch for a page, and for the style sheets that it names. */
  function references(text: string): string[] {
    const found = [...text.matchAll(/(?:src|href)=["']([^"']*)["']|url\(["']?([^"')]+)["']?\)/g)];
    return found.map(([, one, other]) => one ?? other ?? '').filter((one) => !one.startsWith('data:'));
  }

  it.each(['/', '/openapi.json', '/docs/', '/docs/problems', '/docs/static/index.css', '/healthz', '/zones'])(
    '%s is as long for HEAD as for GET',
    async (path) => {
      const auth = asBasic(server.firstRun.api_key, server.firstRun.api_secret);
      const [get, head] = [await server.call('GET', path, { auth }), await server.call('HEAD', path, { auth })];
      expect(get.bytes.length).toBeGreaterThan(0);
      expect([head.status, head.bytes.length, head.headers['content-length']]).toEqual([
        200,
        0,
        String(get.bytes.length),
      ]);
    },
  );

  it.each(['/', '/docs', '/docs/', '/docs/problems', '/invitation'])(
    '%s loads only from here, and nothing of it runs inline',
    async (path) => {
      const answer = await server.call('GET', path, { headers: { accept: 'text/html' } });
      const page = answer.status === 200 ? answer : await server.call('GET', answer.headers['location'] ?? '');
      expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/html/)]);
      // Its policy would keep these from running, so a page that has them is broken.
      expect(page.text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>\s*\S/);
      expect(page.text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
      const base = new URL(answer.headers['location'] ?? path, server.baseUrl);
      for (const reference of references(page.text)) {
        const url = new URL(reference, base);
        expect(url.origin).toBe(server.baseUrl);
        const asset = await server.call('GET', url.pathname);
        expect([reference, asset.status]).toEqual([reference, 200]);
        const type = asset.headers['content-type'] ?? '';
        if (url.pathname.endsWith('.js')) expect(type).toMatch(/javascript/);
        if (url.pathname.endsWith('.css')) expect(type).toMatch(/^text\/css/);
      }
    },
  );

  it('of the API reference asks for the document of this server', async () => {
    const script = (await server.call('GET', '/docs/static/swagger-initializer.js')).text;
    expect(script.replaceAll(/^\s*\/\/.*$/gm, '')).not.toMatch(/https?:\/\//);
    expect((await server.call('GET', '/docs/json')).json).toEqual((await server.call('GET', '/openapi.json')).json);
  });

  it('of the refusals has an entry for each that the tests have seen', async () => {
    const page = (await server.call('GET', '/docs/problems')).text;
    for (const [method, path, options] of [
      ['GET', '/nowhere', {}],
      ['GET', '/zones', {}],
      ['GET', '/zones', { auth: 'Basic x' }],
      ['DELETE', '/zones', {}],
      ['POST', EVENTS, { auth: world.keys.member.basic, body: EVENT }],
      ['POST', EVENTS, { auth: world.keys.recorder.basic, body: {} }],
      ['POST', EVENTS, { auth: world.keys.recorder.basic, raw: '{' }],
      ['GET', `${EVENTS}?page=0`, { auth: world.keys.owner.basic }],
    ] as const) {
      const { type } = (await server.call(method, path, options)).json as { type: string };
      expect(page).toContain(`id="${type.split('#')[1]}"`);
    }
  });

  it('an invitation link opens its page, and its token stays out of what is sent', async () => {
    const body = { email: `${randomUUID()}@example.com`, name: 'Ann', role: 'member' };
    const added = await insist(server.call)(201, 'POST', world.path('/members'), {
      auth: world.keys.owner.basic,
      body,
    });
    const url = new URL(added.json.invitation_url as string);
    expect([url.pathname, url.search, url.hash.length]).toEqual(['/invitation', '', 69]);
    expect((await server.call('GET', url.pathname)).status).toBe(200);
  });
});
