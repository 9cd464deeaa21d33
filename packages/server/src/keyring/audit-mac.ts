import { createHmac } from 'node:crypto';

import type { Secret } from '../secret.ts';
import type { Queryable } from '../storage/database.ts';
import { createHmacSha256 } from './hmac-sha256.ts';
import { listMacKeys, recordMacKey } from './keyring-store.ts';
import { KeyringError } from './keyring-error.ts';

/** The MAC of audit events (HMAC-SHA256, RFC 2104). Callers never see the secret. */
export interface AuditMac {
  /** What `signature_key_id` says of events recorded now. */
  readonly keyId: string;
  /** Its number in the rows of the trail. */
  readonly keyNo: number;
  /** 32 bytes as 64 lower-case hex digits, under the current secret. */
  mac(message: string | Buffer): string;
  /** The same over bytes that come piece by piece. */
  stream(): { update(piece: Buffer): void; digest(): string };
  /**
   * Whether the key with that number in the rows made the MAC (64 lower-case hex digits) of an ASCII message; previous
   * keys verify for ever. `unknown_key` is no answer: no secret here has that number.
   */
  verify(keyNo: number, message: string, mac: string): boolean | 'unknown_key';
  /** The id behind a row's key number. */
  keyIdOf(keyNo: number): string;
}

/**
 * Names a secret without telling it: a truncated MAC of a constant. Whoever holds a secret can tell which events it
 * verifies, and a start with the wrong one is noticed.
 */
export function auditKeyId(secret: Secret): string {
  const digest = createHmac('sha256', secret.reveal()).update('veritrail audit key id v1').digest('hex');
  return `audit-${digest.slice(0, 16)}`;
}

/** The id of a key that stored events name and that none of these secrets has. */
export async function findLostKey(db: Queryable, secrets: readonly Secret[]): Promise<string | undefined> {
  const known = new Set(secrets.map(auditKeyId));
  return (await listMacKeys(db)).find((key) => !known.has(key.key_id))?.key_id;
}

/**
 * Opens the MAC with the current secret. Each key that stored events name must be given, as the current or a previous
 * secret: a lost one is found here and not at the audit.
 *
 * @throws {KeyringError} `audit_secret_missing`
 */
export async function openAuditMac(
  db: Queryable,
  current: Secret | undefined,
  previous: readonly Secret[],
  now: Date,
): Promise<AuditMac> {
  const lost = await findLostKey(db, current === undefined ? previous : [current, ...previous]);
  if (lost !== undefined || current === undefined) {
    throw new KeyringError(
      'audit_secret_missing',
      `Events are signed under the secret ${lost ?? '?'}, which is not set: put it back as AUDIT_HMAC_SECRET, or, if it ` +
        'was replaced on purpose, add it to AUDIT_HMAC_PREVIOUS_SECRETS.',
    );
  }
  const keyId = auditKeyId(current);
  await recordMacKey(db, keyId, now);
  const keys = new Map((await listMacKeys(db)).map((key) => [key.key_no, key.key_id]));
  const keyNo = [...keys].find(([, id]) => id === keyId)?.[0] ?? 0;
  const secret = current.reveal();
  const secrets = new Map([...previous, current].map((one) => [auditKeyId(one), createHmacSha256(one)]));
  const macUnder = new Map([...keys].map(([no, id]) => [no, secrets.get(id)]));
  return {
    keyId,
    keyNo,
    mac: (message) => createHmac('sha256', secret).update(message).digest('hex'),
    stream: () => {
      const hmac = createHmac('sha256', secret);
      return { update: (piece) => void hmac.update(piece), digest: () => hmac.digest('hex') };
    },
    verify: (no, message, mac) => {
      const under = macUnder.get(no);
      return under === undefined ? 'unknown_key' : under(message) === mac;
    },
    keyIdOf: (no) => keys.get(no) ?? 'unknown',
  };
}
