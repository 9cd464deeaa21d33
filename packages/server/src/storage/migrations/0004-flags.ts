import type { Migration } from '../migrate.ts';

/**
 * Flags of events and what the rules remember from one event to the next. Like counts, flags follow the trail by a
 * watermark. A flag is never changed: it says which version of a rule, with which parameters, saw what.
 */
export const flags: Migration = {
  name: '0004-flags',
  sql: `
CREATE TABLE audit_flags (
  organization_no integer NOT NULL,
  sequence bigint NOT NULL,
  rule text COLLATE "C" NOT NULL,
  rule_version integer NOT NULL,
  parameters text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  event_id uuid NOT NULL,
  action text COLLATE "C" NOT NULL,
  occurred_at timestamptz NOT NULL,
  flagged_at timestamptz NOT NULL,
  PRIMARY KEY (organization_no, sequence, rule)
);
CREATE INDEX audit_flags_by_time ON audit_flags (organization_no, occurred_at, sequence);

CREATE TABLE flag_watermarks (
  organization_no integer PRIMARY KEY REFERENCES organizations,
  flagged_through bigint NOT NULL DEFAULT 0,
  recent text COLLATE "C" NOT NULL DEFAULT '{}'
);

CREATE TABLE flag_rule_spans (
  organization_no integer NOT NULL,
  rule text COLLATE "C" NOT NULL,
  on_from bigint NOT NULL,
  on_to bigint,
  PRIMARY KEY (organization_no, rule, on_from)
);

CREATE TABLE flag_actors (
  organization_no integer NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (organization_no, actor_id)
) WITH (fillfactor = 70);

CREATE TABLE flag_actor_addresses (
  organization_no integer NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  ip_address text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_no, actor_id, ip_address)
);

ALTER TABLE audit_flags ENABLE ROW LEVEL SECURITY;
ALTER TABLE flag_watermarks ENABLE ROW LEVEL SECURITY;
ALTER TABLE flag_rule_spans ENABLE ROW LEVEL SECURITY;
ALTER TABLE flag_actors ENABLE ROW LEVEL SECURITY;
ALTER TABLE flag_actor_addresses ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON audit_flags USING (organization_no = current_organization());
CREATE POLICY own_rows ON flag_watermarks USING (organization_no = current_organization());
CREATE POLICY own_rows ON flag_rule_spans USING (organization_no = current_organization());
CREATE POLICY own_rows ON flag_actors USING (organization_no = current_organization());
CREATE POLICY own_rows ON flag_actor_addresses USING (organization_no = current_organization());

GRANT SELECT, INSERT ON audit_flags TO veritrail_server;
GRANT SELECT, INSERT, UPDATE ON flag_watermarks, flag_rule_spans, flag_actors TO veritrail_server;
GRANT SELECT, INSERT ON flag_actor_addresses TO veritrail_server;
`,
};
