/** Each includes those after it; `recorder` stands apart: it appends audit events and does nothing else. */
export const ROLES = ['owner', 'admin', 'analyst', 'member', 'recorder'] as const;
export type Role = (typeof ROLES)[number];
export type MemberRole = Exclude<Role, 'recorder'>;

const RANK: Readonly<Record<Role, number>> = { owner: 4, admin: 3, analyst: 2, member: 1, recorder: 0 };

export function includesRole(held: Role, needed: Role): boolean {
  return RANK[held] >= RANK[needed];
}
