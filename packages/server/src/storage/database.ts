import pg from 'pg';

import { createAppendSession, FLUSH, type AppendSession } from './append-session.ts';
import { asStorageError, isTimeout, isTransient, unavailable } from './as-storage-error.ts';
import { askDatabase } from './ask-database.ts';
import { createFlushPace } from './flush-pace.ts';
import { LocalSocket } from './local-socket.ts';
import { RelayedSocket } from './relayed-socket.ts';
import { SILENCE_LIMITS, watchSilence, type SilenceLimits } from './watch-silence.ts';

/** What SQL runs on. Inside `scoped` and `unscoped` it is one transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export interface TransactionOptions {
  /** One consistent, read-only view of everything (REPEATABLE READ). */
  readonly snapshot?: boolean;
  /**
   * Resolves only when nothing that `work` saw can be lost any longer, though an append may have shown it before it was
   * on disk. For reads whose answer leaves the house; what writes waits for its own commit, which is behind it.
   */
  readonly settled?: boolean;
}

/**
 * The pool that requests run on, and its transactions.
 *
 * A resolved `scoped` or `unscoped` means COMMIT was acknowledged and, as fsync is on, survives power loss. A rejection
 * means nothing changed, with one exception: if the connection broke during COMMIT nobody can tell, and the error says
 * `database_unavailable`. So it is if the database stops answering at all: then connections are broken off here, and
 * until it answers again everything is refused at once (watch-silence.ts).
 */
export interface Database {
  /** Runs `work` where row-level security shows the rows of this organization and no others. */
  scoped<T>(organizationNo: number, work: (tx: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Runs `work` with no organization in scope: it sees tenancy tables, and of records and trails nothing. */
  unscoped<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * For appends to what belongs to this organization; it must be used at once.
   *
   * @param isLarge they are more than a socket takes at once
   * @throws {StorageError}
   */
  appendSession(organizationNo: number, isLarge?: boolean): Promise<AppendSession>;
  /** One statement outside any organization, committed by itself. */
  readonly direct: Queryable;
  close(): Promise<void>;
}

/** Mostly all of it is. Commits of any session count, so those of other servers too. */
const FLUSH_IF_BEHIND = `${FLUSH} WHERE pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn()`;

/** int8 as a number: sequences and counts stay far below 2^53. */
const INT8 = 20;
const TIMESTAMPTZ = 1184;

const parsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary' && oid === INT8) return Number;
    if (format !== 'binary' && oid === TIMESTAMPTZ) return rfc3339;
    return pg.types.getTypeParser(oid, format);
  },
};

/** PostgreSQL prints microseconds without trailing zeros, in the session's zone, which is UTC here. */
function rfc3339(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`;
}

/** Puts an organization in scope for the rest of the transaction that `tx` is in. */
export async function enterScope(tx: Queryable, organizationNo: number): Promise<void> {
  await tx.query(scopeStatement(organizationNo));
}

function scopeStatement(organizationNo: number): string {
  if (!Number.isSafeInteger(organizationNo)) throw new RangeError('organizationNo must be an integer');
  return `SET LOCAL veritrail.organization TO '${organizationNo}'`;
}

/** Session settings of every connection of the server's; `role` drops what the login could do beyond it. */
export function sessionOptions(role?: string): string {
  const settings = [
    'search_path=veritrail',
    'timezone=UTC',
    'datestyle=ISO',
    'statement_timeout=60000',
    'idle_in_transaction_session_timeout=60000',
    'lock_timeout=30000',
    // What a request asks is answered by indexes in less time than it takes to start workers or compile a plan.
    'max_parallel_workers_per_gather=0',
    'jit=off',
    ...(role === undefined ? [] : [`role=${role}`]),
  ];
  return settings.map((setting) => `-c ${setting}`).join(' ');
}

/** One organization's appends go over one; those of others seldom are large at the same time. */
const LARGE_CONNECTIONS = 4;

function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  // An idle connection that breaks is replaced by the pool; whoever asks next learns of it if it can't be.
  pool.on('error', () => undefined);
  // The pool stops listening before whoever asked begins; a connection that ends just then must not end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * @param options.pipeline statements that are asked for at once go out at once, so that the second of two doesn't wait for
 *   the answer to the first; rows can't be streamed then
 * @param options.silence for tests, which can't wait so long
 */
export function openDatabase(
  login: pg.PoolConfig,
  size: number,
  {
    pipeline = false,
    silence: limits = SILENCE_LIMITS,
  }: { readonly pipeline?: boolean; readonly silence?: SilenceLimits } = {},
): Database {
  const config = {
    ...login,
    pipeline,
    // So that a connection that nobody uses and whose other end is gone is noticed.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    max: size,
    types: parsers,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    application_name: 'veritrail',
  };
  const isLocal = login.host?.startsWith('/') === true;
  const pool = openPool(isLocal ? { ...config, stream: () => new LocalSocket() } : config);
  // Opened only where somebody appends much at once. Over a network the kernel takes more, and encryption would be in the way.
  const largePool = isLocal ? openPool({ ...config, max: LARGE_CONNECTIONS, stream: () => new RelayedSocket() }) : pool;
  const pace = createFlushPace();
  const silence = watchSilence(() => askDatabase(login, limits.answerMs), limits);
  for (const one of new Set([pool, largePool])) silence.watch(one);

  /** Whoever waited for a silent database waited long enough; those behind don't wait as well. */
  const checkSilence = (): void => {
    if (silence.isSilent) throw unavailable(new Error('the database answers nobody'));
  };
  const failed = (error: unknown): unknown => {
    if (isTimeout(error)) silence.suspect();
    return asStorageError(error);
  };

  async function connect(from = pool): Promise<pg.PoolClient> {
    checkSilence();
    return from.connect().catch((error: unknown) => {
      throw failed(error);
    });
  }

  async function queryDirectly(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    checkSilence();
    return pool.query(query, values).catch((error: unknown) => {
      throw failed(error);
    });
  }

  async function inTransaction<T>(begin: string, work: (tx: Queryable) => Promise<T>, commit = 'COMMIT'): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const client = await connect();
      let broken: Error | undefined;
      const onError = (error: Error): void => {
        broken = error;
      };
      client.on('error', onError);
      try {
        await client.query(begin);
        const result = await work(client);
        await client.query(commit);
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((rollbackError: Error) => {
          broken ??= rollbackError;
        });
        if (attempt < 3 && isTransient(error)) continue;
        throw asStorageError(error);
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    }
  }

  return {
    scoped: (organizationNo, work, { snapshot = false, settled = false } = {}) =>
      inTransaction(
        `BEGIN${snapshot ? ' ISOLATION LEVEL REPEATABLE READ READ ONLY' : ''};${scopeStatement(organizationNo)}`,
        work,
        settled ? `${FLUSH_IF_BEHIND};COMMIT` : 'COMMIT',
      ),
    unscoped: (work) => inTransaction('BEGIN', work),
    appendSession: async (organizationNo, isLarge = false) =>
      createAppendSession(await connect(isLarge ? largePool : pool), scopeStatement(organizationNo), pace),
    direct: { query: queryDirectly as Queryable['query'] },
    close: async () => {
      silence.close();
      await Promise.all([pool.end(), ...(largePool === pool ? [] : [largePool.end()])]);
    },
  };
}
