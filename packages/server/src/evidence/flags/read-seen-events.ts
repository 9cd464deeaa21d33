import { POSTGRES_EPOCH_SECONDS } from '@veritrail/formats';

import type { Queryable } from '../../storage/database.ts';
import { copyRows, firstRowIn, readInt64 } from '../../trail/read-rows.ts';
import type { SeenEvent } from './flag-rules.ts';

const COLUMN_COUNT = 9;
const POSTGRES_EPOCH_MICROSECONDS = POSTGRES_EPOCH_SECONDS * 1e6;
const NOT_ASCII = /[\x80-\xff]/;

/** The events from `from` to just before `to`, in order; at most some ten thousand, since all of them are in memory. */
export async function readSeenEvents(
  tx: Queryable,
  organizationNo: number,
  from: number,
  to: number,
): Promise<SeenEvent[]> {
  const query = `SELECT sequence, id, occurred_at, recorded_at, login_failed, resource_id = actor_id, action, actor_id,
      ip_address
    FROM audit_events WHERE organization_no = ${organizationNo} AND sequence >= ${from} AND sequence < ${to}
    ORDER BY sequence`;
  return decode(await copyRows(tx, query));
}

/** Texts are cut from one long text: a call into the engine for each would take longer than all that rules do. */
function decode(bytes: Buffer): SeenEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const latin1 = bytes.toString('latin1');
  let at = firstRowIn(bytes);

  /** Where a value of that many bytes begins. */
  const skip = (length: number): number => (at += 4 + length) - length;
  const int64 = (): number => readInt64(view, skip(8));
  const milliseconds = (): number => (int64() + POSTGRES_EPOCH_MICROSECONDS) / 1000;
  const uuid = (): string => {
    const begin = skip(16);
    return bytes.toString('hex', begin, at);
  };
  const boolean = (): boolean => view.getUint8(skip(1)) === 1;
  const textOrNull = (): string | null => {
    const length = view.getInt32(at);
    const begin = skip(Math.max(0, length));
    if (length === -1) return null;
    const text = latin1.slice(begin, at);
    return NOT_ASCII.test(text) ? bytes.toString('utf8', begin, at) : text;
  };
  const text = (): string => textOrNull() ?? '';

  const events: SeenEvent[] = [];
  while (view.getInt16(at) === COLUMN_COUNT) {
    at += 2;
    events.push({
      sequence: int64(),
      id: uuid(),
      occurredAt: milliseconds(),
      recordedAt: milliseconds(),
      loginFailed: boolean(),
      isOnActor: boolean(),
      action: text(),
      actorId: text(),
      ipAddress: textOrNull(),
    });
  }
  return events;
}
