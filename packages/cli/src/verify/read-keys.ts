import { open } from 'node:fs/promises';

import { UsageError, withFile } from './usage-error.ts';

/** Thousands of keys. A wrong path, to an export perhaps, is noticed before it is read. */
const MOST_BYTES = 1024 * 1024;

/** @param path of what /.well-known/compliance-signing-keys answered @throws {UsageError} */
export async function readKeysFile(path: string): Promise<Uint8Array> {
  const bytes = await withFile(path, async () => {
    const file = await open(path);
    try {
      const buffer = Buffer.alloc(MOST_BYTES + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length);
        if (bytesRead === 0) return buffer.subarray(0, length);
        length += bytesRead;
      }
    } finally {
      await file.close();
    }
  });
  if (bytes.length > MOST_BYTES) throw new UsageError(`${path} is too long to be a document of keys.`);
  return bytes;
}

/** @throws {UsageError} */
export function readTrusted(given: readonly string[] | undefined): readonly string[] | undefined {
  for (const fingerprint of given ?? []) {
    if (/^[0-9a-f]{64}$/i.test(fingerprint.replaceAll(':', ''))) continue;
    throw new UsageError('--trust takes the SHA-256 of a public key: 64 hexadecimal digits, with or without colons.');
  }
  return given;
}
