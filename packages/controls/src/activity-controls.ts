import type { AuditAction } from '@veritrail/formats';

import type { FlagRuleId } from './flag-rules.ts';

/** A control as the activity reports show it: which events are its evidence, and which flags contradict it. */
export interface ActivityControl {
  /** As the report's consumers match on it: for ISO 27001 an identifier of the 2013 edition where there is one. */
  readonly controlId: string;
  /** In the current edition's catalogue. */
  readonly catalogueId: string;
  readonly description: string;
  readonly evidence: readonly AuditAction[] | 'all';
  readonly contradictedBy: readonly FlagRuleId[];
}

const SIGN_INS: readonly FlagRuleId[] = ['login_after_failures', 'idle_actor_new_address'];

/** The evidence of CC6.1 is fixed by the published samples: 2,100 logins and 320 permission changes give 2,420. */
export const SOC2_ACTIVITY: readonly ActivityControl[] = [
  {
    controlId: 'CC6.1',
    catalogueId: 'CC6.1',
    description: 'Logical and physical access controls',
    evidence: ['LOGIN', 'PERMISSION_CHANGE'],
    contradictedBy: SIGN_INS,
  },
  {
    controlId: 'CC6.2',
    catalogueId: 'CC6.2',
    description: 'Users are registered before they get access, and removed afterwards',
    evidence: ['CREATE', 'LOGIN', 'PERMISSION_CHANGE'],
    contradictedBy: ['self_granted_role'],
  },
  {
    controlId: 'CC6.3',
    catalogueId: 'CC6.3',
    description: 'Access follows roles and is changed by somebody else',
    evidence: ['PERMISSION_CHANGE'],
    contradictedBy: ['self_granted_role'],
  },
  {
    controlId: 'CC6.7',
    catalogueId: 'CC6.7',
    description: 'Data that leaves is on record',
    evidence: ['EXPORT'],
    contradictedBy: ['export_by_new_actor'],
  },
  {
    controlId: 'CC7.2',
    catalogueId: 'CC7.2',
    description: 'Activity is watched for anomalies',
    evidence: 'all',
    contradictedBy: ['failed_login_burst', 'mass_deletion', 'backdated_event'],
  },
  {
    controlId: 'CC8.1',
    catalogueId: 'CC8.1',
    description: 'Changes are on record',
    evidence: ['CREATE', 'UPDATE', 'CONFIG_CHANGE'],
    contradictedBy: ['backdated_event'],
  },
  {
    controlId: 'C1.2',
    catalogueId: 'C1.2',
    description: 'Disposal of information is on record',
    evidence: ['DELETE'],
    contradictedBy: ['mass_deletion'],
  },
];

export const ISO27001_ACTIVITY: readonly ActivityControl[] = [
  {
    controlId: 'A.9.2.1',
    catalogueId: 'A.5.16',
    description: 'User registration and removal',
    evidence: ['CREATE', 'DELETE'],
    contradictedBy: ['self_granted_role'],
  },
  {
    controlId: 'A.9.2.2',
    catalogueId: 'A.5.18',
    description: 'Granting and removing access rights',
    evidence: ['PERMISSION_CHANGE'],
    contradictedBy: ['self_granted_role'],
  },
  {
    controlId: 'A.9.4.1',
    catalogueId: 'A.8.3',
    description: 'Information access restriction',
    evidence: ['LOGIN', 'PERMISSION_CHANGE'],
    contradictedBy: SIGN_INS,
  },
  {
    controlId: 'A.9.4.2',
    catalogueId: 'A.8.5',
    description: 'Secure sign-in',
    evidence: ['LOGIN', 'LOGOUT'],
    contradictedBy: ['failed_login_burst', 'login_after_failures'],
  },
  {
    controlId: 'A.12.1.2',
    catalogueId: 'A.8.32',
    description: 'Change management',
    evidence: ['UPDATE', 'CONFIG_CHANGE'],
    contradictedBy: ['backdated_event'],
  },
  {
    controlId: 'A.12.4.1',
    catalogueId: 'A.8.15',
    description: 'Event logging',
    evidence: 'all',
    contradictedBy: ['backdated_event'],
  },
  {
    controlId: 'A.13.2.1',
    catalogueId: 'A.5.14',
    description: 'Information transfer',
    evidence: ['EXPORT'],
    contradictedBy: ['export_by_new_actor'],
  },
  {
    controlId: 'A.8.10',
    catalogueId: 'A.8.10',
    description: 'Deletion of information',
    evidence: ['DELETE'],
    contradictedBy: ['mass_deletion'],
  },
];
