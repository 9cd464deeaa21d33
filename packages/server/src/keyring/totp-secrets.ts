import { Secret as TotpSecret, TOTP } from 'otpauth';

import type { Seal } from './seal.ts';

/** What every authenticator app understands; several ignore what a URI says of anything else. */
const FORM = { issuer: 'Veritrail', algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** 160 bits, the length of the HMAC's output (RFC 4226, section 4). */
const SECRET_BYTES = 20;
/** One step to either side: a clock that is half a minute off, or a code typed as it changed. */
const WINDOW = 1;

/**
 * The secrets behind the codes of authenticator apps (RFC 6238). They are shown once, when a user adds them to an app, and
 * are sealed from then on: whoever checks a code never sees what it was made from.
 */
export interface TotpSecrets {
  /** A new one: `secret` in base32 to be typed in, `uri` to be scanned. */
  make(userId: string, email: string): { readonly sealed: Buffer; readonly secret: string; readonly uri: string };
  /** The time step that the code belongs to, if it is one of those that are valid at that time. Compares in constant time. */
  stepOf(sealed: Buffer, userId: string, code: string, at: Date): number | undefined;
}

export function createTotpSecrets(seal: Seal): TotpSecrets {
  return {
    make(userId, email) {
      const secret = new TotpSecret({ size: SECRET_BYTES });
      const totp = new TOTP({ ...FORM, label: email, secret });
      return { sealed: seal.seal(secret.base32, context(userId)), secret: secret.base32, uri: totp.toString() };
    },
    stepOf(sealed, userId, code, at) {
      // The library throws at a text of six characters that are more bytes.
      if (!/^[0-9]{6}$/.test(code)) return undefined;
      const secret = TotpSecret.fromBase32(seal.open(sealed, context(userId)));
      const timestamp = at.getTime();
      const delta = new TOTP({ ...FORM, secret }).validate({ token: code, timestamp, window: WINDOW });
      return delta === null ? undefined : TOTP.counter({ period: FORM.period, timestamp }) + delta;
    },
  };
}

function context(userId: string): string {
  return `totp secret ${userId}`;
}
