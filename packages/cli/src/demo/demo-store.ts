import type { OrganizationRow, Queryable } from '@veritrail/server';

/** Organizations of any of these names, newest first. They are few, and asked for only when somebody wants a demo. */
export async function listOrganizationsNamed(db: Queryable, names: readonly string[]): Promise<OrganizationRow[]> {
  const { rows } = await db.query<OrganizationRow>(
    'SELECT * FROM organizations WHERE name = ANY ($1) ORDER BY organization_no DESC',
    [names],
  );
  return rows;
}

/** Who has owned an organization the longest: on most servers, whom the first start created. */
export async function findFirstOwner(db: Queryable): Promise<{ user_id: string; email: string } | undefined> {
  const { rows } = await db.query<{ user_id: string; email: string }>(
    `SELECT u.user_id, u.email FROM memberships m JOIN users u USING (user_id)
     WHERE m.role = 'owner' ORDER BY m.organization_no, m.created_at, m.user_id LIMIT 1`,
  );
  return rows[0];
}
