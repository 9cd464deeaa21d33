/** Each includes those after it, as on the server, which alone decides: here it is told what a page may offer. */
export const MEMBER_ROLES = ['owner', 'admin', 'analyst', 'member'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];
export type Role = MemberRole | 'recorder';

const RANK: Readonly<Record<Role, number>> = { owner: 4, admin: 3, analyst: 2, member: 1, recorder: 0 };

export function includesRole(held: Role, needed: Role): boolean {
  return RANK[held] >= RANK[needed];
}

export const ROLE_MEANINGS: Readonly<Record<Role, string>> = {
  owner: 'Everything, also making owners and releasing legal holds',
  admin: 'Records, members, keys, exports and reports',
  analyst: 'Reads the audit log as well',
  member: 'Reads records and the posture report',
  recorder: 'For programs: appends audit events and sees nothing',
};
