import { existsSync } from 'node:fs';

import {
  acknowledgeDivergence,
  checkTrail,
  listOrganizationRefs,
  openDiagnostics,
  openHouse,
  readConfiguration,
  readTrailCheck,
  type CheckParts,
  type House,
  type TrailCheck,
} from '@veritrail/server';
import { createCheckProgress } from './check-progress.ts';
import { renderChecks } from './render-checks.ts';
import { explain } from '../serve/run-server.ts';

export interface CheckOptions {
  readonly organization?: string;
  readonly full?: true;
  readonly acknowledge?: true;
}

/** 0: sound; 1: a trail has diverged; 2: not checked, or called wrongly. */
type ExitCode = 0 | 1 | 2;

export async function runCheck(options: CheckOptions): Promise<ExitCode> {
  if (options.acknowledge === true && options.organization === undefined) {
    return refuse('--acknowledge takes back what was found in one trail: name it with --organization.');
  }
  try {
    const configuration = readConfiguration(process.env, process.cwd());
    if (configuration.databaseUrl === undefined && !existsSync(configuration.dataDirectory)) {
      return refuse(`DATA_DIR: there is no data directory at ${configuration.dataDirectory}.`);
    }
    const house = await openHouse(configuration, openDiagnostics('error'));
    try {
      return await checkTrails(house, options);
    } finally {
      await house.close();
    }
  } catch (error) {
    return refuse(`The trails were not checked. ${explain(error)}`);
  }
}

async function checkTrails(house: House, options: CheckOptions): Promise<ExitCode> {
  const { db, clock, keyring, ground } = house;
  const parts: CheckParts = { db, clock, auditMac: keyring.auditMac, recordDeed: ground.recordDeed };
  const wanted = options.organization?.toLowerCase();
  const organizations = (await listOrganizationRefs(db.direct)).filter(
    ({ id }) => wanted === undefined || id === wanted,
  );
  if (organizations.length === 0) return refuse('There is no such organization.');
  const full = options.full === true || options.acknowledge === true;
  const look = (no: number): Promise<TrailCheck> => db.scoped(no, (tx) => readTrailCheck(tx, no), { snapshot: true });

  if (options.acknowledge === true) {
    for (const { no } of organizations) {
      if (!(await acknowledgeDivergence(parts, no))) return refuse('Nothing was found in that trail.');
    }
  }
  let events = 0;
  for (const { no } of organizations) {
    const { entryCount, checked } = await look(no);
    events += entryCount - checked + (full ? entryCount : 0);
  }
  const progress = createCheckProgress(process.stderr, events);
  const found: { id: string; check: TrailCheck }[] = [];
  for (const { no, id } of organizations) {
    await checkTrail(parts, no, { full, onStep: ({ rows }) => progress.add(rows) });
    found.push({ id, check: await look(no) });
  }
  progress.clear();
  process.stdout.write(renderChecks(found, process.stdout));
  return found.every(({ check }) => check.result !== 'diverged') ? 0 : 1;
}

function refuse(sentence: string): ExitCode {
  process.stderr.write(`${sentence}\n`);
  return 2;
}
