import { formatPostureReport, formatSeconds, formatSignedPostureReport } from '@veritrail/formats';
import type { PostureReport, PostureService } from '@veritrail/formats';

import type { VerificationKeys } from '../keyring/verification-keys.ts';
import { readOrganization } from '../tenancy/organization-store.ts';
import type { OrganizationRef } from '../tenancy/principal.ts';
import type { Ground } from '../tenancy/ground.ts';
import type { TrailExtent } from '../trail/trail-store.ts';
import type { Queryable } from '../storage/database.ts';
import { lastCompletedBackups } from './backup-store.ts';
import { listServices } from './service-store.ts';
import type { Service } from './service.ts';
import type { ZoneCatalogue } from './zone-catalogue.ts';

export interface PostureParts {
  readonly ground: Ground;
  readonly zones: ZoneCatalogue;
  readonly verificationKeys: VerificationKeys;
  readonly trailExtent: (tx: Queryable, organizationNo: number) => Promise<TrailExtent>;
}

export interface IssuedPostureReport {
  /** The whole response body. */
  readonly text: string;
  readonly keyId: string;
  readonly serviceCount: number;
}

/**
 * The signed posture report of an organization as it stands now: one snapshot of the database, so no half of a change
 * is in it and everything acknowledged before is. Its work grows with services and never with events.
 *
 * Format: docs/formats/posture-report.md.
 */
export async function issuePostureReport(parts: PostureParts, ref: OrganizationRef): Promise<IssuedPostureReport> {
  return parts.ground.db.scoped(
    ref.no,
    async (tx) => {
      const organization = await readOrganization(tx, ref.no);
      const second = Math.floor(parts.ground.clock().getTime() / 1000) * 1000;
      const services = await listServices(tx, ref.no);
      // Whose clock is ahead of ours may record a backup before it is due here; the report says nothing of the future.
      const backups = await lastCompletedBackups(tx, ref.no, new Date(second + 1000));
      const extent = await parts.trailExtent(tx, ref.no);
      const described = services.map((service) => describe(service, backups.get(service.service_id), parts.zones));
      const report: PostureReport = {
        organization_id: ref.id,
        generated_at: formatSeconds(second),
        service_count: services.length,
        // With no service nothing was shown: there is no vacuous truth here.
        all_services_eu_residency: described.length > 0 && described.every((service) => service.eu_residency),
        services: described,
        audit_log: {
          retention_policy_days: organization.audit_retention_days,
          entry_count: extent.entryCount,
          oldest_entry_at: extent.oldestEntryAt === null ? null : toSecond(extent.oldestEntryAt),
        },
      };
      const text = formatPostureReport(report);
      const signed = await parts.verificationKeys.sign(tx, ref, text);
      return {
        text: formatSignedPostureReport(text, { value: signed.value, key_id: signed.keyId }),
        keyId: signed.keyId,
        serviceCount: services.length,
      };
    },
    { snapshot: true, settled: true },
  );
}

function describe(
  service: Service,
  backup: { completed_at: string; type: string } | undefined,
  zones: ZoneCatalogue,
): PostureService {
  const located = service.zones.map((zone) => zones.find(zone));
  return {
    service_id: service.service_id,
    name: service.name,
    database_type: service.database_type,
    zones: service.zones,
    regions: located.map((zone) => zone?.region ?? 'unknown'),
    eu_residency: located.length > 0 && located.every((zone) => zone?.eu === true),
    storage_encrypted_at_rest: service.storage_encrypted_at_rest,
    backup_encryption: service.backup_encryption,
    tls_enabled: service.tls_enabled,
    last_backup_at: backup === undefined ? null : toSecond(backup.completed_at),
    last_backup_type: backup?.type ?? null,
    backup_schedule: service.backup_schedule,
    backup_retention_days: service.backup_retention_days,
  };
}

/** Times in the report are to the second; cut, never rounded into the future. */
function toSecond(timestamp: string): string {
  return `${timestamp.slice(0, 19)}Z`;
}
