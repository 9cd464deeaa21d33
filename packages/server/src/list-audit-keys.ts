import type { Configuration } from './configuration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { readMacKeyHistory, type MacKeyHistory } from './keyring/keyring-store.ts';
import { openBeside } from './open-beside.ts';

/**
 * The keys of the audit MAC, in the order of their newest turns.
 *
 * @throws {StorageError} `data_directory_in_use`, or `migration_failed` if there is nothing to read yet
 */
export function listAuditKeys(configuration: Configuration, diagnostics: Diagnostics): Promise<MacKeyHistory[]> {
  return openBeside(configuration, diagnostics, (db) => readMacKeyHistory(db.direct));
}
