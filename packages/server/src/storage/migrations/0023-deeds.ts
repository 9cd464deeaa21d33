import type { Migration } from '../migrate.ts';

/**
 * Which events the server recorded of its own deeds. Whoever may send events may name any type of resource, also those that
 * accounts and services are judged by: what the server did itself must be told from what it was told.
 *
 * A row is written in the deed's transaction, and no caller's event ever gets one. It stays when retention takes its
 * event, and then says nothing. Of events before the mark nobody kept which were deeds; a trail without a mark has none such.
 */
export const deeds: Migration = {
  name: '0023-deeds',
  sql: `
CREATE TABLE trail_deeds (
  organization_no integer NOT NULL,
  resource_type text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (organization_no, resource_type, sequence)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail_deeds FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON trail_deeds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE trail_deed_marks (
  organization_no integer PRIMARY KEY REFERENCES organizations,
  sequence bigint NOT NULL
);
INSERT INTO trail_deed_marks SELECT organization_no, next_sequence FROM trail_heads WHERE next_sequence > 0;

ALTER TABLE trail_deeds ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_deed_marks ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON trail_deeds USING (organization_no = current_organization());
CREATE POLICY own_rows ON trail_deed_marks USING (organization_no = current_organization());
GRANT SELECT, INSERT ON trail_deeds TO veritrail_server;
GRANT SELECT ON trail_deed_marks TO veritrail_server;
`,
};
