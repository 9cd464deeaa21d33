import type { Migration } from '../migrate.ts';

/**
 * Which key signs audit events, over time. A key signs only in its turn; a later turn ends the one before, also when it
 * brings a key back. Each trail's head keeps the turn of its newest event, so that under the head's lock it is known
 * whether the change of keys has been told there: once, and before anything else under the new key.
 */
export const keys: Migration = {
  name: '0006-keys',
  sql: `
CREATE TABLE mac_key_turns (
  turn_no integer PRIMARY KEY CHECK (turn_no > 0),
  key_no smallint NOT NULL REFERENCES mac_keys,
  began_at timestamptz NOT NULL,
  -- when every trail had been told
  told_at timestamptz
);
INSERT INTO mac_key_turns (turn_no, key_no, began_at)
  SELECT row_number() OVER (ORDER BY key_no), key_no, first_used_at FROM mac_keys;

ALTER TABLE trail_heads ADD COLUMN mac_turn_no integer REFERENCES mac_key_turns;
UPDATE trail_heads h SET mac_turn_no = (
  SELECT t.turn_no FROM audit_events e JOIN mac_key_turns t ON t.key_no = e.signature_key_no
  WHERE e.organization_no = h.organization_no AND e.sequence = h.next_sequence - 1);

GRANT SELECT, INSERT, UPDATE (told_at) ON mac_key_turns TO veritrail_server;
GRANT UPDATE (mac_turn_no) ON trail_heads TO veritrail_server;
`,
};
