import { open } from 'node:fs/promises';

import type { AuditSecrets } from '@veritrail/verify';

import { UsageError, withFile } from './usage-error.ts';

export interface PostureKey {
  readonly verificationKey: string;
  readonly keyId?: string;
}

/** Far more than any key file has: a wrong path, to an export perhaps, is noticed before it is read. */
const MAX_SECRET_FILE_BYTES = 64 * 1024;

/** @param path a text file, or the JSON of …/compliance-report/verification-key @throws {UsageError} */
export async function readPostureKeyFile(path: string): Promise<PostureKey> {
  const { text, members } = await readSecretFile(path);
  if (members === undefined) return { verificationKey: text };
  const { verification_key: key, key_id: keyId } = members;
  if (typeof key !== 'string' || key === '') throw new UsageError(`${path} is JSON without a verification_key.`);
  return typeof keyId === 'string' ? { verificationKey: key, keyId } : { verificationKey: key };
}

/**
 * @param given each `PATH`, or `KEY_ID=PATH` for a secret whose events name it otherwise than by its own id; text files,
 *   or first-run.json. With none, the environment is asked, as the server does
 * @returns undefined if there is none
 * @throws {UsageError}
 */
export async function readAuditSecrets(
  given: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<AuditSecrets | undefined> {
  if (given.length === 0) {
    const previous = (env['AUDIT_HMAC_PREVIOUS_SECRETS'] ?? '').split(' ');
    const secrets = [env['AUDIT_HMAC_SECRET'] ?? '', ...previous].filter((secret) => secret !== '');
    return secrets.length === 0 ? undefined : secrets;
  }
  const named: Record<string, string> = {};
  for (const [i, argument] of given.entries()) {
    const [, keyId, path = argument] = /^([\w.-]+)=(.+)$/s.exec(argument) ?? [];
    const { text, members } = await readSecretFile(path);
    const secret = members === undefined ? text : members['audit_hmac_secret'];
    if (typeof secret !== 'string' || secret === '')
      throw new UsageError(`${path} is JSON without an audit_hmac_secret.`);
    // A name that no event has: the secret is known by its own id.
    named[keyId ?? `file ${i}`] = secret;
  }
  return named;
}

async function readSecretFile(path: string): Promise<{ text: string; members: Record<string, unknown> | undefined }> {
  const bytes = await withFile(path, async () => {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_SECRET_FILE_BYTES + 1));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  });
  const text = bytes.toString('utf8').replace(/[\r\n]+$/, '');
  if (bytes.length > MAX_SECRET_FILE_BYTES) throw new UsageError(`${path} is too long to be a key or a secret.`);
  if (text === '') throw new UsageError(`${path} is empty.`);
  return { text, members: jsonObject(text) };
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
