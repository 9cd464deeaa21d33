/** What can go wrong with the ground the server stands on. Each message is a sentence an operator can act on. */
export type StorageErrorCode =
  | 'data_directory_in_use'
  | 'data_directory_unusable'
  | 'database_unavailable'
  | 'database_too_old'
  | 'database_too_new'
  | 'database_role_missing'
  | 'database_not_durable'
  | 'migration_failed';

export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StorageError';
    this.code = code;
  }
}
