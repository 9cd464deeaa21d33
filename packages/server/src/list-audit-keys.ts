import type { Configuration } from './configuration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { readMacKeyHistory, type MacKeyHistory } from './keyring/keyring-store.ts';
import { claimDataDirectory } from './storage/data-directory.ts';
import { openDatabase, sessionOptions } from './storage/database.ts';
import { openGround } from './storage/open-ground.ts';
import { SERVER_ROLE } from './storage/prepare-database.ts';

/**
 * The keys of the audit MAC, in the order of their newest turns. With DATABASE_URL it only reads, beside a running server
 * too; the embedded database has one owner, so there the server must not run.
 *
 * @throws {StorageError} `data_directory_in_use`
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
  } finally {
    await db.close();
  }
}
