import { idOfLine } from './audit-event.ts';
import { detailOf, reasonOf, type Connection } from './connection.ts';
import { itemSlices } from './item-slices.ts';

export type BatchOutcome =
  /** Durable on the server. The bytes of each event as they came, in order. */
  | { readonly kind: 'recorded'; readonly items: readonly Buffer[] }
  | { readonly kind: 'again'; readonly reason: string; readonly afterMs: number }
  /** Nothing of the batch is recorded, because of one event. */
  | { readonly kind: 'culprit'; readonly index: number; readonly status: number; readonly detail: string }
  /** Nothing of the batch is recorded, because of something in it. */
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  /** The events aren't to blame: the credential, the address. */
  | { readonly kind: 'stopped'; readonly status: number; readonly reason: string };

/** Blames the body: a conflict of ids, a wrong value. 413 may come from a proxy, which has no sentence. */
const BLAMING = new Set([409, 422]);

export async function sendBatch(
  connection: Connection,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<BatchOutcome> {
  const answer = await connection.post(`{"events":[${lines.join(',')}]}`, 'application/json', signal);
  if (answer.kind === 'again') return answer;
  const { status, body } = answer;
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
  if (!BLAMING.has(status) || detail === undefined || isOrganizationUnclear(body)) {
    return { kind: 'stopped', status, reason: reasonOf(status, body) };
  }
  const index = culpritOf(lines, detail);
  return index === undefined ? { kind: 'refused', status, detail } : { kind: 'culprit', index, status, detail };
}

function isAnswerTo(lines: readonly string[], items: readonly Buffer[]): boolean {
  return (
    items.length === lines.length &&
    items.every((item, index) => idOfLine(item.toString('utf8', 0, 64)) === idOfLine(lines[index] ?? ''))
  );
}

/** 422 too, but about the caller. */
function isOrganizationUnclear(body: Buffer): boolean {
  return body.includes('#organization_unclear"');
}

/** The server names `events[i]`, or the id that is taken. */
function culpritOf(lines: readonly string[], detail: string): number | undefined {
  const index = /^events\[(\d{1,4})\]/.exec(detail)?.[1];
  if (index !== undefined && Number(index) < lines.length) return Number(index);
  // Of two events under one id, the later one is the other event.
  const found = lines.findLastIndex((line) => detail.includes(idOfLine(line) ?? '\0'));
  return found === -1 ? undefined : found;
}
