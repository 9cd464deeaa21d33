import type { Migration } from '../migrate.ts';

/**
 * What collectors read, as stretches of time in which a fact had one value. The nil UUID stands for the organization
 * itself. A reading either lengthens the newest span of its fact or opens the next; nothing else ever changes, which the
 * trigger holds even against the owner.
 */
export const observations: Migration = {
  name: '0010-observations',
  sql: `
CREATE TABLE observation_spans (
  organization_no integer NOT NULL REFERENCES organizations,
  service_id uuid NOT NULL,
  fact text COLLATE "C" NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL CHECK (last_at >= first_at),
  value text COLLATE "C" NOT NULL,
  collector_id text COLLATE "C" NOT NULL,
  collector_version text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_no, service_id, fact, first_at)
);
CREATE INDEX observation_spans_by_end ON observation_spans (organization_no, last_at);

CREATE FUNCTION refuse_all_but_lengthening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_at < OLD.last_at
    OR (NEW.organization_no, NEW.service_id, NEW.fact, NEW.first_at, NEW.value, NEW.collector_id, NEW.collector_version)
      IS DISTINCT FROM
      (OLD.organization_no, OLD.service_id, OLD.fact, OLD.first_at, OLD.value, OLD.collector_id, OLD.collector_version)
  THEN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_lengthened BEFORE UPDATE ON observation_spans
  FOR EACH ROW EXECUTE FUNCTION refuse_all_but_lengthening();
CREATE TRIGGER append_only BEFORE DELETE ON observation_spans FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON observation_spans FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE observation_spans ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON observation_spans USING (organization_no = current_organization());
GRANT SELECT, INSERT, UPDATE (last_at) ON observation_spans TO veritrail_server;
`,
};
