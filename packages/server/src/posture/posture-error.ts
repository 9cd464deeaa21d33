/**
 * - `backup_in_future`: a backup says that it was completed later than now
 * - `declaration_expired`: a declaration would end before it begins, or hold longer than it may
 * - `declaration_in_future`: a declaration says that something happened later than now
 * - `declaration_not_found`: no such declaration stands
 * - `declaration_too_large`: one record would hold more than it may
 * - `observation_in_future`: a reading says that it was taken, or that what it read happened, later than now
 * - `observation_out_of_order`: a reading is not newer than the one that is kept
 * - `observation_stale`: a reading came when it no longer counted
 * - `sample_not_found`: no sample was taken that day
 * - `service_not_found`: this organization has no such service
 * - `service_unknown`: what was sent names a service that this organization doesn't have
 * - `too_many_declarations`: this organization keeps as many declarations as it may
 * - `too_many_services`: this organization keeps as many services as it may
 * - `zone_catalogue_invalid`: the shipped zones contradict one another
 * - `zone_file_invalid`: the operator's own zones can't be used
 */
export type PostureErrorCode =
  | 'backup_in_future'
  | 'declaration_expired'
  | 'declaration_in_future'
  | 'declaration_not_found'
  | 'declaration_too_large'
  | 'observation_in_future'
  | 'observation_out_of_order'
  | 'observation_stale'
  | 'sample_not_found'
  | 'service_not_found'
  | 'service_unknown'
  | 'too_many_declarations'
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
