/** Deterministic and not for secrets (mulberry32): the same events in every run. */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ACTIONS = ['READ', 'READ', 'READ', 'READ', 'UPDATE', 'UPDATE', 'CREATE', 'LOGIN', 'DELETE', 'CONFIG_CHANGE'];
const RESOURCES = ['document', 'document', 'invoice', 'customer', 'database', 'user', 'report', 'bucket'];
const AGENTS = ['orders-service/4.2 (+linux)', 'Mozilla/5.0 (X11; Linux x64; rv:140.0) Gecko/20100101', 'billing/1.0'];
/** As wide as any time with microseconds, and replaced in place before an event is sent. */
export const TIME_TO_BE_SET = '2026-01-01T00:00:00.000000Z';

/** An event like those of a line-of-business application, about 450 bytes of JSON with 130 of details. */
export function sampleEvent(random) {
  const pick = (values) => values[Math.floor(random() * values.length)];
  const actor = Math.floor(random() * 2000);
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const resource = pick(RESOURCES);
  return {
    action: pick(ACTIONS),
    resource_type: resource,
    resource_id: `${resource}-${Math.floor(random() * 50_000)}`,
    actor_id: `user-${String(actor).padStart(6, '0')}`,
    actor_username: `user${actor}@example.com`,
    timestamp: TIME_TO_BE_SET,
    ip_address: `10.${actor % 250}.${Math.floor(random() * 250)}.7`,
    user_agent: pick(AGENTS),
    details: {
      request_id: `${hex()}${hex()}`,
      outcome: random() < 0.97 ? 'success' : 'failure',
      changed: ['status', 'amount'],
      amount: Math.round(random() * 1e6) / 100,
      note: random() < 0.1 ? 'geprüft, Straße 7' : 'checked',
      duration_ms: Math.floor(random() * 400),
    },
  };
}

export function sampleEvents(count, seed = 1) {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => sampleEvent(random));
}
