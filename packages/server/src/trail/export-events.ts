import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { AUDIT_EVENT_CSV_HEADER } from '@veritrail/formats';
import pg from 'pg';

import type { AuditMac, MacKey } from '../keyring/audit-mac.ts';
import type { Database } from '../storage/database.ts';
import { conditionsOf, type EventFilter } from './event-filter.ts';
import { createExportWriter } from './export-writer.ts';
import { copyOut, lastRow, READ_COLUMNS } from './read-rows.ts';
import { TrailError } from './trail-error.ts';
import { readHead } from './trail-store.ts';

export const EXPORT_FORMATS = ['json', 'csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** By the events' time, then sequence; or by sequence alone, so that whoever has a part knows where the rest begins. */
export const EXPORT_ORDERS = ['time', 'sequence'] as const;
export type ExportOrder = (typeof EXPORT_ORDERS)[number];

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
  readonly order: ExportOrder;
  /** Where the trail began at the request. */
  readonly firstSequence: number;
  /** Events from this sequence on were recorded after the request and are not in it. */
  readonly endSequence: number;
  /** Under which the whole body is MACed, even if its turn ends meanwhile. */
  readonly key: MacKey;
}

/**
 * Rows are read at once, so that no connection waits for a slow reader: about as many bytes as this, going by the rows
 * before, and two such are in memory.
 */
const BYTES_A_READ = 4 * 1024 * 1024;
const [FIRST_ROWS, MOST_ROWS] = [500, 5000];

const FRAMES: Readonly<Record<ExportFormat, { open: string; between: string; close: string }>> = {
  json: { open: '[', between: ',', close: ']' },
  ndjson: { open: '', between: '\n', close: '\n' },
  csv: { open: AUDIT_EVENT_CSV_HEADER, between: '', close: '' },
};

/**
 * The bytes of an export, piece by piece as they are asked for; memory stays the same however long it is.
 *
 * Events come oldest first. Each read begins where the last one ended, is a transaction of its own, and runs while the
 * events of the last one are written out. That is still one consistent whole: sequences below `endSequence` are all stored when the export begins, nothing
 * in a trail changes, and what is recorded meanwhile, even with an old timestamp, has a higher sequence. Retention waits
 * for exports, but not for ever; one that it overtook may lack events and breaks off.
 *
 * @throws {TrailError} `export_overtaken`
 */
export async function* exportEvents(
  parts: {
    readonly db: Database;
    readonly auditMac: AuditMac;
    /** Resolves when what matters more than an export has had its turn. */
    readonly giveWay?: () => Promise<void>;
  },
  plan: ExportPlan,
  done: (summary: ExportSummary) => Promise<void>,
): AsyncGenerator<Buffer> {
  const sha256 = createHash('sha256');
  const mac = plan.key.stream();
  const { open, between, close } = FRAMES[plan.format];
  const layout = plan.format === 'csv' ? 'csv' : 'json';
  const writer = createExportWriter(layout, between, parts.auditMac.keyIdOf);
  let bytes = 0;
  const told = (piece: Buffer): Buffer => {
    sha256.update(piece);
    mac.update(piece);
    bytes += piece.length;
    return piece;
  };
  let limit = FIRST_ROWS;
  const read = (after?: Position): Promise<Buffer> => {
    const query = chunkQuery(plan, after, limit);
    const reading = parts.db.scoped(plan.organizationNo, (tx) => copyOut(tx, query));
    // Whoever stops asking for more leaves a read behind that nobody waits for.
    reading.catch(() => undefined);
    return reading;
  };

  let reading = read();
  if (open !== '') yield told(Buffer.from(open));
  for (;;) {
    const rows = await reading;
    const last = lastRow(rows, parts.auditMac.keyIdOf);
    const isLast = last.count < limit;
    limit = Math.max(1, Math.min(MOST_ROWS, Math.floor((BYTES_A_READ * last.count) / rows.length)));
    if (!isLast) reading = read(last.event);
    for (const piece of writer.pieces(rows)) {
      yield told(piece);
      // What comes from the database meanwhile is taken in between two pieces.
      await nextTurn();
      await parts.giveWay?.();
    }
    if (isLast) break;
  }
  const { firstSequence } = await parts.db.scoped(plan.organizationNo, (tx) => readHead(tx, plan.organizationNo));
  if (firstSequence !== plan.firstSequence) {
    throw new TrailError('export_overtaken', 'Events were removed by retention meanwhile; export again.');
  }
  const { events, lowest, highest } = writer;
  // Told before the last piece goes, so that whoever has all of it finds it complete; without a frame it is empty.
  const end = told(Buffer.from(plan.format === 'ndjson' && events === 0 ? '' : close));
  const summary = { events, firstSequence: lowest, lastSequence: highest, bytes };
  await done({ ...summary, sha256: sha256.digest('hex'), mac: mac.digest() });
  if (end.length > 0) yield end;
}

interface Position {
  readonly timestamp: string;
  readonly sequence: number;
}

function chunkQuery(plan: ExportPlan, after: Position | undefined, limit: number): string {
  const literal = (value: string | number): string =>
    typeof value === 'number' ? String(value) : pg.escapeLiteral(value);
  const [key, place] =
    plan.order === 'time'
      ? ['occurred_at, sequence', after && `${literal(after.timestamp)}, ${after.sequence}`]
      : ['sequence', after && String(after.sequence)];
  const conditions = [
    conditionsOf(plan.organizationNo, plan.filter, literal),
    `sequence < ${plan.endSequence}`,
    ...(place === undefined ? [] : [`(${key}) > (${place})`]),
  ];
  return `SELECT ${READ_COLUMNS} FROM audit_events WHERE ${conditions.join(' AND ')} ORDER BY ${key} LIMIT ${limit}`;
}
