import type { Configuration } from './configuration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { readMacKeyHistory, type MacKeyHistory } from './keyring/keyring-store.ts';
import { readStored } from './read-stored.ts';

/** The keys of the audit MAC, in the order of their newest turns. @throws {StorageError} as `readStored` */
export function listAuditKeys(configuration: Configuration, diagnostics: Diagnostics): Promise<MacKeyHistory[]> {
  return readStored(configuration, diagnostics, (db) => readMacKeyHistory(db.direct));
}
