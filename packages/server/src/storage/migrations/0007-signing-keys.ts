import type { Migration } from '../migrate.ts';

/**
 * The Ed25519 keys of evidence packets. One at most is active, which the index holds; a retired one stays for ever, since
 * packets under it have to be verified for ever, and never becomes active again. Its private half may be forgotten.
 *
 * Each change of the active key is kept until every trail was told of it.
 */
export const signingKeys: Migration = {
  name: '0007-signing-keys',
  sql: `
CREATE TABLE signing_keys (
  key_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_id text COLLATE "C" NOT NULL UNIQUE,
  public_key bytea NOT NULL UNIQUE CHECK (octet_length(public_key) = 32),
  -- null once it is forgotten
  sealed bytea,
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  CHECK (sealed IS NOT NULL OR retired_at IS NOT NULL)
);
CREATE UNIQUE INDEX signing_key_active ON signing_keys ((true)) WHERE retired_at IS NULL;

CREATE FUNCTION refuse_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- None comes into the list as one that was retired before.
  IF TG_OP = 'INSERT' AND NEW.retired_at IS NULL THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE'
    AND (NEW.key_no, NEW.key_id, NEW.public_key, NEW.created_at)
      IS NOT DISTINCT FROM (OLD.key_no, OLD.key_id, OLD.public_key, OLD.created_at)
    AND (OLD.retired_at IS NULL OR NEW.retired_at IS NOT DISTINCT FROM OLD.retired_at)
    AND (NEW.sealed IS NULL OR NEW.sealed IS NOT DISTINCT FROM OLD.sealed)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a signing key comes as an active one, can be retired and its private half forgotten, and nothing else';
END $$;
CREATE TRIGGER retire_only BEFORE INSERT OR UPDATE OR DELETE ON signing_keys FOR EACH ROW EXECUTE FUNCTION refuse_key_change();
CREATE TRIGGER retire_only_truncate BEFORE TRUNCATE ON signing_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_key_change();

CREATE TABLE signing_key_changes (
  change_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_key text COLLATE "C" REFERENCES signing_keys (key_id),
  to_key text COLLATE "C" REFERENCES signing_keys (key_id),
  changed_at timestamptz NOT NULL,
  -- when every trail had been told
  told_at timestamptz
);

GRANT SELECT, INSERT, UPDATE (retired_at, sealed) ON signing_keys TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (told_at) ON signing_key_changes TO veritrail_server;
`,
};
