import type { ServiceFacts } from '@veritrail/server';

import { PEOPLE, type DemoActor } from './cast.ts';

/** A service of the demo and what became of it. Days count back from the demo's end. */
export interface DemoService {
  readonly facts: ServiceFacts;
  readonly createdDaysAgo: number;
  readonly by: DemoActor;
  readonly changes: readonly { readonly daysAgo: number; readonly by: DemoActor; readonly to: Partial<ServiceFacts> }[];
  readonly removed?: { readonly daysAgo: number; readonly by: DemoActor };
  /** Hour of the day, UTC, in which a daily or weekly backup completes. */
  readonly backupHour: number;
  /** Backups that somebody made by hand, such as before a move. */
  readonly manualDaysAgo: readonly number[];
  /** A stretch in which no backup succeeds. */
  readonly failing?: { readonly daysAgo: number; readonly days: number };
}

type Change = DemoService['changes'][number];

const SOUND = {
  storage_encrypted_at_rest: true,
  backup_encryption: 'AES-256-GCM',
  tls_enabled: true,
  backup_schedule: 'daily',
  backup_retention_days: 30,
} as const;

function service(
  facts: Pick<ServiceFacts, 'name' | 'database_type' | 'zones'> & Partial<ServiceFacts>,
  story: {
    by: DemoActor;
    createdDaysAgo?: number;
    backupHour: number;
    changes?: readonly Change[];
  } & Partial<DemoService>,
): DemoService {
  return { createdDaysAgo: 400, changes: [], manualDaysAgo: [], ...story, facts: { ...SOUND, ...facts } };
}

export const SERVICES: readonly DemoService[] = [
  service(
    { name: 'orders-prod', database_type: 'postgresql', zones: ['se-sto1', 'fi-hel1'] },
    { by: PEOPLE.aino, backupHour: 2, manualDaysAgo: [310, 47] },
  ),
  service(
    { name: 'billing-eu', database_type: 'mysql', zones: ['de-fra1'], backup_retention_days: 35 },
    {
      by: PEOPLE.lukasz,
      backupHour: 1,
      // Hourly for the last fortnight only: enough to see, and little to make.
      changes: [{ daysAgo: 14, by: PEOPLE.lukasz, to: { backup_schedule: 'hourly' } }],
    },
  ),
  service(
    { name: 'customer-profiles', database_type: 'postgresql', zones: ['uk-lon1'] },
    {
      by: PEOPLE.bjorn,
      backupHour: 3,
      manualDaysAgo: [203],
      changes: [{ daysAgo: 202, by: PEOPLE.bjorn, to: { zones: ['fi-hel1'] } }],
    },
  ),
  service(
    {
      name: 'sessions-cache',
      database_type: 'valkey',
      zones: ['fi-hel1', 'se-sto1'],
      backup_encryption: null,
      backup_schedule: 'none',
      backup_retention_days: 0,
    },
    { by: PEOPLE.aino, backupHour: 0 },
  ),
  service(
    {
      name: 'analytics-warehouse',
      database_type: 'clickhouse',
      zones: ['nl-ams1'],
      storage_encrypted_at_rest: false,
      backup_schedule: 'weekly',
      backup_retention_days: 90,
    },
    {
      by: PEOPLE.ines,
      createdDaysAgo: 396,
      backupHour: 4,
      changes: [{ daysAgo: 148, by: PEOPLE.aino, to: { storage_encrypted_at_rest: true } }],
    },
  ),
  service(
    { name: 'search-catalogue', database_type: 'opensearch', zones: ['nl-ams1', 'de-fra1'], backup_retention_days: 14 },
    {
      by: PEOPLE.eleni,
      createdDaysAgo: 371,
      backupHour: 3,
      changes: [
        { daysAgo: 131, by: PEOPLE.tomas, to: { tls_enabled: false } },
        { daysAgo: 110, by: PEOPLE.katarina, to: { tls_enabled: true } },
      ],
      failing: { daysAgo: 78, days: 6 },
    },
  ),
  service(
    { name: 'crm-us', database_type: 'postgresql', zones: ['us-nyc1'], backup_retention_days: 14 },
    { by: PEOPLE.francois, createdDaysAgo: 342, backupHour: 7 },
  ),
  service(
    { name: 'payments-uk', database_type: 'postgresql', zones: ['uk-lon1'], backup_retention_days: 35 },
    { by: PEOPLE.lukasz, createdDaysAgo: 305, backupHour: 1, manualDaysAgo: [120] },
  ),
  service(
    {
      name: 'event-stream',
      database_type: 'kafka',
      zones: ['se-sto1', 'fi-hel1', 'de-fra1'],
      backup_retention_days: 7,
    },
    {
      by: PEOPLE.soren,
      createdDaysAgo: 268,
      backupHour: 5,
      changes: [{ daysAgo: 160, by: PEOPLE.soren, to: { backup_retention_days: 21 } }],
    },
  ),
  service(
    {
      name: 'mätvärden',
      database_type: 'timescaledb',
      zones: ['se-sto1'],
      backup_schedule: 'weekly',
      backup_retention_days: 60,
    },
    { by: PEOPLE.agnieszka, createdDaysAgo: 190, backupHour: 6 },
  ),
  service(
    {
      name: 'reports-legacy',
      database_type: 'mysql',
      zones: ['nl-ams1'],
      tls_enabled: true,
      storage_encrypted_at_rest: false,
    },
    { by: PEOPLE.tomas, backupHour: 2, manualDaysAgo: [184], removed: { daysAgo: 183, by: PEOPLE.katarina } },
  ),
];
