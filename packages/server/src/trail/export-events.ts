import { setImmediate as nextTurn } from 'node:timers/promises';

import { AUDIT_EVENT_CSV_HEADER } from '@veritrail/formats';
import pg from 'pg';

import type { AuditMac, MacKey } from '../keyring/audit-mac.ts';
import type { Database } from '../storage/database.ts';
import { conditionsOf, type EventFilter } from './event-filter.ts';
import { beginExport } from './export-bytes.ts';
import type { Written } from './export-thread.ts';
import { copyRows, READ_COLUMNS, surveyRows } from './read-rows.ts';
import { TrailError } from './trail-error.ts';
import { readHead } from './trail-store.ts';

export const EXPORT_FORMATS = ['json', 'csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** By the events' time, then sequence; or by sequence alone, so that whoever has a part knows where the rest begins. */
export const EXPORT_ORDERS = ['time', 'sequence'] as const;
export type ExportOrder = (typeof EXPORT_ORDERS)[number];

/** What was written, told once the last byte is out. */
export interface ExportSummary extends Written {
  readonly bytes: number;
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
 * before. Three such are in memory: being read, being written, and on their way out.
 */
const BYTES_A_READ = 2 * 1024 * 1024;
/** Rows differ, and each has five bytes around it on its way. */
const EXPECTED_BYTES = BYTES_A_READ + BYTES_A_READ / 2;
const [FIRST_ROWS, MOST_ROWS] = [500, 5000];
/** Given out at once; less would be more to do, and more would keep others waiting. */
const PIECE_BYTES = 256 * 1024;

const FRAMES: Readonly<Record<ExportFormat, { open: string; between: string; close: string }>> = {
  json: { open: '[', between: ',', close: ']' },
  ndjson: { open: '', between: '\n', close: '\n' },
  csv: { open: AUDIT_EVENT_CSV_HEADER, between: '', close: '' },
};

/**
 * The bytes of an export, piece by piece as they are asked for; memory stays the same however long it is.
 *
 * Events come oldest first. Each read begins where the last one ended and is a transaction of its own. It runs while a
 * thread writes what was read before, and what that wrote before goes out. It is still one consistent whole: sequences
 * below `endSequence` are all stored when the export begins, nothing in a trail changes, and what is recorded meanwhile,
 * even with an old timestamp, has a higher sequence. Retention waits for exports, but not for ever; one that it overtook
 * may lack events and breaks off.
 *
 * @throws {TrailError} `export_overtaken`
 */
export async function* exportEvents(
  parts: {
    readonly db: Database;
    readonly auditMac: AuditMac;
    /** Of the bytes that were given out, how many may not have left yet. */
    readonly unsent: () => number;
    /** Calls back when nothing will be sent any longer. */
    readonly whenClosed: (closed: () => void) => void;
    /** Resolves when what matters more than an export has had its turn. */
    readonly giveWay?: () => Promise<void>;
  },
  plan: ExportPlan,
  done: (summary: ExportSummary) => Promise<void>,
): AsyncGenerator<Buffer> {
  const mac = plan.key.stream();
  const { open, between, close } = FRAMES[plan.format];
  const body = beginExport(plan.format === 'csv' ? 'csv' : 'json', { open, between });
  let bytes = 0;
  const told = (piece: Buffer): Buffer => {
    mac.update(piece);
    bytes += piece.length;
    return piece;
  };
  /** Each with where it ends in the body. */
  const givenOut: { readonly piece: Buffer; readonly end: number }[] = [];
  async function* giveOut(written: Promise<readonly Buffer[]>): AsyncGenerator<Buffer> {
    for (const whole of await written) {
      for (let at = 0; at < whole.length; at += PIECE_BYTES) {
        yield told(whole.subarray(at, at + PIECE_BYTES));
        // What comes from the database meanwhile is taken in between two pieces.
        await nextTurn();
        await parts.giveWay?.();
      }
      givenOut.push({ piece: whole, end: bytes });
      const sent = bytes - parts.unsent();
      for (let first = givenOut[0]; first !== undefined && first.end <= sent; first = givenOut[0]) {
        body.giveBack(first.piece);
        givenOut.shift();
      }
    }
  }
  let limit = FIRST_ROWS;
  const read = (after?: Position): Promise<Buffer> => {
    const query = chunkQuery(plan, after, limit);
    const reading = parts.db.scoped(plan.organizationNo, (tx) =>
      copyRows(tx, query, { expected: EXPECTED_BYTES, take: body.room }),
    );
    // Whoever stops asking for more leaves a read behind that nobody waits for.
    reading.catch(() => undefined);
    return reading;
  };

  try {
    let reading = read();
    let written: Promise<readonly Buffer[]> = Promise.resolve([]);
    if (open !== '') yield told(Buffer.from(open));
    for (let isLast = false; !isLast;) {
      const rows = await reading;
      const { count, last, keyIds } = surveyRows(rows, parts.auditMac.keyIdOf);
      isLast = count < limit;
      limit = Math.max(1, Math.min(MOST_ROWS, Math.floor((BYTES_A_READ * count) / rows.length)));
      if (!isLast) reading = read(last);
      const before = written;
      written = body.write(rows, keyIds);
      written.catch(() => undefined);
      yield* giveOut(before);
    }
    yield* giveOut(written);
    const { firstSequence } = await parts.db.scoped(plan.organizationNo, (tx) => readHead(tx, plan.organizationNo));
    if (firstSequence !== plan.firstSequence) {
      throw new TrailError('export_overtaken', 'Events were removed by retention meanwhile; export again.');
    }
    // Without a frame an export of nothing is empty.
    const end = plan.format === 'ndjson' && bytes === 0 ? '' : close;
    const held = await body.end(end);
    const lastPiece = told(Buffer.from(end));
    // Told before the last piece goes, so that whoever has all of it finds it complete.
    await done({ ...held, bytes, mac: mac.digest() });
    if (end !== '') yield lastPiece;
  } finally {
    body.forget();
    parts.whenClosed(body.giveBackAll);
  }
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
