import type { Migration } from '../migrate.ts';

/**
 * What stood on each day, looked at once: a packet speaks of a period only where samples through it exist. A day without
 * a row was missed, and nobody can fill it in later: rows are added and never changed, and `day` is that of `sampled_at`.
 */
export const samples: Migration = {
  name: '0009-samples',
  sql: `
CREATE TABLE posture_samples (
  organization_no integer NOT NULL REFERENCES organizations,
  day date NOT NULL,
  sampled_at timestamptz NOT NULL,
  service_count integer NOT NULL CHECK (service_count >= 0),
  content text COLLATE "C" NOT NULL,
  sha256 bytea NOT NULL CHECK (sha256 = sha256(convert_to(content, 'UTF8'))),
  PRIMARY KEY (organization_no, day),
  CHECK (day = (sampled_at AT TIME ZONE 'UTC')::date)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON posture_samples FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON posture_samples FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE posture_samples ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON posture_samples USING (organization_no = current_organization());
GRANT SELECT, INSERT ON posture_samples TO veritrail_server;
`,
};
