import type { Migration } from '../migrate.ts';

/**
 * Who, what stands, and what happened.
 *
 * Row-level security: a row of a trail or of a record is visible only in a transaction that has its organization in
 * scope (`veritrail.organization`). Tenancy tables have none, since they are where a credential is turned into a scope.
 *
 * The trail is appended to through its partition, on which the server's role may INSERT and nothing else (COPY doesn't
 * work through row-level security), and read through its parent. UPDATE, DELETE and TRUNCATE are granted to nobody and
 * refused by trigger even to the owner.
 */
export const ground: Migration = {
  name: '0001-ground',
  sql: `
CREATE FUNCTION current_organization() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('veritrail.organization', true), '')::integer;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- who

CREATE TABLE organizations (
  organization_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_id uuid NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  billing_email text COLLATE "C" NOT NULL,
  audit_retention_days integer CHECK (audit_retention_days > 0),
  created_at timestamptz NOT NULL
);

CREATE TABLE users (
  user_id uuid PRIMARY KEY,
  email text COLLATE "C" NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  password_hash text COLLATE "C",
  created_at timestamptz NOT NULL
);

CREATE TABLE user_identities (
  issuer text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);

CREATE TABLE memberships (
  organization_no integer NOT NULL REFERENCES organizations,
  user_id uuid NOT NULL REFERENCES users,
  role text COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'member')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organization_no, user_id)
);
CREATE INDEX memberships_of_user ON memberships (user_id, organization_no);

CREATE TABLE invitations (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  organization_no integer NOT NULL REFERENCES organizations,
  role text COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'member')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX invitations_of_user ON invitations (user_id);

CREATE TABLE sessions (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE api_keys (
  api_key text COLLATE "C" PRIMARY KEY,
  organization_no integer NOT NULL REFERENCES organizations,
  name text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'member', 'recorder')),
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_of_organization ON api_keys (organization_no, created_at);

-- Failed logins, counted to slow guessing down. Keys are SHA-256: no e-mail and no address is in here. Everything may be
-- lost without harm beyond waits forgotten; rows past expires_at say nothing any longer and are deleted in batches.

CREATE TABLE login_pairs (
  key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  failures integer NOT NULL CHECK (failures >= 0),
  last_attempt_at timestamptz NOT NULL,
  blocked_until timestamptz,
  last_success_at timestamptz,
  expires_at timestamptz NOT NULL
);
CREATE INDEX login_pairs_by_end ON login_pairs (expires_at);

CREATE TABLE login_failure_windows (
  scope text COLLATE "C" NOT NULL CHECK (scope IN ('network', 'account')),
  key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
  window_start timestamptz NOT NULL,
  failures integer NOT NULL CHECK (failures >= 0),
  failures_before integer NOT NULL CHECK (failures_before >= 0),
  blocked_until timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (scope, key_hash)
);
CREATE INDEX login_failure_windows_by_end ON login_failure_windows (expires_at);


-- the safe

CREATE TABLE keyring_check (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  sealed bytea NOT NULL
);

CREATE TABLE mac_keys (
  key_no smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_id text COLLATE "C" NOT NULL UNIQUE,
  first_used_at timestamptz NOT NULL
);

CREATE TABLE verification_keys (
  organization_no integer NOT NULL REFERENCES organizations,
  key_id text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organization_no, key_id)
);

-- how things stand

CREATE TABLE services (
  organization_no integer NOT NULL REFERENCES organizations,
  service_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (organization_no, service_id)
);

CREATE TABLE service_versions (
  organization_no integer NOT NULL,
  service_id uuid NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz CHECK (valid_to > valid_from),
  name text COLLATE "C" NOT NULL,
  database_type text COLLATE "C" NOT NULL,
  zones text[] COLLATE "C" NOT NULL,
  storage_encrypted_at_rest boolean NOT NULL,
  backup_encryption text COLLATE "C",
  tls_enabled boolean NOT NULL,
  backup_schedule text COLLATE "C" NOT NULL,
  backup_retention_days integer NOT NULL,
  PRIMARY KEY (organization_no, service_id, valid_from),
  FOREIGN KEY (organization_no, service_id) REFERENCES services
);
CREATE UNIQUE INDEX service_version_in_force ON service_versions (organization_no, service_id) WHERE valid_to IS NULL;

CREATE TABLE backups (
  organization_no integer NOT NULL,
  service_id uuid NOT NULL,
  backup_id uuid NOT NULL,
  completed_at timestamptz NOT NULL,
  type text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('completed', 'failed')),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (organization_no, service_id, completed_at, backup_id),
  FOREIGN KEY (organization_no, service_id) REFERENCES services
);
CREATE INDEX completed_backups ON backups (organization_no, service_id, completed_at DESC) INCLUDE (type)
  WHERE status = 'completed';

-- what happened

CREATE TABLE trail_heads (
  organization_no integer PRIMARY KEY REFERENCES organizations,
  first_sequence bigint NOT NULL DEFAULT 0,
  next_sequence bigint NOT NULL DEFAULT 0,
  last_recorded_at timestamptz NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE audit_events (
  organization_no integer NOT NULL,
  sequence bigint NOT NULL,
  id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  action text COLLATE "C" NOT NULL,
  resource_type text COLLATE "C" NOT NULL,
  resource_id text COLLATE "C" NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  actor_username text COLLATE "C",
  ip_address text COLLATE "C",
  user_agent text COLLATE "C",
  details text COLLATE "C" NOT NULL,
  login_failed boolean NOT NULL,
  signature bytea NOT NULL,
  signature_key_no smallint NOT NULL,
  leaf_hash bytea NOT NULL,
  PRIMARY KEY (organization_no, sequence),
  UNIQUE (organization_no, id)
) PARTITION BY LIST (organization_no);
CREATE TABLE audit_events_shared PARTITION OF audit_events DEFAULT;
CREATE INDEX audit_events_by_time ON audit_events (organization_no, occurred_at, sequence);
CREATE INDEX audit_events_by_action ON audit_events (organization_no, action, occurred_at, sequence);
CREATE INDEX audit_events_by_resource_type ON audit_events (organization_no, resource_type, occurred_at, sequence);
CREATE INDEX audit_events_by_actor ON audit_events (organization_no, actor_id, occurred_at, sequence);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit_events_shared FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE exports (
  organization_no integer NOT NULL REFERENCES organizations,
  export_id uuid NOT NULL,
  requested_by text COLLATE "C" NOT NULL,
  requested_at timestamptz NOT NULL,
  format text COLLATE "C" NOT NULL,
  filter text COLLATE "C" NOT NULL,
  end_sequence bigint NOT NULL,
  complete boolean NOT NULL DEFAULT false,
  events bigint,
  first_sequence bigint,
  last_sequence bigint,
  bytes bigint,
  sha256 text COLLATE "C",
  mac text COLLATE "C",
  mac_key_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_no, export_id)
);

-- one organization sees nothing of another

ALTER TABLE verification_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE services ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE backups ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON verification_keys USING (organization_no = current_organization());
CREATE POLICY own_rows ON services USING (organization_no = current_organization());
CREATE POLICY own_rows ON service_versions USING (organization_no = current_organization());
CREATE POLICY own_rows ON backups USING (organization_no = current_organization());
CREATE POLICY own_rows ON trail_heads USING (organization_no = current_organization());
CREATE POLICY own_rows ON audit_events USING (organization_no = current_organization());
CREATE POLICY own_rows ON exports USING (organization_no = current_organization());

-- what the server's role may do, and nothing more

REVOKE ALL ON SCHEMA veritrail FROM PUBLIC;
GRANT USAGE ON SCHEMA veritrail TO veritrail_server;
GRANT SELECT ON migrations TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (name, billing_email, audit_retention_days) ON organizations TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (name, password_hash) ON users TO veritrail_server;
GRANT SELECT, INSERT ON user_identities TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (role), DELETE ON memberships TO veritrail_server;
GRANT SELECT, INSERT, DELETE ON invitations, sessions TO veritrail_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON login_pairs, login_failure_windows TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (last_used_at, revoked_at) ON api_keys TO veritrail_server;
GRANT SELECT, INSERT ON keyring_check, mac_keys, verification_keys TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (deleted_at) ON services TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (valid_to) ON service_versions TO veritrail_server;
GRANT SELECT, INSERT ON backups TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (next_sequence, last_recorded_at) ON trail_heads TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (complete, events, first_sequence, last_sequence, bytes, sha256, mac) ON exports TO veritrail_server;
GRANT SELECT ON audit_events TO veritrail_server;
GRANT INSERT ON audit_events_shared TO veritrail_server;
`,
};
