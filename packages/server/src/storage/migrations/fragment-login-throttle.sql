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

GRANT SELECT, INSERT, UPDATE, DELETE ON login_pairs, login_failure_windows TO veritrail_server;
