import { createHmac, randomBytes } from 'node:crypto';

import type { Queryable } from '../storage/database.ts';
import { newestVerificationKey, recordVerificationKey } from './keyring-store.ts';
import type { Seal } from './seal.ts';

/**
 * The HMAC keys of posture reports, one for each organization: an ASCII string used as its own bytes. Whoever verifies
 * with it could also have made the report, so it proves nothing to third parties who get it from the organization.
 */
export interface VerificationKeys {
  /** In the transaction that creates the organization. */
  create(tx: Queryable, organization: { no: number; id: string }, at: Date): Promise<void>;
  /** The HMAC-SHA256 of a report as hex, and which key made it. */
  sign(tx: Queryable, organization: { no: number; id: string }, message: string): Promise<SignedMessage>;
  /** For the organization's admins, who hand it to their auditors. */
  reveal(tx: Queryable, organization: { no: number; id: string }): Promise<{ keyId: string; key: string }>;
}

export interface SignedMessage {
  readonly keyId: string;
  readonly value: string;
}

export function createVerificationKeys(seal: Seal): VerificationKeys {
  const reveal: VerificationKeys['reveal'] = async (tx, organization) => {
    const row = await newestVerificationKey(tx, organization.no);
    if (row === undefined) throw new Error(`organization ${organization.id} has no verification key`);
    return { keyId: row.key_id, key: seal.open(row.sealed, context(organization.id, row.key_id)) };
  };
  return {
    async create(tx, organization, at) {
      const keyId = `posture-${randomBytes(6).toString('hex')}`;
      const key = `vvk_${randomBytes(32).toString('base64url')}`;
      await recordVerificationKey(tx, organization.no, keyId, seal.seal(key, context(organization.id, keyId)), at);
    },
    reveal,
    async sign(tx, organization, message) {
      const { keyId, key } = await reveal(tx, organization);
      return { keyId, value: createHmac('sha256', key).update(message).digest('hex') };
    },
  };
}

function context(organizationId: string, keyId: string): string {
  return `posture verification key ${organizationId} ${keyId}`;
}
