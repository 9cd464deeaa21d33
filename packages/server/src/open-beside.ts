import type { Configuration } from './configuration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { claimDataDirectory } from './storage/data-directory.ts';
import { openDatabase, sessionOptions, type Database } from './storage/database.ts';
import { openGround } from './storage/open-ground.ts';
import { SERVER_ROLE } from './storage/prepare-database.ts';
import { StorageError } from './storage/storage-error.ts';

const UNDEFINED_TABLE = '42P01';

/**
 * The database for a command that doesn't need the rest of the house. With DATABASE_URL a server may run beside it; the
 * embedded database has one owner, so there the server must not run.
 *
 * @throws {StorageError} `data_directory_in_use`, or `migration_failed` if no server has prepared the database yet
 */
export async function openBeside<T>(
  configuration: Configuration,
  diagnostics: Diagnostics,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  if (configuration.databaseUrl !== undefined) {
    const login = { connectionString: configuration.databaseUrl.reveal(), options: sessionOptions(SERVER_ROLE) };
    return workThrough(login, work);
  }
  const directory = await claimDataDirectory(configuration.dataDirectory);
  try {
    const storage = await openGround(configuration, diagnostics);
    try {
      return await workThrough(storage.login, work);
    } finally {
      await storage.stop();
    }
  } finally {
    await directory.release();
  }
}

async function workThrough<T>(
  login: Parameters<typeof openDatabase>[0],
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const db = openDatabase(login, 1);
  try {
    return await work(db);
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNDEFINED_TABLE) throw error;
    throw unprepared({ cause: error });
  } finally {
    await db.close();
  }
}

export function unprepared(options?: { cause: unknown }): StorageError {
  return new StorageError(
    'migration_failed',
    'The database was not prepared by this version yet; start the server on it once.',
    options,
  );
}
