import type { AuditEvent } from './audit-event.ts';

/** The members of an event in the order in which it is given out; also the header row of its CSV form. */
export const AUDIT_EVENT_MEMBERS = [
  'id',
  'action',
  'resource_type',
  'resource_id',
  'actor_id',
  'actor_username',
  'timestamp',
  'ip_address',
  'user_agent',
  'details',
  'signature',
  'recorded_at',
  'sequence',
  'signature_key_id',
] as const;

/** RFC 4180: CRLF after each row, the header too. */
export const AUDIT_EVENT_CSV_HEADER = `${AUDIT_EVENT_MEMBERS.join(',')}\r\n`;

/**
 * What a spreadsheet would run as a formula when it begins a cell, the full-width forms included, and the guard itself,
 * so that taking one guard away always gives the value back.
 */
const NEEDS_GUARD = /^[=+\-@|%\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/**
 * A cell of RFC 4180. A value that a spreadsheet could take for a formula gets an apostrophe in front; `readCsvCell`
 * takes it away. Null is an empty cell, the empty string a pair of quotes.
 */
export function csvCell(value: string | null): string {
  if (value === null) return '';
  if (value === '') return '""';
  const guarded = NEEDS_GUARD.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** The value behind a cell whose quotes a CSV reader has taken away. It can't tell null from the empty string. */
export function readCsvCell(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

/**
 * One event as a row, `details` as its canonical JSON text.
 *
 * Format: docs/formats/audit-event.md, "As CSV".
 */
export function formatAuditEventCsv(event: AuditEvent): string {
  return (
    `${event.id},${event.action},${csvCell(event.resource_type)},${csvCell(event.resource_id)},` +
    `${csvCell(event.actor_id)},${csvCell(event.actor_username)},${event.timestamp},${csvCell(event.ip_address)},` +
    `${csvCell(event.user_agent)},${csvCell(event.detailsText)},${event.signature},${event.recorded_at},` +
    `${event.sequence},${event.signature_key_id}\r\n`
  );
}
