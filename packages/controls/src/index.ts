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
export { comparePackets, type PacketComparison } from './packet/compare-packets.ts';
export {
  DECLARATION_KINDS,
  HAPPENED_KINDS,
  type Declaration,
  type DeclarationData,
  type DeclarationKind,
  type Declarations,
  type Party,
  type PartyIdentifier,
  type TransferMechanism,
  type TrustCategory,
} from './packet/declarations.ts';
export { openExceptions } from './packet/open-exceptions.ts';
export {
  OBSERVED_SERVICE_FACTS,
  SERVICE_FACTS,
  type AccessEvidence,
  type AuditLogEvidence,
  type BackupEvidence,
  type Basis,
  type Collector,
  type EventList,
  type EventsEvidence,
  type Evidence,
  type ListedEvent,
  type PreviousPacket,
  type Samples,
  type ScheduledRun,
  type ServiceEvidence,
  type ServiceFact,
  type Span,
} from './packet/evidence.ts';
export { absencesOf, type AccountEvent } from './packet/membership.ts';
export type {
  AnnexTable,
  Assessment,
  ControlFinding,
  ControlStatus,
  FailingItem,
  Packet,
  PacketHead,
  ReasonCode,
} from './packet/packet.ts';
export { assess, assessInSteps, PACKET_CATALOGUES } from './packet/assess.ts';
export { catalogueDigest } from './packet/catalogue-digest.ts';
export { resolveRef } from './packet/resolve-ref.ts';
export type { NamedRule, PacketCatalogue, PacketControl } from './packet/rule.ts';
export { annexCsv } from './packet/annex-csv.ts';
