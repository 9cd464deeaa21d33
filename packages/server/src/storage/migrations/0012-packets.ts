import type { Migration } from '../migrate.ts';

/**
 * Evidence packets, and when the next ones are due.
 *
 * A packet begins as `started` and ends once, as `complete` with the very bytes that were signed or as `failed` without
 * any; from then on the row can't be changed or deleted. A lease tells whether whoever started it is still at it: leases
 * and schedules are read across organizations, so they hold ids and times and nothing else, and have no row-level
 * security.
 */
export const packets: Migration = {
  name: '0012-packets',
  sql: `
CREATE TABLE packets (
  organization_no integer NOT NULL REFERENCES organizations,
  report_id uuid NOT NULL,
  framework text COLLATE "C" NOT NULL,
  schema_version text COLLATE "C" NOT NULL,
  period_start timestamptz NOT NULL,
  period_end timestamptz NOT NULL CHECK (period_end > period_start),
  generated_at timestamptz NOT NULL,
  requested_by text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('started', 'complete', 'failed')),
  key_id text COLLATE "C",
  canonical_sha256 text COLLATE "C",
  document bytea,
  status_counts text COLLATE "C",
  exceptions text COLLATE "C",
  failure text COLLATE "C",
  PRIMARY KEY (organization_no, report_id),
  CHECK ((status = 'complete') = (document IS NOT NULL)),
  CHECK ((status = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX packets_by_time ON packets (organization_no, generated_at DESC, report_id DESC);
CREATE INDEX packets_by_framework ON packets (organization_no, framework, generated_at DESC) WHERE status = 'complete';

CREATE FUNCTION refuse_packet_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.status = 'started' AND NEW.status IN ('complete', 'failed') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a packet that ended stays as it is' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ends_once BEFORE UPDATE OR DELETE ON packets FOR EACH ROW EXECUTE FUNCTION refuse_packet_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON packets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE packet_leases (
  organization_no integer NOT NULL REFERENCES organizations,
  report_id uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  PRIMARY KEY (organization_no, report_id)
);

CREATE TABLE packet_pdfs (
  organization_no integer NOT NULL,
  report_id uuid NOT NULL,
  rendered_at timestamptz NOT NULL,
  pdf bytea NOT NULL,
  PRIMARY KEY (organization_no, report_id),
  FOREIGN KEY (organization_no, report_id) REFERENCES packets
);
ALTER TABLE packet_pdfs ALTER COLUMN pdf SET STORAGE EXTERNAL;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON packet_pdfs FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE packet_schedules (
  organization_no integer NOT NULL REFERENCES organizations,
  framework text COLLATE "C" NOT NULL,
  cadence text COLLATE "C" NOT NULL CHECK (cadence IN ('monthly', 'quarterly')),
  next_due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  claimed_until timestamptz,
  claimed_report_id uuid,
  created_at timestamptz NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_no, framework)
);
CREATE INDEX packet_schedules_due ON packet_schedules (next_due_at);

CREATE TABLE packet_schedule_runs (
  organization_no integer NOT NULL REFERENCES organizations,
  framework text COLLATE "C" NOT NULL,
  due_at timestamptz NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('complete', 'failed', 'missed')),
  report_id uuid,
  reason text COLLATE "C",
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (organization_no, framework, due_at)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON packet_schedule_runs FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE packets ENABLE ROW LEVEL SECURITY;
ALTER TABLE packet_pdfs ENABLE ROW LEVEL SECURITY;
ALTER TABLE packet_schedule_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON packets USING (organization_no = current_organization());
CREATE POLICY own_rows ON packet_pdfs USING (organization_no = current_organization());
CREATE POLICY own_rows ON packet_schedule_runs USING (organization_no = current_organization());

GRANT SELECT, INSERT, UPDATE (status, key_id, canonical_sha256, document, status_counts, exceptions, failure)
  ON packets TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (lease_until), DELETE ON packet_leases TO veritrail_server;
GRANT SELECT, INSERT ON packet_pdfs, packet_schedule_runs TO veritrail_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON packet_schedules TO veritrail_server;
`,
};
