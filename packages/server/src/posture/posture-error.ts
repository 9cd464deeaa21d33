/**
 * - `backup_in_future`: a backup says that it was completed later than now
 * - `service_not_found`: this organization has no such service
 * - `too_many_services`: this organization keeps as many services as it may
 * - `zone_catalogue_invalid`: the shipped zones contradict one another
 * - `zone_file_invalid`: the operator's own zones can't be used
 */
export type PostureErrorCode =
  | 'backup_in_future'
  | 'service_not_found'
  | 'too_many_services'
  | 'zone_catalogue_invalid'
  | 'zone_file_invalid';

export class PostureError extends Error {
  readonly code: PostureErrorCode;

  constructor(code: PostureErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PostureError';
    this.code = code;
  }
}
