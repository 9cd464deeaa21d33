import { Secret } from '../secret.ts';

/** The secrets of the audit MAC as the operator gives them. */
export interface AuditSecrets {
  readonly current: Secret;
  /** They verify and never sign. */
  readonly previous: readonly Secret[];
}

/** A place outside where the secrets are kept and can change while the server runs. */
export interface AuditSecretSource {
  /** @throws {KeyringError} `audit_secret_unreadable` or `audit_secret_unusable` */
  read(stopped?: AbortSignal): Promise<AuditSecrets>;
  close(): void;
}

export const AUDIT_SECRET_LEAST_LENGTH = 16;

/** Printable ASCII without spaces: the same bytes in every shell, file and language that a verifier is written in. */
export function asAuditSecret(text: string): Secret | undefined {
  return text.length >= AUDIT_SECRET_LEAST_LENGTH && /^[\x21-\x7e]*$/.test(text) ? new Secret(text) : undefined;
}
