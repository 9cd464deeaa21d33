import { createHash, randomUUID } from 'node:crypto';

import { to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openAuditKeys } from '../../src/keyring/audit-keys.ts';
import { KeyringError } from '../../src/keyring/keyring-error.ts';
import { Secret } from '../../src/secret.ts';
import { CHECKED_COLUMNS, createRowChecker, type FindingCode } from '../../src/trail/check-rows.ts';
import { readCheckState, readTrailCheck, type TrailCheck } from '../../src/trail/check-store.ts';
import {
  acknowledgeDivergence,
  checkGrowth,
  checkRound,
  checkTrail,
  type CheckParts,
} from '../../src/trail/check-trail.ts';
import { SERVER } from '../../src/trail/key-change-event.ts';
import { createRecordDeed } from '../../src/trail/trail.ts';
import { asOwner, AUDIT_SECRET, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeWorld, readTrail, recordEvent, type World } from '../support/world.ts';

/** Where the tests change something: far from both ends. */
const BAD = 30;

const AWKWARD = [
  { n: 0 },
  { big: 1 },
  { outcome: 'success', ünïcode: '\u{1F600}\u007f\u2028"\\/\b\u0001' },
  { planes: '\u{FFFF}\u{10000}\u{10FFFF}\u{E000}\uFDD0' },
  { nested: [[[{ a: null, b: [true, false] }]]], '': '' },
];
const AWKWARD_TEXTS = [
  '{"i":123456789012345678901234567890,"j":-0,"l":1.0,"m":1e-7,"n":0.1}',
  '{"__proto__":{"x":1},"constructor":2,"2":1,"1":2}',
  '{"text":"\\u00e9\\ud83d\\ude00\\u0000"}',
];

let server: TestServer;
let world: World;
let other: World;
let parts: CheckParts;
let no: number;

beforeAll(async () => {
  server = await startTestServer();
  const { house } = server.running;
  // What it would find by itself would be found twice.
  await house.trailWatch.stop();
  world = await makeWorld(server);
  other = await makeWorld(server);
  no = await numberOf(world);
  parts = { db: house.db, auditMac: house.keyring.auditMac, clock: house.clock, recordDeed: house.ground.recordDeed };
  for (const details of AWKWARD) await recordEvent(server, world, { details });
  for (const text of AWKWARD_TEXTS) {
    const raw = `{"action":"UPDATE","resource_type":"größe","resource_id":"ÿ\u{1F4A9}","actor_id":"a","details":${text}}`;
    await insist(server.call)(201, 'POST', '/api/v1/compliance/audit-events', {
      auth: world.keys.recorder.bearer,
      raw,
    });
  }
  await recordEvent(server, world, { timestamp: '1970-01-01T00:00:00Z', user_agent: '', actor_username: null });
  await recordEvent(server, world, { timestamp: '1999-12-31T23:59:59.999999Z', ip_address: '::1' });
  await recordMany(world, 60);
  await recordMany(other, 5);
  await house.follower.catchUp(no);
  await tamper(
    ...TABLES.map((table) => `CREATE TABLE kept_${table} AS SELECT * FROM ${table} WHERE organization_no = $no`),
  );
});
afterAll(async () => {
  await server.stop();
});

/** Each test begins with a trail that was checked whole and is sound. */
beforeEach(async () => {
  await checkTrail(parts, no, { full: true });
  // oxlint-disable-next-line no-standalone-expect -- after every test
  expect(await standing()).toMatchObject({ result: 'sound', firstBad: null });
});

async function numberOf(of: World): Promise<number> {
  const { rows } = await server.running.house.db.direct.query<{ organization_no: number }>(
    'SELECT organization_no FROM organizations WHERE organization_id = $1',
    [of.id],
  );
  return rows[0]?.organization_no ?? 0;
}

async function recordMany(of: World, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    action: index % 7 === 0 ? 'LOGIN' : 'READ',
    resource_type: `type ${index % 3}`,
    resource_id: `r-${index}`,
    actor_id: `actor ${index % 5}`,
    actor_username: 'name',
    ip_address: '203.0.113.9',
    user_agent: 'agent',
    details: index % 7 === 0 ? { outcome: 'failure', index } : { index },
  }));
  const auth = of.keys.recorder.bearer;
  await insist(server.call)(201, 'POST', '/api/v1/compliance/audit-events', { auth, body: { events } });
}

function standing(of = no): Promise<TrailCheck> {
  return parts.db.scoped(of, (tx) => readTrailCheck(tx, of), { snapshot: true });
}

/** As somebody who owns the database and can switch its triggers off. */
async function tamper(...statements: string[]): Promise<void> {
  await asOwner(server.databaseUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    for (const statement of statements) {
      const { rowCount } = await client.query(statement.replaceAll('$no', String(no)).replaceAll('$bad', String(BAD)));
      if (!/^(CREATE|DROP)/.test(statement)) expect([statement, (rowCount ?? 0) > 0]).toEqual([statement, true]);
    }
  });
}

/** The counter's row first: a counter at work holds it while it writes the others. */
const TABLES = [
  'trail_counters',
  'trail_heads',
  'audit_events',
  'trail_hour_counts',
  'trail_day_counts',
  'trail_actors',
  'trail_actor_day_counts',
];

/** Puts everything back as it was at first, so that the next test has a sound trail. */
async function withTampering<T>(statements: string[], work: () => Promise<T>): Promise<T> {
  try {
    await tamper(...statements);
    return await work();
  } finally {
    await asOwner(server.databaseUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query('BEGIN');
      for (const table of TABLES) {
        await client.query(`LOCK TABLE ${table} IN EXCLUSIVE MODE`);
        await client.query(`DELETE FROM ${table} WHERE organization_no = $1`, [no]);
        await client.query(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
      }
      await client.query('DELETE FROM trail_checks');
      await client.query('COMMIT');
    });
  }
}

async function expectFound(finding: FindingCode, sequence: number | null): Promise<void> {
  const check = await standing();
  expect(check.result).toBe('diverged');
  expect(check.firstBad).toMatchObject({ finding, sequence });
}

const set = (assignment: string): string =>
  `UPDATE audit_events SET ${assignment} WHERE organization_no = $no AND sequence = $bad`;

/** Every column that an event is stored in, and what a change of it is found as. */
const CHANGES: readonly (readonly [string, string, FindingCode])[] = [
  ['id', `id = '${randomUUID()}'`, 'mac_wrong'],
  ['occurred_at', `occurred_at = occurred_at + interval '1 microsecond'`, 'mac_wrong'],
  ['occurred_at', `occurred_at = 'infinity'`, 'mac_wrong'],
  ['occurred_at', `occurred_at = '0044-03-15 BC'`, 'mac_wrong'],
  ['recorded_at', `recorded_at = recorded_at + interval '1 millisecond'`, 'leaf_wrong'],
  ['recorded_at', `recorded_at = recorded_at + interval '1 microsecond'`, 'leaf_wrong'],
  ['recorded_at', `recorded_at = recorded_at - interval '1 day'`, 'leaf_wrong'],
  ['recorded_at', `recorded_at = '-infinity'`, 'leaf_wrong'],
  ['action', `action = 'UPDATE'`, 'mac_wrong'],
  ['resource_type', `resource_type = resource_type || ' '`, 'mac_wrong'],
  ['resource_id', `resource_id = 'r'`, 'mac_wrong'],
  ['actor_id', `actor_id = 'ä'`, 'mac_wrong'],
  ['actor_username', `actor_username = 'Name'`, 'leaf_wrong'],
  ['actor_username', `actor_username = NULL`, 'leaf_wrong'],
  ['ip_address', `ip_address = '203.0.113.10'`, 'leaf_wrong'],
  ['ip_address', `ip_address = NULL`, 'leaf_wrong'],
  ['user_agent', `user_agent = ''`, 'leaf_wrong'],
  ['user_agent', `user_agent = 'null'`, 'leaf_wrong'],
  ['details', `details = replace(details, '{', '{ ')`, 'mac_wrong'],
  ['details', `details = 'no JSON at all'`, 'mac_wrong'],
  ['login_failed', `login_failed = NOT login_failed`, 'flag_wrong'],
  ['signature', `signature = set_byte(signature, 31, get_byte(signature, 31) # 1)`, 'mac_wrong'],
  ['signature', `signature = ''`, 'mac_wrong'],
  ['signature_key_no', `signature_key_no = signature_key_no + 1`, 'key_unknown'],
  ['signature_key_no', `signature_key_no = -1`, 'key_unknown'],
  ['leaf_hash', `leaf_hash = set_byte(leaf_hash, 0, get_byte(leaf_hash, 0) # 128)`, 'leaf_wrong'],
  ['leaf_hash', `leaf_hash = ''`, 'leaf_wrong'],
  ['sequence', 'sequence = -1', 'head_differs'],
  ['sequence', 'sequence = 9007199254740993', 'head_differs'],
  ['organization_no', 'organization_no = 1', 'sequence_gap'],
];

describe('a row changed by hand is found by the round and named', () => {
  test.each(CHANGES)('%s: %s', async (column, assignment, finding) => {
    await withTampering([set(assignment)], async () => {
      await checkTrail(parts, no, { full: true });
      if (column === 'sequence') expect((await standing()).firstBad?.finding).toBe(finding);
      else await expectFound(finding, BAD);
      if (column === 'organization_no') await moveBack();
    });
  });

  test('and no column is left out', async () => {
    const { rows } = await asOwner(server.databaseUrl, (client) =>
      client.query<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = 'veritrail' AND table_name = 'audit_events'`,
      ),
    );
    expect([...new Set(CHANGES.map(([column]) => column))].sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  async function moveBack(): Promise<void> {
    // In the other trail it lies where nothing may be.
    await checkTrail(parts, 1, { full: true });
    expect((await standing(1)).firstBad).toMatchObject({ finding: 'head_differs', sequence: BAD });
    await asOwner(server.databaseUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query('DELETE FROM audit_events WHERE organization_no = 1 AND sequence = $1', [BAD]);
    });
  }
});

test('the same change is found incrementally, before any round', async () => {
  const before = (await standing()).checkedThrough;
  await recordMany(world, 20);
  const statement = `UPDATE audit_events SET actor_username = 'x' WHERE organization_no = $no AND sequence = ${before + 11}`;
  await withTampering([statement], async () => {
    const step = await checkGrowth(parts, no);
    expect(step.found).toMatchObject({ finding: 'leaf_wrong', sequence: before + 11 });
    await expectFound('leaf_wrong', before + 11);
    expect((await standing()).firstBad?.id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('rows that are missing, moved or double', () => {
  const remove = (which: string): string => `DELETE FROM audit_events WHERE organization_no = $no AND ${which}`;
  const newest = '(SELECT max(sequence) FROM audit_events WHERE organization_no = $no)';

  test('a deleted one leaves a gap', async () => {
    await withTampering([remove('sequence = $bad')], async () => {
      await checkTrail(parts, no, { full: true });
      await expectFound('sequence_gap', BAD);
      expect((await standing()).range).toMatchObject({ fromSequence: 0, toSequence: BAD - 1 });
    });
  });

  test('so does the oldest one', async () => {
    await withTampering([remove('sequence = 0')], async () => {
      await checkTrail(parts, no, { full: true });
      await expectFound('sequence_gap', 0);
      expect((await standing()).range).toBeNull();
    });
  });

  test('so does the newest one', async () => {
    const { checkedThrough } = await standing();
    await withTampering([remove(`sequence = ${newest}`)], async () => {
      await checkTrail(parts, no, { full: true });
      await expectFound('sequence_gap', checkedThrough - 1);
    });
  });

  test('a swapped pair is found at the first of the two', async () => {
    const move = (from: number, to: number): string =>
      `UPDATE audit_events SET sequence = ${to} WHERE organization_no = $no AND sequence = ${from}`;
    await withTampering([move(BAD, -9), move(BAD + 1, BAD), move(-9, BAD + 1)], async () => {
      await checkTrail(parts, no, { full: true });
      await expectFound('leaf_wrong', BAD);
    });
  });

  test('a place that is taken twice is found, though the primary key prevents it', async () => {
    const checker = createRowChecker(parts.auditMac, { from: 0, to: 20, firstLeaf: undefined });
    await parts.db.scoped(no, async (tx) => {
      const query = `SELECT ${CHECKED_COLUMNS} FROM audit_events WHERE organization_no = ${no} AND sequence`;
      const copy = tx.query(
        copyTo(`COPY (${query} < 20 UNION ALL ${query} = 7 ORDER BY sequence) TO STDOUT (FORMAT binary)`),
      );
      for await (const piece of copy as AsyncIterable<Buffer>) checker.push(piece);
    });
    checker.finish();
    expect(checker.finding).toMatchObject({ finding: 'sequence_double', sequence: 7 });
  });

  test('an end that was cut off with its head and grew again is found', async () => {
    const { checkedThrough } = await standing();
    const cut = [
      remove(`sequence >= ${checkedThrough - 3}`),
      `UPDATE trail_heads SET next_sequence = ${checkedThrough - 3} WHERE organization_no = $no`,
    ];
    await withTampering(cut, async () => {
      await recordMany(world, 10);
      await checkTrail(parts, no, { full: false });
      await expectFound('leaf_wrong', checkedThrough - 1);
    });
  });
});

describe('a head that is not that of the rows', () => {
  test.each([
    ['next_sequence = next_sequence - 1', 'head_differs', -1],
    ['next_sequence = next_sequence + 1', 'sequence_gap', 0],
    ['first_sequence = first_sequence + 1', 'head_differs', undefined],
    [`last_recorded_at = last_recorded_at - interval '1 day'`, 'head_differs', -1],
  ] as const)('%s', async (assignment, finding, offset) => {
    const { checkedThrough } = await standing();
    await withTampering([`UPDATE trail_heads SET ${assignment} WHERE organization_no = $no`], async () => {
      await checkTrail(parts, no, { full: true });
      await expectFound(finding, offset === undefined ? 0 : checkedThrough + offset);
    });
  });

  test('one that is gone', async () => {
    await withTampering(['DELETE FROM trail_heads WHERE organization_no = $no'], async () => {
      await checkTrail(parts, no, { full: false });
      expect((await standing()).firstBad?.finding).toBe('head_differs');
    });
  });
});

describe('counts that are not those of the rows', () => {
  test.each([
    ['trail_hour_counts', 'events = events + 1'],
    ['trail_hour_counts', 'failed_logins = failed_logins + 1'],
    ['trail_day_counts', 'events = events - 1'],
    ['trail_day_counts', 'failed_logins = failed_logins + 1'],
    ['trail_actors', 'events = events + 1'],
    ['trail_actors', `last_occurred_at = last_occurred_at - interval '1 second'`],
    ['trail_actors', `last_occurred_at = last_occurred_at + interval '1 second'`],
    ['trail_actors', 'by_day = true'],
    ['trail_counters', 'counted_through = counted_through - 1'],
  ])('%s: %s', async (table, assignment) => {
    await withTampering([`UPDATE ${table} SET ${assignment} WHERE organization_no = $no`], async () => {
      await checkTrail(parts, no, { full: true });
      await expectFound('counts_differ', null);
    });
  });

  test.each(['trail_hour_counts', 'trail_day_counts', 'trail_actors'])('%s: one is gone', async (table) => {
    const statement = `DELETE FROM ${table} WHERE ctid = (SELECT min(ctid) FROM ${table} WHERE organization_no = $no)`;
    await withTampering([statement], async () => {
      await checkTrail(parts, no, { full: true });
      await expectFound('counts_differ', null);
    });
  });

  test('counts that were thrown away come back, and then they agree', async () => {
    const tables = [
      'trail_hour_counts',
      'trail_day_counts',
      'trail_actors',
      'trail_actor_day_counts',
      'trail_counters',
    ];
    await parts.db.scoped(no, async (tx) => {
      for (const table of tables) await tx.query(`DELETE FROM ${table} WHERE organization_no = $1`, [no]);
    });
    await server.running.house.follower.catchUp(no);
    await checkTrail(parts, no, { full: true });
    expect((await standing()).result).toBe('sound');
  });
});

describe('a finding', () => {
  test('is told in the trail once, stays when the row is put back, and goes only on purpose', async () => {
    await withTampering([set(`user_agent = 'x'`)], async () => {
      for (let again = 0; again < 3; again += 1) await checkTrail(parts, no, { full: true });
      const told = (await readTrail(server, world)).filter((event) => event.resource_type === 'trail_check');
      expect(told).toMatchObject([
        {
          action: 'CONFIG_CHANGE',
          actor_id: 'veritrail',
          details: { result: 'diverged', sequence: BAD, finding: 'leaf_wrong' },
        },
      ]);
      await tamper(set(`user_agent = 'agent'`));
      await checkTrail(parts, no, { full: true });
      await expectFound('leaf_wrong', BAD);

      expect(await acknowledgeDivergence(parts, no)).toBe(true);
      expect(await standing()).toMatchObject({ result: 'unchecked', range: null, checkedThrough: 0 });
      await checkTrail(parts, no, { full: true });
      expect((await standing()).result).toBe('sound');
      expect(await acknowledgeDivergence(parts, no)).toBe(false);
      const after = (await readTrail(server, world)).filter((event) => event.resource_type === 'trail_check');
      expect(after.map((event) => event.details['result'])).toEqual(['diverged', 'acknowledged']);
    });
  });

  test('that is still there is found again after it was taken back', async () => {
    await withTampering([set(`user_agent = 'x'`)], async () => {
      await checkTrail(parts, no, { full: true });
      await acknowledgeDivergence(parts, no);
      await checkTrail(parts, no, { full: false });
      await expectFound('leaf_wrong', BAD);
    });
  });

  test('of one trail says nothing of another, and recording goes on', async () => {
    await withTampering([set(`user_agent = 'x'`)], async () => {
      await checkTrail(parts, no, { full: true });
      const of = await numberOf(other);
      await checkTrail(parts, of, { full: true });
      expect((await standing(of)).result).toBe('sound');
      await recordEvent(server, world);
    });
  });

  test('is shown to analysts', async () => {
    const path = '/api/v1/compliance/trail-check';
    const auth = world.keys.analyst.bearer;
    const before = (await insist(server.call)(200, 'GET', path, { auth })).json;
    expect(before).toMatchObject({ result: 'sound', first_bad: null, checked_through: before.entry_count });
    expect(Object.keys(before)).toEqual([
      'checked_through',
      'checked_at',
      'entry_count',
      'last_full_check_at',
      'result',
      'first_bad',
    ]);
    await withTampering([set(`user_agent = 'x'`)], async () => {
      await checkTrail(parts, no, { full: true });
      const { json } = await insist(server.call)(200, 'GET', path, { auth });
      expect(json).toMatchObject({ result: 'diverged', first_bad: { sequence: BAD, finding: 'leaf_wrong' } });
    });
  });
});

test('a check that was broken off goes on where it was, and no row is skipped', async () => {
  await asOwner(server.databaseUrl, (client) => client.query('DELETE FROM trail_checks'));
  const { entryCount } = await standing();
  const small = { ...parts, rowsAStep: 7 };
  const rows: number[] = [];
  // Nothing but the database knows how far it is: each step could be another process's.
  for (;;) {
    const step = await checkGrowth({ ...small }, no);
    rows.push(step.rows);
    if (!step.more) break;
  }
  expect(rows.reduce((sum, one) => sum + one, 0)).toBe(entryCount);
  await checkRound({ ...small }, no);
  const { roundPosition } = await parts.db.scoped(no, (tx) => readCheckState(tx, no));
  expect(roundPosition).toBe(7);
  await withTampering([set(`ip_address = NULL`)], async () => {
    let step = await checkRound({ ...small }, no);
    while (step.more) step = await checkRound({ ...small }, no);
    expect(step.found).toMatchObject({ finding: 'leaf_wrong', sequence: BAD });
  });
});

test('of two checkers at once each event is counted once', async () => {
  await asOwner(server.databaseUrl, (client) => client.query('DELETE FROM trail_checks'));
  const { entryCount } = await standing();
  const small = { ...parts, rowsAStep: 11 };
  await Promise.all([checkTrail(small, no, { full: false }), checkTrail(small, no, { full: false })]);
  await checkTrail(small, no, { full: false });
  const state = await parts.db.scoped(no, (tx) => readCheckState(tx, no));
  expect(state).toMatchObject({ checkedThrough: entryCount, rowsChecked: entryCount, divergence: null });
});

test('beside recording nothing is found, and nothing is left out in the end', async () => {
  const small = { ...parts, rowsAStep: 50 };
  let recording = true;
  const recorded = Promise.all(Array.from({ length: 12 }, () => recordMany(world, 40))).finally(() => {
    recording = false;
  });
  // oxlint-disable-next-line no-unmodified-loop-condition -- the writer ends it
  while (recording) {
    await checkTrail(small, no, { full: true });
    expect((await standing()).result).toBe('sound');
  }
  await recorded;
  await server.running.house.follower.catchUp(no);
  await checkTrail(small, no, { full: true });
  const check = await standing();
  expect(check).toMatchObject({ result: 'sound', checkedThrough: check.entryCount });
  expect(check.range?.oldestOccurredAt).toBe('1970-01-01T00:00:00Z');
});

test('flags that are gone, or counts of flags that are others, are found', async () => {
  await recordEvent(server, world, { action: 'PERMISSION_CHANGE', resource_id: 'eve', actor_id: 'eve' });
  await server.running.house.follower.catchUp(no);
  const tables = ['audit_flags', 'flag_counts'];
  await tamper(
    ...tables.map((table) => `CREATE TABLE kept_${table} AS SELECT * FROM ${table} WHERE organization_no = $no`),
  );
  for (const [table, statement] of [
    ['audit_flags', 'DELETE FROM audit_flags WHERE organization_no = $no'],
    ['flag_counts', 'DELETE FROM flag_counts WHERE organization_no = $no'],
    ['flag_counts', `UPDATE flag_counts SET events = events + 1 WHERE organization_no = $no AND unit = 'hour'`],
  ] as const) {
    await checkTrail(parts, no, { full: true });
    expect((await standing()).result).toBe('sound');
    await tamper(statement);
    await checkTrail(parts, no, { full: true });
    await expectFound('counts_differ', null);
    await asOwner(server.databaseUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(`DELETE FROM ${table} WHERE organization_no = $1`, [no]);
      await client.query(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
    });
    expect(await acknowledgeDivergence(parts, no)).toBe(true);
  }
});

test('what was cut from the oldest end is found, unless retention did: on record, and with its event', async () => {
  const cut = 25;
  const tables = ['trail_hour_counts', 'trail_day_counts', 'trail_actors', 'trail_actor_day_counts', 'trail_counters'];
  const checkAll = async (): Promise<TrailCheck> => {
    await server.running.house.follower.catchUp(no);
    await checkTrail(parts, no, { full: true });
    return standing();
  };
  await tamper(
    `DELETE FROM audit_events WHERE organization_no = $no AND sequence < ${cut}`,
    `UPDATE trail_heads SET first_sequence = ${cut} WHERE organization_no = $no`,
  );
  await parts.db.scoped(no, async (tx) => {
    for (const table of tables) await tx.query(`DELETE FROM ${table} WHERE organization_no = $1`, [no]);
  });
  expect(await checkAll()).toMatchObject({ result: 'diverged', firstBad: { finding: 'head_differs' } });

  const leafHashes = createHash('sha256').update('what was removed').digest('hex');
  await tamper(
    `INSERT INTO trail_removals VALUES ($no, 0, ${cut - 1}, ${cut}, now(), now(), '\\x${leafHashes}', 1, now(), pg_current_xact_id())`,
  );
  expect(await acknowledgeDivergence(parts, no)).toBe(true);
  expect(await checkAll()).toMatchObject({ result: 'diverged', firstBad: { finding: 'head_differs' } });

  await parts.db.scoped(no, (tx) =>
    parts.recordDeed(tx, no, SERVER, {
      action: 'DELETE',
      resourceType: 'audit_events',
      resourceId: `0-${cut - 1}`,
      details: { from: 0, to: cut - 1, leaf_hashes_sha256: leafHashes },
    }),
  );
  expect(await acknowledgeDivergence(parts, no)).toBe(true);
  const check = await checkAll();
  expect(check).toMatchObject({ result: 'sound', range: { fromSequence: cut, toSequence: check.checkedThrough - 1 } });
  expect(check.entryCount).toBe(check.checkedThrough - cut);
  expect(check.range?.oldestRecordedAt).toBe((await readTrail(server, world))[0]?.recorded_at);
});

describe('keys', () => {
  test('an event under a key that another server has just begun to use is not checked, and nothing is said of it', async () => {
    const before = await standing();
    await asOwner(server.databaseUrl, (client) =>
      client.query(
        `INSERT INTO mac_keys (key_no, key_id, first_used_at) OVERRIDING SYSTEM VALUE VALUES (77, 'audit-new', now())`,
      ),
    );
    await tamper(`UPDATE audit_events SET signature_key_no = 77 WHERE organization_no = $no AND sequence = $bad`);
    await expect(checkTrail(parts, no, { full: true })).rejects.toThrow(KeyringError);
    expect(await standing()).toMatchObject({ result: 'sound', checkedThrough: before.checkedThrough });
    await tamper(`UPDATE audit_events SET signature_key_no = 1 WHERE organization_no = $no AND sequence = $bad`);
    await asOwner(server.databaseUrl, (client) => client.query('DELETE FROM mac_keys WHERE key_no = 77'));
  });

  test('events under a retired key are checked as before', async () => {
    const { db, clock } = parts;
    const given = { current: new Secret('the secret after that of the tests'), previous: [new Secret(AUDIT_SECRET)] };
    const { auditMac } = await openAuditKeys(db.direct, given, undefined, clock);
    const recordDeed = createRecordDeed(auditMac, clock);
    const actor = { id: 'a', username: null, ipAddress: null, userAgent: null };
    const deed = { action: 'READ', resourceType: 'r', resourceId: 'r', details: {} } as const;
    await db.scoped(no, (tx) => recordDeed(tx, no, actor, deed));
    const later = { ...parts, auditMac, recordDeed };
    await checkTrail(later, no, { full: true });
    const { result, checkedThrough, entryCount, range } = await standing();
    expect([result, checkedThrough]).toEqual(['sound', entryCount + (range?.fromSequence ?? 0)]);
    // Whoever lost the old secret can't say that its events are sound.
    const without = await openAuditKeys(db.direct, { ...given, previous: [] }, undefined, clock).catch(
      (error: unknown) => error,
    );
    expect(without).toMatchObject({ code: 'audit_secret_missing' });
  });
});
