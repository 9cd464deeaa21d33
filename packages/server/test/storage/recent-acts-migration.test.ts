import { expect, it } from 'vitest';

import { recentActs } from '../../src/storage/migrations/0021-recent-acts.ts';
import { makeKeyScene } from '../support/key-scene.ts';
import { asOwner } from '../support/test-server.ts';

it('what rules remembered of a trail’s actors is kept with each of them', async () => {
  const scene = await makeKeyScene();
  try {
    const house = await scene.open({ AUDIT_HMAC_SECRET: 'a-secret-of-the-audit-mac' });
    const [one, other] = [await house.found(), await house.found()];
    await house.close();
    const kept = await asOwner(scene.databaseUrl, async (client) => {
      await client.query(`ALTER TABLE flag_actors DROP COLUMN recent;
        ALTER TABLE flag_watermarks ADD COLUMN recent text COLLATE "C" NOT NULL DEFAULT '{}';
        DELETE FROM flag_actors; DELETE FROM flag_watermarks`);
      const recent = {
        'Zoë "Z" \\': { failures: [1.5, 2], deletions: [], burstAt: 2 },
        'no-longer-there': { failures: [] },
      };
      await client.query('INSERT INTO flag_watermarks VALUES ($1, 7, $2), ($3, 0, $4)', [
        ...[one, JSON.stringify(recent), other, '{}'],
      ]);
      for (const [trail, actor] of [
        [one, 'Zoë "Z" \\'],
        [one, 'quiet'],
        [other, 'Zoë "Z" \\'],
      ]) {
        await client.query('INSERT INTO flag_actors VALUES ($1, $2, now(), now())', [trail, actor]);
      }
      await client.query(recentActs.sql);
      const { rows } = await client.query<{ trail: number; actor: string; recent: string | null }>(
        `SELECT organization_no AS trail, actor_id AS actor, recent FROM flag_actors
         ORDER BY organization_no, actor_id`,
      );
      return rows.map((row) => ({ ...row, recent: row.recent === null ? null : (JSON.parse(row.recent) as unknown) }));
    });
    expect(kept).toEqual([
      { trail: one, actor: 'Zoë "Z" \\', recent: { failures: [1.5, 2], deletions: [], burstAt: 2 } },
      { trail: one, actor: 'quiet', recent: null },
      { trail: other, actor: 'Zoë "Z" \\', recent: null },
    ]);
    await (await scene.open({ AUDIT_HMAC_SECRET: 'a-secret-of-the-audit-mac' })).close();
  } finally {
    await scene.remove();
  }
});
