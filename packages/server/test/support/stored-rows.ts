import { expect } from 'vitest';

import { asOwner, type TestServer } from './test-server.ts';

/**
 * What is left out: what is drawn from the trail in the background (counts, flags, checks), the daily samples, what was
 * guessed at logins, and the partition, whose rows are its parent's.
 */
const PASSING = /^(login_|trail_(?!heads)|flag_|audit_flags|audit_events_shared|posture_samples|migrations)/;

/** What of a row stays the same while nothing is done: when a key was last used and how a job gets on changes by itself. */
const LASTING: Readonly<Record<string, string>> = {
  api_keys: `t.api_key || coalesce(t.revoked_at::text, '')`,
  stripe_jobs: `t.job_no || t.kind || t.organization_no`,
};

/** Each table's rows in brief. */
export async function storedRows(server: TestServer): Promise<Record<string, string>> {
  return asOwner(server.databaseUrl, async (client) => {
    const tables = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'veritrail' ORDER BY tablename`,
    );
    const names = tables.rows.map((row) => row.name).filter((name) => !PASSING.test(name));
    const digests = names.map((name) => {
      const text = LASTING[name] ?? 't::text';
      return `SELECT '${name}' AS name, ${digestOf(text)} FROM ${name} t`;
    });
    const { rows } = await client.query<{ name: string; digest: string }>(digests.join(' UNION ALL '));
    return Object.fromEntries(rows.map((row) => [row.name, row.digest]));
  });
}

function digestOf(text: string): string {
  return `count(*) || ' ' || coalesce(md5(string_agg(${text}, ',' ORDER BY ${text})), '') AS digest`;
}

/** Fails if anything that is stored afterwards is another than before. */
export async function unchangedBy(server: TestServer, work: () => Promise<void>): Promise<void> {
  const before = await storedRows(server);
  await work();
  expect(await storedRows(server)).toEqual(before);
}
