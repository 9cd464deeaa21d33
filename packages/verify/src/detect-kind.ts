import { AUDIT_EVENT_CSV_HEADER, AUDIT_EVENT_MEMBERS } from '@veritrail/formats';

import { PAGE_MEMBERS } from './read-envelope.ts';

export type DocumentKind = 'posture_report' | 'evidence_packet' | 'audit_events' | 'unknown';

/** As much of a document's beginning as detectKind looks at. */
export const HEAD_BYTES = 4096;

const EVENT_NAMES: ReadonlySet<string> = new Set(['items', ...PAGE_MEMBERS, ...AUDIT_EVENT_MEMBERS]);

/**
 * What a document seems to be, judged by its first bytes. A guess that decides which verifier to ask, and proves nothing.
 *
 * @param head the first HEAD_BYTES of the document, or all of a shorter one
 */
export function detectKind(head: Uint8Array): DocumentKind {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES)).replace(/^\u00ef\u00bb\u00bf/, '');
  if (/^[ \t\r\n]*\[/.test(text) || text.startsWith(AUDIT_EVENT_CSV_HEADER.trimEnd())) return 'audit_events';
  const name = /^[ \t\r\n]*\{[ \t\r\n]*"([a-z_]+)"[ \t\r\n]*:/.exec(text)?.[1];
  if (name === undefined) return 'unknown';
  if (name === 'report') return 'posture_report';
  if (name === 'report_id') return 'evidence_packet';
  return EVENT_NAMES.has(name) ? 'audit_events' : 'unknown';
}
