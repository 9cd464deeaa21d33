import path from 'node:path';

import type { Secret } from '../secret.ts';
import type { Queryable } from '../storage/database.ts';
import { findLostKey, openAuditMac, type AuditMac } from './audit-mac.ts';
import { KeyringError } from './keyring-error.ts';
import { findKeyringCheck, recordKeyringCheck } from './keyring-store.ts';
import { createSeal, type Seal } from './seal.ts';
import { secretFromFile } from './secret-file.ts';
import { createVerificationKeys, type VerificationKeys } from './verification-keys.ts';

export interface Keyring {
  readonly auditMac: AuditMac;
  readonly verificationKeys: VerificationKeys;
  /** Set when the server made AUDIT_HMAC_SECRET up, so that the first start can tell its operator. */
  readonly generatedAuditSecret: Secret | undefined;
}

export interface KeyringSettings {
  readonly dataDirectory: string;
  readonly keyringSecret: Secret | undefined;
  readonly auditHmacSecret: Secret | undefined;
  readonly auditHmacPreviousSecrets: readonly Secret[];
}

const CHECK = 'veritrail keyring check v1';

/**
 * Unlocks the safe. Secrets that no setting gives are made once and kept in the data directory, mode 0600.
 *
 * @throws {KeyringError} if a secret is lost, wrong or unreadable.
 */
export async function openKeyring(db: Queryable, settings: KeyringSettings, now: Date): Promise<Keyring> {
  const { dataDirectory, auditHmacSecret, auditHmacPreviousSecrets } = settings;
  const seal = await openSeal(db, settings);
  const generatedAuditSecret =
    auditHmacSecret === undefined
      ? await secretFromFile(path.join(dataDirectory, 'audit-hmac-secret'), {
          make: (await findLostKey(db, auditHmacPreviousSecrets)) === undefined,
        })
      : undefined;
  return {
    auditMac: await openAuditMac(db, auditHmacSecret ?? generatedAuditSecret, auditHmacPreviousSecrets, now),
    verificationKeys: createVerificationKeys(seal),
    generatedAuditSecret,
  };
}

async function openSeal(db: Queryable, settings: KeyringSettings): Promise<Seal> {
  const before = await findKeyringCheck(db);
  const file = path.join(settings.dataDirectory, 'keyring-secret');
  const secret = settings.keyringSecret ?? (await secretFromFile(file, { make: before === undefined }));
  if (secret === undefined) throw wrongSecret();
  const seal = createSeal(secret);
  if (before === undefined) await recordKeyringCheck(db, seal.seal(CHECK, CHECK));
  try {
    seal.open((await findKeyringCheck(db)) ?? Buffer.alloc(0), CHECK);
  } catch (cause) {
    throw wrongSecret({ cause });
  }
  return seal;
}

function wrongSecret(options?: { cause: unknown }): KeyringError {
  return new KeyringError(
    'keyring_secret_wrong',
    'The keys in the database were sealed under another secret: put the right one in KEYRING_SECRET, or restore ' +
      'the file keyring-secret in the data directory.',
    options,
  );
}
