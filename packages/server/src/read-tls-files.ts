import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

import { ConfigurationError, type Configuration } from './configuration.ts';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** @throws {ConfigurationError} if a file can't be read or used, or the two don't belong together. */
export async function readTlsFiles(files: Configuration['tls']): Promise<TlsFiles | undefined> {
  if (files === undefined) return undefined;
  const cert = await read('TLS_CERT_FILE', files.certFile);
  const key = await read('TLS_KEY_FILE', files.keyFile);
  check('TLS_CERT_FILE', 'the file holds no PEM certificate.', { cert });
  check('TLS_KEY_FILE', 'the file holds no PEM private key without a passphrase.', { key });
  check('TLS_KEY_FILE', 'the key is not that of the certificate in TLS_CERT_FILE.', { cert, key });
  return { cert, key };
}

async function read(setting: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const message = `${file} can't be read; check the path, and that this user may read it.`;
    throw new ConfigurationError(setting, message, { cause });
  }
}

function check(setting: string, message: string, parts: Partial<TlsFiles>): void {
  try {
    createSecureContext(parts);
  } catch (cause) {
    throw new ConfigurationError(setting, message, { cause });
  }
}
