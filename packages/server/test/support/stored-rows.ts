import { expect } from 'vitest';

import { asOwner, type TestServer } from './test-server.ts';

const TABLES = [
  'organizations',
  'users',
  'user_identities',
  'memberships',
  'invitations',
  'sessions',
  'verification_keys',
  'services',
  'service_versions',
  'backups',
  'trail_heads',
  'audit_events',
];

/** Each table's rows in brief. When a key was last used, and what was guessed at logins, change with any request. */
export async function storedRows(server: TestServer): Promise<Record<string, string>> {
  return asOwner(server.databaseUrl, async (client) => {
    const digests = TABLES.map((table) => `SELECT '${table}' AS name, ${digestOf('t::text')} FROM ${table} t`);
    const keys = `SELECT 'api_keys' AS name, ${digestOf('t.api_key || coalesce(t.revoked_at::text, $$$$)')} FROM api_keys t`;
    const { rows } = await client.query<{ name: string; digest: string }>([...digests, keys].join(' UNION ALL '));
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
