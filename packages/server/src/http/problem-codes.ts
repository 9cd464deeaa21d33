import type { EvidenceErrorCode } from '../evidence/evidence-error.ts';
import type { PdfErrorCode } from '../evidence/pdf/pdf-error.ts';
import type { KeyringErrorCode } from '../keyring/keyring-error.ts';
import type { PostureErrorCode } from '../posture/posture-error.ts';
import type { StorageErrorCode } from '../storage/storage-error.ts';
import type { TenancyErrorCode } from '../tenancy/tenancy-error.ts';
import type { TrailErrorCode } from '../trail/trail-error.ts';
import type { HttpErrorCode } from './http-error.ts';

/** Every code that any room can throw; the compiler asks for a line below for each. */
export type ProblemCode =
  | EvidenceErrorCode
  | HttpErrorCode
  | KeyringErrorCode
  | PdfErrorCode
  | PostureErrorCode
  | StorageErrorCode
  | TenancyErrorCode
  | TrailErrorCode;

interface Problem {
  readonly status: number;
  readonly title: string;
}

export const PROBLEMS: Readonly<Record<ProblemCode, Problem>> = {
  // who
  credentials_missing: { status: 401, title: 'Not signed in' },
  credentials_invalid: { status: 401, title: 'Not signed in' },
  token_invalid: { status: 401, title: 'The token is not valid' },
  token_expired: { status: 401, title: 'The token has expired' },
  second_factor_required: { status: 401, title: 'A code is needed too' },
  second_factor_wrong: { status: 401, title: 'The code is not right' },
  sign_in_cancelled: { status: 401, title: 'The sign-in was cancelled' },
  sign_in_expired: { status: 401, title: 'The sign-in is over' },
  sign_in_not_offered: { status: 401, title: 'No identity provider is set up' },
  role_too_low: { status: 403, title: 'The role is too low' },
  role_too_high: { status: 403, title: 'The role is above your own' },
  user_required: { status: 403, title: 'This takes a user, not an API key' },
  throttled: { status: 429, title: 'Too many failed logins' },
  busy: { status: 503, title: 'Too busy' },
  identity_provider_unavailable: { status: 503, title: 'The identity provider can not be reached' },
  invitation_invalid: { status: 422, title: 'The invitation is not valid' },
  password_unacceptable: { status: 422, title: 'The password can not be used' },
  two_factor_on: { status: 409, title: 'Two-factor sign-in is on' },
  two_factor_off: { status: 409, title: 'Two-factor sign-in is off' },
  email_taken: { status: 409, title: 'There is an account with this e-mail address' },
  already_member: { status: 409, title: 'Already a member' },
  last_owner: { status: 409, title: 'The last owner' },
  not_subscribed: { status: 402, title: 'Not subscribed' },
  webhook_unsigned: { status: 400, title: 'The webhook is not signed as it must be' },
  organization_unclear: { status: 422, title: 'Which organization?' },
  setting_invalid: { status: 500, title: 'Internal error' },
  // what is asked
  not_found: { status: 404, title: 'Not found' },
  service_not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'The request took too long' },
  body_too_large: { status: 413, title: 'The body is too large' },
  expectation_failed: { status: 417, title: 'The expectation can not be met' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  media_type_unsupported: { status: 415, title: 'Unsupported media type' },
  json_invalid: { status: 422, title: 'The body is not acceptable JSON' },
  request_invalid: { status: 422, title: 'A value is wrong' },
  request_malformed: { status: 400, title: 'Malformed request' },
  event_invalid: { status: 422, title: 'An event can not be kept as it is' },
  event_in_future: { status: 422, title: 'The time of an event is ahead of the clock' },
  event_id_conflict: { status: 409, title: 'The id belongs to another event' },
  export_overtaken: { status: 409, title: 'Events were removed meanwhile' },
  hold_in_force: { status: 409, title: 'The legal hold is in force for another reason' },
  backup_in_future: { status: 422, title: 'A value is wrong' },
  declaration_expired: { status: 422, title: 'A value is wrong' },
  declaration_in_future: { status: 422, title: 'A value is wrong' },
  declaration_not_found: { status: 404, title: 'Not found' },
  declaration_too_large: { status: 422, title: 'Too much in one declaration' },
  observation_in_future: { status: 422, title: 'A value is wrong' },
  observation_out_of_order: { status: 422, title: 'A newer reading is kept' },
  observation_stale: { status: 422, title: 'The reading came too late' },
  sample_not_found: { status: 404, title: 'Not found' },
  service_unknown: { status: 422, title: 'There is no such service' },
  too_many_declarations: { status: 409, title: 'Too many declarations' },
  too_many_services: { status: 409, title: 'Too many services' },
  packet_not_found: { status: 404, title: 'Not found' },
  annex_not_found: { status: 404, title: 'Not found' },
  schedule_not_found: { status: 404, title: 'Not found' },
  packet_not_complete: { status: 409, title: 'The packet could not be made' },
  packets_differ_in_framework: { status: 422, title: 'A value is wrong' },
  period_invalid: { status: 422, title: 'A value is wrong' },
  packet_too_large: { status: 422, title: 'The packet would be too large' },
  // how the server is
  packets_busy: { status: 503, title: 'Too many packets at once' },
  packet_failed: { status: 503, title: 'The packet could not be made' },
  overloaded: { status: 503, title: 'Overloaded' },
  stopping: { status: 503, title: 'The server is stopping' },
  pdf_unavailable: { status: 503, title: 'No PDFs on this platform' },
  pdf_failed: { status: 503, title: 'The PDF could not be made' },
  database_unavailable: { status: 503, title: 'The database can not be reached' },
  audit_key_behind: { status: 503, title: 'The audit key was changed' },
  signing_key_missing: { status: 503, title: 'There is no signing key' },
  signing_key_retired: { status: 503, title: 'The signing key was changed' },
  signing_key_unusable: { status: 503, title: 'The signing key can not be used' },
  diverged: { status: 500, title: 'The trail does not match what was signed' },
  internal: { status: 500, title: 'Internal error' },
  // of the start only
  audit_secret_missing: { status: 500, title: 'Internal error' },
  audit_secret_wrong: { status: 500, title: 'Internal error' },
  audit_secret_unreadable: { status: 500, title: 'Internal error' },
  audit_secret_unusable: { status: 500, title: 'Internal error' },
  signing_key_unknown: { status: 500, title: 'Internal error' },
  keyring_secret_wrong: { status: 500, title: 'Internal error' },
  secret_file_unusable: { status: 500, title: 'Internal error' },
  zone_catalogue_invalid: { status: 500, title: 'Internal error' },
  zone_file_invalid: { status: 500, title: 'Internal error' },
  data_directory_in_use: { status: 500, title: 'Internal error' },
  data_directory_unusable: { status: 500, title: 'Internal error' },
  database_too_old: { status: 500, title: 'Internal error' },
  database_too_new: { status: 500, title: 'Internal error' },
  database_role_missing: { status: 500, title: 'Internal error' },
  database_not_durable: { status: 500, title: 'Internal error' },
  migration_failed: { status: 500, title: 'Internal error' },
};
