import type { MemberRole, Role } from './roles.ts';

/** An organization as the rest of the server passes it on: the number is for rows, the id for the outside. */
export interface OrganizationRef {
  readonly no: number;
  readonly id: string;
}

export interface ApiKeyPrincipal {
  readonly kind: 'api_key';
  readonly apiKey: string;
  readonly name: string;
  readonly role: Role;
  readonly organization: OrganizationRef & { readonly name: string };
}

export interface UserPrincipal {
  readonly kind: 'user';
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly by: 'password' | 'session' | 'oidc';
  /** SHA-256 of the session token, when there is one to end. */
  readonly sessionHash: Buffer | undefined;
}

export interface Membership {
  readonly organization: OrganizationRef & { readonly name: string };
  readonly role: MemberRole;
}

/** Whoever this request is. */
export type Principal = ApiKeyPrincipal | UserPrincipal;

/** Who did it and from where, as the trail keeps it. */
export interface Actor {
  readonly id: string;
  readonly username: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}
