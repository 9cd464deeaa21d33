import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { gatherAuditLog, longestSilence } from '../../../src/evidence/packets/gather-audit-log.ts';
import { settledThrough } from '../../../src/trail/settled-through.ts';
import { readHead } from '../../../src/trail/trail-store.ts';
import { letDaysPass, organizationNo } from '../../support/retention-scene.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { makeWorld, recordEvent } from '../../support/world.ts';

const day = (of: number, hour = 0): number => Date.UTC(2026, 4, of, hour);

describe('the longest silence of a source', () => {
  it.each([
    ['is every day, where nothing was heard', [], day(1), day(11), 10],
    ['is none, where something was heard each day', [1, 2, 3].map((of) => day(of)), day(1), day(4), 0],
    ['lies between two days that were heard', [day(1), day(6)], day(1), day(7), 4],
    ['counts up to the end', [day(1)], day(1), day(11), 9],
    ['counts no day in part, at either end', [], day(1, 5), day(3, 23), 1],
    ['is none within a day', [], day(1, 5), day(1, 20), 0],
    ['is none after the end', [], day(5), day(2), 0],
  ])('%s', (_what, heard, from, to, silence) => {
    expect(longestSilence(heard, from, to)).toBe(silence);
  });
});

describe('a silence that counts for a later time', () => {
  it.each([
    ['has all its days, where it reaches past that time', [], day(1), day(11), day(9), 10],
    ['is none, where it was over before', [8, 9, 10].map((of) => day(of)), day(1), day(11), day(8), 0],
    ['is the one after, where something was heard in between', [day(8)], day(1), day(11), day(8), 2],
  ])('%s', (_what, heard, from, to, counted, silence) => {
    expect(longestSilence(heard, from, to, counted)).toBe(silence);
  });
});

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('a source that nothing is heard of', () => {
  it('is silent for each version of its declaration, from when such events were first expected on', async () => {
    const no = await organizationNo(server, await makeWorld(server));
    const version = (of: number, from: number, until: number, type = 'till') => ({
      record_id: 'tills',
      version: of,
      owner: 'Ann',
      declared_by: 'ann',
      declared_at: `2026-05-${String(from).padStart(2, '0')}T00:00:00Z`,
      valid_until: `2026-05-${String(until).padStart(2, '0')}T00:00:00Z`,
      withdrawn: false,
      data: { name: 'Tills', resource_type: type, expected_actions: [], max_silence_days: 2, kinds: [] },
    });
    const log = await server.running.house.db.scoped(no, (tx) =>
      gatherAuditLog(tx, no, {
        period: { start: '2026-05-03T00:00:00Z', end: '2026-05-25T00:00:00Z', before: '2026-05-25T00:00:00Z' },
        retentionDays: null,
        rules: [],
        // Declared anew each time at once; then after a break of two days; then of another type; then after the period.
        sources: [
          version(1, 1, 5),
          version(2, 5, 10),
          version(3, 12, 15),
          version(4, 15, 27, 'scale'),
          version(5, 27, 30),
        ],
        observed: {},
        now: new Date('2026-05-28T00:00:00Z'),
      }),
    );
    expect(log.sources.map((seen) => [seen.version, seen.resource_type, seen.longest_silence_days])).toEqual([
      [1, 'till', 2],
      [2, 'till', 7],
      [3, 'till', 3],
      [4, 'scale', 10],
    ]);
  });
});

describe('a trail is settled', () => {
  it('up to the first entry that is younger than a minute, wherever it is', async () => {
    const world = await makeWorld(server);
    const no = await organizationNo(server, world);
    for (let made = 0; made < 5; made += 1) await recordEvent(server, world);
    await letDaysPass(server, world, 2);
    const settled = async (now: Date): Promise<{ readonly end: number; readonly next: number }> =>
      server.running.house.db.scoped(no, async (tx) => {
        const head = await readHead(tx, no);
        return { end: await settledThrough(tx, no, head, now), next: head.nextSequence };
      });
    const old = await settled(new Date());
    expect(old.end).toBe(old.next);
    for (let made = 0; made < 3; made += 1) await recordEvent(server, world);
    expect(await settled(new Date())).toEqual({ end: old.end, next: old.next + 3 });
    expect((await settled(new Date(Date.now() + 61_000))).end).toBe(old.next + 3);
  });

  it('and begins when it was recorded, whatever its events tell of', async () => {
    const world = await makeWorld(server);
    const no = await organizationNo(server, world);
    await recordEvent(server, world, { timestamp: '2020-02-29T00:00:00Z' });
    const end = new Date(Date.now() - 1000).toISOString().replace(/\.\d+Z$/, 'Z');
    const log = await server.running.house.db.scoped(no, (tx) =>
      gatherAuditLog(tx, no, {
        period: { start: '2026-01-01T00:00:00Z', end, before: end },
        retentionDays: null,
        rules: [],
        sources: [],
        observed: {},
        now: new Date(Date.now() + 61_000),
      }),
    );
    expect(log.oldest_entry_at).toBe('2020-02-29T00:00:00Z');
    expect(Date.now() - Date.parse(log.recorded_since ?? '')).toBeLessThan(60_000);
  });
});
