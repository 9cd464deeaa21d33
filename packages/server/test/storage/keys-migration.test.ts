import { expect, it } from 'vitest';

import { keys } from '../../src/storage/migrations/0006-keys.ts';
import { changesIn, findKeyChangeFault, keyIdOf, makeKeyScene } from '../support/key-scene.ts';
import { asOwner } from '../support/test-server.ts';

const FIRST = 'first-secret-of-the-audit-mac';
const SECOND = 'second-secret-of-the-audit-mac';

it('trails from before keys had turns go on with the key that their newest event names', async () => {
  const scene = await makeKeyScene();
  try {
    let house = await scene.open({ AUDIT_HMAC_SECRET: FIRST });
    const [quiet, busy] = [await house.found(), await house.found()];
    await house.close();
    house = await scene.open({ AUDIT_HMAC_SECRET: SECOND, AUDIT_HMAC_PREVIOUS_SECRETS: FIRST });
    await house.record(busy);
    await house.close();
    await asOwner(scene.databaseUrl, (client) =>
      client.query(`ALTER TABLE trail_heads DROP COLUMN mac_turn_no; DROP TABLE mac_key_turns; ${keys.sql}`),
    );

    house = await scene.open({ AUDIT_HMAC_SECRET: SECOND, AUDIT_HMAC_PREVIOUS_SECRETS: FIRST });
    expect(house.keyring.auditMac.current.turnNo).toBe(2);
    await house.tell();
    for (const trail of [quiet, busy]) {
      expect(changesIn(await house.read(trail))).toEqual([{ from: keyIdOf(FIRST), to: keyIdOf(SECOND) }]);
      expect(findKeyChangeFault(await house.read(trail))).toBeUndefined();
    }
  } finally {
    await scene.remove();
  }
});
