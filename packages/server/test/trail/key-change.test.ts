import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { StorageError } from '../../src/storage/storage-error.ts';
import type { Database } from '../../src/storage/database.ts';
import { tellKeyChange } from '../../src/trail/tell-key-change.ts';
import {
  changesIn,
  findKeyChangeFault,
  keyIdOf,
  makeKeyScene,
  wrongInPython,
  type KeyScene,
  type OpenHouse,
} from '../support/key-scene.ts';
import { asOwner } from '../support/test-server.ts';

const FIRST = 'first-secret-of-the-audit-mac';
const SECOND = 'second-secret-of-the-audit-mac';
const THIRD = 'third-secret-of-the-audit-mac';

let scene: KeyScene;
beforeEach(async () => {
  scene = await makeKeyScene();
});
afterEach(() => scene.remove());

const settings = (current: string, ...previous: string[]) => ({
  AUDIT_HMAC_SECRET: current,
  AUDIT_HMAC_PREVIOUS_SECRETS: previous.join(' '),
});

/** `count` trails with two events each, under the first secret. */
async function begin(count: number): Promise<number[]> {
  const house = await scene.open(settings(FIRST));
  const trails: number[] = [];
  for (let made = 0; made < count; made += 1) trails.push(await house.found());
  for (const trail of trails) await house.record(trail);
  expect(await house.tell()).toBe(true);
  await house.close();
  return trails;
}

describe('a start with a new secret', () => {
  it('leaves old events under the old secret, signs new ones under the new, and both verify in Python', async () => {
    const [trail = 0] = await begin(1);
    const house = await scene.open(settings(SECOND, FIRST));
    await house.record(trail, 3);
    const events = await house.read(trail);
    expect(events.map((event) => event.signature_key_id)).toEqual([
      ...Array<string>(2).fill(keyIdOf(FIRST)),
      ...Array<string>(4).fill(keyIdOf(SECOND)),
    ]);
    expect(wrongInPython(events, [FIRST, SECOND])).toBe(0);
    expect(findKeyChangeFault(events)).toBeUndefined();
  });

  it('tells the change as the first event under the new key, also when another event comes before the chore', async () => {
    const [busy = 0, quiet = 0] = await begin(2);
    const house = await scene.open(settings(SECOND, FIRST));
    await house.record(busy);
    await house.tell();
    for (const trail of [busy, quiet]) {
      const change = (await house.read(trail))[2];
      expect(change).toMatchObject({
        action: 'CONFIG_CHANGE',
        resource_type: 'audit_mac_key',
        resource_id: keyIdOf(SECOND),
        actor_id: 'veritrail',
        sequence: 2,
        signature_key_id: keyIdOf(SECOND),
        details: { from: keyIdOf(FIRST), to: keyIdOf(SECOND) },
      });
    }
    expect(await house.read(quiet)).toHaveLength(3);
  });

  it('tells it once, however often it starts and looks again', async () => {
    const trails = await begin(3);
    for (let start = 0; start < 3; start += 1) {
      const house = await scene.open(settings(SECOND, FIRST));
      await house.tell();
      await house.tell();
      for (const trail of trails) expect(changesIn(await house.read(trail))).toHaveLength(1);
      await house.close();
    }
  });

  it('tells nothing to a trail that begins under the new key', async () => {
    await begin(1);
    const house = await scene.open(settings(SECOND, FIRST));
    const fresh = await house.found();
    await house.tell();
    expect(changesIn(await house.read(fresh))).toEqual([]);
  });

  it('takes a previous secret back as the current one, with a turn of its own', async () => {
    const [busy = 0, quiet = 0] = await begin(2);
    let house = await scene.open(settings(SECOND, FIRST));
    await house.record(busy);
    await house.close();
    house = await scene.open(settings(FIRST, SECOND));
    await house.tell();
    await house.record(busy);
    expect(changesIn(await house.read(busy)).map((change) => change.to)).toEqual([keyIdOf(SECOND), keyIdOf(FIRST)]);
    // Nothing was ever signed under the second secret there.
    expect(changesIn(await house.read(quiet))).toEqual([]);
    const events = await house.read(busy);
    expect(findKeyChangeFault(events)).toBeUndefined();
    expect(wrongInPython(events, [FIRST, SECOND])).toBe(0);
  });

  it('goes from the last key that a trail knows to the newest, past one that never signed there', async () => {
    const [trail = 0] = await begin(1);
    await (await scene.open(settings(SECOND, FIRST))).close();
    const house = await scene.open(settings(THIRD, SECOND, FIRST));
    await house.tell();
    expect(changesIn(await house.read(trail))).toEqual([{ from: keyIdOf(FIRST), to: keyIdOf(THIRD) }]);
  });

  it('does not use up key numbers by starting', async () => {
    for (let start = 0; start < 3; start += 1) await (await scene.open(settings(FIRST))).close();
    const house = await scene.open(settings(SECOND, FIRST));
    expect(house.keyring.auditMac.current.keyNo).toBe(2);
  });
});

describe('a change that breaks off', () => {
  /** The world's edge: the connection to the database, which breaks at one trail. */
  const breaking = (db: Database, trail: number, when: 'before the commit' | 'after the commit'): Database => ({
    ...db,
    async scoped(organizationNo, work, options) {
      const lost = new StorageError('database_unavailable', 'The connection broke.');
      if (organizationNo === trail && when === 'before the commit') throw lost;
      const result = await db.scoped(organizationNo, work, options);
      if (organizationNo === trail) throw lost;
      return result;
    },
  });

  it.each(['before the commit', 'after the commit'] as const)(
    '%s is finished by the next start, and told once everywhere',
    async (when) => {
      const trails = await begin(5);
      const house = await scene.open(settings(SECOND, FIRST));
      const { clock, keyring } = house;
      const parts = { db: breaking(house.db, trails[2] ?? 0, when), auditMac: keyring.auditMac, clock };
      await expect(tellKeyChange(parts)).rejects.toMatchObject({ code: 'database_unavailable' });
      const told = async (open: OpenHouse) =>
        Promise.all(trails.map(async (trail) => changesIn(await open.read(trail)).length));
      expect(await told(house)).toEqual(when === 'before the commit' ? [1, 1, 0, 0, 0] : [1, 1, 1, 0, 0]);
      await house.close();

      const next = await scene.open(settings(SECOND, FIRST));
      expect(await next.tell()).toBe(true);
      expect(await told(next)).toEqual([1, 1, 1, 1, 1]);
      for (const trail of trails) expect(findKeyChangeFault(await next.read(trail))).toBeUndefined();
    },
  );

  it('in one trail does not keep it from the others, and is not forgotten', async () => {
    const trails = await begin(3);
    await asOwner(scene.databaseUrl, (client) =>
      client.query(
        `ALTER TABLE trail_heads ADD CONSTRAINT stuck CHECK (organization_no <> ${trails[1]} OR next_sequence < 3)`,
      ),
    );
    const house = await scene.open(settings(SECOND, FIRST));
    await expect(house.tell()).rejects.toThrow('stuck');
    const told = () => Promise.all(trails.map(async (trail) => changesIn(await house.read(trail)).length));
    expect(await told()).toEqual([1, 0, 1]);
    await asOwner(scene.databaseUrl, (client) => client.query('ALTER TABLE trail_heads DROP CONSTRAINT stuck'));
    await house.tell();
    expect(await told()).toEqual([1, 1, 1]);
  });

  it('stops between two trails when the server stops', async () => {
    await begin(2);
    const house = await scene.open(settings(SECOND, FIRST));
    const { db, clock, keyring } = house;
    expect(await tellKeyChange({ db, clock, auditMac: keyring.auditMac }, AbortSignal.abort())).toBe(false);
  });
});

describe('two servers on one database', () => {
  it('the one that was given the new secret beforehand goes over to it when it meets the new key', async () => {
    const [trail = 0] = await begin(1);
    const late = await scene.open(settings(FIRST, SECOND), 'replica');
    const early = await scene.open(settings(SECOND, FIRST));
    expect(late.keyId()).toBe(keyIdOf(FIRST));
    await early.record(trail);
    await late.record(trail, 2);
    expect(late.keyId()).toBe(keyIdOf(SECOND));
    const events = await late.read(trail);
    expect(findKeyChangeFault(events)).toBeUndefined();
    expect(changesIn(events)).toHaveLength(1);
    expect(wrongInPython(events, [FIRST, SECOND])).toBe(0);
  });

  it('the one that does not know the new secret refuses to sign and to guess, and stores nothing', async () => {
    const [trail = 0] = await begin(1);
    const late = await scene.open(settings(FIRST), 'replica');
    const early = await scene.open(settings(SECOND, FIRST));
    await early.record(trail);
    await expect(late.record(trail)).rejects.toMatchObject({ code: 'audit_key_behind' });
    expect(await early.read(trail)).toHaveLength(4);
    expect((await late.read(trail)).at(-1)?.signature_key_id).toBe(keyIdOf(SECOND));
    expect(late.keyId()).toBe(keyIdOf(FIRST));
  });

  it('starting at the same moment with the same new secret begins one turn', async () => {
    const [trail = 0] = await begin(1);
    const houses = await Promise.all(['data', 'b', 'c'].map((name) => scene.open(settings(SECOND, FIRST), name)));
    expect(new Set(houses.map((house) => house.keyring.auditMac.current.turnNo))).toEqual(new Set([2]));
    await Promise.all(houses.flatMap((house) => [house.tell(), house.record(trail, 5)]));
    const events = await (houses[0] as OpenHouse).read(trail);
    expect(events).toHaveLength(2 + 1 + 15);
    expect(findKeyChangeFault(events)).toBeUndefined();
  });
});
