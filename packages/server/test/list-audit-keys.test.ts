import { afterEach, beforeEach, expect, it } from 'vitest';

import { listAuditKeys } from '../src/list-audit-keys.ts';
import { keyIdOf, makeKeyScene, type KeyScene } from './support/key-scene.ts';
import { pino } from 'pino';

const FIRST = 'first-secret-of-the-audit-mac';
const SECOND = 'second-secret-of-the-audit-mac';
const diagnostics = pino({ level: 'silent' });

let scene: KeyScene;
beforeEach(async () => {
  scene = await makeKeyScene();
});
afterEach(() => scene.remove());

const listed = async (settings: Record<string, string>) =>
  (await listAuditKeys(scene.configure(settings), diagnostics)).map((key) => [key.key_id, key.current]);

it('lists the keys beside a running server, the current one last, and needs no secret', async () => {
  await (await scene.open({ AUDIT_HMAC_SECRET: FIRST })).close();
  await scene.open({ AUDIT_HMAC_SECRET: SECOND, AUDIT_HMAC_PREVIOUS_SECRETS: FIRST });
  expect(await listed({})).toEqual([
    [keyIdOf(FIRST), false],
    [keyIdOf(SECOND), true],
  ]);
});

it('changes nothing: a secret that is set for it alone does not begin to sign', async () => {
  const house = await scene.open({ AUDIT_HMAC_SECRET: FIRST });
  expect(await listed({ AUDIT_HMAC_SECRET: SECOND })).toEqual([[keyIdOf(FIRST), true]]);
  expect(house.keyId()).toBe(keyIdOf(FIRST));
});

it('shows a key that came back as the current one, with the time of its first use', async () => {
  await (await scene.open({ AUDIT_HMAC_SECRET: FIRST })).close();
  await (await scene.open({ AUDIT_HMAC_SECRET: SECOND, AUDIT_HMAC_PREVIOUS_SECRETS: FIRST })).close();
  await scene.open({ AUDIT_HMAC_SECRET: FIRST, AUDIT_HMAC_PREVIOUS_SECRETS: SECOND });
  const [retired, current] = await listAuditKeys(scene.configure({}), diagnostics);
  expect(current).toMatchObject({ key_id: keyIdOf(FIRST), current: true });
  expect(Date.parse(current?.first_used_at ?? '')).toBeLessThan(Date.parse(retired?.first_used_at ?? ''));
  expect(Date.parse(current?.turn_began_at ?? '')).toBeGreaterThan(Date.parse(retired?.turn_began_at ?? ''));
});

it('a database without keys yet is refused with a sentence', async () => {
  await expect(listed({})).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('start the server on it') as string,
  });
});
