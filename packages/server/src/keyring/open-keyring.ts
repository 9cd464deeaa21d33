import path from 'node:path';

import type { Secret } from '../secret.ts';
import type { Database, Queryable } from '../storage/database.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { findLostKey, missingSecret, openAuditKeys, type AuditKeys } from './audit-keys.ts';
import type { AuditMac } from './audit-mac.ts';
import type { AuditSecrets } from './audit-secrets.ts';
import { openAwsAuditSecret } from './aws-audit-secret.ts';
import { KeyringError } from './keyring-error.ts';
import { findKeyringCheck, recordKeyringCheck } from './keyring-store.ts';
import { createPacketSigner, type PacketSigner } from './packet-signer.ts';
import { createSeal, type Seal } from './seal.ts';
import { secretFromFile } from './secret-file.ts';
import { provideSigningKey } from './signing-keys.ts';
import { createTotpSecrets, type TotpSecrets } from './totp-secrets.ts';
import { createVerificationKeys, type VerificationKeys } from './verification-keys.ts';

export interface Keyring {
  readonly auditMac: AuditMac;
  readonly auditKeys: AuditKeys;
  readonly verificationKeys: VerificationKeys;
  readonly packetSigner: PacketSigner;
  readonly totpSecrets: TotpSecrets;
  /** For what only has to come back to us unread and unchanged. */
  readonly seal: Seal;
  /** Set when the server made AUDIT_HMAC_SECRET up, so that the first start can tell its operator. */
  readonly generatedAuditSecret: Secret | undefined;
  close(): void;
}

export interface KeyringSettings {
  readonly dataDirectory: string;
  readonly keyringSecret: Secret | undefined;
  readonly auditHmacSecret: Secret | undefined;
  /** Name or ARN in AWS Secrets Manager; then there is no `auditHmacSecret`. */
  readonly auditHmacSecretArn: string | undefined;
  readonly auditHmacPreviousSecrets: readonly Secret[];
}

const CHECK = 'veritrail keyring check v1';

/**
 * Unlocks the safe. Secrets that no setting gives are made once and kept in the data directory, mode 0600; the first key
 * that signs packets is made here too.
 *
 * @throws {KeyringError} if a secret is lost, wrong or unreadable.
 */
export async function openKeyring(
  db: Database,
  settings: KeyringSettings,
  clock: () => Date,
  diagnostics: Diagnostics,
): Promise<Keyring> {
  const seal = await openSeal(db.direct, settings);
  const audit = await openAudit(db.direct, settings, clock, diagnostics);
  try {
    await db.unscoped((tx) => provideSigningKey(tx, seal, clock()));
  } catch (error) {
    audit.close();
    throw error;
  }
  return {
    ...audit,
    auditMac: audit.auditKeys.auditMac,
    verificationKeys: createVerificationKeys(seal),
    packetSigner: createPacketSigner(db.direct, seal),
    totpSecrets: createTotpSecrets(seal),
    seal,
  };
}

async function openAudit(
  db: Queryable,
  settings: KeyringSettings,
  clock: () => Date,
  diagnostics: Diagnostics,
): Promise<Pick<Keyring, 'auditKeys' | 'generatedAuditSecret' | 'close'>> {
  const { auditHmacSecret, auditHmacSecretArn, auditHmacPreviousSecrets: previous } = settings;
  const file = path.join(settings.dataDirectory, 'audit-hmac-secret');
  if (auditHmacSecret === undefined && auditHmacSecretArn === undefined) {
    const lost = await findLostKey(db, previous);
    const current = await secretFromFile(file, { make: lost === undefined });
    if (current === undefined) throw missingSecret(lost);
    const auditKeys = await openAuditKeys(db, { current, previous }, undefined, clock);
    return { auditKeys, generatedAuditSecret: current, close: () => undefined };
  }
  // What the first start made is a previous secret now. If it can't be read, that matters only when events name it.
  const generated = await secretFromFile(file, { make: false }).catch(() => undefined);
  const withOlder = (secrets: AuditSecrets): AuditSecrets => ({
    ...secrets,
    previous: [...secrets.previous, ...previous, ...(generated === undefined ? [] : [generated])],
  });
  if (auditHmacSecretArn === undefined) {
    if (auditHmacSecret === undefined) throw new Error('unreachable: one of the two is set');
    const auditKeys = await openAuditKeys(db, withOlder({ current: auditHmacSecret, previous: [] }), undefined, clock);
    return { auditKeys, generatedAuditSecret: undefined, close: () => undefined };
  }
  const source = await openAwsAuditSecret({ secretId: auditHmacSecretArn }, diagnostics);
  try {
    const auditKeys = await openAuditKeys(db, withOlder(await source.read()), source, clock);
    return { auditKeys, generatedAuditSecret: undefined, close: () => source.close() };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** @throws {KeyringError} `keyring_secret_wrong`, `secret_file_unusable` */
export async function openSeal(
  db: Queryable,
  settings: Pick<KeyringSettings, 'dataDirectory' | 'keyringSecret'>,
): Promise<Seal> {
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
