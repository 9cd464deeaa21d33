import { createHash } from 'node:crypto';

import type { Queryable } from './database.ts';
import { StorageError } from './storage-error.ts';
import { ground } from './migrations/0001-ground.ts';
import { counts } from './migrations/0002-counts.ts';
import { checks } from './migrations/0003-checks.ts';
import { flags } from './migrations/0004-flags.ts';
import { retention } from './migrations/0005-retention.ts';
import { keys } from './migrations/0006-keys.ts';
import { signingKeys } from './migrations/0007-signing-keys.ts';
import { subscriptions } from './migrations/0008-subscriptions.ts';
import { samples } from './migrations/0009-samples.ts';
import { observations } from './migrations/0010-observations.ts';
import { declarations } from './migrations/0011-declarations.ts';
import { packets } from './migrations/0012-packets.ts';
import { twoFactor } from './migrations/0014-two-factor.ts';
import { countsOfAny } from './migrations/0020-counts-of-any.ts';
import { recentActs } from './migrations/0021-recent-acts.ts';
import { freshStatistics } from './migrations/0022-fresh-statistics.ts';
import { deeds } from './migrations/0023-deeds.ts';
import { serviceLives } from './migrations/0024-service-lives.ts';

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In order. A released migration is never edited: its digest is recorded where it ran, and a difference stops the start. */
export const MIGRATIONS: readonly Migration[] = [
  ground,
  counts,
  checks,
  flags,
  retention,
  keys,
  signingKeys,
  subscriptions,
  samples,
  observations,
  declarations,
  packets,
  twoFactor,
  countsOfAny,
  recentActs,
  freshStatistics,
  deeds,
  serviceLives,
];

/** Any constant will do as long as nothing else in the database uses it: "veritr" in ASCII. */
export const MIGRATION_LOCK = 0x766572697472;

/**
 * Brings the schema up to date, each migration in a transaction of its own. Two servers that start together take turns.
 *
 * @throws {StorageError} `database_too_new` if a later version of the server ran here, `migration_failed` otherwise.
 */
export async function migrate(owner: Queryable): Promise<void> {
  await owner.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
  try {
    await ensureSchema(owner);
    const { rows } = await owner.query<{ name: string; digest: string }>(
      'SELECT name, digest FROM veritrail.migrations ORDER BY name',
    );
    refuseForeignHistory(rows);
    for (const migration of MIGRATIONS.slice(rows.length)) await apply(owner, migration);
  } finally {
    await owner.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`);
  }
}

async function ensureSchema(owner: Queryable): Promise<void> {
  // Asked first: a login that may not create schemas is refused even where this one is there.
  const { rows } = await owner.query<{ there: boolean }>(`SELECT to_regnamespace('veritrail') IS NOT NULL AS there`);
  try {
    if (rows[0]?.there !== true) await owner.query('CREATE SCHEMA veritrail');
    await owner.query(`
      CREATE TABLE IF NOT EXISTS veritrail.migrations (
        name text COLLATE "C" PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  } catch (cause) {
    throw new StorageError(
      'migration_failed',
      'The login may not make the schema veritrail; as a superuser run: ' +
        'CREATE SCHEMA veritrail AUTHORIZATION <the user of DATABASE_OWNER_URL, or else of DATABASE_URL>;',
      { cause },
    );
  }
}

function refuseForeignHistory(applied: readonly { name: string; digest: string }[]): void {
  const newer = applied.at(MIGRATIONS.length);
  if (newer !== undefined) {
    throw new StorageError(
      'database_too_new',
      `The database was migrated by a later version of Veritrail (${newer.name}); start that version or a newer one.`,
    );
  }
  for (const [index, row] of applied.entries()) {
    const migration = MIGRATIONS[index];
    if (migration === undefined || row.name !== migration.name || row.digest !== digest(migration)) {
      throw new StorageError(
        'migration_failed',
        `The database has another history than this version expects at ${row.name}; restore a backup or start the version that made it.`,
      );
    }
  }
}

async function apply(owner: Queryable, migration: Migration): Promise<void> {
  try {
    await owner.query('BEGIN');
    await owner.query('SET LOCAL search_path = veritrail');
    await owner.query(migration.sql);
    await owner.query('INSERT INTO veritrail.migrations (name, digest) VALUES ($1, $2)', [
      migration.name,
      digest(migration),
    ]);
    await owner.query('COMMIT');
  } catch (cause) {
    await owner.query('ROLLBACK');
    throw new StorageError('migration_failed', `The migration ${migration.name} failed; nothing of it was kept.`, {
      cause,
    });
  }
}

function digest(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
