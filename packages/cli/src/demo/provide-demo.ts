import { createGroupCommit, createRecordDeed, createTrail, type Ground, type House } from '@veritrail/server';

import { DemoError } from './demo-error.ts';
import { readDemoFile, type DemoFile } from './demo-file.ts';
import { beginOrganization, DEMO_NAME, FILLING_NAME, finishOrganization } from './demo-organization.ts';
import { findFirstOwner, listOrganizationsNamed } from './demo-store.ts';
import { fillOrganization, type Progress } from './fill-organization.ts';
import { createSimulatedClock } from './simulated-clock.ts';

const DAYS = 400;
const DAY = 86_400_000;

export interface DemoOptions {
  /** How many events, besides those that records leave. */
  readonly events: number;
  /** The same seed and end give the same demo, but for what is random on purpose: keys and the ids of events. */
  readonly seed?: string;
  /** Standard: the server's clock. */
  readonly end?: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called if a demo is to be made, before anything is. */
  readonly onStart?: (start: { readonly abandoned: readonly string[] }) => void;
}

export interface Demo {
  readonly organizationId: string;
  /** Undefined if an earlier start made the demo and its file is gone. */
  readonly file: DemoFile | undefined;
  /** Undefined if an earlier start made the demo. */
  readonly made:
    | { readonly events: number; readonly records: number; readonly from: Date; readonly to: Date }
    | undefined;
}

/**
 * An organization full of invented records and events, as if 400 days had passed. Made once: whether there is one is
 * told by its final name alone, which is the last thing that it gets. One that a crash or a stop left half filled is
 * neither continued nor touched, since what a trail has can't be taken back; the next demo is another organization.
 *
 * @throws {DemoError} `interrupted`, `no_owner`
 */
export async function provideDemo(house: House, options: DemoOptions): Promise<Demo> {
  const { db, recordingDb, keyring, configuration } = house;
  const known = await listOrganizationsNamed(db.direct, [DEMO_NAME, FILLING_NAME]);
  const there = known.find((organization) => organization.name === DEMO_NAME);
  if (there !== undefined) {
    const file = await readDemoFile(configuration.dataDirectory);
    const organizationId = there.organization_id;
    return { organizationId, file: file?.organization_id === organizationId ? file : undefined, made: undefined };
  }
  const owner = await findFirstOwner(db.direct);
  if (owner === undefined) throw new DemoError('no_owner', 'Make somebody the owner of an organization first.');

  options.onStart?.({ abandoned: known.map((organization) => organization.organization_id) });
  const end = (options.end ?? house.clock()).getTime();
  const start = end - DAYS * DAY;
  const clock = createSimulatedClock(start);
  const { auditMac } = keyring;
  const groupCommit = createGroupCommit({ db: recordingDb, auditMac, clock: clock.now });
  const recordDeed = createRecordDeed(auditMac, clock.now, groupCommit.moved);
  const ground: Ground = { db, clock: clock.now, recordDeed };
  const trail = createTrail({ db, groupCommit, auditMac, clock: clock.now });
  const organization = await beginOrganization(house, ground, owner);
  const { events, records } = await fillOrganization(
    { house, clock, ground, trail, organization },
    { start, end, events: options.events, seed: options.seed ?? 'veritrail' },
    { onProgress: options.onProgress ?? (() => undefined), signal: options.signal },
  );
  const file = await finishOrganization(house, organization, owner);
  return { organizationId: organization.id, file, made: { events, records, from: new Date(start), to: new Date(end) } };
}
