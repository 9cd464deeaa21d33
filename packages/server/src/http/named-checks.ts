import type { SchemaValidateFunction } from 'ajv';

import { countryCodes } from '../posture/zones/country-codes.ts';

interface NamedCheck {
  /** What a value that fails must do instead; completes a sentence that begins with its place. */
  readonly says: string;
  passes(value: unknown): boolean;
}

/** What JSON Schema has no words for, named by the keyword `x-check`. Other readers of the schemas pass over it. */
const NAMED_CHECKS = {
  country: {
    says: 'must be a country code of ISO 3166-1, such as SE',
    passes: (value) => typeof value !== 'string' || countryCodes.has(value),
  },
  lei: {
    says: 'must be a legal entity identifier whose check digits are right',
    passes: (value) => typeof value !== 'string' || isLei(value),
  },
  one_target: {
    says: 'must name a control or a service, and the other is null',
    passes: (value) => {
      const { control_id: control, service_id: service } = value as Readonly<Record<string, unknown>>;
      // One that isn't there is another mistake, and told as such.
      if (control === undefined || service === undefined) return true;
      return (control === null) !== (service === null);
    },
  },
} as const satisfies Readonly<Record<string, NamedCheck>>;

/** As Ajv wants it: what is wrong is left on the function. */
export const checkNamed: SchemaValidateFunction = (name: keyof typeof NAMED_CHECKS, value: unknown): boolean => {
  const check: NamedCheck = NAMED_CHECKS[name];
  if (check.passes(value)) return true;
  checkNamed.errors = [{ keyword: 'x-check', message: check.says, params: {} }];
  return false;
};

/** ISO 17442: eighteen letters and digits, and two digits that make ISO/IEC 7064 MOD 97-10 come out at 1. */
function isLei(value: string): boolean {
  if (!/^[0-9A-Z]{18}[0-9]{2}$/.test(value)) return false;
  let remainder = 0;
  for (const character of value) {
    // A letter stands for two digits: A is 10, Z is 35.
    const digits = Number.parseInt(character, 36);
    remainder = (remainder * (digits > 9 ? 100 : 10) + digits) % 97;
  }
  return remainder === 1;
}
