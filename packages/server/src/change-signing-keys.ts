import type { Configuration } from './configuration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { findKeyringCheck } from './keyring/keyring-store.ts';
import { openSeal } from './keyring/open-keyring.ts';
import {
  publishSigningKeys,
  retireKey,
  rotateSigningKey,
  type PublishedSigningKey,
  type Retirement,
} from './keyring/signing-keys.ts';
import { openBeside, unprepared } from './open-beside.ts';

/*
 * What the operator does with the keys that packets are signed with. A server that runs on the same database needs no
 * telling: it asks which key is active at each signature.
 */

/** Newest first. @throws {StorageError} */
export function readSigningKeys(
  configuration: Configuration,
  diagnostics: Diagnostics,
): Promise<PublishedSigningKey[]> {
  return openBeside(configuration, diagnostics, (db) => publishSigningKeys(db.direct));
}

/** @throws {StorageError} @throws {KeyringError} if the keyring secret is not the one of this database */
export function rotateSigningKeyBeside(
  configuration: Configuration,
  diagnostics: Diagnostics,
): Promise<{ readonly from: string | undefined; readonly to: string }> {
  return openBeside(configuration, diagnostics, async (db) => {
    // What opens the safe is never made here: a server must have been there before.
    if ((await findKeyringCheck(db.direct)) === undefined) throw unprepared();
    const seal = await openSeal(db.direct, configuration);
    return db.unscoped((tx) => rotateSigningKey(tx, seal, new Date()));
  });
}

/** @throws {StorageError} @throws {KeyringError} `signing_key_unknown` */
export function retireSigningKeyBeside(
  configuration: Configuration,
  diagnostics: Diagnostics,
  keyId: string,
  options: { readonly forget: boolean },
): Promise<Retirement> {
  return openBeside(configuration, diagnostics, (db) => db.unscoped((tx) => retireKey(tx, keyId, new Date(), options)));
}
