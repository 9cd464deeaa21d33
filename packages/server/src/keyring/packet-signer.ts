import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

import type { Queryable } from '../storage/database.ts';
import { KeyringError } from './keyring-error.ts';
import type { Seal } from './seal.ts';
import { findActiveSigningKey, findSigningKey, type SigningKeyRow } from './signing-key-store.ts';

export interface PublicSigningKey {
  readonly keyId: string;
  /** 32 bytes, as RFC 8032 has them. */
  readonly publicKey: Buffer;
}

/**
 * Signs packets with Ed25519. It never gives key material out and is asked anew for each signature, so a KMS can stand
 * behind it: whatever knows which key is active and signs bytes under a key's id.
 */
export interface PacketSigner {
  /** The one key that signs now. */
  activeKey(): Promise<PublicSigningKey | undefined>;
  /**
   * The 64 bytes of the signature over `message` itself.
   *
   * @throws {KeyringError} `signing_key_retired` if that key signs no more, `signing_key_unusable`
   */
  sign(keyId: string, message: Uint8Array): Promise<Buffer>;
  /** Whether a packet could be signed now: `missing` if no key is active, `unusable` if it can't sign. */
  state(): Promise<'ok' | 'missing' | 'unusable'>;
}

/** What a packet was signed with. */
export interface PacketSignatureBytes {
  readonly keyId: string;
  readonly signature: Buffer;
}

/** More rotations than this don't happen within one signature. */
const MOST_ATTEMPTS = 3;

/**
 * Signs with the key that is active now. A key that is retired meanwhile either finishes, or its successor signs: never is
 * there a packet under a key that was retired before.
 *
 * @throws {KeyringError} `signing_key_missing` if none is active, `signing_key_unusable`
 */
export async function signPacket(signer: PacketSigner, message: Uint8Array): Promise<PacketSignatureBytes> {
  for (let attempt = 1; ; attempt += 1) {
    const { keyId } = await requireSigningKey(signer);
    try {
      return { keyId, signature: await signer.sign(keyId, message) };
    } catch (error) {
      const isRetired = error instanceof KeyringError && error.code === 'signing_key_retired';
      if (!isRetired || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/**
 * To be asked before the work of a packet begins.
 *
 * @throws {KeyringError} `signing_key_missing`
 */
export async function requireSigningKey(signer: PacketSigner): Promise<PublicSigningKey> {
  const key = await signer.activeKey();
  if (key !== undefined) return key;
  throw new KeyringError(
    'signing_key_missing',
    'This server has no signing key; its operator makes one with `veritrail keys signing rotate`.',
  );
}

/** Keys in the database, their private halves sealed. A rotation elsewhere is seen at the next signature. */
export function createPacketSigner(db: Queryable, seal: Seal): PacketSigner {
  return {
    async activeKey() {
      const row = await findActiveSigningKey(db);
      return row === undefined ? undefined : { keyId: row.key_id, publicKey: row.public_key };
    },
    async sign(keyId, message) {
      const row = await findSigningKey(db, keyId);
      if (row === undefined || row.retired_at !== null) {
        throw new KeyringError('signing_key_retired', `The signing key ${keyId} was retired; try again.`);
      }
      return sign(null, message, openPrivateKey(row, seal));
    },
    async state() {
      const row = await findActiveSigningKey(db);
      if (row === undefined) return 'missing';
      try {
        openPrivateKey(row, seal);
        return 'ok';
      } catch {
        return 'unusable';
      }
    },
  };
}

/** Sealed for its id: in another row it doesn't open. */
export function sealPrivateKey(seal: Seal, keyId: string, privateKey: KeyObject): Buffer {
  return seal.seal(String(privateKey.export({ format: 'jwk' }).d), context(keyId));
}

function openPrivateKey(row: SigningKeyRow, seal: Seal): KeyObject {
  const x = row.public_key.toString('base64url');
  try {
    const d = seal.open(row.sealed ?? Buffer.alloc(0), context(row.key_id));
    const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
    // What it signs must verify under what is published.
    if (createPublicKey(key).export({ format: 'jwk' }).x === x) return key;
  } catch (cause) {
    throw unusable(row.key_id, { cause });
  }
  throw unusable(row.key_id);
}

function unusable(keyId: string, options?: { cause: unknown }): KeyringError {
  return new KeyringError(
    'signing_key_unusable',
    `The signing key ${keyId} can not be opened; the operator restores the database, or rotates it.`,
    options,
  );
}

function context(keyId: string): string {
  return `packet signing key ${keyId}`;
}
