import type { Migration } from '../migrate.ts';

/**
 * How events leave a trail when their time is over, and what stands against it.
 *
 * There is one way out: `delete_oldest_events`, which runs as the schema's owner and trusts nobody. It takes a run from
 * the oldest end, never past what the organization's policy lets go by the database's own clock, and nothing while a
 * legal hold is in force. The trigger lets a row go only if a removal of this very transaction covers it, and only the
 * function writes removals: without a record nothing is deleted, whoever tries.
 */
export const retention: Migration = {
  name: '0005-retention',
  sql: `
CREATE TABLE legal_holds (
  hold_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_no integer NOT NULL REFERENCES organizations,
  name text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  placed_by text COLLATE "C" NOT NULL,
  placed_at timestamptz NOT NULL,
  released_by text COLLATE "C",
  released_at timestamptz,
  CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE UNIQUE INDEX legal_hold_in_force ON legal_holds (organization_no, name) WHERE released_at IS NULL;
CREATE INDEX legal_holds_of_organization ON legal_holds (organization_no, hold_no);

-- What was removed can still be compared with an archive: leaf_hashes_sha256 is the SHA-256 of the removed events' leaf
-- hashes, 32 bytes each, in the order of their sequence.
CREATE TABLE trail_removals (
  organization_no integer NOT NULL REFERENCES organizations,
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL CHECK (last_sequence >= first_sequence),
  events bigint NOT NULL CHECK (events = last_sequence - first_sequence + 1),
  oldest_at timestamptz NOT NULL,
  newest_at timestamptz NOT NULL,
  leaf_hashes_sha256 bytea NOT NULL,
  policy_days integer NOT NULL,
  removed_at timestamptz NOT NULL,
  removed_in xid8 NOT NULL,
  PRIMARY KEY (organization_no, first_sequence)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail_removals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON trail_removals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE legal_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_removals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON legal_holds USING (organization_no = current_organization());
CREATE POLICY own_rows ON trail_removals USING (organization_no = current_organization());

CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Removals of a trail don't overlap, so the newest that begins at or before a row is the only one that can cover it.
  PERFORM FROM (
    SELECT r.last_sequence, r.removed_in FROM veritrail.trail_removals r
    WHERE r.organization_no = OLD.organization_no AND r.first_sequence <= OLD.sequence
    ORDER BY r.first_sequence DESC LIMIT 1) AS removal
  WHERE removal.last_sequence >= OLD.sequence AND removal.removed_in = pg_current_xact_id();
  IF FOUND THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

DROP TRIGGER append_only ON audit_events;
CREATE TRIGGER append_only BEFORE UPDATE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER remove_on_record_only BEFORE DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_removal();

-- Deletes the events below up_to_sequence, with their flags and what the flag rules remember of actors who have no event
-- left. The head is touched last, so that appends wait only for what the caller does between this and its COMMIT.
CREATE FUNCTION delete_oldest_events(organization integer, up_to_sequence bigint) RETURNS trail_removals
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, veritrail, pg_temp AS $$
DECLARE
  policy integer;
  cutoff timestamptz;
  oldest bigint;
  too_young bigint;
  actors text[];
  deleted bigint;
  removal trail_removals;
BEGIN
  -- A snapshot taken earlier would not show a hold placed since.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'events are removed in READ COMMITTED only' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF organization IS DISTINCT FROM current_organization() THEN
    RAISE EXCEPTION 'another organization is in scope' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Whoever places a hold or changes the policy locks this row too: it either came before, and counts, or waits.
  SELECT o.audit_retention_days INTO policy FROM organizations o WHERE o.organization_no = organization FOR SHARE;
  IF policy IS NULL THEN
    RAISE EXCEPTION 'the organization keeps events for ever' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM legal_holds l WHERE l.organization_no = organization AND l.released_at IS NULL;
  IF FOUND THEN
    RAISE EXCEPTION 'a legal hold is in force' USING ERRCODE = 'insufficient_privilege';
  END IF;
  cutoff := now() - policy * interval '24 hours';

  SELECT h.first_sequence INTO oldest FROM trail_heads h WHERE h.organization_no = organization;
  -- The upper bound keeps memory bounded.
  IF oldest IS NULL OR up_to_sequence IS NULL OR up_to_sequence <= oldest OR up_to_sequence - oldest > 100000 THEN
    RAISE EXCEPTION 'nothing to remove, or too much at once' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT organization, min(e.sequence), max(e.sequence), count(*), min(e.occurred_at), max(e.occurred_at),
    sha256(string_agg(e.leaf_hash, ''::bytea ORDER BY e.sequence)), policy, now(), pg_current_xact_id()
    INTO removal
    FROM audit_events e WHERE e.organization_no = organization AND e.sequence >= oldest AND e.sequence < up_to_sequence;
  IF removal.first_sequence IS DISTINCT FROM oldest OR removal.events <> up_to_sequence - oldest THEN
    RAISE EXCEPTION 'the trail has no unbroken run up to there' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT count(*) INTO too_young FROM audit_events e
    WHERE e.organization_no = organization AND e.sequence >= oldest AND e.sequence < up_to_sequence
      AND (e.recorded_at >= cutoff OR e.occurred_at >= cutoff);
  IF too_young > 0 THEN
    RAISE EXCEPTION 'events among these must be kept longer' USING ERRCODE = 'insufficient_privilege';
  END IF;
  actors := ARRAY(SELECT DISTINCT e.actor_id FROM audit_events e
    WHERE e.organization_no = organization AND e.sequence >= oldest AND e.sequence < up_to_sequence);

  INSERT INTO trail_removals SELECT removal.*;
  DELETE FROM audit_events e
    WHERE e.organization_no = organization AND e.sequence >= oldest AND e.sequence < up_to_sequence;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  IF deleted <> removal.events THEN
    RAISE EXCEPTION 'the trail changed meanwhile' USING ERRCODE = 'serialization_failure';
  END IF;

  PERFORM FROM flag_watermarks w WHERE w.organization_no = organization FOR UPDATE;
  DELETE FROM audit_flags f WHERE f.organization_no = organization AND f.sequence < up_to_sequence;
  actors := ARRAY(SELECT gone FROM unnest(actors) AS gone WHERE NOT EXISTS (
    SELECT FROM audit_events e WHERE e.organization_no = organization AND e.actor_id = gone));
  DELETE FROM flag_actors a WHERE a.organization_no = organization AND a.actor_id = ANY (actors);
  DELETE FROM flag_actor_addresses a WHERE a.organization_no = organization AND a.actor_id = ANY (actors);

  UPDATE trail_heads h SET first_sequence = up_to_sequence
    WHERE h.organization_no = organization AND h.first_sequence = oldest;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the trail changed meanwhile' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN removal;
END $$;

REVOKE ALL ON FUNCTION delete_oldest_events(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delete_oldest_events(integer, bigint) TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (released_by, released_at) ON legal_holds TO veritrail_server;
GRANT SELECT ON trail_removals TO veritrail_server;
`,
};
