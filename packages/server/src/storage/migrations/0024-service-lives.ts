import type { Migration } from '../migrate.ts';

/** A service that is made again under an old id begins anew; until now it kept the day on which the first was made. */
export const serviceLives: Migration = {
  name: '0024-service-lives',
  sql: 'GRANT UPDATE (created_at) ON services TO veritrail_server;',
};
