import { randomBytes } from 'node:crypto';

import pg from 'pg';

import { asStorageError } from './as-storage-error.ts';
import { sessionOptions } from './database.ts';
import { migrate, MIGRATION_LOCK } from './migrate.ts';
import { StorageError } from './storage-error.ts';

/** The role that requests run under. It owns nothing, and of the trail it may read and append, never change. */
export const SERVER_ROLE = 'veritrail_server';

const OLDEST_SUPPORTED = 150_000;

/** What the server logs in with, and which setting says so. */
export interface OutsideLogin {
  readonly setting: string;
  readonly url: string;
}

/**
 * Migrates the embedded database and answers the login that the server shall use from then on: SERVER_ROLE gets a
 * password of its own, fresh at each start, and nothing in the server holds the owner's any longer.
 */
export function prepareDatabase(owner: pg.ClientConfig): Promise<pg.ClientConfig> {
  return withClient(owner, async (client) => {
    await client.connect();
    const password = randomBytes(24).toString('base64url');
    await ensureRole(client, String(owner.user));
    await client.query(`ALTER ROLE ${SERVER_ROLE} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    await migrate(client);
    return { ...owner, user: SERVER_ROLE, password, options: sessionOptions() };
  });
}

/**
 * The same for a database outside, where the server logs in as it was told, mostly as the owner, and drops to
 * SERVER_ROLE by a session setting.
 *
 * @throws {StorageError} if the database can't be reached, is older than 15 or doesn't keep what it commits, or the role
 *   can't be made.
 */
export function prepareOutsideDatabase(owner: OutsideLogin, server: OutsideLogin): Promise<pg.ClientConfig> {
  return withClient({ connectionString: owner.url }, async (client) => {
    await connectTo(client, owner.setting);
    const version = await refuseOld(client);
    // Two first starts at once take turns.
    await client.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await ensureRole(client, client.escapeIdentifier(userOf(server.url)));
    await migrate(client);
    await grantRole(client, server, version);
    const login = { connectionString: withOptions(server.url, sessionOptions(SERVER_ROLE)) };
    await refuseUnfit(login, server.setting);
    return login;
  });
}

async function withClient<T>(login: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...login, connectionTimeoutMillis: 10_000 });
  // A broken connection also rejects the query under way, which is where it is reported.
  client.on('error', () => undefined);
  try {
    return await work(client);
  } catch (error) {
    throw asStorageError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connectTo(client: pg.Client, setting: string): Promise<void> {
  await client.connect().catch((cause: unknown) => {
    throw new StorageError(
      'database_unavailable',
      `${setting}: the database can't be reached or lets nobody in; check host, port, user, password and database name.`,
      { cause },
    );
  });
}

function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username) || 'the_user_of_database_url';
}

/** Beside those that the URL has: whatever stands in it would replace ours, and with them the role. */
function withOptions(url: string, options: string): string {
  const changed = new URL(url);
  changed.searchParams.set('options', [changed.searchParams.get('options') ?? '', options].join(' ').trim());
  return changed.href;
}

async function refuseOld(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number; shown: string }>(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS shown`,
  );
  const found = rows[0];
  if (found === undefined || found.version < OLDEST_SUPPORTED) {
    throw new StorageError(
      'database_too_old',
      `PostgreSQL ${found?.shown ?? '?'} is too old; use version 15 or later.`,
    );
  }
  return found.version;
}

/** Roles belong to the whole cluster, so another Veritrail database beside this one may have made it already. */
async function ensureRole(client: pg.Client, grantee: string): Promise<void> {
  // Asked first: a login that may not create roles is refused even where the role is there.
  const { rows } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [SERVER_ROLE]);
  if (rows.length > 0) return;
  try {
    await client.query(
      `DO $$ BEGIN CREATE ROLE ${SERVER_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
  } catch (cause) {
    throw missingRole(`CREATE ROLE ${SERVER_ROLE} NOLOGIN; GRANT ${SERVER_ROLE} TO ${grantee};`, cause);
  }
}

async function grantRole(owner: pg.Client, server: OutsideLogin, version: number): Promise<void> {
  // From 16 on, whoever made a role is a member that may grant it, but not one that may become it.
  const privilege = version >= 160_000 ? 'SET' : 'MEMBER';
  const session = await withClient({ connectionString: server.url }, async (probe) => {
    await connectTo(probe, server.setting);
    const { rows } = await probe.query<{ name: string; may: boolean }>(
      `SELECT session_user::text AS name, pg_has_role(session_user, '${SERVER_ROLE}', '${privilege}') AS may`,
    );
    return rows[0];
  });
  if (session === undefined || session.may) return;
  const grant = `GRANT ${SERVER_ROLE} TO ${owner.escapeIdentifier(session.name)};`;
  await owner.query(grant).catch((cause: unknown) => {
    throw missingRole(grant, cause);
  });
}

/**
 * A pooler in between may drop session settings; the server would go on as the owner, whom nothing binds. And what is
 * said to be stored must be on disk: the settings say whether commits wait for it, and early ones are flushed by
 * functions that anyone may call unless somebody took that away.
 */
async function refuseUnfit(login: pg.ClientConfig, setting: string): Promise<void> {
  await withClient(login, async (probe) => {
    await connectTo(probe, setting);
    const { rows } = await probe.query<{ role: string; commits: string; locked: string | null }>(
      `SELECT current_user::text AS role, current_setting('synchronous_commit') AS commits,
         (SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc
          WHERE proname IN ('pg_logical_emit_message', 'pg_current_wal_flush_lsn', 'pg_current_wal_insert_lsn')
            AND NOT has_function_privilege(oid, 'EXECUTE')) AS locked`,
    );
    const [found] = rows;
    if (found?.role !== SERVER_ROLE) {
      throw new StorageError(
        'database_role_missing',
        `${setting}: sessions do not take the role ${SERVER_ROLE}; connect directly and not through a pooler that drops ` +
          'session settings.',
      );
    }
    if (found.locked !== null) {
      throw missingRole(`GRANT EXECUTE ON FUNCTION ${found.locked} TO ${SERVER_ROLE};`, undefined);
    }
    if (found.commits === 'off') {
      throw new StorageError(
        'database_not_durable',
        `${setting}: synchronous_commit is off there, so events that were acknowledged could be lost; set it to on.`,
      );
    }
  });
}

function missingRole(remedy: string, cause: unknown): StorageError {
  return new StorageError(
    'database_role_missing',
    `DATABASE_URL: its user can't take the role ${SERVER_ROLE}, which requests run under; as a superuser run: ${remedy}`,
    { cause },
  );
}
