import type { TSchema } from 'typebox';

import type { ObservedFact } from '../posture/observed-facts.ts';
import { closed, Day, NO_CONTROLS, nullable } from './schemas.ts';
import { Type } from './type.ts';

export const text = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: NO_CONTROLS });
/** Inside values, where equal moments must be equal text. */
export const UtcSecond = Type.String({
  format: 'date-time',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\dZ$',
  description: 'RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z',
});
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** The form that a value of each fact has. */
export const OBSERVED_VALUES = {
  tls_required: Type.Boolean(),
  tls_min_version: Type.Enum(['1.0', '1.1', '1.2', '1.3']),
  tls_certificate_not_after: UtcSecond,
  auth_required: Type.Boolean(),
  network_exposure: Type.Enum(['private', 'allow_list', 'public']),
  storage_cipher: text(100),
  backup_zones: Type.Array(text(100), { maxItems: 100, uniqueItems: true }),
  availability_topology: closed({
    nodes: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    zones: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    failover: Type.Boolean(),
  }),
  capacity: closed({ used_percent: Type.Integer({ minimum: 0, maximum: 100 }), alert_open: Type.Boolean() }),
  version_and_patch: closed({
    engine: text(100),
    version: text(100),
    patched_at: UtcSecond,
    end_of_life: nullable(Day),
  }),
  backup_integrity_check: closed({ method: text(100), passed: Type.Boolean() }),
  log_store: closed({ oldest_record_at: UtcSecond, newest_record_at: UtcSecond }),
  mfa_enforced: Type.Boolean(),
  shared_accounts: Type.Array(text(200), { maxItems: 1000, uniqueItems: true }),
  keys_register: Type.Array(
    closed({
      key_id: text(200),
      purpose: text(200),
      created_at: UtcSecond,
      rotated_at: nullable(UtcSecond),
      retired_at: nullable(UtcSecond),
    }),
    { maxItems: 1000 },
  ),
  clock: closed({ source: text(200), max_skew_ms: Count }),
  write_failures: closed({ count: Count, longest_outage_seconds: Count }),
} as const satisfies Readonly<Record<ObservedFact, TSchema>>;
