import { accessReviewed } from '../rules/access-reviews.ts';
import { accountsReconciled } from '../rules/accounts.ts';
import { allOf, resting } from '../rules/combine.ts';
import { disposalRecorded } from '../rules/disposal.ts';
import { eachService } from '../rules/each-service.ts';
import { eachEvent, hasActor, notSelfGranted, saysChange, saysScope } from '../rules/event-lists.ts';
import {
  certificateValid,
  isKnown,
  isOneOf,
  isTrue,
  namesCipher,
  softwareCurrent,
  tlsAtLeast,
} from '../rules/fact-checks.ts';
import { keysRegistered, mfaEnforced, noSharedAccounts } from '../rules/organization-facts.ts';
import { soundTrail, trailParts } from '../rules/trail.ts';
import type { Soc2Entry } from './soc2-entry.ts';

const authRequired = isTrue('auth_required', {
  needed: 'whether sign-in is required',
  failing: 'sign-in was not required',
});
const tlsRequired = isTrue('tls_required', {
  needed: 'whether plaintext connections are refused',
  failing: 'plaintext connections were accepted',
});
/** Offered is not required, but what isn't offered can't be. */
const tlsOffered = isTrue('tls_enabled', { needed: 'whether TLS is offered', failing: 'TLS was off' });
const notOpen = isOneOf('network_exposure', ['private', 'allow_list'], {
  needed: 'from where it can be reached',
  failing: 'it was open to every address',
});
export const storageEncrypted = isTrue('storage_encrypted_at_rest', {
  needed: 'whether its storage is encrypted',
  failing: 'its storage was not encrypted',
});
export const backupsEncrypted = namesCipher('backup_encryption', {
  needed: 'the cipher of its backups',
  failing: 'its backups were not encrypted',
});
export const tlsThroughout = [tlsRequired, tlsOffered];

const MIN_TLS = '1.2';
const REVIEW_DAYS = 180;
const PATCH_DAYS = 180;

/** CC6: who gets in, and what protects what they get to. */
export const ACCESS: readonly Soc2Entry[] = [
  {
    id: 'CC6.1',
    kind: 'period',
    predicate:
      'sign-in was required, plaintext connections were refused, storage and backups were encrypted and no service was open to every address, and the accounts and keys of the platform itself are on a list',
    items: { one: 'service', many: 'services' },
    refs: [
      'services[*].auth_required',
      'services[*].tls_required',
      'services[*].tls_enabled',
      'services[*].storage_encrypted_at_rest',
      'services[*].backup_encryption',
      'services[*].network_exposure',
      'access.roles',
      'access.keys_register',
      'samples',
    ],
    doesNotShow:
      'who inside the organization holds database credentials, how strong passwords inside the databases are, how assets are classified',
    rule: allOf(
      eachService('period', [authRequired, ...tlsThroughout, storageEncrypted, backupsEncrypted, notOpen]),
      keysRegistered(),
    ),
    stays: true,
  },
  {
    id: 'CC6.2',
    kind: 'events',
    predicate: 'an event says who made it, and none acted after its removal',
    items: { one: 'account', many: 'accounts' },
    refs: [
      'access.roles',
      'events.account_lifecycle',
      'events.acts_after_removal',
      'events.permission_changes',
      'audit_log.integrity',
      'audit_log.recorded_since',
      'audit_log.sources',
    ],
    doesNotShow: 'that somebody approved the access before it was given, or that who gave it had the right to',
    rule: allOf(accountsReconciled(), resting(soundTrail()), resting(trailParts(['sources']))),
  },
  {
    id: 'CC6.3',
    kind: 'events',
    predicate:
      'permission changes say the role before and after and were not made by their own subject, accounts are not shared, and a review of access is current and was carried out',
    items: { one: 'permission change, register or review', many: 'permission changes, registers and reviews' },
    refs: [
      'events.permission_changes',
      'access.roles',
      'access.shared_accounts',
      'declarations.access_review',
      'events.account_lifecycle',
      'audit_log.flags',
      'audit_log.integrity',
    ],
    doesNotShow: 'whether the roles themselves are well designed',
    rule: allOf(
      eachEvent('permission_changes', [hasActor, saysChange, notSelfGranted], { mayBeEmpty: true }),
      accessReviewed(REVIEW_DAYS),
      noSharedAccounts(),
      resting(soundTrail()),
    ),
  },
  {
    id: 'CC6.5',
    kind: 'events',
    predicate: 'a record says when storage and keys were destroyed, and backups ran out in the stated time',
    items: { one: 'ended service', many: 'ended services' },
    refs: ['services[*].ended_at', 'services[*].backup_retention_days', 'declarations.disposal_record'],
    doesNotShow: 'the destruction of media in the data centre',
    rule: disposalRecorded(),
    stays: true,
  },
  {
    id: 'CC6.6',
    kind: 'period',
    predicate:
      'services were private or behind a list of addresses, TLS was required at version 1.2 or above and sign-in was required, the platform required a second factor, and sign-ins are on record',
    items: { one: 'service or part of the platform', many: 'services and parts of the platform' },
    refs: [
      'services[*].network_exposure',
      'services[*].tls_required',
      'services[*].tls_enabled',
      'services[*].tls_min_version',
      'services[*].auth_required',
      'access.mfa_enforced',
      'audit_log.in_period',
      'samples',
    ],
    doesNotShow: "firewalls and intrusion prevention at the edge, and the organization's own network",
    rule: allOf(
      eachService('period', [notOpen, ...tlsThroughout, tlsAtLeast(MIN_TLS), authRequired]),
      mfaEnforced(),
      trailParts(['sign_ins']),
    ),
  },
  {
    id: 'CC6.7',
    kind: 'period',
    predicate:
      'TLS was required with a certificate in date, backups were encrypted and their place is known, and exports say who made them and what they held',
    items: { one: 'service or export', many: 'services and exports' },
    refs: [
      'services[*].tls_required',
      'services[*].tls_enabled',
      'services[*].tls_min_version',
      'services[*].tls_certificate_not_after',
      'services[*].backup_encryption',
      'services[*].backup_zones',
      'events.exports',
      'audit_log.integrity',
      'samples',
    ],
    doesNotShow: 'what the recipient of an export did with it; media that can be carried away',
    rule: allOf(
      eachService('period', [
        ...tlsThroughout,
        tlsAtLeast(MIN_TLS),
        certificateValid(),
        backupsEncrypted,
        isKnown('backup_zones', 'where its backups are'),
      ]),
      eachEvent('exports', [hasActor, saysScope], { mayBeEmpty: true }),
      resting(soundTrail()),
    ),
  },
  {
    id: 'CC6.8',
    kind: 'point',
    predicate: 'the database software is supported by its makers and was patched within 180 days',
    items: { one: 'service', many: 'services' },
    refs: ['services[*].version_and_patch', 'events.config_changes'],
    doesNotShow: 'software against malware, signed images, lists of allowed programs',
    rule: eachService('point', [softwareCurrent(PATCH_DAYS)]),
  },
];
