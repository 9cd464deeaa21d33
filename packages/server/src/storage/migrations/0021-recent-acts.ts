import type { Migration } from '../migrate.ts';

/**
 * What rules remember of each actor's late acts, kept with the actor. Before, one text held that of all actors of a
 * trail: it was read and written whole at each step, and the longest silent of many had to be forgotten.
 */
export const recentActs: Migration = {
  name: '0021-recent-acts',
  sql: `
ALTER TABLE flag_actors ADD COLUMN recent text COLLATE "C";
UPDATE flag_actors a SET recent = acts.value::text
  FROM flag_watermarks w CROSS JOIN LATERAL json_each(w.recent::json) AS acts
  WHERE a.organization_no = w.organization_no AND a.actor_id = acts.key;
ALTER TABLE flag_watermarks DROP COLUMN recent;
`,
};
