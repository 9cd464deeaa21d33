/** Why bytes or values were refused. Closed: a caller may switch over it and have every case. */
export type FormatErrorCode =
  | 'json_syntax'
  | 'json_depth'
  | 'json_duplicate_key'
  | 'json_lone_surrogate'
  | 'json_number_range'
  | 'timestamp_range'
  | 'audit_event_shape'
  | 'report_shape'
  | 'report_marker'
  | 'hash_length'
  | 'jcs_value'
  | 'packet_envelope'
  | 'packet_not_canonical';

/** The one error of this package. `message` is a sentence that quotes nothing from the input. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly code: FormatErrorCode;
  /** Where in the text, in UTF-16 units from its start; undefined where no text was read. */
  readonly offset: number | undefined;

  constructor(code: FormatErrorCode, message: string, options: { offset?: number; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.offset = options.offset;
  }
}
