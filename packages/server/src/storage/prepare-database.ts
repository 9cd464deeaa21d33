import { randomBytes } from 'node:crypto';

import pg from 'pg';

import { asStorageError, sessionOptions } from './database.ts';
import { migrate } from './migrate.ts';
import { StorageError } from './storage-error.ts';

/** The role that requests run under. It owns nothing, and of the trail it may read and append, never change. */
export const SERVER_ROLE = 'veritrail_server';

const OLDEST_SUPPORTED = 150_000;

/**
 * Migrates with the owner's login and answers the login that the server shall use from then on.
 *
 * With `separate` false the server logs in as the owner and drops to SERVER_ROLE by a session setting, which one URL
 * allows; with `separate` true SERVER_ROLE gets a password of its own, fresh at each start, and nothing in the server
 * holds the owner's any longer.
 *
 * @throws {StorageError} if the database can't be reached, is older than 15, or the role can't be made.
 */
export async function prepareDatabase(
  owner: pg.ClientConfig,
  server: { readonly separate: true } | { readonly separate: false; readonly login: pg.ClientConfig },
): Promise<pg.ClientConfig> {
  const client = new pg.Client({ ...owner, connectionTimeoutMillis: 10_000 });
  // A broken connection also rejects the query under way, which is where it is reported.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await refuseOld(client);
    const password = randomBytes(24).toString('base64url');
    await ensureRole(client, server.separate ? password : undefined);
    await migrate(client);
    if (server.separate) return { ...owner, user: SERVER_ROLE, password, options: sessionOptions() };
    await grantRole(client, server.login);
    return { ...server.login, options: sessionOptions(SERVER_ROLE) };
  } catch (error) {
    throw asStorageError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function refuseOld(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; shown: string }>(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS shown`,
  );
  const found = rows[0];
  if (found === undefined || found.version < OLDEST_SUPPORTED) {
    throw new StorageError('database_too_old', `PostgreSQL ${found?.shown ?? '?'} is too old; use version 15 or later.`);
  }
}

/** Roles belong to the whole cluster, so another Veritrail database beside this one may have made it already. */
async function ensureRole(client: pg.Client, password: string | undefined): Promise<void> {
  try {
    await client.query(
      `DO $$ BEGIN CREATE ROLE ${SERVER_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
    if (password !== undefined) {
      await client.query(`ALTER ROLE ${SERVER_ROLE} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    }
  } catch (cause) {
    throw missingRole('create it', cause);
  }
}

async function grantRole(owner: pg.Client, login: pg.ClientConfig): Promise<void> {
  const probe = new pg.Client({ ...login, connectionTimeoutMillis: 10_000 });
  probe.on('error', () => undefined);
  try {
    await probe.connect();
    const { rows } = await probe.query<{ name: string; member: boolean }>(
      `SELECT session_user::text AS name, pg_has_role(session_user, '${SERVER_ROLE}', 'MEMBER') AS member`,
    );
    const session = rows[0];
    if (session === undefined || session.member) return;
    await owner.query(`GRANT ${SERVER_ROLE} TO ${owner.escapeIdentifier(session.name)}`);
  } catch (cause) {
    if (asStorageError(cause) !== cause) throw cause;
    throw missingRole('grant it', cause);
  } finally {
    await probe.end().catch(() => undefined);
  }
}

function missingRole(deed: string, cause: unknown): StorageError {
  return new StorageError(
    'database_role_missing',
    `The database has no usable role ${SERVER_ROLE} and the login may not ${deed}; as a superuser run: ` +
      `CREATE ROLE ${SERVER_ROLE} NOLOGIN; GRANT ${SERVER_ROLE} TO <the user of DATABASE_URL>;`,
    { cause },
  );
}
