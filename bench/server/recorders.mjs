import { hash } from 'node:crypto';

import { auditEventCloser, formatMilliseconds } from '@veritrail/formats';

import { openDatabase } from '../../packages/server/dist/storage/database.js';
import { createGroupCommit as createReal } from '../../packages/server/dist/trail/group-commit.js';
import { lockHead } from '../../packages/server/dist/trail/trail-store.js';
import { encodeRows, EVENT_COLUMNS } from '../../packages/server/dist/trail/copy-rows.js';
import { countStep } from '../../packages/server/dist/trail/count-step.js';
import { ground } from './ground.mjs';

/** What the group commit is compared with takes a connection a request from a pool of this size. */
const POOL = 32;
/** No organization's: rows that no head knows of would make a trail look tampered with. Same table, same indexes. */
const NOBODY = 1_000_001;

export const recorder = { switchTo: async () => {} };

/**
 * The server's group commit, and in its place, when told so, ways to record that one would write first. They run in the
 * same process on the same tables, so nothing else differs.
 *
 * - `grouped`: the server's own
 * - `in-order`: BEGIN, lock on the head, INSERT, UPDATE of the head, COMMIT; what it promises, one request at a time
 * - `insert-commit`: BEGIN, INSERT, COMMIT; places come from a counter in memory, so a failure leaves a gap
 * - `autocommit`: one INSERT that commits itself, the least that can be called storing
 * - `nothing`: answers as if it had stored
 */
export function createGroupCommit(parts) {
  const grouped = createReal(parts);
  const db = openDatabase(ground.login, POOL);
  const { auditMac } = parts;
  let current = 'grouped';
  let counted = 0;

  const placeNext = (event) => {
    counted += 1;
    return placeEvent(event, counted, parts);
  };
  const variants = {
    grouped: (organizationNo, events) => grouped.record(organizationNo, events),
    'in-order': (organizationNo, events) =>
      db.scoped(organizationNo, async (tx) => {
        const head = await lockHead(tx, organizationNo);
        const placed = events.map((event, index) => placeEvent(event, head.nextSequence + index, parts));
        for (const one of placed) await tx.query(insertOf(organizationNo, one, auditMac.current.keyNo));
        const recordedAt = new Date(placed.at(-1).recordedAt).toISOString();
        await moveHead(tx, organizationNo, head.nextSequence + events.length, recordedAt);
        grouped.moved(organizationNo);
        parts.onGrown?.(organizationNo);
        return recordedAll(placed);
      }),
    'insert-commit': (_, events) =>
      db.unscoped(async (tx) => {
        const placed = events.map(placeNext);
        for (const one of placed) await tx.query(insertOf(NOBODY, one, auditMac.current.keyNo));
        return recordedAll(placed);
      }),
    autocommit: async (_, [event]) => {
      const placed = placeNext(event);
      await db.direct.query(insertOf(NOBODY, placed, auditMac.current.keyNo));
      return recordedAll([placed]);
    },
    nothing: async (_, events) => recordedAll(events.map((event) => answerOnly(event, (counted += 1), parts))),
  };

  /**
   * Call while nothing is being recorded. The counts are brought up to the trail's end, so that no variant pays for
   * another's events.
   */
  recorder.switchTo = async (variant, organizationNo) => {
    while (await db.scoped(organizationNo, (tx) => countStep(tx, organizationNo)));
    current = variant;
  };
  return {
    get waiting() {
      return grouped.waiting;
    },
    record: (organizationNo, events) => variants[current](organizationNo, events),
    moved: (organizationNo) => grouped.moved(organizationNo),
    async drained() {
      await grouped.drained();
      await db.close();
    },
  };
}

/** What the server answers with. */
function recordedAll(placed) {
  return {
    entries: Buffer.concat(placed.flatMap(({ entry }, index) => (index > 0 ? [COMMA, entry] : [entry]))),
    fresh: placed.length,
  };
}

const COMMA = Buffer.from(',');

function entryOf({ bytes, entryStart, entryEnd }, sequence, { auditMac }, recordedAt) {
  const shared = { recorded_at: formatMilliseconds(recordedAt), signature_key_id: auditMac.current.keyId };
  return Buffer.concat([bytes.subarray(entryStart, entryEnd), Buffer.from(auditEventCloser(shared)(sequence))]);
}

function answerOnly(event, sequence, parts) {
  return { entry: entryOf(event, sequence, parts, parts.clock().getTime()) };
}

function placeEvent(event, sequence, parts) {
  const recordedAt = parts.clock().getTime();
  const entry = entryOf(event, sequence, parts, recordedAt);
  const leafHash = hash('sha256', Buffer.concat([LEAF_PREFIX, entry]), 'binary');
  return { entry, event, sequence, recordedAt, leafHash };
}

const LEAF_PREFIX = Buffer.from([0]);
const COLUMNS = EVENT_COLUMNS.split(', ');
const INSERT = `INSERT INTO audit_events_shared (${EVENT_COLUMNS}) VALUES (${COLUMNS.map((_, at) => `$${at + 1}`).join(', ')})`;

/** Each value as it lies in the row that the server prepared: the driver sends bytes as they are. */
function insertOf(organizationNo, { event, sequence, recordedAt, leafHash }, keyNo) {
  const { bytes, rowStart: start, entryStart: end } = event;
  const row = encodeRows({ organizationNo, keyNo, recordedAt }, [{ bytes, start, end, sequence, leafHash }]);
  const values = [];
  // Behind COPY's header and the row's count of fields.
  for (let at = 21; values.length < COLUMNS.length;) {
    const length = row.readInt32BE(at);
    at += 4;
    values.push(length === -1 ? null : row.subarray(at, (at += length)));
  }
  return { name: 'insert-event', text: INSERT, values };
}

async function moveHead(tx, organizationNo, nextSequence, recordedAt) {
  await tx.query({
    name: 'bench-move-head',
    text: 'UPDATE trail_heads SET next_sequence = $2, last_recorded_at = $3 WHERE organization_no = $1',
    values: [organizationNo, nextSequence, recordedAt],
  });
}
