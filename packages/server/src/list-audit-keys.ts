import type { Configuration } from './configuration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { readMacKeyHistory, type MacKeyHistory } from './keyring/keyring-store.ts';
import { claimDataDirectory } from './storage/data-directory.ts';
import { openDatabase, sessionOptions } from './storage/database.ts';
import { openGround } from './storage/open-ground.ts';
import { SERVER_ROLE } from './storage/prepare-database.ts';
import { StorageError } from './storage/storage-error.ts';

const UNDEFINED_TABLE = '42P01';

/**
 * The keys of the audit MAC, in the order of their newest turns. With DATABASE_URL it only reads, beside a running server
 * too; the embedded database has one owner, so there the server must not run.
 *
 * @throws {StorageError} `data_directory_in_use`, or `migration_failed` if there is nothing to read yet
 */
export async function listAuditKeys(configuration: Configuration, diagnostics: Diagnostics): Promise<MacKeyHistory[]> {
  if (configuration.databaseUrl !== undefined) {
    const login = { connectionString: configuration.databaseUrl.reveal(), options: sessionOptions(SERVER_ROLE) };
    return readThrough(login);
  }
  const directory = await claimDataDirectory(configuration.dataDirectory);
  try {
    const storage = await openGround(configuration, diagnostics);
    try {
      return await readThrough(storage.login);
    } finally {
      await storage.stop();
    }
  } finally {
    await directory.release();
  }
}

async function readThrough(login: Parameters<typeof openDatabase>[0]): Promise<MacKeyHistory[]> {
  const db = openDatabase(login, 1);
  try {
    return await readMacKeyHistory(db.direct);
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNDEFINED_TABLE) throw error;
    throw new StorageError(
      'migration_failed',
      'The database was not prepared by this version yet; start the server on it once.',
      { cause: error },
    );
  } finally {
    await db.close();
  }
}
