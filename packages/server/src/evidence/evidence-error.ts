/**
 * - `packet_not_found`: this organization has no such packet
 * - `packet_not_complete`: it has, and its generation failed
 * - `packets_differ_in_framework`: only packets of one framework can be compared
 * - `packet_failed`: a generation that had begun could not be ended
 * - `packet_too_large`: it would have more bytes than a packet may have
 * - `packets_busy`: as many generations wait as may wait
 * - `period_invalid`: the period ends in the future, or not after its start, or is too long
 * - `annex_not_found`: the packet has no such table
 * - `schedule_not_found`: no schedule for this framework
 */
export type EvidenceErrorCode =
  | 'annex_not_found'
  | 'packet_not_found'
  | 'packet_not_complete'
  | 'packets_differ_in_framework'
  | 'packet_failed'
  | 'packet_too_large'
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
