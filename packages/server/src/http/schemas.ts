import { AUDIT_ACTIONS } from '@veritrail/formats';
import type { TSchema } from 'typebox';

import { BACKUP_SCHEDULES } from '../posture/service.ts';
import { EVENT_LIMITS, MAX_EVENTS_A_REQUEST } from '../trail/event-draft.ts';
import { ACCOUNT_EMAIL_PATTERN, EMAIL_PATTERN } from '../tenancy/email.ts';
import { ROLES } from '../tenancy/roles.ts';
import { Type } from './type.ts';

/** No C0, DEL or C1: what is left is kept exactly, quotes, right-to-left text and emoji included. */
export const NO_CONTROLS = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

export const Name = Type.String({ minLength: 1, maxLength: 200, pattern: NO_CONTROLS });
export const Email = Type.String({ maxLength: 254, pattern: EMAIL_PATTERN });
export const AccountEmail = Type.String({
  maxLength: 254,
  pattern: ACCOUNT_EMAIL_PATTERN,
  description: 'Without a colon, and not beginning with vtk_: HTTP Basic could not carry it',
});
export const Uuid = Type.String({ format: 'uuid' });
export const Time = Type.String({ format: 'date-time' });
/** A day of the calendar, YYYY-MM-DD. The database knows no year 0. */
export const Day = Type.String({ format: 'date', pattern: '^(?!0000)' });
export const Password = Type.String({ minLength: 1, maxLength: 1024 });
/** Of an authenticator app, or a recovery code; spaces and hyphens in it are as nothing. */
export const Code = Type.String({ minLength: 6, maxLength: 40 });
/** One that somebody shall have from now on; tenancy/password-rules.ts knows the rest of the rules. */
export const NewPassword = Type.String({ minLength: 12, maxLength: 1024 });

export const AnyRole = Type.Enum([...ROLES]);
export const MemberRoleName = Type.Enum(['owner', 'admin', 'analyst', 'member']);

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** Bodies are closed: a member that isn't known is a mistake worth telling. */
export function closed<T extends Record<string, TSchema>>(members: T) {
  return Type.Object(members, { additionalProperties: false });
}

/** A part of a list, and how long the whole is. */
export function paged<T extends TSchema>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    total: Type.Integer(),
    page: Type.Integer(),
    page_size: Type.Integer(),
  });
}

export function pageOf(query: { page?: number; page_size?: number }): { page: number; limit: number; offset: number } {
  const { page = 1, page_size: limit = 500 } = query;
  return { page, limit, offset: (page - 1) * limit };
}

export function items<T extends TSchema>(schema: T) {
  return Type.Object({ items: Type.Array(schema) });
}

export const OrganizationPath = Type.Object({ orgId: Uuid });
export const ServicePath = Type.Object({ orgId: Uuid, serviceId: Uuid });
export const MemberPath = Type.Object({ orgId: Uuid, userId: Uuid });
export const ApiKeyPath = Type.Object({ orgId: Uuid, key: Type.String({ maxLength: 100, pattern: '^[!-~]+$' }) });

export const Paging = Type.Object(
  {
    page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 })),
    page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 500 })),
  },
  { additionalProperties: false },
);

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    id: Type.Optional(Type.String()),
  },
  { description: 'RFC 9457 problem details; `detail` is one sentence that says what to do.' },
);

export const Organization = Type.Object({
  id: Uuid,
  name: Type.String(),
  billing_email: Type.String(),
  audit_retention_days: nullable(Type.Integer()),
  created_at: Time,
});
export const OwnOrganization = Type.Object({ ...Organization.properties, role: AnyRole });

export const Member = Type.Object({ user_id: Uuid, email: Type.String(), name: Type.String(), role: MemberRoleName });

export const ApiKey = Type.Object({
  key: Type.String(),
  name: Type.String(),
  role: AnyRole,
  created_at: Time,
  created_by: Type.String(),
  last_used_at: nullable(Time),
});

const facts = {
  name: Name,
  database_type: Type.String({ minLength: 1, maxLength: 100, pattern: NO_CONTROLS }),
  zones: Type.Array(Type.String({ minLength: 1, maxLength: 100, pattern: NO_CONTROLS }), {
    maxItems: 100,
    uniqueItems: true,
  }),
  storage_encrypted_at_rest: Type.Boolean(),
  backup_encryption: nullable(Type.Literal('AES-256-GCM')),
  tls_enabled: Type.Boolean(),
  backup_schedule: Type.Enum([...BACKUP_SCHEDULES]),
  backup_retention_days: Type.Integer({ minimum: 0, maximum: 36_500 }),
};
export const ServiceFactsBody = closed(facts);
export const ServiceChangeBody = Type.Partial(closed(facts), { additionalProperties: false });
export const Service = Type.Object({ service_id: Uuid, ...facts, created_at: Time, updated_at: Time });
export const ServiceVersion = Type.Object({ valid_from: Time, valid_to: nullable(Time), ...facts });

export const Backup = Type.Object({
  backup_id: Uuid,
  service_id: Uuid,
  completed_at: Time,
  type: Type.String(),
  status: Type.Enum(['completed', 'failed']),
  recorded_at: Time,
});

export const Zone = Type.Object({
  zone: Type.String(),
  region: Type.String(),
  country: Type.String(),
  eu: Type.Boolean(),
});

export const Action = Type.Enum([...AUDIT_ACTIONS]);

const NO_NUL = '^[^\\u0000]*$';
const text = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: NO_NUL });
/** Documents what `readEventDraft` checks; lengths there are bytes of UTF-8. */
export const EventBody = closed({
  action: Action,
  resource_type: text(EVENT_LIMITS.resource_type),
  resource_id: text(EVENT_LIMITS.resource_id),
  actor_id: text(EVENT_LIMITS.actor_id),
  actor_username: Type.Optional(nullable(Type.String({ maxLength: EVENT_LIMITS.actor_username, pattern: NO_NUL }))),
  timestamp: Type.Optional(nullable(Time)),
  ip_address: Type.Optional(nullable(Type.Union([Type.String({ format: 'ipv4' }), Type.String({ format: 'ipv6' })]))),
  user_agent: Type.Optional(nullable(Type.String({ maxLength: EVENT_LIMITS.user_agent, pattern: NO_NUL }))),
  details: Type.Optional(nullable(Type.Object({}, { additionalProperties: true }))),
  id: Type.Optional(nullable(Uuid)),
});
export const EventsBody = Type.Union([
  EventBody,
  closed({ events: Type.Array(EventBody, { minItems: 1, maxItems: MAX_EVENTS_A_REQUEST }) }),
]);

export const AuditEventItem = Type.Object({
  id: Uuid,
  action: Action,
  resource_type: Type.String(),
  resource_id: Type.String(),
  actor_id: Type.String(),
  actor_username: nullable(Type.String()),
  timestamp: Time,
  ip_address: nullable(Type.String()),
  user_agent: nullable(Type.String()),
  details: Type.Object({}, { additionalProperties: true }),
  signature: Type.String({ pattern: '^sha256=[0-9a-f]{64}$' }),
  recorded_at: Time,
  sequence: Type.Integer({ minimum: 0 }),
  signature_key_id: Type.String(),
});

export const PostureReportBody = Type.Object({
  report: Type.Object({
    organization_id: Uuid,
    generated_at: Time,
    service_count: Type.Integer(),
    all_services_eu_residency: Type.Boolean(),
    services: Type.Array(
      Type.Object({
        service_id: Uuid,
        name: Type.String(),
        database_type: Type.String(),
        zones: Type.Array(Type.String()),
        regions: Type.Array(Type.String()),
        eu_residency: Type.Boolean(),
        storage_encrypted_at_rest: Type.Boolean(),
        backup_encryption: nullable(Type.String()),
        tls_enabled: Type.Boolean(),
        last_backup_at: nullable(Time),
        last_backup_type: nullable(Type.String()),
        backup_schedule: Type.String(),
        backup_retention_days: Type.Integer(),
      }),
    ),
    audit_log: Type.Object({
      retention_policy_days: nullable(Type.Integer()),
      entry_count: Type.Integer(),
      oldest_entry_at: nullable(Time),
    }),
  }),
  signature: Type.Object({ algorithm: Type.Literal('HMAC-SHA256'), value: Type.String(), key_id: Type.String() }),
});
