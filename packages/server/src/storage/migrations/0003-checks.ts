import type { Migration } from '../migrate.ts';

/**
 * How far each trail was checked against what was signed, and what was found. A finding stays until somebody takes it
 * back on purpose; taking it back only means that everything is checked again.
 */
export const checks: Migration = {
  name: '0003-checks',
  sql: `
CREATE TABLE trail_checks (
  organization_no integer PRIMARY KEY REFERENCES organizations,
  checked_through bigint NOT NULL DEFAULT 0,
  checked_leaf bytea,
  checked_at timestamptz,
  round_started_at timestamptz,
  round_position bigint,
  full_check_at timestamptz,
  rows_checked bigint NOT NULL DEFAULT 0,
  finding text COLLATE "C",
  bad_sequence bigint,
  bad_id uuid,
  diverged_at timestamptz,
  CHECK ((finding IS NULL) = (diverged_at IS NULL))
) WITH (fillfactor = 50);

ALTER TABLE trail_checks ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON trail_checks USING (organization_no = current_organization());
GRANT SELECT, INSERT, UPDATE ON trail_checks TO veritrail_server;
`,
};
