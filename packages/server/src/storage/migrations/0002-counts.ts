import type { Migration } from '../migrate.ts';

/**
 * Counts of each trail by hour and by day, so that totals and deep pages don't read events. They follow the trail by a
 * watermark: rows say what is true of the events below `counted_through`, and whoever reads adds the few above.
 *
 * An actor with many events has counts by day as well; one with few is counted from the index.
 */
export const counts: Migration = {
  name: '0002-counts',
  sql: `
CREATE TABLE trail_counters (
  organization_no integer PRIMARY KEY REFERENCES organizations,
  counted_through bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20);

CREATE TABLE trail_hour_counts (
  organization_no integer NOT NULL,
  action text COLLATE "C" NOT NULL,
  resource_type text COLLATE "C" NOT NULL,
  hour timestamptz NOT NULL,
  events bigint NOT NULL,
  failed_logins bigint NOT NULL,
  PRIMARY KEY (organization_no, action, resource_type, hour)
) WITH (fillfactor = 80);

CREATE TABLE trail_day_counts (
  organization_no integer NOT NULL,
  action text COLLATE "C" NOT NULL,
  resource_type text COLLATE "C" NOT NULL,
  day timestamptz NOT NULL,
  events bigint NOT NULL,
  failed_logins bigint NOT NULL,
  PRIMARY KEY (organization_no, action, resource_type, day)
) WITH (fillfactor = 80);

CREATE TABLE trail_actors (
  organization_no integer NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  events bigint NOT NULL,
  last_occurred_at timestamptz NOT NULL,
  by_day boolean NOT NULL DEFAULT false,
  PRIMARY KEY (organization_no, actor_id)
) WITH (fillfactor = 70);
CREATE INDEX trail_actors_by_last ON trail_actors (organization_no, last_occurred_at);

CREATE TABLE trail_actor_day_counts (
  organization_no integer NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  resource_type text COLLATE "C" NOT NULL,
  day timestamptz NOT NULL,
  events bigint NOT NULL,
  PRIMARY KEY (organization_no, actor_id, action, resource_type, day)
) WITH (fillfactor = 80);

ALTER TABLE trail_counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_hour_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_day_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_actors ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_actor_day_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON trail_counters USING (organization_no = current_organization());
CREATE POLICY own_rows ON trail_hour_counts USING (organization_no = current_organization());
CREATE POLICY own_rows ON trail_day_counts USING (organization_no = current_organization());
CREATE POLICY own_rows ON trail_actors USING (organization_no = current_organization());
CREATE POLICY own_rows ON trail_actor_day_counts USING (organization_no = current_organization());

GRANT SELECT, INSERT, UPDATE, DELETE ON
  trail_counters, trail_hour_counts, trail_day_counts, trail_actors, trail_actor_day_counts TO veritrail_server;
`,
};
