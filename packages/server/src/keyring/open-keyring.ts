import path from 'node:path';

import type { Secret } from '../secret.ts';
import type { Queryable } from '../storage/database.ts';
import { openAuditMac, type AuditMac } from './audit-mac.ts';
import { KeyringError } from './keyring-error.ts';
import { keyringCheck } from './keyring-store.ts';
import { createSeal } from './seal.ts';
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
  const secretNamed = (file: string): Promise<Secret> => secretFromFile(path.join(settings.dataDirectory, file));
  const seal = createSeal(settings.keyringSecret ?? (await secretNamed('keyring-secret')));
  const sealed = await keyringCheck(db, seal.seal(CHECK, CHECK));
  try {
    seal.open(sealed, CHECK);
  } catch (cause) {
    throw new KeyringError(
      'keyring_secret_wrong',
      'The keys in the database were sealed under another secret: put the right one in KEYRING_SECRET, or restore ' +
        'the file keyring-secret in the data directory.',
      { cause },
    );
  }
  const generatedAuditSecret =
    settings.auditHmacSecret === undefined ? await secretNamed('audit-hmac-secret') : undefined;
  const current = settings.auditHmacSecret ?? generatedAuditSecret;
  if (current === undefined) throw new Error('unreachable: one of the two is set');
  return {
    auditMac: await openAuditMac(db, current, settings.auditHmacPreviousSecrets, now),
    verificationKeys: createVerificationKeys(seal),
    generatedAuditSecret,
  };
}
