import { createHmac } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { RunningServer } from '../../src/composition.ts';
import type { FirstRun } from '../../src/first-run.ts';
import {
  SECRET_ARN,
  awsEnvironment,
  startFakeSecretsManager,
  type FakeSecretsManager,
} from '../support/fake-secrets-manager.ts';
import {
  changesIn,
  findKeyChangeFault,
  keyIdOf,
  makeKeyScene,
  wrongInPython,
  type KeyScene,
  type OpenHouse,
} from '../support/key-scene.ts';
import { asBasic, asOwner } from '../support/test-server.ts';
import type { EventItem } from '../support/world.ts';

const FIRST = 'first-secret-in-secrets-manager';
const SECOND = 'second-secret-in-secrets-manager';
const THIRD = 'third-secret-in-secrets-manager';
const EVENTS = '/api/v1/compliance/audit-events';
const SETTINGS = { AUDIT_HMAC_SECRET_ARN: SECRET_ARN, AUDIT_SECRET_REFRESH_SECONDS: '0' };

let fake: FakeSecretsManager;
let scene: KeyScene;
beforeEach(async () => {
  fake = await startFakeSecretsManager();
  fake.put(FIRST);
  for (const [name, value] of Object.entries(awsEnvironment(fake.endpoint))) vi.stubEnv(name, value);
  scene = await makeKeyScene();
});
afterEach(async () => {
  await scene.remove();
  vi.unstubAllEnvs();
  await fake.stop();
});

const refresh = (house: OpenHouse) => house.keyring.auditKeys.refresh();

describe('a secret that changes in Secrets Manager', () => {
  it('signs from then on, without a restart, and the change is told', async () => {
    const house = await scene.open(SETTINGS);
    const trail = await house.found();
    await house.record(trail);
    fake.put(SECOND);
    expect(await refresh(house)).toBe(true);
    await house.record(trail);
    const events = await house.read(trail);
    expect(events.map((event) => event.signature_key_id)).toEqual(
      [FIRST, FIRST, SECOND, SECOND].map((secret) => keyIdOf(secret)),
    );
    expect(changesIn(events)).toEqual([{ from: keyIdOf(FIRST), to: keyIdOf(SECOND) }]);
    expect(wrongInPython(events, [FIRST, SECOND])).toBe(0);
    expect(await refresh(house)).toBe(false);
  });

  it('is the same after a restart, and a deprecated version still counts as given', async () => {
    let house = await scene.open(SETTINGS);
    const trail = await house.found();
    for (const secret of [SECOND, THIRD, 'fourth-secret-in-secrets-manager']) {
      fake.put(secret);
      await refresh(house);
      await house.record(trail);
    }
    await house.close();
    house = await scene.open(SETTINGS);
    await house.tell();
    expect(changesIn(await house.read(trail))).toHaveLength(3);
  });

  it('stops a later start if it was lost there, and AUDIT_HMAC_PREVIOUS_SECRETS brings it back', async () => {
    const house = await scene.open(SETTINGS);
    await house.found();
    await house.close();
    fake.put(SECOND);
    fake.forget(FIRST);
    await expect(scene.open(SETTINGS)).rejects.toMatchObject({ code: 'audit_secret_missing' });
    await scene.open({ ...SETTINGS, AUDIT_HMAC_PREVIOUS_SECRETS: FIRST });
  });

  it('takes over from AUDIT_HMAC_SECRET', async () => {
    let house = await scene.open({ AUDIT_HMAC_SECRET: THIRD });
    const trail = await house.found();
    await house.close();
    house = await scene.open({ ...SETTINGS, AUDIT_HMAC_PREVIOUS_SECRETS: THIRD });
    await house.tell();
    expect(changesIn(await house.read(trail))).toEqual([{ from: keyIdOf(THIRD), to: keyIdOf(FIRST) }]);
  });

  it('does not change anything when it is unusable, away or refused, and recording goes on', async () => {
    const house = await scene.open(SETTINGS);
    const trail = await house.found();
    fake.put('short');
    await expect(refresh(house)).rejects.toMatchObject({ code: 'audit_secret_unusable' });
    fake.trouble('denied');
    await expect(refresh(house)).rejects.toMatchObject({ code: 'audit_secret_unreadable' });
    await house.record(trail);
    expect(house.keyId()).toBe(keyIdOf(FIRST));
    fake.calm();
    fake.put(SECOND);
    expect(await refresh(house)).toBe(true);
  });

  it('does not sign before its turn is stored, and tries again', async () => {
    const house = await scene.open(SETTINGS);
    const trail = await house.found();
    const stop = 'ALTER TABLE mac_key_turns ADD CONSTRAINT stuck CHECK (turn_no < 2)';
    await asOwner(scene.databaseUrl, (client) => client.query(stop));
    fake.put(SECOND);
    await expect(refresh(house)).rejects.toThrow('stuck');
    expect((await house.record(trail)).map((event) => event.signature_key_id)).toEqual([keyIdOf(FIRST)]);
    await asOwner(scene.databaseUrl, (client) => client.query('ALTER TABLE mac_key_turns DROP CONSTRAINT stuck'));
    expect(await refresh(house)).toBe(true);
    expect(house.keyId()).toBe(keyIdOf(SECOND));
  });

  it('reaches a second server when it meets the new key, without waiting for its next look', async () => {
    const one = await scene.open(SETTINGS);
    const two = await scene.open(SETTINGS, 'replica');
    const trail = await one.found();
    fake.put(SECOND);
    await refresh(one);
    await one.record(trail);
    await two.record(trail);
    const events = await two.read(trail);
    expect(findKeyChangeFault(events)).toBeUndefined();
    expect(changesIn(events)).toHaveLength(1);
    // What it had seen before was the first; now that it looks, nothing begins a third turn.
    expect(await refresh(two)).toBe(false);
    expect(two.keyring.auditMac.current.turnNo).toBe(2);
  });
});

it('while many record and the key changes five times, every event verifies under the key that it names, and no retired key comes back', async () => {
  const house = await scene.open(SETTINGS);
  const trails = await Promise.all([house.found(), house.found(), house.found()]);
  const secrets = [FIRST, SECOND, THIRD, FIRST, SECOND, THIRD];
  const answered = new Map<string, EventItem>();
  const changing = new AbortController();
  const recording = trails.flatMap((trail) =>
    [1, 7, 40].map(async (size) => {
      while (!changing.signal.aborted)
        for (const event of await house.record(trail, size)) answered.set(event.id, event);
    }),
  );
  const founding = (async () => {
    while (!changing.signal.aborted && trails.length < 60) trails.push(await house.found());
  })();
  for (const secret of secrets.slice(1)) {
    const grown = answered.size + 400;
    while (answered.size < grown) await new Promise((next) => setImmediate(next));
    fake.put(secret);
    expect(await refresh(house)).toBe(true);
  }
  changing.abort();
  await Promise.all([...recording, founding]);
  await house.tell();

  const all: EventItem[] = [];
  for (const trail of trails) {
    const events = await house.read(trail);
    expect(findKeyChangeFault(events)).toBeUndefined();
    expect(events.at(-1)?.signature_key_id).toBe(keyIdOf(THIRD));
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index));
    all.push(...events);
  }
  for (const trail of trails.slice(0, 3)) {
    expect(changesIn(await house.read(trail)).map(({ to }) => to)).toEqual(secrets.slice(1).map((one) => keyIdOf(one)));
  }
  const stored = new Map(all.map((event) => [event.id, event]));
  for (const [id, event] of answered) expect(stored.get(id)).toEqual(event);
  expect(wrongInPython(all, [FIRST, SECOND, THIRD])).toBe(0);
});

describe('the server', () => {
  const firstRunOf = (running: RunningServer): FirstRun => {
    if (running.firstRun === undefined) throw new Error('the database was not empty');
    return running.firstRun;
  };

  it('does not start without Secrets Manager, and says why', async () => {
    fake.trouble('denied');
    await expect(scene.serve(SETTINGS)).rejects.toMatchObject({
      code: 'audit_secret_unreadable',
      message: expect.stringContaining('AccessDeniedException') as string,
    });
  });

  it('looks by itself, tells every trail, and answers under the new key', async () => {
    const running = await scene.serve({ ...SETTINGS, AUDIT_SECRET_REFRESH_SECONDS: '1' });
    const { api_key: key, api_secret: secret, audit_hmac_secret: generated } = firstRunOf(running);
    expect(generated).toBe('');
    const port = (running.app.server.address() as { port: number }).port;
    const headers = { authorization: asBasic(key, secret), 'content-type': 'application/json' };
    const list = async () => {
      const response = await fetch(`http://127.0.0.1:${port}${EVENTS}?resource_type=audit_mac_key`, { headers });
      return { text: await response.text(), signature: response.headers.get('x-audit-signature') };
    };
    fake.trouble('denied', '', 1);
    fake.put(SECOND);
    await vi.waitFor(async () => expect((await list()).text).toContain(keyIdOf(SECOND)), { timeout: 30_000 });
    const { text, signature } = await list();
    expect(signature).toBe(`sha256=${createHmac('sha256', SECOND).update(text).digest('hex')}`);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain('veritrail_audit_secret_refreshes_total{outcome="rotated"} 1');
    expect(metrics).toContain('veritrail_audit_secret_refreshes_total{outcome="failed"} 1');
    expect(scene.said.join('')).toContain('the key stays');
    expect(scene.said.join('')).not.toContain(SECOND);
  });

  it('stops at once while Secrets Manager is silent', async () => {
    const running = await scene.serve({ ...SETTINGS, AUDIT_SECRET_REFRESH_SECONDS: '1' });
    fake.trouble('silent');
    const before = fake.requests.length;
    await vi.waitFor(() => expect(fake.requests.length).toBeGreaterThan(before), { timeout: 30_000 });
    await running.stop();
  });
});
