import { createContext, useContext } from 'react';

import { includesRole, type MemberRole } from '../session/roles.ts';

/** The organization whose pages are shown, and the role that is held in it. */
export interface CurrentOrganization {
  readonly id: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    /** Whether there is a password to sign in with. */
    readonly password: boolean;
  };
}

export const OrganizationContext = createContext<CurrentOrganization | undefined>(undefined);

export function useOrganization(): CurrentOrganization {
  const found = useContext(OrganizationContext);
  if (found === undefined) throw new Error('this page has no organization');
  return found;
}

/** Whether to offer what takes a role. The server decides again. */
export function useMay(needed: MemberRole): boolean {
  return includesRole(useOrganization().role, needed);
}
