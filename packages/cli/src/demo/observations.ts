import { ORGANIZATION_ITSELF, type Reading } from '@veritrail/server';

import { namedId } from './random.ts';
import { SERVICES } from './services.ts';

export const COLLECTOR = { id: 'config-scan', version: '2.3.1' };

const DAY = 86_400_000;

/** What only a collector sees of a service. What isn't said here nobody looks at: capacity, of any of them. */
interface Seen {
  readonly exposure: 'private' | 'allow_list';
  readonly tls: '1.2' | '1.3';
  readonly nodes: number;
  readonly backupZones?: readonly string[];
  readonly version?: string;
}

const SEEN: Readonly<Record<string, Seen>> = {
  'orders-prod': { exposure: 'private', tls: '1.3', nodes: 3, backupZones: ['fi-hel1'], version: '17.6' },
  'billing-eu': { exposure: 'private', tls: '1.2', nodes: 2, backupZones: ['de-fra1'], version: '8.4.6' },
  'customer-profiles': { exposure: 'private', tls: '1.3', nodes: 2, backupZones: ['se-sto1'], version: '17.6' },
  'sessions-cache': { exposure: 'private', tls: '1.3', nodes: 3, version: '8.1.4' },
  'analytics-warehouse': { exposure: 'private', tls: '1.2', nodes: 1, backupZones: ['nl-ams1'], version: '25.8' },
  'search-catalogue': { exposure: 'allow_list', tls: '1.2', nodes: 3, backupZones: ['de-fra1'], version: '3.2.0' },
  'crm-us': { exposure: 'allow_list', tls: '1.2', nodes: 2, backupZones: ['us-nyc1'], version: '16.10' },
  'payments-uk': { exposure: 'allow_list', tls: '1.3', nodes: 3, backupZones: ['uk-lon1'], version: '17.6' },
  'event-stream': { exposure: 'private', tls: '1.3', nodes: 5, backupZones: ['fi-hel1'], version: '4.1' },
  // Nobody told the collector of where its backups go, or how old its software is.
  mätvärden: { exposure: 'private', tls: '1.2', nodes: 1 },
};

/** For two days somebody let everybody at it. */
const OPENED = { service: 'crm-us', fromDaysAgo: 13, toDaysAgo: 11 };
/** Holds the log of the AI system, see declarations.ts. */
const LOG_STORE = 'event-stream';

/** What the collector reads at a time: all services are there by then, and none of them ends. */
export function readingsAt(at: number, end: number): Reading[] {
  const services = SERVICES.filter((service) => service.removed === undefined);
  return [
    ...services.flatMap(({ facts }) => ofService(facts.name, facts.database_type, at, end)),
    ...ofOrganization(at),
  ];
}

function ofService(name: string, engine: string, at: number, end: number): Reading[] {
  const seen = SEEN[name];
  if (seen === undefined) return [];
  const daysAgo = (end - at) / DAY;
  const isOpen = name === OPENED.service && daysAgo <= OPENED.fromDaysAgo && daysAgo > OPENED.toDaysAgo;
  const facts: Partial<Record<Reading['fact'], Reading['value']>> = {
    auth_required: true,
    tls_required: true,
    tls_min_version: seen.tls,
    // Of 90 days, and a new one every 60.
    tls_certificate_not_after: second(at - (at % (60 * DAY)) + 90 * DAY),
    network_exposure: isOpen ? 'public' : seen.exposure,
    storage_cipher: 'AES-256-XTS',
    availability_topology: { nodes: seen.nodes, zones: Math.min(seen.nodes, 3), failover: seen.nodes > 1 },
  };
  if (seen.backupZones !== undefined) {
    facts.backup_zones = seen.backupZones;
    if (isEachFortnight(at)) facts.backup_integrity_check = { method: 'checksums of a restored copy', passed: true };
  }
  if (seen.version !== undefined) {
    const month = second(at).slice(0, 8);
    facts.version_and_patch = { engine, version: seen.version, patched_at: `${month}01T04:00:00Z`, end_of_life: null };
  }
  if (name === LOG_STORE) {
    facts.log_store = { oldest_record_at: second(end - 260 * DAY), newest_record_at: second(at - (at % DAY)) };
  }
  return Object.entries(facts).map(([fact, value]) => reading(namedId(name), fact as Reading['fact'], value, at));
}

function ofOrganization(at: number): Reading[] {
  const facts: Partial<Record<Reading['fact'], Reading['value']>> = {
    mfa_enforced: true,
    shared_accounts: [],
    keys_register: [
      {
        key_id: 'disk-2025',
        purpose: 'storage encryption',
        created_at: '2025-01-15T09:00:00Z',
        rotated_at: null,
        retired_at: null,
      },
    ],
    clock: { source: 'ntp.nordlicht.example', max_skew_ms: 12 },
    write_failures: { count: 0, longest_outage_seconds: 0 },
  };
  return Object.entries(facts).map(([fact, value]) => reading(ORGANIZATION_ITSELF, fact as Reading['fact'], value, at));
}

function reading(serviceId: string, fact: Reading['fact'], value: Reading['value'], at: number): Reading {
  return { serviceId, fact, value, collectedAt: second(at) };
}

function isEachFortnight(at: number): boolean {
  return Math.floor(at / DAY) % 14 === 0;
}

function second(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
