import { auditEventPayload, formatAuditEvent, parseExactJson } from '../packages/formats/dist/index.js';
import { interleaved, median, ratios } from './support/measure.mjs';

export const title = 'Exact JSON: reading a batch of audit events, against JSON.parse of the same text';

const EVENTS = 1000;
const ROUNDS = 60;
const WARM_UP = 15;
const SIGNATURE = `sha256=${'0'.repeat(64)}`;

const events = Array.from({ length: EVENTS }, (_, i) => ({
  action: ['CREATE', 'UPDATE', 'DELETE'][i % 3],
  resource_type: 'feature_flag',
  resource_id: `exp-${i}`,
  actor_id: `5f0c7e1e-0000-4000-8000-${String(i).padStart(12, '0')}`,
  actor_username: 'jane.smith',
  timestamp: '2026-03-01T00:00:00Z',
  ip_address: '203.0.113.45',
  user_agent: 'Mozilla/5.0',
  details: {
    experiment_name: 'Button Color Test',
    previous_status: 'DRAFT',
    traffic: i / 7,
    users: i,
    tags: ['a', 'b'],
  },
}));
const compact = JSON.stringify({ events });
const other = compact.replaceAll('jane.smith', 'zoë.müller').replaceAll('Color', 'Цвет');
const texts = {
  'compact, as JavaScript sends it': compact,
  // Python's json.dumps puts a space after each comma and colon and escapes what isn't ASCII.
  'spaced and escaped, as Python sends it': other
    .replaceAll(/([,:])(["{[0-9])/g, '$1 $2')
    .replaceAll(/[^\0-\x7f]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0')),
  'not ASCII': other,
};

const deeds = {
  'JSON.parse': (text) => JSON.parse(text).events.length,
  read: (text) => parseExactJson(text, { exactMember: 'details' }).events.length,
  // Buffer.byteLength stands for the HMAC, which reads every character.
  'read and format the payload': (text) => forEachEvent(text, (event) => Buffer.byteLength(auditEventPayload(event))),
  'read, format payload and entry': (text) =>
    forEachEvent(
      text,
      (event) => Buffer.byteLength(auditEventPayload(event)) + Buffer.byteLength(formatAuditEvent(event)),
    ),
};

function forEachEvent(text, use) {
  let length = 0;
  for (const sent of parseExactJson(text, { exactMember: 'details' }).events) {
    length += use({
      id: '0198a6c0-0000-7000-8000-000000000001',
      action: sent.action,
      resource_type: sent.resource_type,
      resource_id: sent.resource_id,
      actor_id: sent.actor_id,
      actor_username: sent.actor_username,
      timestamp: sent.timestamp,
      ip_address: sent.ip_address,
      user_agent: sent.user_agent,
      detailsText: sent.details.text,
      signature: SIGNATURE,
      recorded_at: '2026-03-01T00:00:00.000Z',
      sequence: 1,
      signature_key_id: 'k',
    });
  }
  return length;
}

export async function run(tell) {
  const figures = [];
  const scale = [];
  for (const [name, text] of Object.entries(texts)) {
    tell(name);
    const times = await interleaved(Object.keys(deeds), { rounds: ROUNDS, warmUp: WARM_UP }, async (deed) => {
      const start = performance.now();
      deeds[deed](text);
      return performance.now() - start;
    });
    const base = times['JSON.parse'];
    for (const deed of Object.keys(deeds).slice(1)) {
      figures.push({ figure: `${name}: time to ${deed}, of JSON.parse`, ...ratios(times[deed], base) });
    }
    const parseMicroseconds = Number(((median(base) / EVENTS) * 1000).toPrecision(3));
    scale.push({ text: name, bytesAnEvent: Math.round(Buffer.byteLength(text) / EVENTS), parseMicroseconds });
  }
  return { figures, scale, notes: [] };
}
