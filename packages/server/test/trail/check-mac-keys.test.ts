import { afterEach, beforeEach, expect, it } from 'vitest';

import { keyIdOf, makeKeyScene, type KeyScene } from '../support/key-scene.ts';
import { asOwner } from '../support/test-server.ts';

const FIRST = 'first-secret-of-the-audit-mac';
const SECOND = 'second-secret-of-the-audit-mac';
const WRONG = 'wrong-secret-of-the-audit-mac';

let scene: KeyScene;
beforeEach(async () => {
  scene = await makeKeyScene();
});
afterEach(() => scene.remove());

const settings = (current: string, ...previous: string[]) => ({
  AUDIT_HMAC_SECRET: current,
  AUDIT_HMAC_PREVIOUS_SECRETS: previous.join(' '),
});

/** As someone could who has the database and no secret. */
const tamper = (sql: string) =>
  asOwner(scene.databaseUrl, (client) => client.query(`SET session_replication_role = replica; ${sql}`));

async function begin(): Promise<number> {
  const house = await scene.open(settings(FIRST));
  const trail = await house.found();
  await house.record(trail, 5);
  await house.close();
  return trail;
}

it('a missing secret stops the start, and the sentence names its key', async () => {
  await begin();
  await expect(scene.open(settings(SECOND))).rejects.toMatchObject({
    code: 'audit_secret_missing',
    message: expect.stringContaining(keyIdOf(FIRST)) as string,
  });
});

it('a secret that was only tried and never signed anything need not be kept', async () => {
  await begin();
  await asOwner(scene.databaseUrl, (client) =>
    client.query(`INSERT INTO mac_keys (key_id, first_used_at) VALUES ('audit-0000000000000000', now())`),
  );
  await scene.open(settings(FIRST));
});

it('a secret under which no event of its key verifies stops the start', async () => {
  await begin();
  await tamper(`UPDATE mac_keys SET key_id = '${keyIdOf(WRONG)}'`);
  await expect(scene.open(settings(WRONG))).rejects.toMatchObject({
    code: 'audit_secret_wrong',
    message: expect.stringContaining(keyIdOf(WRONG)) as string,
  });
});

it('a wrong previous secret stops the start too', async () => {
  const trail = await begin();
  const house = await scene.open(settings(SECOND, FIRST));
  await house.record(trail, 20);
  await house.close();
  await tamper(`UPDATE mac_keys SET key_id = '${keyIdOf(WRONG)}' WHERE key_no = 1`);
  await expect(scene.open(settings(SECOND, WRONG))).rejects.toMatchObject({ code: 'audit_secret_wrong' });
});

it('one altered event is told loudly and stops nothing', async () => {
  await begin();
  await tamper(`UPDATE audit_events SET actor_id = 'someone else' WHERE sequence = 5`);
  await scene.open(settings(FIRST));
  expect(scene.said.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 50, sequence: 5, msg: 'a stored event does not verify' },
  ]);
});

it('verifies what current and previous keys made, and nothing else', async () => {
  const trail = await begin();
  const house = await scene.open(settings(SECOND, FIRST));
  await house.record(trail);
  const { auditMac } = house.keyring;
  // python3 -c 'import hmac; print(hmac.new(b"first-secret-of-the-audit-mac", b"message", "sha256").hexdigest())'
  const byFirst = 'bb37f5c42e936bc4a32c8ac24f1bee4af3546340369c233efe3d73e8d97793eb';
  const bySecond = 'c4b8a0630048fe1bbd358849d261d8ff73bd757f7f5c1739bf8431a7717235a1';
  expect(auditMac.verify(1, 'message', byFirst)).toBe(true);
  expect(auditMac.verify(2, 'message', bySecond)).toBe(true);
  expect(auditMac.mac('message')).toBe(bySecond);
  expect(auditMac.verify(2, 'message', byFirst)).toBe(false);
  expect(auditMac.verify(1, 'massage', byFirst)).toBe(false);
  for (const bad of [
    '',
    byFirst.slice(2),
    byFirst.toUpperCase(),
    `${byFirst}00`,
    'g'.repeat(64),
    `sha256=${byFirst}`,
  ]) {
    expect(auditMac.verify(1, 'message', bad)).toBe(false);
  }
  expect(() => auditMac.verify(3, 'message', byFirst)).toThrow(expect.objectContaining({ code: 'audit_key_behind' }));
});

it('the secret that the first start made is a previous one once another is set', async () => {
  const house = await scene.open({});
  const trail = await house.found();
  await house.close();
  const next = await scene.open(settings(SECOND));
  await next.tell();
  expect((await next.read(trail)).map((event) => event.signature_key_id === keyIdOf(SECOND))).toEqual([false, true]);
});
