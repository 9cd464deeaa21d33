export { readSigningKeys, retireSigningKeyBeside, rotateSigningKeyBeside } from './change-signing-keys.ts';
export { ConfigurationError } from './configuration-error.ts';
export { readConfiguration, SETTINGS, type Configuration } from './configuration.ts';
export { openHouse, startServer, type House, type RunningServer } from './composition.ts';
export { openDiagnostics, type Diagnostics } from './diagnostics.ts';
export type { FirstRun } from './first-run.ts';
export { exportCharges, type OrganizationBill } from './export-charges.ts';
export { listAuditKeys } from './list-audit-keys.ts';
export { KeyringError } from './keyring/keyring-error.ts';
export { signingKeyFingerprint } from './keyring/signing-keys.ts';
export { PostureError } from './posture/posture-error.ts';
export { StorageError } from './storage/storage-error.ts';

// What the command that checks trails works with.
export { FINDINGS, type FindingCode } from './trail/check-rows.ts';
export { readTrailCheck, type TrailCheck } from './trail/check-store.ts';
export { acknowledgeDivergence, checkTrail, type CheckParts, type CheckStep } from './trail/check-trail.ts';
export { listOrganizationRefs } from './tenancy/organization-store.ts';

// What the demo is filled with: the deeds and stores that the server itself uses.
export { servicesNamedIn, type DeclarationKindName, type DeclaredData } from './http/declaration-schemas.ts';
export { writeDurably } from './keyring/secret-file.ts';
export { insertBackup } from './posture/backup-store.ts';
export { changeService, putService, removeService } from './posture/change-service.ts';
export { declare } from './posture/declare.ts';
export { ORGANIZATION_ITSELF } from './posture/observation-store.ts';
export { backupDeed, type NewBackup } from './posture/record-backup.ts';
export { recordObservations, type Reading } from './posture/record-observations.ts';
export type { ServiceFacts } from './posture/service.ts';
export { takeSample } from './posture/take-sample.ts';
export { enterScope, type Queryable } from './storage/database.ts';
export { changeOrganization } from './tenancy/change-organization.ts';
export type { Ground } from './tenancy/ground.ts';
export { issueApiKeyWithin } from './tenancy/manage-api-keys.ts';
export { insertMembership } from './tenancy/membership-store.ts';
export {
  insertOrganization,
  lockOrganization,
  refOf,
  updateOrganization,
  type OrganizationRow,
} from './tenancy/organization-store.ts';
export type { Actor, OrganizationRef } from './tenancy/principal.ts';
export { appendEvents } from './trail/append-events.ts';
export { MAX_EVENTS_A_REQUEST, readEventDrafts } from './trail/event-draft.ts';
export { createGroupCommit } from './trail/group-commit.ts';
export { prepareEvent } from './trail/prepare-event.ts';
export { createRecordDeed, createTrail, draftOf, type Trail } from './trail/trail.ts';
