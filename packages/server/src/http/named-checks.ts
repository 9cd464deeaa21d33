import { countryCodes } from '../posture/zones/country-codes.ts';

interface NamedCheck {
  /** What a value that fails must do instead; completes a sentence that begins with its place. */
  readonly says: string;
  passes(value: unknown): boolean;
}

/** What JSON Schema has no words for, named by the keyword `x-check`. Other readers of the schemas pass over it. */
export const NAMED_CHECKS = {
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
      return (control === null) !== (service === null);
    },
  },
} as const satisfies Readonly<Record<string, NamedCheck>>;

export type CheckName = keyof typeof NAMED_CHECKS;

export function checkNamed(name: CheckName, value: unknown): boolean {
  return NAMED_CHECKS[name].passes(value);
}

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
