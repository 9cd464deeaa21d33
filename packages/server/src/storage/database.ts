import pg from 'pg';

import { StorageError } from './storage-error.ts';

/** What SQL runs on. Inside `scoped` and `unscoped` it is one transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export interface TransactionOptions {
  /** One consistent, read-only view of everything (REPEATABLE READ). */
  readonly snapshot?: boolean;
}

/**
 * The pool that requests run on, and its transactions.
 *
 * A resolved `scoped` or `unscoped` means COMMIT was acknowledged and, as fsync is on, survives power loss. A rejection
 * means nothing changed, with one exception: if the connection broke during COMMIT nobody can tell, and the error says
 * `database_unavailable`.
 */
export interface Database {
  /** Runs `work` where row-level security shows the rows of this organization and no others. */
  scoped<T>(organizationNo: number, work: (tx: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Runs `work` with no organization in scope: it sees tenancy tables, and of records and trails nothing. */
  unscoped<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** One statement outside any organization, committed by itself. */
  readonly direct: Queryable;
  close(): Promise<void>;
}

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
  return `SELECT set_config('veritrail.organization', '${organizationNo}', true)`;
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

export function openDatabase(login: pg.PoolConfig, size: number): Database {
  const pool = new pg.Pool({
    ...login,
    max: size,
    types: parsers,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    application_name: 'veritrail',
  });
  // An idle connection that breaks is replaced by the pool; whoever asks next learns of it if it can't be.
  pool.on('error', () => undefined);
  // The pool stops listening before whoever asked begins; a connection that ends just then must not end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));

  async function inTransaction<T>(begin: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const client = await pool.connect().catch((error: unknown) => {
        throw asStorageError(error);
      });
      let broken: Error | undefined;
      const onError = (error: Error): void => {
        broken = error;
      };
      client.on('error', onError);
      try {
        await client.query(begin);
        const result = await work(client);
        await client.query('COMMIT');
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
    scoped: (organizationNo, work, options) =>
      inTransaction(
        `BEGIN${options?.snapshot === true ? ' ISOLATION LEVEL REPEATABLE READ READ ONLY' : ''};${scopeStatement(organizationNo)}`,
        work,
      ),
    unscoped: (work) => inTransaction('BEGIN', work),
    direct: {
      query: ((query: string | pg.QueryConfig, values?: unknown[]) =>
        pool.query(query, values).catch((error: unknown) => {
          throw asStorageError(error);
        })) as Queryable['query'],
    },
    close: () => pool.end(),
  };
}

/** Deadlock and serialization failure: rolled back whole, so running the work again is safe. */
function isTransient(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001');
}

/**
 * Connection trouble becomes `database_unavailable`; everything else stays what it is, so that a bug isn't mistaken for
 * an outage.
 */
export function asStorageError(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    // 08 connection, 53 out of resources, 55P03 lock timeout, 57 shutdown, crash or cancel, 40 lost to a concurrent one
    if (/^(08|53|57|55P03|40)/.test(error.code ?? '')) return unavailable(error);
    return error;
  }
  if (!(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const lost = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;
  if (/^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)/.test(code) || lost.test(error.message)) {
    return unavailable(error);
  }
  return error;
}

function unavailable(cause: Error): StorageError {
  return new StorageError('database_unavailable', 'The database can not be reached; try again in a moment.', { cause });
}
