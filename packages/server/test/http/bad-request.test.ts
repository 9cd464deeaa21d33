import { randomUUID } from 'node:crypto';
import { METHODS } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HIDDEN_OPERATIONS, methodOf, OPERATIONS, type Operation } from '../support/operations.ts';
import { exchange, requestText } from '../support/raw-http.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { asBasic, startTestServer, type TestServer } from '../support/test-server.ts';
import { makeService, makeWorld, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

const EVENTS = '/api/v1/compliance/audit-events';

describe('an address', () => {
  const STRANGE = [
    'x',
    '0',
    '-1',
    'null',
    'undefined',
    '%00',
    '%0a',
    '..',
    '%2e%2e',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '..%5c..%5cwindows',
    '%F0%9F%98%80',
    '%c0%af',
    '%ff',
    '%zz',
    '%',
    '%u0041',
    '*',
    "'%20OR%201=1--",
    '%7BorgId%7D',
    ':orgId',
    '__proto__',
    'constructor',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    'd4e5f6a78b9c0d1e2f3a4b5c6d7e8f90',
    '{d4e5f6a7-8b9c-0d1e-2f3a-4b5c6d7e8f90}',
    'urn:uuid:d4e5f6a7-8b9c-0d1e-2f3a-4b5c6d7e8f90',
    'd4e5f6a7-8b9c-0d1e-2f3a-4b5c6d7e8f90%00',
    'd4e5f6a7-8b9c-0d1e-2f3a-4b5c6d7e8f90x',
    'D4E5F6A7-8B9C-0D1E-2F3A-4B5C6D7E8F90',
    'vtk_0000',
    'vtk_%00',
    'a'.repeat(100),
    'a'.repeat(201),
    'a'.repeat(5000),
  ];

  let withIds: { operation: Operation; body?: Record<string, unknown> }[];
  beforeAll(async () => {
    const named = OPERATIONS.filter((operation) => operation.name.includes('{'));
    withIds = await Promise.all(
      named.map(async (operation) => {
        const { body } = await operation.request({ server, world });
        return { operation, ...(body !== undefined && { body }) };
      }),
    );
  });

  it.each(STRANGE.map((id) => [id.length > 80 ? `${id[0]} × ${id.length}` : id, id]))(
    'with the id %s names nothing',
    async (_, id) => {
      const { basic: auth } = world.keys.owner;
      await unchangedBy(server, async () => {
        for (const { operation, body } of withIds) {
          const [last = ''] = /\{\w+\}(?!.*\{)/.exec(operation.name) ?? [];
          const path = (operation.name.split(' ')[1] ?? '').replace(last, id).replace('{orgId}', world.id);
          // What is put may have any name of its kind, so only a wrong one is refused.
          if (methodOf(operation) === 'PUT' && (last === '{name}' || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(id))) continue;
          const answer = await server.call(methodOf(operation), path, { auth, ...(body && { body }) });
          expect([400, 404, 405, 422], `${operation.name} ${path.slice(0, 300)}: ${answer.text}`).toContain(
            answer.status,
          );
        }
      });
    },
  );

  it('with an id in capitals is the one without', async () => {
    const own = await makeWorld(server);
    const id = await makeService(server, own);
    const { basic: auth } = own.keys.admin;
    const path = `/organizations/${own.id.toUpperCase()}/services/${id.toUpperCase()}`;
    expect((await server.call('GET', path, { auth })).json.service_id).toBe(id);
    expect((await server.call('PATCH', path, { auth, body: { tls_enabled: false } })).json.service_id).toBe(id);
    const backup = { completed_at: '2026-06-07T02:00:14Z', type: 'manual', status: 'completed' };
    expect((await server.call('POST', `${path}/backups`, { auth, body: backup })).json.service_id).toBe(id);
    expect((await server.call('DELETE', path, { auth })).status).toBe(204);
    const trail = await server.call('GET', `${EVENTS}?resource_type=service`, { auth });
    expect(
      trail.json.items.map((event: { action: string; resource_id: string }) => [event.action, event.resource_id]),
    ).toEqual([
      ['DELETE', id],
      ['UPDATE', id],
      ['CREATE', id],
    ]);
    const backups = await server.call('GET', `${EVENTS}?resource_type=backup`, { auth });
    expect(backups.json.items[0].details.service_id).toBe(id);
    const me = await server.call('GET', '/api/v1/auth/me', {
      auth: own.owner.basic,
      headers: { 'x-organization-id': own.id.toUpperCase() },
    });
    expect(me.json.organization.id).toBe(own.id);
  });

  it.each([
    '/organizations/../../etc/passwd',
    '/docs/../../../etc/passwd',
    '/docs/static/../../package.json',
    '/docs/static/..%2f..%2fpackage.json',
    '/docs/static/%2e%2e/%2e%2e/package.json',
    '/docs/static/..%5c..%5cpackage.json',
    '/docs/static/%00',
    '/docs/%2e%2e%2f%2e%2e%2fpackage.json',
    '/assets/../first-run.json',
    '/assets/page.css/',
    '//etc/passwd',
    '//',
    '/%',
    '/%zz',
    '/%00',
    '/.env',
    '/first-run.json',
    '/.git/config',
    `/${'a'.repeat(20_000)}`,
    `/${'a/'.repeat(5_000)}`,
    `/zones/${'%41'.repeat(3_000)}`,
    '/zones;x=1/..',
  ])('%s leads nowhere', async (path) => {
    const answer = await server.call('GET', path, { auth: world.keys.owner.basic });
    expect([400, 404]).toContain(answer.status);
  });

  it('longer than any header may be is refused', async () => {
    const { answers } = await exchange(server.port, requestText(`GET /${'a'.repeat(100_000)} HTTP/1.1`, {}));
    expect(answers.map((answer) => answer.status)).toEqual([431]);
  });

  const WRONG_QUERIES = [
    'page=0',
    'page=-1',
    'page=1.5',
    'page=x',
    'page=',
    'page=NaN',
    'page=Infinity',
    'page=1e99',
    'page=99999999999999999999',
    'page=1&page=2',
    'page[]=1',
    'page=%00',
    'page_size=0',
    'no_such=1',
    '__proto__=1',
    'constructor=1',
    'page=%ff',
  ];
  const WRONG_FILTERS = [
    'page_size=501',
    'action=delete',
    'action=',
    'action=CREATE&action=DELETE',
    'action=%00',
    'resource_type=',
    'resource_type=%00',
    'actor_id=a%00b',
    `actor_id=${'x'.repeat(1001)}`,
    'start_date=yesterday',
    'start_date=2026-13-01T00:00:00Z',
    'start_date=2026-02-30T00:00:00Z',
    'start_date=2026-01-01T24:00:00Z',
    'start_date=2026-01-01T00:00:00',
    'start_date=2026-01-01T00:00:00%2b24:00',
    'start_date=0000-01-01T00:00:00Z',
    'start_date=99999-01-01T00:00:00Z',
    'start_date=-1',
    'start_date=1767225600',
    'start_date=',
    'end_date=infinity',
    'end_date=now',
    'start_date=2026-03-02T00:00:00Z&end_date=2026-03-01T00:00:00Z',
    'start_date=2026-03-01T00:00:00.000001Z&end_date=2026-03-01T00:00:00Z',
    'start_date=2026-03-01T00:00:00Z&end_date=2026-03-01T00:00:00%2b00:01',
  ];

  it('whose query is wrong is refused with a sentence', async () => {
    const { basic: auth } = world.keys.owner;
    const services = world.path(`/services/${await makeService(server, world)}`);
    await unchangedBy(server, async () => {
      for (const query of WRONG_QUERIES) {
        for (const path of [EVENTS, `${services}/backups`, `${services}/history`]) {
          const answer = await server.call('GET', `${path}?${query}`, { auth });
          expect([path, query, answer.status]).toEqual([path, query, 422]);
        }
      }
      for (const query of WRONG_FILTERS) {
        const answer = await server.call('GET', `${EVENTS}?${query}`, { auth });
        expect([query, answer.status]).toEqual([query, 422]);
      }
      for (const query of WRONG_FILTERS.filter((one) => !one.startsWith('page'))) {
        const answer = await server.call('GET', `/api/v1/compliance/export?${query}`, { auth });
        expect([query, answer.status]).toEqual([query, 422]);
      }
    });
  });
});

describe('a credential', () => {
  const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
  const STRANGE = {
    'of no scheme': 'vtk_x.y',
    'of another scheme': 'Digest username="x"',
    'that is a scheme alone': 'Basic',
    'that is a scheme and a space': 'Bearer ',
    'that is not base64': 'Basic !!!',
    'without a colon': `Basic ${base64('nocolon')}`,
    'that is only a colon': `Basic ${base64(':')}`,
    'with U+0000 for a user': `Basic ${base64('\0:\0')}`,
    'with U+0000 in an e-mail': `Basic ${base64('a\0@example.com:password')}`,
    'with U+0000 in an API key': `Basic ${base64('vtk_\0:x')}`,
    'with bytes that UTF-8 has not': `Basic ${base64(Buffer.from([0xff, 0xfe, 0x3a, 0xff]))}`,
    'with a surrogate in UTF-8': `Basic ${base64(Buffer.from([0xed, 0xa0, 0x80, 0x3a, 0x78]))}`,
    'with control characters': `Basic ${base64('a\u0001\u007f:b\n')}`,
    'of 20,000 characters': `Bearer ${'x'.repeat(20_000)}`,
    'of 20,000 characters, Basic': `Basic ${base64('x'.repeat(7_000) + ':' + 'y'.repeat(7_000))}`,
    'like a token of three parts': 'Bearer a.b.c',
    'with an empty key': 'Bearer vtk_.',
    'with a key alone': 'Bearer vtk_x',
    'with an empty session': 'Bearer vts_',
    'with an invitation': 'Bearer vti_x',
    'with two spaces': `Basic  ${base64('a:b')}`,
    'with a tab': `Basic\t${base64('a:b')}`,
    'of two credentials': `Basic ${base64('a:b')}, Bearer x`,
    'outside ASCII': 'Bearer \u00e9\u00ff',
  };

  it.each(Object.entries(STRANGE))('%s is 401', async (_, auth) => {
    await unchangedBy(server, async () => {
      for (const path of ['/zones', EVENTS, world.path()])
        expect((await server.call('GET', path, { auth })).status).toBe(401);
    });
  });

  it("that is broken never fails others' requests that come at the same time", async () => {
    const asking = Array.from({ length: 60 }, (_, at) =>
      server.call('GET', world.path(), { auth: at % 3 === 0 ? asBasic('vtk_\0', 'x') : world.keys.member.basic }),
    );
    const statuses = (await Promise.all(asking)).map((answer) => answer.status);
    expect(statuses).toEqual(Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? 401 : 200)));
  });

  it('whose owner sends strange headers besides is still good', async () => {
    const { basic: auth } = world.keys.admin;
    for (const headers of [
      { 'user-agent': '\u00ff\u0080"\'' },
      { 'user-agent': 'x'.repeat(10_000) },
      { 'x-forwarded-for': 'not an address, 1.2.3.4' },
      { 'x-request-id': 'a'.repeat(1000) },
      { accept: 'nothing/nowhere' },
      { 'accept-encoding': 'br;q=nonsense' },
      { range: 'bytes=0-0' },
      { 'if-none-match': '*' },
      { expect: '100-continue' },
      { upgrade: 'websocket', connection: 'upgrade' },
      { cookie: 'a=b; __proto__=c' },
      { origin: 'https://evil.example' },
    ]) {
      const text = requestText(`GET ${world.path('/compliance-report')} HTTP/1.1`, { authorization: auth, ...headers });
      const { answers } = await exchange(server.port, text, { enough: 1 });
      expect([headers, answers[0]?.status]).toEqual([headers, 200]);
    }
  });
});

describe('bytes that are not HTTP', () => {
  it.each([
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')],
    ['words', 'hello there\r\n\r\n'],
    ['half a line', 'GET'],
    ['zeros', Buffer.alloc(1000)],
    ['another version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['U+0000 in the path', 'GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['U+0000 in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n'],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n'],
    ['two hosts that are the same', 'GET /healthz HTTP/1.0\r\nHost: x\r\nhost: x\r\n\r\n'],
    ['a request to be connected', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a negative length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['an unknown method', 'EXPLODE / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('%s get 400 and the connection ends', async (_, sent) => {
    const { answers } = await exchange(
      server.port,
      typeof sent === 'string' && !sent.includes('\n') ? `${sent}\r\n\r\n` : sent,
    );
    expect(answers.map((answer) => answer.status)).toEqual([400]);
    expect((await server.call('GET', '/healthz')).status).toBe(200);
  });

  it.each([
    ['headers', `GET / HTTP/1.1\r\nHost: x\r\n${`X: ${'y'.repeat(1000)}\r\n`.repeat(100)}\r\n`],
    ['an address', `GET /${'y'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('or %s of 100 kB get 431, which says how much would do', async (_, sent) => {
    const { answers } = await exchange(server.port, sent);
    expect(answers.map((answer) => [answer.status, answer.json.detail])).toEqual([
      [431, expect.stringContaining('32768')],
    ]);
  });

  it.each(['banana', '100-continue, banana'])('nor an expectation that nobody knows: %s is 417', async (expected) => {
    const text = requestText('GET /healthz HTTP/1.1', { Expect: expected, Connection: 'close' });
    const { answers } = await exchange(server.port, text);
    expect(answers.map((answer) => answer.status)).toEqual([417]);
  });

  it('in place of a chunk end the request, and nothing of it is stored', async () => {
    const headers = {
      Authorization: world.keys.recorder.basic,
      'Content-Type': 'application/json',
      'Transfer-Encoding': 'chunked',
    };
    await unchangedBy(server, async () => {
      const begun = requestText(`POST ${EVENTS} HTTP/1.1`, headers, `5\r\n{"eve\r\n`);
      const { answers } = await exchange(server.port, `${begun}zzz\r\nnonsense\r\n0\r\n\r\n`);
      expect(answers.map((answer) => answer.status)).toEqual([400]);
    });
  });

  it('are never answered in the place of a good request before them', async () => {
    const good = requestText('GET /healthz HTTP/1.1', {});
    const { answers } = await exchange(server.port, `${good}${good}\0\0nonsense\r\n\r\n`);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 400].slice(0, answers.length));
  });

  it('are no body that a second request could hide in', async () => {
    // Were the length ignored, what follows would be taken for a request of its own.
    const hidden = requestText('GET /openapi.json HTTP/1.1', { Connection: 'close' });
    const sent = requestText(
      'GET /healthz HTTP/1.1',
      { 'Content-Length': String(hidden.length), Connection: 'close' },
      hidden,
    );
    const { answers } = await exchange(server.port, sent);
    expect(answers.map((answer) => answer.text)).toEqual(['{"status":"ok"}']);
  });

  it('fifty requests in one packet are fifty answers in order', async () => {
    const { bearer } = world.keys.member;
    const sent = Array.from({ length: 50 }, (_, at) =>
      requestText(`GET ${at % 2 === 0 ? world.path() : `/organizations/${randomUUID()}`} HTTP/1.1`, {
        Authorization: bearer,
      }),
    );
    const { answers } = await exchange(server.port, sent.join(''), { enough: 50 });
    expect(answers.map((answer) => answer.status)).toEqual(sent.map((_, at) => (at % 2 === 0 ? 200 : 404)));
  });
});

describe('a method that an address has not', () => {
  it('is 405, and Allow names those that it has', async () => {
    const names = [...OPERATIONS.map((operation) => operation.name), ...HIDDEN_OPERATIONS].filter(
      (name) => !name.includes(' /docs'),
    );
    const methods = new Map<string, Set<string>>();
    for (const name of names) {
      const [method = '', path = ''] = name.split(' ');
      methods.set(path, (methods.get(path) ?? new Set()).add(method));
    }
    await unchangedBy(server, async () => {
      for (const [template, known] of methods) {
        const path = template.replace('{orgId}', world.id).replaceAll(/\{\w+\}/g, randomUUID());
        const allowed = [...known, ...(known.has('GET') ? ['HEAD'] : [])].sort();
        for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
          if (allowed.includes(method)) continue;
          const answer = await server.call(method, path, { auth: world.keys.owner.basic });
          const allow = answer.headers['allow']?.split(', ').sort();
          expect([method, path, answer.status, allow]).toEqual([method, path, 405, allowed]);
        }
      }
    });
  });

  it('and that HTTP hardly knows is refused likewise, with a body or without', async () => {
    const id = randomUUID();
    const allowed = [
      ['/zones', 'GET, HEAD'],
      ['/zones?page=1', 'GET, HEAD'],
      ['/docs', 'GET, HEAD'],
      ['/api/v1/auth/login', 'POST'],
      [`/organizations/${id}/members/${id}`, 'DELETE, PATCH'],
      ['/nowhere', undefined],
      [`/organizations/${id}/nowhere`, undefined],
      ['/organizations//members', 'GET, HEAD, POST'],
      ['/%zz', undefined],
    ] as const;
    for (const method of METHODS.filter(
      (one) => !['CONNECT', 'HEAD', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(one),
    )) {
      for (const [path, allow] of allowed) {
        for (const body of ['', '{}']) {
          const headers = { Connection: 'close', 'Content-Length': String(body.length) };
          const { answers } = await exchange(server.port, requestText(`${method} ${path} HTTP/1.1`, headers, body));
          const seen = answers.map((answer) => [answer.status, answer.headers['allow']?.split(', ').sort().join(', ')]);
          const status = path === '/%zz' ? 400 : allow === undefined ? 404 : 405;
          expect([method, path, ...seen]).toEqual([method, path, [status, allow]]);
        }
      }
    }
  });

  it('is nothing to complain about, and neither is a QUERY without a type', async () => {
    for (const headers of [{}, { 'Content-Type': 'application/json' }, { 'Content-Type': 'nonsense' }]) {
      for (const path of ['/nowhere', '/zones']) {
        const text = requestText(`QUERY ${path} HTTP/1.1`, { Connection: 'close', ...headers });
        const { answers } = await exchange(server.port, text);
        expect(answers.map((answer) => answer.status)).toEqual([path === '/zones' ? 405 : 404]);
      }
    }
  });
});
