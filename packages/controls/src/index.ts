export { ISO27001_ACTIVITY, SOC2_ACTIVITY, type ActivityControl } from './activity-controls.ts';
export type { Catalogue, Control } from './catalogue.ts';
export { iso27001Aliases } from './catalogues/iso27001-2013-aliases.ts';
export { iso27001 } from './catalogues/iso27001-2022.ts';
export { soc2 } from './catalogues/soc2.ts';
export { FLAG_RULE_IDS, type FlagRuleId } from './flag-rules.ts';
export {
  judgeActivity,
  type ActivityFacts,
  type ActivityFinding,
  type ActivityReason,
  type ActivityStatus,
} from './judge-activity.ts';
