import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Secrets that the server makes are 256 random bits, so SHA-256 without salt or stretching is enough to store them:
 * there is nothing to guess. Prefixes let a scanner find leaked ones. None contains a dot, which joins key and secret.
 */
export const API_KEY_PREFIX = 'vtk_';
export const SESSION_PREFIX = 'vts_';

export function newApiKey(): { readonly key: string; readonly secret: string } {
  return { key: API_KEY_PREFIX + random(12), secret: random(32) };
}

export function newSessionToken(): string {
  return SESSION_PREFIX + random(32);
}

export function newInvitationToken(): string {
  return `vti_${random(32)}`;
}

export function newHandoverCode(): string {
  return `vth_${random(32)}`;
}

export function tokenHash(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** In constant time. Without a stored hash it compares with itself inverted, which takes as long and never matches. */
export function matchesHash(token: string, stored: Buffer | undefined): boolean {
  const given = tokenHash(token);
  if (stored === undefined || stored.length !== given.length) {
    timingSafeEqual(given, Buffer.from(given.map((byte) => ~byte & 0xff)));
    return false;
  }
  return timingSafeEqual(given, stored);
}

/** Hex, as prefixed tokens should survive a double click in any terminal. */
function random(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
