import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { makeService, makeWorld, recordEvent, type World } from '../support/world.ts';

let server: TestServer;
let world: World;
let other: World;

beforeAll(async () => {
  server = await startTestServer();
  [world, other] = [await makeWorld(server), await makeWorld(server)];
  for (const of of [world, other]) {
    await recordEvent(server, of);
    await makeService(server, of);
  }
});
afterAll(() => server.stop());

describe('as the database has it', () => {
  it('an event can be neither changed nor deleted by the login of the server', async () => {
    const { db } = server.running.house;
    const { organization_no: no } = await organizationNo(world);
    for (const table of ['audit_events', 'audit_events_shared']) {
      for (const statement of [
        `UPDATE ${table} SET details = '{}'`,
        `UPDATE ${table} SET details = details WHERE false`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `DROP TABLE ${table}`,
        `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
        `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`,
        `GRANT UPDATE ON ${table} TO current_user`,
      ]) {
        const attempt = db.scoped(no, (tx) => tx.query(statement));
        // 42501: insufficient_privilege. A GRANT by who has nothing to give is a warning and gives nothing.
        if (statement.startsWith('GRANT')) await attempt.catch(() => undefined);
        else await expect(attempt, statement).rejects.toMatchObject({ code: '42501' });
      }
    }
    await expect(db.scoped(no, (tx) => tx.query('UPDATE audit_events SET details = details'))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('nor by the owner of the schema', async () => {
    await asOwner(server.databaseUrl, async (client) => {
      for (const table of ['audit_events', 'audit_events_shared']) {
        for (const statement of [`UPDATE ${table} SET details = '{}'`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
          await expect(client.query(statement), statement).rejects.toMatchObject({
            code: '42501',
            message: expect.stringContaining('append-only'),
          });
        }
      }
    });
  });

  it('a row is out of sight without a scope and in the scope of another organization', async () => {
    const { db } = server.running.house;
    const [ours, theirs] = [await organizationNo(world), await organizationNo(other)];
    const countOf = `SELECT count(*) AS n FROM audit_events WHERE organization_no = ${ours.organization_no}`;
    const count = async (rows: Promise<{ rows: { n: number }[] }>) => (await rows).rows[0]?.n;
    expect(await count(db.scoped(ours.organization_no, (tx) => tx.query(countOf)))).toBeGreaterThan(0);
    expect(await count(db.scoped(theirs.organization_no, (tx) => tx.query(countOf)))).toBe(0);
    expect(await count(db.unscoped((tx) => tx.query(countOf)))).toBe(0);
    for (const table of ['services', 'service_versions', 'backups', 'verification_keys', 'trail_heads']) {
      const every = `SELECT count(*) AS n FROM ${table}`;
      expect([table, await count(db.unscoped((tx) => tx.query(every)))]).toEqual([table, 0]);
    }
    // What the partition holds may be added to and not be read.
    await expect(
      db.scoped(ours.organization_no, (tx) => tx.query('SELECT 1 FROM audit_events_shared')),
    ).rejects.toMatchObject({ code: '42501' });
  });

  async function organizationNo(of: World): Promise<{ organization_no: number }> {
    return asOwner(server.databaseUrl, async (client) => {
      const text = 'SELECT organization_no FROM organizations WHERE organization_id = $1';
      return (await client.query<{ organization_no: number }>(text, [of.id])).rows[0] ?? { organization_no: -1 };
    });
  }
});
