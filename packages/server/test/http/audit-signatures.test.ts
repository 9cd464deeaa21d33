import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { randomObjectText } from '../../../formats/test/support/json-text.ts';
import { askPython } from '../../../formats/test/support/python.ts';
import { Random } from '../../../formats/test/support/random.ts';
import type { Answer } from '../support/answer.ts';
import { AUDIT_SECRET, startTestServer, type TestServer } from '../support/test-server.ts';
import { addMember, insist, makeWorld, type EventItem, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

const EVENTS = '/api/v1/compliance/audit-events';

async function list(of: World, query: Record<string, string> = {}): Promise<Answer> {
  return insist(server.call)(200, 'GET', `${EVENTS}?${new URLSearchParams(query).toString()}`, {
    auth: of.keys.analyst.bearer,
  });
}

describe("the third seed's function, unchanged, in Python", () => {
  /** As published. */
  const VERIFY = `
    import base64
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
    body = json.loads(base64.b64decode(value["body"]))
    events = body["items"] if "items" in body else [body]
    if value["tamper"]:
        events = [{**event, "resource_id": event["resource_id"] + " "} for event in events]
    return [verify_audit_event(event, value["secret"]) for event in events]`;

  function verdicts(answer: Answer, tamper = false, secret = AUDIT_SECRET): boolean[] {
    const [answered = []] = askPython<object, boolean[]>(VERIFY, [
      { body: answer.bytes.toString('base64'), secret, tamper },
    ]);
    return answered;
  }

  it('verifies hundreds of awkward details as they are given out, posted, listed and read alone', async () => {
    const random = new Random(20_261_122);
    const texts = random.times(400, () => randomObjectText(random, 0));
    texts.push(
      '{"nul":"a\\u0000b","del":"\\u007f","big":12345678901234567890123456789,"one":1.0,"minus":-0.0,"tiny":5e-324}',
    );
    const events = texts.map(
      (details, at) =>
        `{"action":"UPDATE","resource_type":"awkward","resource_id":"${at}","actor_id":"\\ud83d\\ude00","details":${details}}`,
    );
    for (let at = 0; at < events.length; at += 50) {
      const raw = `{"events":[${events.slice(at, at + 50).join(',')}]}`;
      const answer = await server.call('POST', EVENTS, { auth: world.keys.recorder.basic, raw });
      expect([answer.status, answer.status === 201 || answer.text]).toEqual([201, true]);
      expect(verdicts(answer)).toEqual(Array(answer.json.items.length).fill(true));
    }
    const page = await list(world, { resource_type: 'awkward', page_size: '500' });
    expect(page.json.total).toBe(texts.length);
    expect(verdicts(page)).toEqual(Array(texts.length).fill(true));
    expect(verdicts(page, true)).toEqual(Array(texts.length).fill(false));
    expect(verdicts(page, false, `${AUDIT_SECRET} `)).toEqual(Array(texts.length).fill(false));
    const { id } = page.json.items[7] as EventItem;
    expect(
      verdicts(await insist(server.call)(200, 'GET', `${EVENTS}/${id}`, { auth: world.keys.analyst.basic })),
    ).toEqual([true]);
  });

  it("verifies the server's own events too, whatever they hold", async () => {
    const name = 'a"\\ \u00e9\u2028😀</script>';
    await insist(server.call)(200, 'PATCH', world.path(), { auth: world.keys.owner.basic, body: { name } });
    await addMember(server, world.id, world.keys.owner.basic, 'member');
    const page = await list(world, { page_size: '500' });
    expect(new Set(verdicts(page))).toEqual(new Set([true]));
  });

  it('sees either an event that verifies or a refusal, never an event that does not', async () => {
    const random = new Random(7);
    const seen = new Set<number>();
    for (const details of random.times(150, () => randomObjectText(random, 0.3))) {
      const raw = `{"action":"READ","resource_type":"mischief","resource_id":"x","actor_id":"y","details":${details}}`;
      const answer = await server.call('POST', EVENTS, { auth: world.keys.recorder.basic, raw: Buffer.from(raw) });
      expect([201, 422]).toContain(answer.status);
      seen.add(answer.status);
    }
    expect(seen).toEqual(new Set([201, 422]));
    const page = await list(world, { resource_type: 'mischief', page_size: '500' });
    expect(new Set(verdicts(page))).toEqual(new Set([true]));
  });
});
