/**
 * What collectors may send, of what, and for how many days a reading counts: after that the fact is unknown until it is
 * read again.
 */
export const OBSERVED_FACTS = {
  tls_required: { of: 'service', freshDays: 1 },
  tls_min_version: { of: 'service', freshDays: 1 },
  tls_certificate_not_after: { of: 'service', freshDays: 1 },
  auth_required: { of: 'service', freshDays: 1 },
  network_exposure: { of: 'service', freshDays: 1 },
  storage_cipher: { of: 'service', freshDays: 1 },
  backup_zones: { of: 'service', freshDays: 1 },
  availability_topology: { of: 'service', freshDays: 1 },
  capacity: { of: 'service', freshDays: 1 },
  version_and_patch: { of: 'service', freshDays: 7 },
  backup_integrity_check: { of: 'service', freshDays: 30 },
  log_store: { of: 'service', freshDays: 1 },
  mfa_enforced: { of: 'organization', freshDays: 1 },
  shared_accounts: { of: 'organization', freshDays: 30 },
  keys_register: { of: 'organization', freshDays: 7 },
  clock: { of: 'organization', freshDays: 1 },
  write_failures: { of: 'organization', freshDays: 1 },
} as const satisfies Readonly<Record<string, { of: 'service' | 'organization'; freshDays: number }>>;

export type ObservedFact = keyof typeof OBSERVED_FACTS;
export const OBSERVED_FACT_NAMES = Object.keys(OBSERVED_FACTS) as ObservedFact[];

const DAY_MS = 86_400_000;

export function freshMs(fact: ObservedFact): number {
  return OBSERVED_FACTS[fact].freshDays * DAY_MS;
}
