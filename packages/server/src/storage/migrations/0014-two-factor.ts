import type { Migration } from '../migrate.ts';

/**
 * The second factor of people who sign in with a password, and what carries a sign-in at an outside provider over to the
 * page that began it. A recovery code and a handover are rows that whoever uses them takes out, so each works once.
 */
export const twoFactor: Migration = {
  name: '0014-two-factor',
  sql: `
CREATE TABLE second_factors (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  sealed bytea NOT NULL,
  begun_at timestamptz NOT NULL,
  -- null until the first code from the app; it is not asked for before
  confirmed_at timestamptz,
  -- the newest time step that was accepted; none up to it is accepted again
  last_step bigint NOT NULL DEFAULT 0,
  wrong_codes integer NOT NULL DEFAULT 0 CHECK (wrong_codes >= 0),
  wrong_since timestamptz
);

CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES second_factors ON DELETE CASCADE,
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE sign_in_handovers (
  code_hash bytea PRIMARY KEY CHECK (octet_length(code_hash) = 32),
  binding_hash bytea NOT NULL CHECK (octet_length(binding_hash) = 32),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_handovers_by_end ON sign_in_handovers (expires_at);

GRANT SELECT, INSERT, DELETE, UPDATE (sealed, begun_at, confirmed_at, last_step, wrong_codes, wrong_since)
  ON second_factors TO veritrail_server;
GRANT SELECT, INSERT, DELETE ON recovery_codes, sign_in_handovers TO veritrail_server;
`,
};
