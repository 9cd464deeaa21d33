import pg from 'pg';

import { StorageError } from './storage-error.ts';

/** Deadlock and serialization failure: rolled back whole, so running the work again is safe. */
export function isTransient(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001');
}

/** No connection was to be had in time: of the pool's, or of the database. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && TIMEOUT.test(error.message);
}

const TIMEOUT = /^(timeout e|Connection terminated due to connection timeout)/;

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
  const lost = /^(Connection terminated|Client has encountered a connection)/;
  const isLost = lost.test(error.message) || isTimeout(error);
  if (isLost || /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)/.test(code)) {
    return unavailable(error);
  }
  return error;
}

export function unavailable(cause: unknown): StorageError {
  return new StorageError('database_unavailable', 'The database can not be reached; try again in a moment.', { cause });
}
