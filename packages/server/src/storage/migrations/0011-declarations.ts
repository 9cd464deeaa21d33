import type { Migration } from '../migrate.ts';

/**
 * What only people can say. A change is the next version; a withdrawal too, with what it withdraws. Versions of a record
 * have times that grow, so that at every moment at most one is in force.
 */
export const declarations: Migration = {
  name: '0011-declarations',
  sql: `
CREATE TABLE declarations (
  organization_no integer NOT NULL REFERENCES organizations,
  kind text COLLATE "C" NOT NULL,
  record_id text COLLATE "C" NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  data text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  declared_by text COLLATE "C" NOT NULL,
  declared_at timestamptz NOT NULL,
  valid_until timestamptz NOT NULL,
  withdrawn boolean NOT NULL,
  PRIMARY KEY (organization_no, kind, record_id, version)
);
CREATE INDEX declared_records ON declarations (organization_no) WHERE version = 1;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON declarations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON declarations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE declarations ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON declarations USING (organization_no = current_organization());
GRANT SELECT, INSERT ON declarations TO veritrail_server;
`,
};
