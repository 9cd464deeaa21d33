import { canonicalJson } from '../../packages/formats/dist/index.js';
import { appendEvents } from '../../packages/server/dist/trail/append-events.js';
import { checkTrail } from '../../packages/server/dist/trail/check-trail.js';
import { EventBytes } from '../../packages/server/dist/trail/event-bytes.js';
import { prepareEvent } from '../../packages/server/dist/trail/prepare-event.js';
import { readHead } from '../../packages/server/dist/trail/trail-store.js';
import { randomFrom, sampleEvent } from '../support/sample-events.mjs';

const BATCH = 5000;
const BYTES_AT_ONCE = 128 * 1024;
const DAYS = 400;
const DAY_MS = 86_400_000;
const ACTORS = 20_000;
const LATE_MS = 600_000;

/**
 * Fills a trail with events of the last 400 days, by the server's own code below its door: signed, placed and stored as
 * always, under a clock that moves through those days. Goes on where an earlier call ended,
 * and may stop before the end of them.
 */
export async function fillTrail(house, { organizationNo, events, until, through = events }) {
  const { db, keyring, follower } = house;
  const { nextSequence } = await db.scoped(organizationNo, (tx) => readHead(tx, organizationNo));
  const begin = until - DAYS * DAY_MS;
  for (let from = nextSequence; from < through; from += BATCH) {
    const to = Math.min(through, from + BATCH);
    const timeOf = (sequence) => begin + Math.floor((sequence / events) * DAYS * DAY_MS);
    const random = randomFrom(from + 1);
    const prepared = [];
    const bytes = new EventBytes(BYTES_AT_ONCE);
    for (let sequence = from; sequence < to; sequence += 1) {
      const now = timeOf(sequence);
      prepared.push(prepareEvent(draftOf(random, now), keyring.auditMac, new Date(now), bytes));
    }
    await db.scoped(organizationNo, (tx) =>
      appendEvents(tx, organizationNo, [prepared], keyring.auditMac, new Date(timeOf(to - 1))),
    );
    follower.nudge(organizationNo);
  }
}

/** Counted, flagged and checked up to its end. */
export async function settleTrail(house, organizationNo) {
  await house.follower.catchUp(organizationNo);
  const { recordDeed } = house.ground;
  const parts = { db: house.db, auditMac: house.keyring.auditMac, clock: house.clock, recordDeed };
  await checkTrail(parts, organizationNo, { full: false });
}

/** Few actors do most: as many events lie with the first ten as with the next hundred, and so on. */
function draftOf(random, now) {
  const sample = sampleEvent(random);
  const actor = Math.floor(ACTORS ** random());
  const seconds = (now - random() * LATE_MS) / 1000;
  return {
    id: undefined,
    action: sample.action,
    resource_type: sample.resource_type,
    resource_id: sample.resource_id,
    actor_id: `user-${String(actor).padStart(6, '0')}`,
    actor_username: `user${actor}@example.com`,
    occurred: { seconds: Math.floor(seconds), micros: Math.floor((seconds % 1) * 1e6) },
    ip_address: `10.${actor % 250}.${actor % 7}.${random() < 0.9 ? 1 : 2}`,
    user_agent: sample.user_agent,
    detailsText: canonicalJson(JSON.stringify(sample.details)),
  };
}
