import { createHmac } from 'node:crypto';

import type { Secret } from '../secret.ts';
import { createHmacSha256 } from './hmac-sha256.ts';
import type { KeyringError } from './keyring-error.ts';

/** One key of the MAC in its turn. Callers never see the secret. */
export interface MacKey {
  /** What `signature_key_id` says of the events under it. */
  readonly keyId: string;
  /** Its number in the rows of the trail. */
  readonly keyNo: number;
  /** Later turns have higher numbers, also when they bring an old key back. */
  readonly turnNo: number;
  /**
   * 32 bytes as 64 lower-case hex digits.
   *
   * @param isAscii the message is a text and the caller knows that it is ASCII, which is quicker
   */
  mac(message: string | Buffer, isAscii?: boolean): string;
  /** The same over bytes that come piece by piece. */
  stream(): { update(piece: Buffer): void; digest(): string };
}

/** The MAC of audit events (HMAC-SHA256, RFC 2104). */
export interface AuditMac {
  /** The key that signs. It changes while the server runs: what names a key and its MAC together reads this once. */
  readonly current: MacKey;
  /** Under the current key. */
  mac(message: string | Buffer): string;
  /**
   * Whether that key made the MAC (64 lower-case hex digits) of an ASCII message; retired keys verify for ever. Not in
   * constant time: it is for stored events, never for what a caller claims.
   *
   * @throws {KeyringError} `audit_secret_missing` if there is no secret for the number: not checked is never passed
   */
  verify(keyNo: number, message: string, mac: string): boolean;
  /**
   * The id behind a row's key number.
   *
   * @throws {KeyringError} `audit_key_behind` for one that another server has only just begun to use
   */
  keyIdOf(keyNo: number): string;
  /** For who finds a newer turn than this server's: the error to throw. Begins to catch up. */
  behind(): KeyringError;
  /** Looks which key has its turn by now. False if its secret isn't known here. */
  catchUp(): Promise<boolean>;
}

/**
 * Names a secret without telling it: a truncated MAC of a constant. Whoever holds a secret can tell which events it
 * verifies, and a start without it is noticed.
 */
export function auditKeyId(secret: Secret): string {
  const digest = createHmac('sha256', secret.reveal()).update('veritrail audit key id v1').digest('hex');
  return `audit-${digest.slice(0, 16)}`;
}

export function macKey(turn: Pick<MacKey, 'keyId' | 'keyNo' | 'turnNo'>, secret: Secret): MacKey {
  const key = secret.reveal();
  return {
    ...turn,
    mac: createHmacSha256(secret),
    stream: () => {
      const hmac = createHmac('sha256', key);
      return { update: (piece) => void hmac.update(piece), digest: () => hmac.digest('hex') };
    },
  };
}
