/**
 * - `packet_not_found`: this organization has no such packet
 * - `packet_not_complete`: it has, and its generation failed
 * - `packet_failed`: a generation that had begun could not be ended
 * - `packets_busy`: as many generations wait as may wait
 * - `period_invalid`: the period ends in the future, or not after its start, or is too long
 * - `schedule_not_found`: no schedule for this framework
 */
export type EvidenceErrorCode =
  | 'packet_not_found'
  | 'packet_not_complete'
  | 'packet_failed'
  | 'packets_busy'
  | 'period_invalid'
  | 'schedule_not_found';

export class EvidenceError extends Error {
  readonly code: EvidenceErrorCode;

  constructor(code: EvidenceErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EvidenceError';
    this.code = code;
  }
}
