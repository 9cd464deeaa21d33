/** Why somebody was refused, or a change to who they are. http/problems.ts says what each becomes on the wire. */
export type TenancyErrorCode =
  | 'already_member'
  | 'busy'
  | 'credentials_invalid'
  | 'email_taken'
  | 'identity_provider_unavailable'
  | 'invitation_invalid'
  | 'last_owner'
  | 'not_found'
  | 'not_subscribed'
  | 'password_unacceptable'
  | 'role_too_high'
  | 'second_factor_required'
  | 'second_factor_wrong'
  | 'setting_invalid'
  | 'sign_in_cancelled'
  | 'sign_in_expired'
  | 'sign_in_not_offered'
  | 'throttled'
  | 'token_expired'
  | 'token_invalid'
  | 'two_factor_off'
  | 'two_factor_on'
  | 'webhook_unsigned';

export interface TenancyErrorOptions {
  readonly cause?: unknown;
  /** Whole seconds, at least 1; with `busy`, `identity_provider_unavailable` and `throttled`. */
  readonly retryAfterSeconds?: number;
}

/** The message is one sentence for the caller; it never holds a credential, an address, or anything of the inside. */
export class TenancyError extends Error {
  readonly code: TenancyErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: TenancyErrorCode, message: string, options: TenancyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TenancyError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
