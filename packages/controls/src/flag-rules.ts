/** Rules that flag an event for a person to look at. docs/operating/flags.md says what each means. */
export const FLAG_RULE_IDS = [
  'failed_login_burst',
  'login_after_failures',
  'self_granted_role',
  'mass_deletion',
  'export_by_new_actor',
  'backdated_event',
  'idle_actor_new_address',
] as const;
export type FlagRuleId = (typeof FLAG_RULE_IDS)[number];
