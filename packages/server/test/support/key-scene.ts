import { execFileSync } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { parseExactJson } from '@veritrail/formats';
import { pino } from 'pino';

import { openHouse, startServer, type House, type RunningServer } from '../../src/composition.ts';
import { readConfiguration, type Configuration } from '../../src/configuration.ts';
import type { Diagnostics } from '../../src/diagnostics.ts';
import { createOrganization } from '../../src/tenancy/create-organization.ts';
import { organizationNosAfter } from '../../src/tenancy/organization-store.ts';
import { insertUser } from '../../src/tenancy/user-store.ts';
import { readEventDrafts } from '../../src/trail/event-draft.ts';
import { tellKeyChange } from '../../src/trail/tell-key-change.ts';
import { createTrail, type Trail } from '../../src/trail/trail.ts';
import { makeScratchFolder } from '../storage/scratch.ts';
import { createDatabase } from './test-server.ts';
import type { EventItem } from './world.ts';

/** One database and data directory, on which servers start one after another, or beside each other as replicas. */
export interface KeyScene {
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  /** Diagnostics of level warn and above of all starts so far. */
  readonly said: string[];
  /** The rooms without doors. `replica` has a data directory of its own. */
  open(settings: Settings, replica?: string): Promise<OpenHouse>;
  serve(settings: Settings): Promise<RunningServer>;
  /** What `serve` starts from. */
  configure(settings: Settings, replica?: string): Configuration;
  remove(): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

export interface OpenHouse extends House {
  readonly trail: Trail;
  readonly keyId: () => string;
  /** A new organization, with the one event that tells so. */
  found(): Promise<number>;
  record(organizationNo: number, count?: number): Promise<EventItem[]>;
  /** In the order of the sequence, as they are given out. */
  read(organizationNo: number): Promise<EventItem[]>;
  organizations(): Promise<number[]>;
  tell(): Promise<boolean>;
}

const ACTOR = { id: 'someone', username: null, ipAddress: null, userAgent: null };

export async function makeKeyScene(): Promise<KeyScene> {
  const scratch = makeScratchFolder();
  const databaseUrl = await createDatabase();
  const said: string[] = [];
  const dataDirectory = join(scratch.path, 'data');
  const diagnostics: Diagnostics = pino({ level: 'warn' }, { write: (line) => void said.push(line) });
  const living = new Set<() => Promise<void>>();
  const configure: KeyScene['configure'] = (settings, replica = 'data') =>
    readConfiguration(
      {
        PORT: '0',
        DATA_DIR: join(scratch.path, replica),
        DATABASE_URL: databaseUrl,
        DATABASE_POOL_SIZE: '8',
        KEYRING_SECRET: 'keyring secret'.padEnd(32, '-').replaceAll(' ', '-'),
        ...settings,
      },
      scratch.path,
    );
  return {
    databaseUrl,
    dataDirectory,
    said,
    configure,
    async open(settings, replica) {
      const house = await openHouse(configure(settings, replica), diagnostics);
      const close = async (): Promise<void> => {
        living.delete(close);
        await house.close();
      };
      living.add(close);
      return { ...inside(house), close };
    },
    async serve(settings) {
      const running = await startServer(configure(settings), diagnostics);
      const stop = async (): Promise<void> => {
        living.delete(stop);
        await running.stop();
      };
      living.add(stop);
      return { ...running, stop };
    },
    async remove() {
      for (const end of living) await end();
      scratch.remove();
    },
  };
}

function inside(house: House): OpenHouse {
  const { db, clock, groupCommit, ground, furnish } = house;
  const { auditMac } = house.keyring;
  const trail = createTrail({ db, groupCommit, auditMac, clock });
  return {
    ...house,
    trail,
    keyId: () => auditMac.current.keyId,
    found: () =>
      db.unscoped(async (tx) => {
        const userId = randomUUID();
        await insertUser(
          tx,
          { user_id: userId, email: `${userId}@example.com`, name: 'Owner', password_hash: null },
          clock(),
        );
        const input = { name: 'Organization', billing_email: 'owner@example.com' };
        return (await createOrganization(ground, tx, furnish, ACTOR, userId, input)).organization_no;
      }),
    async record(organizationNo, count = 1) {
      const events = Array.from({ length: count }, (_, index) => ({
        action: 'UPDATE',
        resource_type: 'thing',
        resource_id: `thing-${index}`,
        actor_id: 'someone',
        details: { index, name: 'Zoë' },
      }));
      const body = parseExactJson(JSON.stringify({ events }), { exactMember: 'details' });
      const { drafts } = readEventDrafts(body, clock());
      const { entries } = await trail.record(organizationNo, drafts);
      return JSON.parse(`[${entries.toString()}]`) as EventItem[];
    },
    async read(organizationNo) {
      const { items } = await trail.list(organizationNo, {}, { limit: 100_000, offset: 0 });
      const events = items.map((text) => JSON.parse(text) as EventItem);
      return events.sort((a, b) => a.sequence - b.sequence);
    },
    organizations: () => organizationNosAfter(db.direct, 0, 1000),
    tell: () => tellKeyChange({ db, auditMac, clock }),
  };
}

/** An independent statement of how a secret is named. */
export function keyIdOf(secret: string): string {
  return `audit-${createHmac('sha256', secret).update('veritrail audit key id v1').digest('hex').slice(0, 16)}`;
}

export function changesIn(events: readonly EventItem[]): { from: string; to: string }[] {
  return events
    .filter((event) => event.resource_type === 'audit_mac_key')
    .map((event) => event.details as { from: string; to: string });
}

/** The third seed's function as published, with the secret that each event's signature_key_id names. */
const PYTHON = `
import hmac
import hashlib
import json
import sys

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

given = json.load(sys.stdin)
named = {"audit-" + hmac.new(s.encode(), b"veritrail audit key id v1", hashlib.sha256).hexdigest()[:16]: s for s in given["secrets"]}
wrong = [e["sequence"] for e in given["events"] if not verify_audit_event(e, named[e["signature_key_id"]])]
print(json.dumps({"checked": len(given["events"]), "wrong": wrong}))
`;

/** How many of the events don't verify in Python. Fails if there are none. */
export function wrongInPython(events: readonly EventItem[], secrets: readonly string[]): number {
  const input = JSON.stringify({ events, secrets });
  const output = execFileSync('python3', ['-c', PYTHON], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const { checked, wrong } = JSON.parse(output) as { checked: number; wrong: number[] };
  if (checked === 0) throw new Error('nothing was checked');
  return wrong.length;
}

/** A retired key never returns within a trail: the key changes exactly where an event tells so, under the new key. */
export function findKeyChangeFault(events: readonly EventItem[]): string | undefined {
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    const tells = event.resource_type === 'audit_mac_key';
    if (before === undefined) {
      if (tells) return 'the trail begins with a change';
      continue;
    }
    const changes = before.signature_key_id !== event.signature_key_id;
    if (changes !== tells)
      return `at ${event.sequence} the key ${changes ? 'changes untold' : 'is told to change and stays'}`;
    if (!tells) continue;
    const { from, to } = event.details as { from: string; to: string };
    const told = from === before.signature_key_id && to === event.signature_key_id && event.resource_id === to;
    if (!told || event.action !== 'CONFIG_CHANGE') return `the event at ${event.sequence} tells something else`;
  }
  return undefined;
}
