import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Secrets of the audit MAC: one; several, each recognised by its key id; or by the `signature_key_id` that events give,
 * for secrets that were named otherwise than Veritrail names them.
 */
export type AuditSecrets = string | readonly string[] | Readonly<Record<string, string>>;

export interface RunningMac {
  update(bytes: Uint8Array): void;
  /** 64 lower-case hex digits. */
  digest(): string;
}

export interface MacKey {
  /** As auditKeyId names the secret. */
  readonly id: string;
  begin(): RunningMac;
  mac(message: string): string;
}

export interface MacKeys {
  readonly all: readonly MacKey[];
  find(keyId: string): MacKey | undefined;
}

/**
 * The `signature_key_id` that a server gives to events which it signs under `secret`: `audit-` and the first 16 hex
 * digits of HMAC-SHA256(secret, "veritrail audit key id v1"). It tells nothing of the secret to those who lack it.
 */
export function auditKeyId(secret: string): string {
  return openMacKey(secret).id;
}

/** @throws {TypeError} for a secret that is not a text or is empty */
export function openMacKeys(secrets: AuditSecrets | undefined): MacKeys {
  const byId = new Map<string, MacKey>();
  if (typeof secrets === 'string' || Array.isArray(secrets)) {
    for (const secret of [secrets].flat() as unknown[]) {
      const key = openMacKey(secret);
      byId.set(key.id, key);
    }
  } else if (secrets !== undefined) {
    const named = Object.entries(secrets).map(([id, secret]) => [id, openMacKey(secret)] as const);
    for (const [, key] of named) byId.set(key.id, key);
    // Last, because whoever names a key says which events to check with it.
    for (const [id, key] of named) byId.set(id, key);
  }
  return { all: [...new Set(byId.values())], find: (keyId) => byId.get(keyId) };
}

function openMacKey(secret: unknown): MacKey {
  if (typeof secret !== 'string' || secret === '') throw new TypeError('A secret must be a text that is not empty.');
  // Cloned for each message: hashing the padded key again would double the time of a short one.
  const keyed = hmac.create(sha256, utf8ToBytes(secret));
  const mac = (message: string): string => bytesToHex(keyed.clone().update(utf8ToBytes(message)).digest());
  return {
    id: `audit-${mac('veritrail audit key id v1').slice(0, 16)}`,
    mac,
    begin: () => {
      const running = keyed.clone();
      return {
        update: (bytes) => void running.update(bytes),
        digest: () => bytesToHex(running.digest()),
      };
    },
  };
}

/** Compares in a time that depends on the lengths only. */
export function isSameMac(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
