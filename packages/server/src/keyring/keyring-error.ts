/**
 * - `keyring_secret_wrong`: what is stored was sealed under another secret
 * - `audit_secret_missing`: events bear a MAC under a secret that isn't set any more
 * - `audit_secret_wrong`: no event that names a secret's key verifies under it
 * - `audit_secret_unreadable`: Secrets Manager can't be reached or doesn't give the secret out
 * - `audit_secret_unusable`: what Secrets Manager holds can't be a secret of the MAC
 * - `audit_key_behind`: another server signs with a newer key, which this one doesn't know yet
 * - `signing_key_missing`: no key is active, so packets can't be signed
 * - `signing_key_retired`: a retired key was to sign
 * - `signing_key_unusable`: the active key's private half can't be opened, or isn't that of its public one
 * - `signing_key_unknown`: there is no key of that id
 * - `secret_file_unusable`: a generated secret's file is damaged or can't be read
 */
export type KeyringErrorCode =
  | 'keyring_secret_wrong'
  | 'audit_secret_missing'
  | 'audit_secret_wrong'
  | 'audit_secret_unreadable'
  | 'audit_secret_unusable'
  | 'audit_key_behind'
  | 'signing_key_missing'
  | 'signing_key_retired'
  | 'signing_key_unusable'
  | 'signing_key_unknown'
  | 'secret_file_unusable';

export class KeyringError extends Error {
  readonly code: KeyringErrorCode;

  constructor(code: KeyringErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KeyringError';
    this.code = code;
  }
}
