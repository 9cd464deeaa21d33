import { idOfLine } from './audit-event.ts';
import { detailOf, reasonOf, type Connection } from './connection.ts';
import { itemSlices } from './item-slices.ts';
import { millisecondsOf } from './rfc3339.ts';

export type BatchOutcome =
  /** Durable on the server. The bytes of each event as they came, in order. */
  | { readonly kind: 'recorded'; readonly items: readonly Buffer[] }
  | { readonly kind: 'again'; readonly reason: string; readonly afterMs: number }
  /** Nothing of the batch is recorded, because of one event. */
  | { readonly kind: 'culprit'; readonly index: number; readonly status: number; readonly detail: string }
  /** As a culprit, but it is only too early: the event's time is so much ahead of the server's clock. */
  | {
      readonly kind: 'ahead';
      readonly index: number;
      readonly aheadMs: number;
      readonly status: number;
      readonly detail: string;
    }
  /** Nothing of the batch is recorded, because of something in it. */
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  /** The events aren't to blame: the credential, the address. */
  | { readonly kind: 'stopped'; readonly status: number; readonly reason: string };

/** Blames the body: a conflict of ids, a wrong value. 413 may come from a proxy, which has no sentence. */
const BLAMING = new Set([409, 422]);

/** A clock may be that wrong. A time further ahead is a wrong time, and everything behind it would wait for ever. */
const LONGEST_AHEAD_MS = 24 * 3600_000;

export async function sendBatch(
  connection: Connection,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<BatchOutcome> {
  const answer = await connection.post(`{"events":[${lines.join(',')}]}`, 'application/json', signal);
  if (answer.kind === 'again') return answer;
  const { status, body, serverTime } = answer;
  if (status === 200 || status === 201) {
    const items = itemSlices(body);
    // A portal or proxy that answers 200 to everything must not make events vanish.
    if (items === undefined || !isAnswerTo(lines, items)) {
      return { kind: 'stopped', status, reason: 'What answers there is not a Veritrail server; check baseUrl.' };
    }
    return { kind: 'recorded', items };
  }
  const detail = detailOf(body);
  if (status === 413) return { kind: 'refused', status, detail: detail ?? 'The body is too large.' };
  if (!BLAMING.has(status) || detail === undefined || isOf(body, 'organization_unclear')) {
    // Of 422 that one is about the caller.
    return { kind: 'stopped', status, reason: reasonOf(status, body) };
  }
  const index = culpritOf(lines, detail);
  if (index === undefined) return { kind: 'refused', status, detail };
  const aheadMs = isOf(body, 'event_in_future') ? timeOf(lines[index] ?? '') - (serverTime ?? Date.now()) : Number.NaN;
  if (aheadMs <= LONGEST_AHEAD_MS) return { kind: 'ahead', index, aheadMs, status, detail };
  return { kind: 'culprit', index, status, detail };
}

function timeOf(line: string): number {
  const { timestamp } = JSON.parse(line) as { timestamp?: unknown };
  return millisecondsOf(String(timestamp)) ?? Number.NaN;
}

function isAnswerTo(lines: readonly string[], items: readonly Buffer[]): boolean {
  return (
    items.length === lines.length &&
    items.every((item, index) => idOfLine(item.toString('utf8', 0, 64)) === idOfLine(lines[index] ?? ''))
  );
}

function isOf(body: Buffer, code: string): boolean {
  return body.includes(`#${code}"`);
}

/** The server names `events[i]`, or the id that is taken. */
function culpritOf(lines: readonly string[], detail: string): number | undefined {
  const index = /^events\[(\d{1,4})\]/.exec(detail)?.[1];
  if (index !== undefined && Number(index) < lines.length) return Number(index);
  // Of two events under one id, the later one is the other event.
  const found = lines.findLastIndex((line) => detail.includes(idOfLine(line) ?? '\0'));
  return found === -1 ? undefined : found;
}
