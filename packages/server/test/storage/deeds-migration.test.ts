import { expect, it } from 'vitest';

import { deeds } from '../../src/storage/migrations/0023-deeds.ts';
import { makeKeyScene } from '../support/key-scene.ts';
import { asOwner } from '../support/test-server.ts';

it('of the events that a trail has already none is a deed by record, and the mark lies behind them', async () => {
  const scene = await makeKeyScene();
  try {
    const house = await scene.open({ AUDIT_HMAC_SECRET: 'a-secret-of-the-audit-mac' });
    const trail = await house.found();
    await house.close();
    await asOwner(scene.databaseUrl, async (client) => {
      await client.query('DROP TABLE trail_deeds, trail_deed_marks');
      await client.query(deeds.sql);
      const { rows } = await client.query(
        `SELECT next_sequence > 0 AS grown, next_sequence = sequence AS behind,
           (SELECT count(*) FROM trail_deeds)::integer AS kept
         FROM trail_heads LEFT JOIN trail_deed_marks USING (organization_no) WHERE organization_no = $1`,
        [trail],
      );
      expect(rows).toEqual([{ grown: true, behind: true, kept: 0 }]);
    });
  } finally {
    await scene.remove();
  }
});
