import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { randomFrom, sampleEvent } from './sample-events.mjs';

const PATH = '/api/v1/compliance/audit-events';
const PAUSE_MS = 25;

/**
 * What callers know: every request they sent, and for those that were answered the bytes of each event. Only what was
 * answered with 201 is acknowledged; of the rest nobody can say whether it was stored.
 */
export function openLedger() {
  return { postings: [], acknowledgedEvents: 0 };
}

/** Callers who each send one request after the other, under ids of their own, until told to stop. */
export function startWriters(ledger, { port, authorization, singles, batches, seed }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const stopping = new AbortController();
  const random = randomFrom(seed);
  const post = async (size) => {
    const events = Array.from({ length: size }, () => ({
      ...sampleEvent(random),
      id: randomUUID(),
      timestamp: undefined,
    }));
    const posting = { ids: events.map(({ id }) => id), texts: undefined };
    ledger.postings.push(posting);
    const body = JSON.stringify(size === 1 ? events[0] : { events });
    const text = await send({ port, agent, authorization, body }).catch(() => undefined);
    if (text === undefined) return sleep(PAUSE_MS);
    posting.texts = size === 1 ? [text] : itemsOf(text);
    ledger.acknowledgedEvents += size;
  };
  const sizes = [...Array(singles).fill(() => 1), ...Array(batches).fill(() => 2 + Math.floor(random() * 40))];
  const callers = sizes.map(async (size) => {
    while (!stopping.signal.aborted) await post(size());
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(callers);
      agent.destroy();
    },
  };
}

/** The text of a 201; undefined for any other answer. */
function send({ port, agent, authorization, body }) {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const asked = request({ host: '127.0.0.1', port, path: PATH, method: 'POST', agent, headers });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      const chunks = [];
      answer.on('error', reject);
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('close', () => reject(new Error('it broke off')));
      answer.on('end', () => resolve(answer.statusCode === 201 ? Buffer.concat(chunks).toString() : undefined));
    });
    asked.end(body);
  });
}

/** The entries of `{"items":[…]}` as the bytes that they are: each begins with its id, and nothing else can. */
function itemsOf(text) {
  const inner = text.slice('{"items":['.length, -']}'.length);
  return inner.split(/,(?=\{"id":"[0-9a-f-]{36}","action":")/);
}

/**
 * The whole trail against the ledger.
 *
 * @param {readonly string[]} lines every event's text, as an export gives it out
 */
export function compareLedger(ledger, lines) {
  const stored = new Map();
  const sequences = new Set();
  let twice = 0;
  for (const line of lines) {
    const { id, sequence } = JSON.parse(line);
    if (stored.has(id) || sequences.has(sequence)) twice += 1;
    stored.set(id, line);
    sequences.add(sequence);
  }
  let gaps = 0;
  for (let sequence = 0; sequence < lines.length; sequence += 1) if (!sequences.has(sequence)) gaps += 1;
  const found = {
    events: lines.length,
    lost: 0,
    changed: 0,
    twice,
    gaps,
    halfWritten: 0,
    storedUnanswered: 0,
    unanswered: 0,
  };
  for (const { ids, texts } of ledger.postings) {
    const there = ids.filter((id) => stored.has(id)).length;
    if (texts === undefined) {
      found.unanswered += ids.length;
      found.storedUnanswered += there;
    } else {
      found.lost += ids.length - there;
      found.changed += ids.filter((id, index) => stored.has(id) && stored.get(id) !== texts[index]).length;
    }
    if (there !== 0 && there !== ids.length) found.halfWritten += 1;
  }
  return found;
}
