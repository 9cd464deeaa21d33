/**
 * - `option_invalid`: createAuditClient was called wrongly
 * - `event_invalid`: the event can't be kept; nothing was stored or sent
 * - `spool_full`: as much waits as `spoolBytes` allows; nothing was stored or sent
 * - `spool_in_use`: another process holds the spool directory
 * - `spool_unusable`: the disk refused; the event is not promised
 * - `refused`: the server will not take the event or the line; `status` and the message say why
 * - `stopped`: the server does not take this credential or is not a Veritrail server; nothing is lost, sending rests
 * - `timeout`: the time that the caller gave is up; what waits still waits
 * - `closed`: the client is closed; in memory mode also for events that could not be sent before
 */
export type AuditClientErrorCode =
  | 'option_invalid'
  | 'event_invalid'
  | 'spool_full'
  | 'spool_in_use'
  | 'spool_unusable'
  | 'refused'
  | 'stopped'
  | 'timeout'
  | 'closed';

export interface ErrorFacts {
  /** Of the server's answer. */
  readonly status?: number;
  /** Of an upload: the first line that is not recorded, counted from 1. */
  readonly line?: number;
  /** Of an upload: lines before it that were recorded by this upload. */
  readonly accepted?: number;
}

export class AuditClientError extends Error {
  readonly code: AuditClientErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: AuditClientErrorCode, message: string, options: { cause?: unknown } & ErrorFacts = {}) {
    const { cause, ...facts } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AuditClientError';
    this.code = code;
    this.facts = facts;
  }
}
