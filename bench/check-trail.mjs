import { createHmac } from 'node:crypto';
import { rm } from 'node:fs/promises';

import { auditEventPayload, formatTimestamp, parseExactJson } from '../packages/formats/dist/index.js';
import { openAuditKeys } from '../packages/server/dist/keyring/audit-keys.js';
import { createHmacSha256 } from '../packages/server/dist/keyring/hmac-sha256.js';
import { Secret } from '../packages/server/dist/secret.js';
import { openDatabase } from '../packages/server/dist/storage/database.js';
import { startEmbeddedPostgres } from '../packages/server/dist/storage/embedded/start-embedded-postgres.js';
import { prepareDatabase } from '../packages/server/dist/storage/prepare-database.js';
import { appendEvents } from '../packages/server/dist/trail/append-events.js';
import { copyRange } from '../packages/server/dist/trail/check-store.js';
import { checkTrail } from '../packages/server/dist/trail/check-trail.js';
import { countStep } from '../packages/server/dist/trail/count-step.js';
import { readEventDraft } from '../packages/server/dist/trail/event-draft.js';
import { EventBytes } from '../packages/server/dist/trail/event-bytes.js';
import { prepareEvent, readPrepared } from '../packages/server/dist/trail/prepare-event.js';
import { copyRows, decodeRows, READ_COLUMNS } from '../packages/server/dist/trail/read-rows.js';
import { connectTo, postgresVersion } from './support/database.mjs';
import { interleaved, median, ratios } from './support/measure.mjs';
import { highestPeak } from './support/memory.mjs';
import { sampleEvents } from './support/sample-events.mjs';
import { temporaryFolder } from './support/server.mjs';

export const title = 'Checking a stored trail: MAC, place, time and leaf of every row';

const EVENTS = 60_000;
const BATCH = 1000;
const ROWS_A_STEP = 10_000;
const ROUNDS = 9;
const SECRET = 'a secret of the bench, 32 or more';
const silent = { info() {}, warn() {}, error() {}, debug() {} };

export async function run(tell) {
  const folder = await temporaryFolder();
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder, diagnostics: silent });
  try {
    const login = await prepareDatabase({ ...postgres.owner });
    const db = openDatabase(login, 4);
    try {
      tell(`recording ${EVENTS} events`);
      const secret = new Secret(SECRET);
      const given = { current: secret, previous: [] };
      const { auditMac } = await openAuditKeys(db.direct, given, undefined, () => new Date());
      const no = await makeOrganization(db);
      const payloads = await recordEvents(db, no, auditMac);
      while (await db.scoped(no, (tx) => countStep(tx, no)));

      const parts = {
        db,
        auditMac,
        clock: () => new Date(),
        recordDeed: () => Promise.reject(new Error('it diverged')),
      };
      const forget = () =>
        db.scoped(no, (tx) => tx.query('UPDATE trail_checks SET checked_through = 0, checked_leaf = NULL'));
      const variants = {
        'every row': () => checkTrail(parts, no, { full: false }),
        'whole round': () => checkTrail(parts, no, { full: true }),
        bare: () => bare(db, no, payloads, (payload) => createHmac('sha256', SECRET).update(payload).digest('hex')),
        'bare, our HMAC': () => bare(db, no, payloads, createHmacSha256(secret)),
        straight: () => straight(db, no, auditMac),
      };
      const analyzer = await connectTo(postgres.owner);
      await analyzer.query('VACUUM ANALYZE');
      await analyzer.end();
      tell(`${ROUNDS} rounds of ${Object.keys(variants).length} ways to go through them`);
      const results = await interleaved(Object.keys(variants), { rounds: ROUNDS }, async (variant) => {
        if (variant === 'every row') await forget();
        const cpu = process.cpuUsage();
        const begun = performance.now();
        await variants[variant]();
        const elapsed = performance.now() - begun;
        const { user, system } = process.cpuUsage(cpu);
        return { perSecond: (EVENTS * 1000) / elapsed, ownMicroseconds: (user + system) / EVENTS };
      });
      const perSecond = (variant) => results[variant].map((result) => result.perSecond);
      const compared = (one, other) => ratios(perSecond(one), perSecond(other));
      return {
        postgres: await postgresVersion(postgres.owner),
        figures: [
          {
            figure: 'rows checked a second, of reading rows by binary COPY, making their payloads and comparing HMACs',
            ...compared('every row', 'straight'),
            atLeast: 0.8,
          },
          {
            figure: 'the same for a whole round, with head and counts compared',
            ...compared('whole round', 'straight'),
          },
          {
            figure: "rows checked a second, of that COPY unread beside Node's HMACs of payloads made beforehand",
            ...compared('every row', 'bare'),
          },
          { figure: 'the same, those HMACs made as ours', ...compared('every row', 'bare, our HMAC') },
          // Of this process, which also holds the payloads of the baselines.
          ...highestPeak([process.resourceUsage().maxRSS / 1024]),
        ],
        scale: Object.entries(results).map(([variant, rounds]) => ({
          variant,
          perSecond: Math.round(median(rounds.map((one) => one.perSecond))),
          ownMicroseconds: Number(median(rounds.map((one) => one.ownMicroseconds)).toPrecision(3)),
        })),
        notes: [`${EVENTS} events in steps of ${ROWS_A_STEP} rows, each a transaction of its own, in every variant.`],
      };
    } finally {
      await db.close();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeOrganization(db) {
  const { rows } = await db.direct.query(
    `INSERT INTO organizations (organization_id, name, billing_email, created_at)
     VALUES (gen_random_uuid(), 'Bench', 'bench@example.com', now()) RETURNING organization_no`,
  );
  return rows[0].organization_no;
}

/** Answers their payloads in order. */
async function recordEvents(db, no, auditMac) {
  const payloads = [];
  for (let batch = 0; batch < EVENTS / BATCH; batch += 1) {
    const now = new Date();
    const bytes = new EventBytes(BATCH * 1500);
    const events = sampleEvents(BATCH, batch).map((event, index) => {
      const timestamp = formatTimestamp({ seconds: Math.floor(now.getTime() / 1000) - batch * 600, micros: index * 7 });
      const text = JSON.stringify({ ...event, timestamp });
      return prepareEvent(
        readEventDraft(parseExactJson(text, { exactMember: 'details' }), '', now),
        auditMac,
        now,
        bytes,
      );
    });
    for (const event of events) payloads.push(auditEventPayload(readPrepared(event)));
    await db.scoped(no, (tx) => appendEvents(tx, no, [events], auditMac, now));
  }
  return payloads;
}

/** The rows as they come, not looked at; meanwhile as many HMACs as rows have come. */
async function bare(db, no, payloads, mac) {
  for (let from = 0; from < EVENTS; from += ROWS_A_STEP) {
    await db.scoped(
      no,
      async (tx) => {
        let done = from;
        const until = (end) => {
          for (; done < end; done += 1) mac(payloads[done]);
        };
        let bytes = 0;
        for await (const piece of copyRange(tx, no, from, from + ROWS_A_STEP)) {
          bytes += piece.length;
          until(Math.min(from + ROWS_A_STEP, from + Math.floor(bytes / BYTES_A_ROW)));
        }
        until(from + ROWS_A_STEP);
      },
      { snapshot: true },
    );
  }
}
/** About, for pacing only. */
const BYTES_A_ROW = 600;

/** What one would write first, with the functions that exports use. */
async function straight(db, no, auditMac) {
  for (let from = 0; from < EVENTS; from += ROWS_A_STEP) {
    const query = `SELECT ${READ_COLUMNS} FROM audit_events WHERE organization_no = ${no} AND sequence >= ${from}
      AND sequence < ${from + ROWS_A_STEP} ORDER BY sequence`;
    const bytes = await db.scoped(no, (tx) => copyRows(tx, query), { snapshot: true });
    for (const event of decodeRows(bytes, auditMac.keyIdOf)) {
      const mac = createHmac('sha256', SECRET).update(auditEventPayload(event)).digest('hex');
      if (`sha256=${mac}` !== event.signature) throw new Error('a MAC is wrong');
    }
  }
}
