import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Signed by itself, for localhost, as a PEM file in the folder; its key is beside it, `.key` added to the name. */
export function makeCertificate(folder: string, name = 'certificate'): string {
  const file = join(folder, `${name}.pem`);
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const { status, stderr, error } = spawnSync('openssl', [...kind, ...subject, '-keyout', `${file}.key`, '-out', file]);
  if (status === 0) return file;
  throw new Error(`These tests need openssl on the PATH. ${stderr?.toString() ?? ''}`, { cause: error });
}
