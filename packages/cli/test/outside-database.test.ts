import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { DatabaseLogin } from '../../server/src/storage/embedded/start-embedded-postgres.ts';
import { query } from '../../server/test/storage/embedded/embedded-scene.ts';
import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { checkProblem } from '../../server/test/support/answer.ts';
import { asBasic, asFirstKey, call, EVENTS } from './support/calls.ts';
import { expectKept } from './support/check-ledger.ts';
import { addServices, draftPosting, openLedger, SERVICE, startLoad } from './support/load.ts';
import {
  oldestSupportedPrograms,
  startOutsideDatabase,
  urlOf,
  type OutsideDatabase,
} from './support/outside-database.ts';
import {
  allSaid,
  endServers,
  launch,
  readFirstRun,
  refusedStart,
  type FirstRun,
  type ServerProcess,
  type Settings,
} from './support/server-process.ts';
import { expectSound, readTrail } from './support/trail.ts';

const AUDIT_HMAC_SECRET = 'audit-secret-of-two-servers';
const KEYRING_SECRET = 'keyring-secret-of-two-servers-0123456789';

const scratch = makeScratchFolder();
const passwords = new Set<string>();
let folders = 0;

afterAll(async () => {
  await endServers();
  scratch.remove();
});

function freshFolder(): string {
  return join(scratch.path, `data-${(folders += 1)}`);
}

function settingsFor(login: DatabaseLogin, more: Settings = {}): Settings {
  passwords.add(login.password);
  passwords.add(encodeURIComponent(login.password));
  return { DATA_DIR: freshFolder(), DATABASE_URL: urlOf(login), ...more };
}

interface Started {
  readonly server: ServerProcess;
  readonly baseUrl: string;
}

async function start(settings: Settings): Promise<Started> {
  const server = launch(settings);
  return { server, baseUrl: (await server.address).replace('localhost', '127.0.0.1') };
}

/** Posture and trail, from the first start, over a restart unless told otherwise. */
async function expectWorks(settings: Settings, options = { restart: true }): Promise<void> {
  const folder = settings['DATA_DIR'] ?? '';
  const first = await start(settings);
  const facts = readFirstRun(folder);
  const auth = asFirstKey(facts);
  const organization = `/organizations/${facts.organization_id}`;
  expect(await call(first.baseUrl, 'POST', `${organization}/services`, { auth, body: SERVICE })).toMatchObject({
    status: 201,
  });
  const posting = draftPosting(20);
  expect(await call(first.baseUrl, 'POST', EVENTS, { auth, body: posting.body })).toMatchObject({ status: 201 });
  expect((await call(first.baseUrl, 'GET', `${organization}/compliance-report`, { auth })).json).toMatchObject({
    report: { service_count: 1, services: [{ name: SERVICE.name }] },
  });
  const trail = await readTrail(first.baseUrl, auth);
  expectSound(trail, facts.audit_hmac_secret);
  expect(await first.server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  if (!options.restart) return;

  const second = await start(settings);
  expect((await readTrail(second.baseUrl, auth)).slice(0, trail.length)).toEqual(trail);
  expect(await call(second.baseUrl, 'POST', EVENTS, { auth, body: posting.body })).toMatchObject({ status: 200 });
  expect(await call(second.baseUrl, 'GET', '/readyz')).toMatchObject({ status: 200 });
  await second.server.kill('SIGTERM');
}

describe.each([
  ['18', undefined],
  ['15', oldestSupportedPrograms],
] as const)('with a PostgreSQL %s of the operator', (_version, findPrograms) => {
  const programs = findPrograms?.();
  const missing = findPrograms !== undefined && programs === undefined;
  let outside: OutsideDatabase;
  beforeAll(async () => {
    if (missing) return;
    const folder = join(scratch.path, `postgres-${(folders += 1)}`);
    mkdirSync(folder);
    outside = await startOutsideDatabase(folder, programs);
  });
  afterAll(async () => {
    await endServers();
    await outside?.stop();
  });
  beforeEach((context) => context.skip(missing, 'its programs, an optional dependency, are not for this platform'));

  async function refused(settings: Settings): Promise<string> {
    const { code, said } = await refusedStart(settings);
    expect(code).toBe(1);
    return said.split('\n')[0] ?? '';
  }

  test('a login that may not make roles is told what to run, and that does', async () => {
    const login = await outside.role('plain', '', 'plain');
    await outside.sql('CREATE DATABASE plain OWNER plain');
    const settings = settingsFor(login);
    const said = await refused(settings);
    expect(said).toBe(
      "Veritrail did not start. DATABASE_URL: its user can't take the role veritrail_server, which requests run under; " +
        'as a superuser run: CREATE ROLE veritrail_server NOLOGIN; GRANT veritrail_server TO "plain";',
    );
    await outside.sql(said.slice(said.indexOf('run: ') + 'run: '.length));
    await expectWorks(settings);
  });

  test('an owner that may make roles, and for the server a login that may do nothing by itself', async () => {
    await outside.sql('DROP DATABASE plain');
    await outside.sql('DROP ROLE veritrail_server');
    const owner = await outside.role('maker', 'CREATEROLE', 'divided');
    const lesser = await outside.role('lesser', 'NOINHERIT', 'divided');
    await outside.sql('CREATE DATABASE divided OWNER maker');
    await expectWorks(settingsFor(lesser, { DATABASE_OWNER_URL: urlOf(owner) }), { restart: false });
    await expect(query(lesser, 'TABLE veritrail.audit_events')).rejects.toThrow(
      'permission denied for schema veritrail',
    );
  });

  test('one that does not wait for its disk, or lets nobody ask it to, stops the start with what to do', async () => {
    const owner = await outside.role('careless', 'CREATEROLE', 'careless');
    await outside.sql('CREATE DATABASE careless OWNER careless');
    await outside.sql('GRANT veritrail_server TO careless');
    await outside.sql('ALTER DATABASE careless SET synchronous_commit = off');
    const settings = settingsFor(owner);
    expect(await refused(settings)).toBe(
      'Veritrail did not start. DATABASE_URL: synchronous_commit is off there, so events that were acknowledged could ' +
        'be lost; set it to on.',
    );
    await outside.sql('ALTER DATABASE careless RESET synchronous_commit');

    await outside
      .sql('REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text) FROM public', 'careless')
      .catch(() =>
        outside.sql(
          'REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean) FROM public',
          'careless',
        ),
      );
    const said = await refused(settings);
    expect(said).toMatch(
      /as a superuser run: GRANT EXECUTE ON FUNCTION pg_logical_emit_message\([a-z, ]+\) TO veritrail_server;$/,
    );
    await outside.sql(said.slice(said.indexOf('run: ') + 'run: '.length), 'careless');
    await expectWorks(settings, { restart: false });
  });
});

describe('with a database of the operator', () => {
  let outside: OutsideDatabase;
  let owner: DatabaseLogin;
  beforeAll(async () => {
    const folder = join(scratch.path, 'postgres-shared');
    mkdirSync(folder);
    outside = await startOutsideDatabase(folder);
    owner = await outside.role('owner', 'CREATEROLE', 'veritrail');
    await outside.sql('ALTER DATABASE veritrail OWNER TO owner');
  });
  afterAll(async () => {
    await endServers();
    await outside?.stop();
  });

  const both = { AUDIT_HMAC_SECRET, KEYRING_SECRET };
  let one: Started;
  let other: Started;
  let facts: FirstRun;

  test('a wrong password stops the start with a sentence that does not repeat it', async () => {
    const { code, said } = await refusedStart(settingsFor({ ...owner, password: 'wrong-password' }, both));
    expect(said).toMatch(
      /^Veritrail did not start\. DATABASE_URL: the database can't be reached or lets nobody in; check /,
    );
    expect(said).not.toContain('\n    at ');
    expect(code).toBe(1);
  });

  test('of two servers that start together on an empty one, one makes the first organization', async () => {
    const folders = [freshFolder(), freshFolder()];
    [one, other] = (await Promise.all(folders.map((DATA_DIR) => start({ ...settingsFor(owner, both), DATA_DIR })))) as [
      Started,
      Started,
    ];
    const found = folders.flatMap((folder) => {
      try {
        return [readFirstRun(folder)];
      } catch {
        return [];
      }
    });
    expect(found).toHaveLength(1);
    facts = found[0] as FirstRun;
    for (const { baseUrl } of [one, other]) {
      const { json } = await call(baseUrl, 'GET', '/organizations', { auth: asBasic(facts.email, facts.password) });
      expect(json).toMatchObject({ items: [{ id: facts.organization_id }] });
    }
  });

  test('two servers at once give out every place once, and know each other’s ids', async () => {
    const auth = asFirstKey(facts);
    const ledgers = [one, other].map(({ baseUrl }) => ({ baseUrl, auth, ledger: openLedger() }));
    for (const options of ledgers) await addServices(options, facts.organization_id, 1);
    const loads = ledgers.map((options) => startLoad(options, facts.organization_id));
    // The same events through both doors at the same time: one is the first, and both answer with its bytes.
    for (let round = 0; round < 10; round += 1) {
      const posting = draftPosting(round % 2 === 0 ? 0 : 10);
      const answers = await Promise.all(
        ledgers.map(({ baseUrl }) => call(baseUrl, 'POST', EVENTS, { auth, body: posting.body })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 201]));
      expect(answers[0]?.text).toBe(answers[1]?.text);
    }
    await Promise.all(loads.map((load) => load.stop()));
    for (const { baseUrl, ledger } of ledgers) {
      expect(ledger.refusals.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
      expect(ledger.postings.length).toBeGreaterThan(10);
      // What one acknowledged, the other gives out with the same bytes.
      const elsewhere = ledgers.find((options) => options.baseUrl !== baseUrl)?.baseUrl ?? '';
      const organization = facts.organization_id;
      await expectKept({ baseUrl: elsewhere, auth, secret: AUDIT_HMAC_SECRET, organization }, ledger);
    }
  });

  test('sessions run under the role, which may do to the trail nothing but append', async () => {
    const auth = asFirstKey(facts);
    const path = `/organizations/${facts.organization_id}/services`;
    // Taken from the role, a right is missing in the server: so it is the role's that it uses, not its login's.
    await outside.sql('REVOKE SELECT ON veritrail.service_versions FROM veritrail_server');
    expect(await call(one.baseUrl, 'GET', path, { auth })).toMatchObject({ status: 500 });
    await outside.sql('GRANT SELECT ON veritrail.service_versions TO veritrail_server');
    expect(await call(one.baseUrl, 'GET', path, { auth })).toMatchObject({ status: 200 });
    for (const deed of [
      `UPDATE veritrail.audit_events SET details = '{}'`,
      'DELETE FROM veritrail.audit_events',
      'TRUNCATE veritrail.audit_events',
      'UPDATE veritrail.audit_events_shared SET sequence = sequence + 1',
      'ALTER TABLE veritrail.audit_events DISABLE TRIGGER ALL',
      'DROP TABLE veritrail.audit_events',
    ]) {
      await expect(query(owner, `SET ROLE veritrail_server; ${deed}`), deed).rejects.toThrow(
        /permission denied|must be owner/,
      );
    }
    // The owner, whom no grant binds, is refused too.
    await expect(query(owner, `UPDATE veritrail.audit_events SET details = '{}'`)).rejects.toThrow('append-only');
  });

  test('after a rotation in one of them, the other still reads everything and signs nothing under the old key', async () => {
    await other.server.kill('SIGTERM');
    const rotated = {
      KEYRING_SECRET,
      AUDIT_HMAC_SECRET: 'the-next-audit-secret',
      AUDIT_HMAC_PREVIOUS_SECRETS: AUDIT_HMAC_SECRET,
    };
    other = await start(settingsFor(owner, rotated));
    const posting = draftPosting(0);
    const auth = asFirstKey(facts);
    const { text } = await call(other.baseUrl, 'POST', EVENTS, { auth, body: posting.body });
    const reading = async () => {
      const answer = await call(one.baseUrl, 'GET', `${EVENTS}/${posting.ids[0]}`, { auth });
      return [answer.status, answer.text];
    };
    // The first reading may be what tells it that there is a new key.
    await expect.poll(reading, { timeout: 20_000 }).toEqual([200, text]);
    expect((await call(one.baseUrl, 'GET', `${EVENTS}?page_size=1`, { auth })).text).toContain(text);
    const refused = await call(one.baseUrl, 'POST', EVENTS, { auth, body: draftPosting(1).body });
    expect(refused).toMatchObject({ status: 503 });
    expect(refused.text).toContain('audit_key_behind');
    await one.server.kill('SIGTERM');
    one = await start(settingsFor(owner, rotated));
    expect(await call(one.baseUrl, 'POST', EVENTS, { auth, body: posting.body })).toMatchObject({ status: 200, text });
    expect((await call(one.baseUrl, 'GET', '/api/v1/compliance/export', { auth })).text).toContain(text);
  });

  test('while it is away callers are told to come again, and it goes on when it is back', async () => {
    const auth = asFirstKey(facts);
    const ledger = openLedger();
    const load = startLoad({ baseUrl: one.baseUrl, auth, ledger });
    await sleep(100);
    await outside.restart();
    const first = ledger.postings.length;
    while (!ledger.postings.slice(first).some(({ acknowledged }) => acknowledged !== undefined)) await sleep(10);
    await load.stop();
    expect(ledger.broken).toEqual([]);
    expect(ledger.refusals.length).toBeGreaterThan(0);
    for (const refusal of ledger.refusals) {
      expect(refusal.status, refusal.text).toBe(503);
      checkProblem(refusal, refusal.text);
    }
    const stored = new Set((await readTrail(one.baseUrl, auth)).map(({ text }) => text));
    for (const { acknowledged = [] } of ledger.postings)
      for (const text of acknowledged) expect(stored).toContain(text);
  });

  test('neither a superuser nor options in the URL keep sessions from taking the role', async () => {
    await one.server.kill('SIGTERM');
    await other.server.kill('SIGTERM');
    await outside.sql('REVOKE SELECT ON veritrail.service_versions FROM veritrail_server');
    const rotated = {
      KEYRING_SECRET,
      AUDIT_HMAC_SECRET: 'the-next-audit-secret',
      AUDIT_HMAC_PREVIOUS_SECRETS: AUDIT_HMAC_SECRET,
    };
    const settings = settingsFor({ ...outside.superuser, database: 'veritrail' }, rotated);
    const DATABASE_URL = `${settings['DATABASE_URL']}?options=-c%20statement_timeout%3D9000&application_name=mine`;
    one = await start({ ...settings, DATABASE_URL });
    const auth = asFirstKey(facts);
    const path = `/organizations/${facts.organization_id}/services`;
    expect(await call(one.baseUrl, 'GET', path, { auth })).toMatchObject({ status: 500 });
    await outside.sql('GRANT SELECT ON veritrail.service_versions TO veritrail_server');
    expect(await call(one.baseUrl, 'GET', path, { auth })).toMatchObject({ status: 200 });
    await one.server.kill('SIGTERM');
  });

  test('a database that a later version migrated is left alone', async () => {
    await outside.sql(`INSERT INTO veritrail.migrations (name, digest) VALUES ('9999-later', 'x')`);
    const { code, said } = await refusedStart(settingsFor(owner, both));
    expect(said).toBe(
      'Veritrail did not start. The database was migrated by a later version of Veritrail (9999-later); start that ' +
        'version or a newer one.',
    );
    expect(code).toBe(1);
  });

  test('a login without the role is told to have it granted, and one without the schema to have it made', async () => {
    const login = await outside.role('guest', '', 'strict');
    await outside.sql('CREATE DATABASE strict');
    const settings = settingsFor(login);
    for (const [sentence, remedy] of [
      [/may not make the schema veritrail; as a superuser run: /, 'CREATE SCHEMA veritrail AUTHORIZATION guest'],
      [/as a superuser run: GRANT veritrail_server TO "guest";$/, 'GRANT veritrail_server TO guest'],
    ] as const) {
      const { code, said } = await refusedStart(settings);
      expect(said.split('\n')[0]).toMatch(sentence);
      expect(code).toBe(1);
      await outside.sql(remedy, 'strict');
    }
  });

  test('no password of the database was said anywhere', () => {
    const { stdout, stderr } = allSaid();
    expect(passwords.size).toBeGreaterThan(2);
    for (const password of [...passwords, AUDIT_HMAC_SECRET, KEYRING_SECRET]) {
      expect(`${stdout}${stderr}`.includes(password), password).toBe(false);
    }
  });
});
