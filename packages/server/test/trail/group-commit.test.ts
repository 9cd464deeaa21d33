import { createHash } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { appendEvents } from '../../src/trail/append-events.ts';
import { checkForAWhile } from '../../src/trail/check-trail.ts';
import { draftOf } from '../../src/trail/trail.ts';
import { prepareEvent, readPrepared, type PreparedEvent } from '../../src/trail/prepare-event.ts';
import { makeKeyScene, wrongInPython, type KeyScene, type OpenHouse } from '../support/key-scene.ts';
import { asOwner } from '../support/test-server.ts';
import type { EventItem } from '../support/world.ts';

const SECRET = 'a-secret-of-the-group-commit-tests';
const ACTOR = { id: 'someone', username: null, ipAddress: null, userAgent: null };

let scene: KeyScene;
let house: OpenHouse;
let trail: number;
beforeEach(async () => {
  scene = await makeKeyScene();
  house = await scene.open({ AUDIT_HMAC_SECRET: SECRET });
  trail = await house.found();
});
afterEach(() => scene.remove());

function prepare(name: string, id?: string): PreparedEvent {
  const deed = { action: 'UPDATE', resourceType: 'thing', resourceId: name, details: { name } } as const;
  const draft = { ...draftOf(ACTOR, deed), id };
  return prepareEvent(draft, house.keyring.auditMac, new Date());
}

const several = (count: number, name: string): PreparedEvent[] =>
  Array.from({ length: count }, (_, index) => prepare(`${name}-${index}`));

const record = async (events: readonly PreparedEvent[]): Promise<EventItem[]> => {
  const { entries } = await house.groupCommit.record(trail, events);
  return JSON.parse(`[${entries.toString()}]`) as EventItem[];
};

/** What the trail holds, after everything that can be checked of it was. */
async function soundTrail(): Promise<EventItem[]> {
  const { db, clock, ground, keyring } = house;
  const parts = { db, clock, auditMac: keyring.auditMac, recordDeed: ground.recordDeed };
  await checkForAWhile(parts, trail, 20_000);
  const state = await asOwner(scene.databaseUrl, (client) =>
    client.query<{ checked: number; head: number; finding: string | null }>(
      `SELECT c.checked_through::float8 AS checked, h.next_sequence::float8 AS head, c.finding
       FROM trail_checks c JOIN trail_heads h USING (organization_no) WHERE organization_no = $1`,
      [trail],
    ),
  );
  const [row] = state.rows;
  expect(row?.finding).toBeNull();
  expect(row?.checked).toBe(row?.head);
  const events = await house.read(trail);
  expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index));
  expect(events.length).toBe(row?.head);
  const times = events.map((event) => event.recorded_at);
  expect(times).toEqual(times.toSorted());
  expect(wrongInPython(events, [SECRET])).toBe(0);
  return events;
}

describe('requests that come together', () => {
  it('are all stored once, each whole and in its order, and answered with what is stored', async () => {
    const requests = [
      ...Array.from({ length: 300 }, (_, index) => [prepare(`single-${index}`)]),
      ...Array.from({ length: 6 }, (_, index) => several(400, `batch-${index}`)),
      several(700, 'more than a transaction has'),
      ...Array.from({ length: 30 }, (_, index) => several(3, `few-${index}`)),
    ];
    const answers = await Promise.all(requests.map(record));
    const events = await soundTrail();
    const stored = new Map(events.map((event) => [event.id, event]));
    for (const [index, answer] of answers.entries()) {
      expect(answer.map((event) => event.id)).toEqual(requests[index]?.map((event) => readPrepared(event).id));
      expect(answer).toEqual(answer.map((event) => stored.get(event.id)));
      const [first] = answer;
      expect(answer.map((event) => event.sequence)).toEqual(answer.map((_, at) => (first?.sequence ?? NaN) + at));
    }
    expect(events.length).toBe(1 + requests.flat().length);
  });

  it('and wave after wave, the later ones behind the earlier', async () => {
    const waves = 12;
    for (let wave = 0; wave < waves; wave += 1) {
      await Promise.all([record(several(250, `large-${wave}`)), record([prepare(`small-${wave}`)])]);
    }
    expect((await soundTrail()).length).toBe(1 + waves * 251);
  });
});

describe('callers who ask again when they are answered', () => {
  /** Events of each transaction, in order. */
  const transactions = async (): Promise<number[]> => {
    const { rows } = await asOwner(scene.databaseUrl, (client) =>
      client.query<{ events: number }>(
        `SELECT count(*)::integer AS events FROM veritrail.audit_events WHERE organization_no = $1
         GROUP BY xmin::text ORDER BY min(sequence)`,
        [trail],
      ),
    );
    return rows.map(({ events }) => events);
  };

  it('are stored in two groups, one while the other is answered', async () => {
    const callers = Array.from({ length: 40 }, async (_, caller) => {
      for (let round = 0; round < 6; round += 1) await record([prepare(`${caller}-${round}`)]);
    });
    await Promise.all(callers);
    // Before them comes what founded the trail.
    const [, ...sizes] = await transactions();
    expect(sizes).toEqual(Array.from({ length: 12 }, () => 20));
  });

  it('and one who is alone waits for nobody', async () => {
    await Promise.all(several(40, 'many').map((event) => record([event])));
    for (let round = 0; round < 3; round += 1) await record([prepare(`alone-${round}`)]);
    expect((await transactions()).slice(-3)).toEqual([1, 1, 1]);
  });
});

describe('another writer of the same trail', () => {
  const elsewhere = (name: string) =>
    house.db.scoped(trail, (tx) => appendEvents(tx, trail, [[prepare(name)]], house.keyring.auditMac, house.clock()));

  it('that comes between makes nothing fail, double or go astray', async () => {
    const recording = Array.from({ length: 40 }, async (_, index) => {
      for (let round = 0; round < 5; round += 1) {
        await record(index % 8 === 0 ? several(220, `batch-${index}-${round}`) : [prepare(`${index}-${round}`)]);
      }
    });
    const between = (async () => {
      for (let round = 0; round < 40; round += 1) await elsewhere(`elsewhere-${round}`);
    })();
    await Promise.all([...recording, between]);
    const events = await soundTrail();
    expect(events.length).toBe(1 + 5 * (35 + 5 * 220) + 40);
    expect(new Set(events.map((event) => event.resource_id)).size).toBe(events.length);
  });

  it('that holds the head is waited for', async () => {
    await record([prepare('before')]);
    await record([prepare('so that the head is known')]);
    const [isHeld, release] = [signal(), signal()];
    const held = house.db.scoped(trail, async (tx) => {
      await appendEvents(tx, trail, [[prepare('held')]], house.keyring.auditMac, house.clock());
      isHeld.give();
      await release.given;
    });
    await isHeld.given;
    const waiting = [record([prepare('waiting')]), record(several(300, 'waiting too'))];
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(house.groupCommit.waiting).toBe(301);
    release.give();
    await Promise.all([held, ...waiting]);
    expect((await soundTrail()).length).toBe(1 + 3 + 301);
  });
});

describe('an id of the caller', () => {
  it('that comes in twice at once is stored once, and both are answered with the same bytes', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => idOf(`twice-${index}`));
    const answers = await Promise.all(
      [...ids, ...ids].map(async (id) => {
        const { entries } = await house.groupCommit.record(trail, [prepare('the same', id)]);
        return entries.toString();
      }),
    );
    expect(answers.slice(ids.length)).toEqual(answers.slice(0, ids.length));
    expect((await soundTrail()).length).toBe(1 + ids.length);
  });

  it('that has another event refuses its request alone', async () => {
    const id = idOf('taken');
    await record([prepare('first', id)]);
    const outcomes = await Promise.allSettled([
      record([prepare('before'), prepare('second', id)]),
      record([prepare('beside')]),
      record(several(250, 'large')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[0]).toMatchObject({ reason: { code: 'event_id_conflict' } });
    const names = (await soundTrail()).map((event) => event.resource_id);
    expect(names).not.toContain('before');
    expect(names.length).toBe(1 + 1 + 1 + 250);
  });
});

describe('when the database breaks', () => {
  it('off a session during an append, the caller hears so, and the next ones are stored', async () => {
    await record([prepare('before')]);
    const broken = Array.from({ length: 20 }, (_, index) => record(several(300, `cut-${index}`)));
    const outcomes = Promise.allSettled(broken);
    await asOwner(scene.databaseUrl, (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      ),
    );
    for (const outcome of await outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'database_unavailable' });
    }
    await record([prepare('after')]);
    const names = (await soundTrail()).map((event) => event.resource_id);
    expect(names).toContain('after');
    for (const [index, { status }] of (await outcomes).entries()) {
      const stored = names.filter((name) => name.startsWith(`cut-${index}-`)).length;
      expect(status === 'fulfilled' ? [300] : [0, 300]).toContain(stored);
    }
    expect(house.groupCommit.waiting).toBe(0);
  });

  it('between the commit and the disk, the caller hears so, and nothing is stored twice', async () => {
    await record([prepare('before, so that the head is known')]);
    await asOwner(scene.databaseUrl, (client) =>
      client.query('REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean) FROM public'),
    );
    await expect(record([prepare('committed')])).rejects.toMatchObject({ code: 'database_unavailable' });
    await asOwner(scene.databaseUrl, (client) =>
      client.query('GRANT EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean) TO public'),
    );
    await record([prepare('after')]);
    const names = (await soundTrail()).map((event) => event.resource_id);
    expect(names.filter((name) => name === 'committed')).toEqual(['committed']);
    expect(names).toContain('after');
  });
});

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
