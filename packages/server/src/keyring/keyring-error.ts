/**
 * - `keyring_secret_wrong`: what is stored was sealed under another secret
 * - `audit_secret_missing`: events bear a MAC under a secret that isn't set any more
 * - `secret_file_unusable`: a generated secret's file is damaged or can't be read
 */
export type KeyringErrorCode = 'keyring_secret_wrong' | 'audit_secret_missing' | 'secret_file_unusable';

export class KeyringError extends Error {
  readonly code: KeyringErrorCode;

  constructor(code: KeyringErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KeyringError';
    this.code = code;
  }
}
