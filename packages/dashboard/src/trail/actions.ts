import type { Tone } from '../ui/badge.tsx';

export const ACTIONS = [
  'CREATE',
  'UPDATE',
  'DELETE',
  'READ',
  'LOGIN',
  'LOGOUT',
  'PERMISSION_CHANGE',
  'CONFIG_CHANGE',
  'EXPORT',
] as const;

/** Quiet for what happens all day, marked for what an auditor looks for. */
export const ACTION_TONES: Readonly<Record<string, Tone>> = {
  DELETE: 'warn',
  PERMISSION_CHANGE: 'accent',
  CONFIG_CHANGE: 'accent',
  EXPORT: 'accent',
};

/** As docs/operating/flags.md has them. */
export const FLAG_RULES: Readonly<Record<string, string>> = {
  failed_login_burst: 'Burst of failed logins',
  login_after_failures: 'Login after a burst of failures',
  self_granted_role: 'Own permissions changed',
  mass_deletion: 'Many deletions',
  export_by_new_actor: 'Export by a new actor',
  backdated_event: 'Backdated event',
  idle_actor_new_address: 'New address after a long rest',
};
