import type { PostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

/** What PostgreSQL calls a cluster: a folder of databases that one postmaster serves. */
export interface Cluster {
  readonly folder: string;
  readonly account: PostgresAccount;
  readonly binaries: PostgresBinaries;
}

/** Its superuser. */
export const OWNER = 'veritrail_owner';
export const DATABASE = 'veritrail';
