import { createHash } from 'node:crypto';

import { AUDIT_EVENT_CSV_HEADER, formatAuditEvent, formatAuditEventCsv, type AuditEvent } from '@veritrail/formats';
import pg from 'pg';

import type { AuditMac, MacKey } from '../keyring/audit-mac.ts';
import type { Database } from '../storage/database.ts';
import { conditionsOf, type EventFilter } from './event-filter.ts';
import { copyOut, decodeRows, READ_COLUMNS } from './read-rows.ts';
import { TrailError } from './trail-error.ts';
import { readHead } from './trail-store.ts';

export const EXPORT_FORMATS = ['json', 'csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What was written, told once the last byte is out. */
export interface ExportSummary {
  readonly events: number;
  /** Lowest and highest sequence among the events; null when there are none. */
  readonly firstSequence: number | null;
  readonly lastSequence: number | null;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The MAC of the whole body, lower-case hex. */
  readonly mac: string;
}

export interface ExportPlan {
  readonly organizationNo: number;
  readonly format: ExportFormat;
  readonly filter: EventFilter;
  /** Where the trail began at the request. */
  readonly firstSequence: number;
  /** Events from this sequence on were recorded after the request and are not in it. */
  readonly endSequence: number;
  /** Under which the whole body is MACed, even if its turn ends meanwhile. */
  readonly key: MacKey;
}

/** Some 4 MB of rows: read at once, so that no connection waits for a slow reader. */
const ROWS_A_READ = 5000;
const BYTES_A_PIECE = 64 * 1024;

const FRAMES: Readonly<Record<ExportFormat, { open: string; between: string; close: string }>> = {
  json: { open: '[', between: ',', close: ']' },
  ndjson: { open: '', between: '\n', close: '\n' },
  csv: { open: AUDIT_EVENT_CSV_HEADER, between: '', close: '' },
};

/**
 * The bytes of an export, piece by piece as they are asked for; memory stays the same however long it is.
 *
 * Events come oldest first by time, then sequence. Each read begins where the last one ended and is a transaction of its
 * own. That is still one consistent whole: sequences below `endSequence` are all stored when the export begins, nothing
 * in a trail changes, and what is recorded meanwhile, even with an old timestamp, has a higher sequence. Retention waits
 * for exports, but not for ever; one that it overtook may lack events and breaks off.
 *
 * @throws {TrailError} `export_overtaken`
 */
export async function* exportEvents(
  parts: { readonly db: Database; readonly auditMac: AuditMac },
  plan: ExportPlan,
  done: (summary: ExportSummary) => Promise<void>,
): AsyncGenerator<Buffer> {
  const sha256 = createHash('sha256');
  const mac = plan.key.stream();
  const { open, between, close } = FRAMES[plan.format];
  const format: (event: AuditEvent) => string = plan.format === 'csv' ? formatAuditEventCsv : formatAuditEvent;
  let bytes = 0;
  let events = 0;
  let first: number | null = null;
  let last: number | null = null;
  let position: { readonly timestamp: string; readonly sequence: number } | undefined;
  let text = open;

  const take = (): Buffer => {
    const piece = Buffer.from(text, 'utf8');
    text = '';
    sha256.update(piece);
    mac.update(piece);
    bytes += piece.length;
    return piece;
  };

  for (;;) {
    const query = chunkQuery(plan, position);
    const rows = await parts.db.scoped(plan.organizationNo, async (tx) => {
      const read = await copyOut(tx, query);
      return read;
    });
    let found = 0;
    for (const event of decodeRows(rows, parts.auditMac.keyIdOf)) {
      if (events > 0) text += between;
      text += format(event);
      found += 1;
      events += 1;
      first = Math.min(first ?? event.sequence, event.sequence);
      last = Math.max(last ?? event.sequence, event.sequence);
      position = event;
      if (text.length >= BYTES_A_PIECE) yield take();
    }
    if (found < ROWS_A_READ) break;
  }
  const { firstSequence } = await parts.db.scoped(plan.organizationNo, (tx) => readHead(tx, plan.organizationNo));
  if (firstSequence !== plan.firstSequence) {
    throw new TrailError('export_overtaken', 'Events were removed by retention meanwhile; export again.');
  }
  if (plan.format !== 'ndjson' || events > 0) text += close;
  const piece = take();
  const summary = { events, firstSequence: first, lastSequence: last, bytes };
  await done({ ...summary, sha256: sha256.digest('hex'), mac: mac.digest() });
  yield piece;
}

function chunkQuery(plan: ExportPlan, after: { timestamp: string; sequence: number } | undefined): string {
  const literal = (value: string | number): string =>
    typeof value === 'number' ? String(value) : pg.escapeLiteral(value);
  const conditions = [
    conditionsOf(plan.organizationNo, plan.filter, literal),
    `sequence < ${plan.endSequence}`,
    ...(after === undefined ? [] : [`(occurred_at, sequence) > (${literal(after.timestamp)}, ${after.sequence})`]),
  ];
  return `SELECT ${READ_COLUMNS} FROM audit_events WHERE ${conditions.join(' AND ')}
    ORDER BY occurred_at, sequence LIMIT ${ROWS_A_READ}`;
}
