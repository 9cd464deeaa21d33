import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../support/test-server.ts';
import { EVENT, insist, makeWorld, type World } from '../support/world.ts';

const PATH = '/api/v1/compliance/export';
let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  // Later in the trail, earlier by time.
  const events = Array.from({ length: 30 }, (_, index) => ({
    ...EVENT,
    resource_id: `r-${index}`,
    timestamp: `2026-01-${String(30 - index).padStart(2, '0')}T10:00:00Z`,
  }));
  const auth = world.keys.recorder.bearer;
  await insist(server.call)(201, 'POST', '/api/v1/compliance/audit-events', { auth, body: { events } });
});
afterAll(() => server.stop());

interface Line {
  readonly id: string;
  readonly sequence: number;
  readonly timestamp: string;
}

async function lines(query: string): Promise<{ lines: Line[]; manifest: Record<string, unknown> }> {
  const auth = world.keys.admin.basic;
  const answer = await insist(server.call)(200, 'GET', `${PATH}?format=ndjson&${query}`, { auth });
  const id = answer.headers['x-export-id'] ?? '';
  const manifest = await insist(server.call)(200, 'GET', `/api/v1/compliance/exports/${id}`, { auth });
  const texts = answer.text.split('\n').slice(0, -1);
  return {
    lines: texts.map((text) => JSON.parse(text) as Line),
    manifest: manifest.json as Record<string, unknown>,
  };
}

const sequencesOf = (found: readonly Line[]): number[] => found.map((line) => line.sequence);

describe('an export', () => {
  it('is oldest first by time, then sequence, unless it is asked for by sequence', async () => {
    const byTime = (await lines('')).lines;
    const sorted = [...byTime].sort(
      (a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp) || a.sequence - b.sequence,
    );
    expect(byTime).toEqual(sorted);
    const bySequence = sequencesOf((await lines('order=sequence')).lines);
    expect(bySequence).toEqual(bySequence.map((_, index) => index));
  });

  it('by sequence that broke off goes on after the last line that came', async () => {
    const whole = (await lines('order=sequence')).lines;
    const got = whole.slice(0, 13);
    const { lines: rest, manifest } = await lines(`order=sequence&after_sequence=${got.at(-1)?.sequence}`);
    expect([...got, ...rest].slice(0, whole.length)).toEqual(whole);
    expect(manifest).toMatchObject({ complete: true, filter: { order: 'sequence', after_sequence: 12 } });
  });

  it.each(['time', 'sequence'])('by %s goes on where the manifest of the last one ended', async (order) => {
    const before = await lines(`order=${order}`);
    expect(before.manifest).toMatchObject({ complete: true, events: before.lines.length, first_sequence: 0 });
    const last = before.manifest['last_sequence'] as number;
    const after = sequencesOf((await lines(`order=${order}&after_sequence=${last}`)).lines);
    // The two exports themselves, and what was read about them, are events too.
    expect(Math.min(...after)).toBe(last + 1);
  });
});
