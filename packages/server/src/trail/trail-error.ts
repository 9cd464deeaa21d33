/**
 * - `event_invalid`: a member of an event has a value that can't be kept or verified
 * - `event_in_future`: its time is further ahead than a clock may be; the same event is taken later
 * - `event_id_conflict`: another event is stored under that id
 * - `export_overtaken`: retention removed events while they were being exported
 * - `hold_in_force`: a legal hold of that name is in force for another reason
 * - `overloaded`: more waits to be stored than may wait
 * - `diverged`: what is stored isn't what was signed
 */
export type TrailErrorCode =
  | 'event_invalid'
  | 'event_in_future'
  | 'event_id_conflict'
  | 'export_overtaken'
  | 'hold_in_force'
  | 'overloaded'
  | 'diverged';

export class TrailError extends Error {
  readonly code: TrailErrorCode;

  constructor(code: TrailErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TrailError';
    this.code = code;
  }
}
