import { parseExactJson } from '@veritrail/formats';
import {
  changeService,
  declare,
  MAX_EVENTS_A_REQUEST,
  putService,
  readEventDrafts,
  recordObservations,
  removeService,
  servicesNamedIn,
  takeSample,
  type Ground,
  type House,
  type OrganizationRef,
  type Trail,
} from '@veritrail/server';

import { actorOf, CONFIG_SCAN, type DemoActor } from './cast.ts';
import { DemoError } from './demo-error.ts';
import { COLLECTOR, readingsAt } from './observations.ts';
import { planActivity } from './plan-activity.ts';
import { planKeeping, type PlannedKeeping } from './plan-keeping.ts';
import { planRecords, type PlannedBackup, type PlannedRecord } from './plan-records.ts';
import { seeded } from './random.ts';
import { recordBackups } from './record-backups.ts';
import type { SentEvent } from './sent-event.ts';
import type { SimulatedClock } from './simulated-clock.ts';

const HOUR = 3_600_000;

/**
 * Events wait to be recorded, as if a collector shipped them: a commit for each would take minutes. They wait four hours,
 * or until there are a few; at most half a day, so that `recorded_at` is never far from `timestamp`.
 */
const HOURS_A_BATCH = 4;
const EVENTS_WORTH_A_BATCH = 10;
const MOST_HOURS_A_BATCH = 12;
const SHIPPING_MS = 2_000;

type Planned = PlannedRecord | PlannedKeeping;

/** Where the demo is played: the server's own trail and deeds, at a simulated time. */
export interface Stage {
  readonly house: Pick<House, 'db' | 'keyring'>;
  readonly clock: SimulatedClock;
  readonly ground: Ground;
  readonly trail: Trail;
  readonly organization: OrganizationRef;
}

export interface Script {
  /** Milliseconds since the Unix epoch. */
  readonly start: number;
  readonly end: number;
  /** Besides those that records leave. */
  readonly events: number;
  readonly seed: string;
}

export interface Progress {
  readonly events: number;
  /** Each of which has an event too. */
  readonly records: number;
  /** From 0 to 1. */
  readonly share: number;
  /** The simulated time. */
  readonly at: Date;
}

/**
 * Plays the script in time order: what happens to services and backups, and the events of whoever used them. What is
 * held at any time doesn't depend on the number of events.
 *
 * @throws {DemoError} `interrupted`, with what was recorded until then left in the organization
 */
export async function fillOrganization(
  stage: Stage,
  script: Script,
  watch: { readonly onProgress: (progress: Progress) => void; readonly signal?: AbortSignal | undefined },
): Promise<Progress> {
  const { start, end } = script;
  // Streams of their own, so that services and backups are the same however many events there are.
  const planned: readonly Planned[] = [
    ...planRecords(start, end, seeded(`${script.seed} records`)),
    ...planKeeping(start, end),
  ].toSorted((one, other) => one.at - other.at);
  const hours = planActivity(start, end, script.events, seeded(`${script.seed} activity`));
  let progress: Progress = { events: 0, records: 0, share: 0, at: new Date(start) };
  let played = 0;
  let until = start;
  let waited = 0;
  let waiting: SentEvent[] = [];
  for (const events of hours) {
    waiting.push(...events);
    until = Math.min(until + HOUR, end);
    waited += 1;
    if (until < end && !isBatch(waited, waiting.length)) continue;
    if (watch.signal?.aborted === true) {
      throw new DemoError('interrupted', 'The server is stopping, so the demo was left half filled.');
    }
    const due = dueBefore(planned, played, until);
    played += due.length;
    await recordAll(stage, due, end);
    await send(stage, waiting, end);
    progress = {
      events: progress.events + waiting.length,
      records: progress.records + due.filter(({ kind }) => kind !== 'sample').length,
      share: (progress.events + waiting.length + played) / (script.events + planned.length),
      at: new Date(until),
    };
    watch.onProgress(progress);
    waited = 0;
    waiting = [];
  }
  return progress;
}

function isBatch(hours: number, events: number): boolean {
  const worthIt = hours >= HOURS_A_BATCH && events >= EVENTS_WORTH_A_BATCH;
  return worthIt || hours >= MOST_HOURS_A_BATCH || events >= MAX_EVENTS_A_REQUEST;
}

function dueBefore(planned: readonly Planned[], from: number, until: number): Planned[] {
  let to = from;
  while ((planned[to]?.at ?? Infinity) < until) to += 1;
  return planned.slice(from, to);
}

async function recordAll(stage: Stage, records: readonly Planned[], end: number): Promise<void> {
  let backups: PlannedBackup[] = [];
  const flush = async (): Promise<void> => {
    if (backups.length > 0) await recordBackups(stage.house, stage.organization, backups, stage.clock.now());
    backups = [];
  };
  for (const record of records) {
    if (record.kind !== 'backup') await flush();
    stage.clock.moveTo(record.at);
    if (record.kind === 'backup') backups.push(record);
    else await changeRecords(stage, record, end);
  }
  await flush();
}

async function changeRecords(stage: Stage, record: Exclude<Planned, PlannedBackup>, end: number): Promise<void> {
  const { ground, organization } = stage;
  if (record.kind === 'sample') {
    await takeSample(ground, organization.no, ground.clock());
    return;
  }
  const callerFor = (by: DemoActor) => ({ actor: actorOf(by), organization });
  if (record.kind === 'observe') {
    await recordObservations(ground, callerFor(CONFIG_SCAN), COLLECTOR, readingsAt(record.at, end));
  } else if (record.kind === 'declare') {
    const { kind, recordId, by, data } = record.declaration;
    const declared = { owner: by.name, validUntil: undefined, data, serviceIds: servicesNamedIn({ ...data }) };
    await declare(ground, callerFor(by), { kind, recordId }, declared);
  } else if (record.kind === 'put') await putService(ground, callerFor(record.by), record.serviceId, record.facts);
  else if (record.kind === 'change') await changeService(ground, callerFor(record.by), record.serviceId, record.to);
  else await removeService(ground, callerFor(record.by), record.serviceId);
}

/** Through the door that callers' events come through, so that nothing is in the demo that a caller couldn't send. */
async function send(stage: Stage, events: readonly SentEvent[], end: number): Promise<void> {
  for (let from = 0; from < events.length; from += MAX_EVENTS_A_REQUEST) {
    const batch = events.slice(from, from + MAX_EVENTS_A_REQUEST);
    stage.clock.moveTo(Math.min((batch.at(-1)?.at ?? 0) + SHIPPING_MS, end));
    const text = JSON.stringify({ events: batch.map((event) => event.body) });
    const { drafts } = readEventDrafts(parseExactJson(text, { exactMember: 'details' }), stage.clock.now());
    await stage.trail.record(stage.organization.no, drafts);
  }
}
