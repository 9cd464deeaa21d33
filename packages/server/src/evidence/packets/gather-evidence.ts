import type { AccessEvidence, Evidence, PreviousPacket, ScheduledRun } from '@veritrail/controls';
import type { Framework } from '@veritrail/formats';

import type { ZoneCatalogue } from '../../posture/zone-catalogue.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { readOrganization, type OrganizationRow } from '../../tenancy/organization-store.ts';
import type { ActiveRule } from '../flags/flag-settings.ts';
import { listAccounts } from './event-list-store.ts';
import { gatherAuditLog } from './gather-audit-log.ts';
import { gatherDeclarations } from './gather-declarations.ts';
import { gatherEvents } from './gather-events.ts';
import { gatherObservations, type GatheredObservations } from './gather-observations.ts';
import { gatherSamples } from './gather-samples.ts';
import { DERIVED, gatherServices, PLATFORM_RECORDS, second } from './gather-services.ts';
import type { GiveWay } from './give-way.ts';
import { findPreviousPacket } from './packet-store.ts';
import type { Period } from './period.ts';
import { listRunsWithin } from './schedule-store.ts';

export interface GatherParts {
  readonly db: Database;
  readonly clock: () => Date;
  readonly zones: ZoneCatalogue;
  readonly flagRules: readonly ActiveRule[];
  readonly giveWay: GiveWay;
}

/** Of the collectors that are ours: any change of what they read or how they derive is a new one. */
const OUR_COLLECTORS = [
  { id: PLATFORM_RECORDS, version: '1' },
  { id: DERIVED, version: '1' },
];

/** Everything that a packet rests on, in one snapshot of the database, so that its parts are of one moment. */
export async function gatherEvidence(
  parts: GatherParts,
  organizationNo: number,
  asked: { readonly framework: Framework; readonly period: Period },
): Promise<{ readonly organization: OrganizationRow; readonly evidence: Evidence }> {
  const { framework, period } = asked;
  return parts.db.scoped(
    organizationNo,
    async (tx) => {
      const now = parts.clock();
      const organization = await readOrganization(tx, organizationNo);
      const observed = await gatherObservations(tx, organizationNo, period, parts.giveWay);
      const { samples, sampledAt, backupAges } = await gatherSamples(tx, organizationNo, period, parts.giveWay);
      const services = await gatherServices(tx, organizationNo, {
        zones: parts.zones,
        period,
        now: now.getTime(),
        sampledAt,
        backupAges,
        observed: observed.of,
        giveWay: parts.giveWay,
      });
      const declarations = await gatherDeclarations(tx, organizationNo, period.start, now);
      const auditLog = await gatherAuditLog(tx, organizationNo, {
        period,
        retentionDays: organization.audit_retention_days,
        rules: parts.flagRules,
        sources: declarations.audit_source,
        observed: observed.organization,
        now,
      });
      const previous = await previousPacket(tx, organizationNo, framework);
      const evidence: Evidence = {
        collectors: [...OUR_COLLECTORS, ...observed.collectors],
        zone_catalogue: { version: parts.zones.version, digest: parts.zones.digest },
        samples,
        services,
        access: await gatherAccess(tx, organizationNo, observed),
        audit_log: auditLog,
        events: await gatherEvents(tx, organizationNo, period, auditLog.in_period.by_action),
        declarations,
        scheduled_runs: await scheduledRuns(tx, organizationNo, framework, period),
        ...(previous !== undefined && { previous }),
      };
      return { organization, evidence };
    },
    { snapshot: true, settled: true },
  );
}

async function gatherAccess(
  tx: Queryable,
  organizationNo: number,
  observed: GatheredObservations,
): Promise<AccessEvidence> {
  const facts = observed.organization;
  const accounts = await listAccounts(tx, organizationNo);
  return {
    roles: accounts.map((account) => ({ ...account, since: second(account.since) })),
    mfa_enforced: (facts['mfa_enforced'] ?? []) as AccessEvidence['mfa_enforced'],
    shared_accounts: (facts['shared_accounts'] ?? []) as AccessEvidence['shared_accounts'],
    keys_register: (facts['keys_register'] ?? []) as AccessEvidence['keys_register'],
  };
}

async function scheduledRuns(
  tx: Queryable,
  organizationNo: number,
  framework: Framework,
  period: Period,
): Promise<ScheduledRun[]> {
  const runs = await listRunsWithin(tx, organizationNo, framework, period);
  return runs.map((run) => ({ due_at: second(run.due_at), status: run.status, report_id: run.report_id }));
}

async function previousPacket(
  tx: Queryable,
  organizationNo: number,
  framework: Framework,
): Promise<PreviousPacket | undefined> {
  const row = await findPreviousPacket(tx, organizationNo, framework);
  if (row === undefined) return undefined;
  return {
    report_id: row.report_id,
    canonical_sha256: row.canonical_sha256,
    generated_at: second(row.generated_at),
    period_start: second(row.period_start),
    period_end: second(row.period_end),
    exceptions: JSON.parse(row.exceptions) as string[],
  };
}
