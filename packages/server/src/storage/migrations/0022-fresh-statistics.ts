import type { Migration } from '../migrate.ts';

const TABLES = [
  'audit_events_shared',
  'audit_flags',
  'trail_hour_counts',
  'trail_day_counts',
  'trail_actor_day_counts',
  'backups',
  'service_versions',
  'observation_spans',
];

/**
 * By default PostgreSQL looks at a table anew when a tenth of it has changed. Until then it takes an organization that it
 * has not seen for one with hardly a row, and for a page of its events reads and sorts all of them: twenty seconds for a
 * million that came into a table of eleven. With a two-hundredth that ends within a minute of its beginning, the time
 * after which autovacuum looks round. The price is a second or two of sampling a minute while millions are growing.
 */
export const freshStatistics: Migration = {
  name: '0022-fresh-statistics',
  sql: TABLES.map((table) => `ALTER TABLE ${table} SET (autovacuum_analyze_scale_factor = 0.005);`).join('\n'),
};
