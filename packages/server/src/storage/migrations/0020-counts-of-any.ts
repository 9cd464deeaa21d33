import type { Migration } from '../migrate.ts';

/** Sums over any action, any type of resource, or both; and over any flag rule. */
const MARGINS = (unit: string): string => `GROUPING SETS ((${unit}), (${unit}, action), (${unit}, resource_type))`;

/**
 * A total must not cost more where there are more kinds of action and resource. So each hour and day is also counted over
 * any action, any type of resource and both, in rows that hold '' there, which no event can have: whatever the filter,
 * one row a unit answers. Flags are counted likewise, by trigger, as they come and as retention takes them; the rule ''
 * counts events with at least one flag.
 *
 * The index by actor answers for actions and types too, so that an actor who isn't counted by day is counted from it.
 */
export const countsOfAny: Migration = {
  name: '0020-counts-of-any',
  sql: `
INSERT INTO trail_hour_counts
  SELECT organization_no, coalesce(action, ''), coalesce(resource_type, ''), hour, sum(events), sum(failed_logins)
  FROM trail_hour_counts GROUP BY ${MARGINS('organization_no, hour')};
INSERT INTO trail_day_counts
  SELECT organization_no, coalesce(action, ''), coalesce(resource_type, ''), day, sum(events), sum(failed_logins)
  FROM trail_day_counts GROUP BY ${MARGINS('organization_no, day')};
INSERT INTO trail_actor_day_counts
  SELECT organization_no, actor_id, coalesce(action, ''), coalesce(resource_type, ''), day, sum(events)
  FROM trail_actor_day_counts GROUP BY ${MARGINS('organization_no, actor_id, day')};

DROP INDEX audit_events_by_actor;
CREATE INDEX audit_events_by_actor ON audit_events (organization_no, actor_id, occurred_at, sequence)
  INCLUDE (action, resource_type);

CREATE TABLE flag_counts (
  organization_no integer NOT NULL,
  unit text COLLATE "C" NOT NULL CHECK (unit IN ('hour', 'day')),
  rule text COLLATE "C" NOT NULL,
  begins timestamptz NOT NULL,
  events bigint NOT NULL,
  PRIMARY KEY (organization_no, unit, rule, begins)
) WITH (fillfactor = 80);
ALTER TABLE flag_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON flag_counts USING (organization_no = current_organization());
GRANT SELECT ON flag_counts TO veritrail_server;

-- All flags of one event come, and go, in one statement: so an event is counted once under ''.
CREATE FUNCTION count_flags() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, veritrail, pg_temp AS $$
BEGIN
  INSERT INTO flag_counts AS c (organization_no, unit, rule, begins, events)
    SELECT f.organization_no, u.unit, coalesce(f.rule, ''), date_trunc(u.unit, f.occurred_at, 'UTC') AS begins,
      (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END) * count(DISTINCT f.sequence)
    FROM touched f CROSS JOIN (VALUES ('hour'), ('day')) AS u (unit)
    GROUP BY GROUPING SETS ((f.organization_no, u.unit, begins), (f.organization_no, u.unit, begins, f.rule))
  ON CONFLICT (organization_no, unit, rule, begins) DO UPDATE SET events = c.events + excluded.events;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_flags() FROM PUBLIC;
CREATE TRIGGER count_added AFTER INSERT ON audit_flags REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION count_flags();
CREATE TRIGGER count_removed AFTER DELETE ON audit_flags REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION count_flags();
INSERT INTO flag_counts
  SELECT f.organization_no, u.unit, coalesce(f.rule, ''), date_trunc(u.unit, f.occurred_at, 'UTC') AS begins,
    count(DISTINCT f.sequence)
  FROM audit_flags f CROSS JOIN (VALUES ('hour'), ('day')) AS u (unit)
  GROUP BY GROUPING SETS ((f.organization_no, u.unit, begins), (f.organization_no, u.unit, begins, f.rule));
`,
};
