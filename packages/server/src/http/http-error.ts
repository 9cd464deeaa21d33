/** What the doors refuse by themselves, before any room is asked. */
export type HttpErrorCode =
  | 'body_too_large'
  | 'credentials_missing'
  | 'expectation_failed'
  | 'headers_too_large'
  | 'internal'
  | 'json_invalid'
  | 'media_type_unsupported'
  | 'method_not_allowed'
  | 'not_found'
  | 'organization_unclear'
  | 'overloaded'
  | 'request_invalid'
  | 'request_malformed'
  | 'request_timeout'
  | 'role_too_low'
  | 'stopping'
  | 'user_required';

export class HttpError extends Error {
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HttpError';
    this.code = code;
  }
}
