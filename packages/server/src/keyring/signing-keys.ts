import { createHash, generateKeyPairSync } from 'node:crypto';

import type { Queryable } from '../storage/database.ts';
import { KeyringError } from './keyring-error.ts';
import { sealPrivateKey } from './packet-signer.ts';
import type { Seal } from './seal.ts';
import {
  findActiveSigningKey,
  forgetPrivateKey,
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
  recordSigningKeyChange,
  retireSigningKey,
  type NewSigningKey,
} from './signing-key-store.ts';

/** A key as anyone may know it. */
export interface PublishedSigningKey {
  readonly key_id: string;
  readonly algorithm: 'Ed25519';
  /** Base64 of the 32 raw bytes. */
  readonly public_key: string;
  readonly active: boolean;
  readonly retired_at: string | null;
  readonly created_at: string;
}

/** Every key that was ever used, newest first. */
export async function publishSigningKeys(db: Queryable): Promise<PublishedSigningKey[]> {
  return (await listSigningKeys(db)).map((row) => ({
    key_id: row.key_id,
    algorithm: 'Ed25519',
    public_key: row.public_key.toString('base64'),
    active: row.retired_at === null,
    retired_at: row.retired_at,
    created_at: row.created_at,
  }));
}

/** SHA-256 of the raw public key: what people compare by telephone. */
export function signingKeyFingerprint(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex');
}

/**
 * Before the first packet: one key, if there never was any. An operator who retired all of them has none, and a restart
 * doesn't make one. In a transaction of its own.
 */
export async function provideSigningKey(tx: Queryable, seal: Seal, at: Date): Promise<void> {
  await lockSigningKeys(tx);
  if ((await listSigningKeys(tx)).length === 0) await insertSigningKey(tx, makeKey(seal, at, []), at);
}

/**
 * Another key is active and the one before retired, both at the commit: never two, never none. In a transaction of its
 * own.
 */
export async function rotateSigningKey(
  tx: Queryable,
  seal: Seal,
  at: Date,
): Promise<{ readonly from: string | undefined; readonly to: string }> {
  await lockSigningKeys(tx);
  const taken = (await listSigningKeys(tx)).map((row) => row.key_id);
  const from = (await findActiveSigningKey(tx))?.key_id;
  if (from !== undefined) await retireSigningKey(tx, from, at);
  const key = makeKey(seal, at, taken);
  await insertSigningKey(tx, key, at);
  await recordSigningKeyChange(tx, from, key.keyId, at);
  return { from, to: key.keyId };
}

export interface Retirement {
  /** Since now, if it was active; then no key is. */
  readonly retired: boolean;
  /** Whether its private half was forgotten by this. */
  readonly forgotten: boolean;
}

/**
 * Retires a key without a successor, and if asked forgets its private half; what was done before stays done. In a
 * transaction of its own.
 *
 * @throws {KeyringError} `signing_key_unknown`
 */
export async function retireKey(
  tx: Queryable,
  keyId: string,
  at: Date,
  options: { readonly forget: boolean },
): Promise<Retirement> {
  await lockSigningKeys(tx);
  if (!(await listSigningKeys(tx)).some((row) => row.key_id === keyId)) {
    throw new KeyringError('signing_key_unknown', `There is no signing key ${keyId}; see \`keys signing list\`.`);
  }
  const retired = (await retireSigningKey(tx, keyId, at)) !== undefined;
  if (retired) await recordSigningKeyChange(tx, keyId, undefined, at);
  return { retired, forgotten: options.forget && (await forgetPrivateKey(tx, keyId)) };
}

function makeKey(seal: Seal, at: Date, taken: readonly string[]): NewSigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const keyId = freeKeyId(at, taken);
  return {
    keyId,
    publicKey: Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url'),
    sealed: sealPrivateKey(seal, keyId, privateKey),
  };
}

/** By the month, so that people can tell keys apart: key-2026-11, key-2026-11-2, … */
function freeKeyId(at: Date, taken: readonly string[]): string {
  const month = `key-${at.toISOString().slice(0, 7)}`;
  if (!taken.includes(month)) return month;
  for (let number = 2; ; number += 1) if (!taken.includes(`${month}-${number}`)) return `${month}-${number}`;
}
