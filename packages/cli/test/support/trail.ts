import { expect } from 'vitest';

import { runPython } from '../../../formats/test/support/python.ts';
import { call, EVENTS } from './calls.ts';

export interface TrailEvent {
  readonly id: string;
  readonly sequence: number;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly signature_key_id: string;
  /** As the server sent it. */
  readonly text: string;
}

/** The whole trail in the order of its sequence, read page by page while nobody writes. */
export async function readTrail(baseUrl: string, auth: string): Promise<TrailEvent[]> {
  const events: TrailEvent[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await call(baseUrl, 'GET', `${EVENTS}?page_size=500&page=${page}`, { auth });
    expect(answer.status, answer.text).toBe(200);
    const found = answer.json as { items: TrailEvent[]; pages: number };
    const texts = itemTexts(answer.text);
    expect(texts).toHaveLength(found.items.length);
    events.push(...found.items.map((item, index) => ({ ...item, text: texts[index] ?? '' })));
    if (page >= found.pages) return events.sort((a, b) => a.sequence - b.sequence);
  }
}

/** The bytes of each element of `{"items":[…]…`, cut out and not printed again. */
export function itemTexts(body: string): string[] {
  const start = '{"items":['.length;
  expect(body.slice(0, start)).toBe('{"items":[');
  const texts: string[] = [];
  let depth = 0;
  let from = start;
  for (const { 0: token, index } of body.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token.startsWith('"')) continue;
    const at = start + index;
    if (token === ']' && depth === 0) break;
    if (depth === 0) from = at;
    depth += token === '{' || token === '[' ? 1 : -1;
    if (depth === 0) texts.push(body.slice(from, at + 1));
  }
  return texts;
}

/** The function that is published for consumers of the audit logging API, unchanged. */
const VERIFIER = `
import sys
import hmac
import hashlib
import json

def verify_audit_event(event: dict, secret: str) -> bool:
    payload = json.dumps({
        "id": event["id"],
        "action": event["action"],
        "resource_type": event["resource_type"],
        "resource_id": event["resource_id"],
        "actor_id": event["actor_id"],
        "timestamp": event["timestamp"],
        "details": event["details"],
    }, separators=(",", ":"), sort_keys=False)
    expected = hmac.new(
        secret.encode("utf-8"),
        payload.encode("utf-8"),
        hashlib.sha256,
    ).hexdigest()
    provided = event["signature"].removeprefix("sha256=")
    return hmac.compare_digest(expected, provided)

secret = sys.stdin.readline().rstrip("\\n")
for line in sys.stdin:
    print("valid" if verify_audit_event(json.loads(line), secret) else "INVALID")
`;

/** What a consumer's Python says of each event: `valid` or `INVALID`. */
export function verdictsOnMacs(events: readonly { readonly text: string }[], secret: string): string[] {
  const input = [secret, ...events.map(({ text }) => text)].join('\n');
  const { status, stdout } = runPython(['-c', VERIFIER], { input });
  expect(status).toBe(0);
  return stdout.split('\n').slice(0, -1);
}

/** Places 0, 1, 2 … without gap or double, every id once, every MAC good. */
export function expectSound(trail: readonly TrailEvent[], secret: string): void {
  expect(trail.map(({ sequence }) => sequence)).toEqual(trail.map((_, index) => index));
  expect(new Set(trail.map(({ id }) => id)).size).toBe(trail.length);
  expect(verdictsOnMacs(trail, secret)).toEqual(trail.map(() => 'valid'));
}
