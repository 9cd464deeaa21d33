import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

import type { Secret } from '../secret.ts';

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts what must be kept and not be read by who reads the database: AES-256-GCM (NIST SP 800-38D) with a random
 * 96-bit IV. `context` is authenticated with it, so a sealed value can't be moved to another row.
 *
 * Layout: version (1 byte) | IV (12) | tag (16) | ciphertext.
 */
export interface Seal {
  seal(plain: string, context: string): Buffer;
  /** @throws if the secret is another one, the context differs or a byte was changed. */
  open(sealed: Buffer, context: string): string;
}

export function createSeal(secret: Secret): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'veritrail sealed secrets v1', 32));
  return {
    seal(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body]);
    },
    open(sealed, context) {
      if (sealed[0] !== VERSION) throw new Error('unknown seal version');
      const iv = sealed.subarray(1, 1 + IV_BYTES);
      const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(context))
        .setAuthTag(tag);
      const body = sealed.subarray(1 + IV_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}
