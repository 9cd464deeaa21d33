import { auditEventPayload, type AuditEvent } from './audit-event.ts';
import { equalInConstantTime, hmacSha256Hex } from './mac.ts';

/**
 * The member `signature` of an event: `sha256=` and the HMAC-SHA256 of its payload in lower-case hex.
 *
 * @param payload from auditEventPayload
 */
export function auditEventMac(payload: string, secret: string): string {
  return `sha256=${hmacSha256Hex(secret, payload)}`;
}

/**
 * Whether the event's MAC is the one that `secret` gives to its payload.
 *
 * True says nothing about `actor_username`, `ip_address`, `user_agent`, `recorded_at`, `sequence` and
 * `signature_key_id`, which the MAC doesn't cover, nor about who of those that hold the secret made it.
 */
export function checkAuditEventMac(event: AuditEvent, secret: string): boolean {
  return equalInConstantTime(auditEventMac(auditEventPayload(event), secret), event.signature);
}
