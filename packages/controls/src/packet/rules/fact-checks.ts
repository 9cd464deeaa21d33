import type { ServiceEvidence, ServiceFact, Span, TlsVersion } from '../evidence.ts';
import type { PacketHead } from '../packet.ts';
import { later } from '../spans.ts';

/** One requirement on one fact of a service. Its data is in the catalogue's digest; `fails` follows from it. */
export interface FactCheck {
  readonly fact: ServiceFact;
  readonly test: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What is needed where the fact isn't known, such as "whether plaintext connections are refused". */
  readonly needed: string;
  /** What a span contradicts, and from when within it; undefined if it is fine. */
  readonly fails: (span: Span<unknown>, head: PacketHead) => { what: string; from?: string } | undefined;
}

type FactValue<Fact extends ServiceFact> = ServiceEvidence[Fact][number]['value'];

interface Words {
  readonly needed: string;
  readonly failing: string;
}

/** Any check of a value: the parameters say what it tests, since its code isn't in the digest. */
export function checkFact<Fact extends ServiceFact>(
  fact: Fact,
  test: string,
  parameters: Readonly<Record<string, unknown>>,
  words: Words,
  fails: (value: FactValue<Fact>) => boolean | string,
): FactCheck {
  return {
    fact,
    test,
    parameters,
    needed: words.needed,
    fails: (span) => {
      const found = fails(span.value as FactValue<Fact>);
      if (found === false) return undefined;
      return { what: found === true ? words.failing : found };
    },
  };
}

export function isTrue<Fact extends 'tls_required' | 'tls_enabled' | 'auth_required' | 'storage_encrypted_at_rest'>(
  fact: Fact,
  words: Words,
): FactCheck {
  return checkFact(fact, 'is_true', {}, words, (value) => value !== true);
}

export function isOneOf<Fact extends 'network_exposure' | 'residency' | 'backup_schedule'>(
  fact: Fact,
  values: readonly FactValue<Fact>[],
  words: Words,
): FactCheck {
  return checkFact(fact, 'is_one_of', { values }, words, (value) => !values.includes(value));
}

/** Known at all; no value contradicts. */
export function isKnown(fact: ServiceFact, needed: string): FactCheck {
  return checkFact(fact, 'is_known', {}, { needed, failing: '' }, () => false);
}

/** A cipher's name; `none` and an empty one say that there is none. */
export function namesCipher(fact: 'backup_encryption' | 'storage_cipher', words: Words): FactCheck {
  return checkFact(fact, 'names_cipher', {}, words, (value) => ['', 'none'].includes(value.trim().toLowerCase()));
}

const TLS_VERSIONS: readonly TlsVersion[] = ['1.0', '1.1', '1.2', '1.3'];

export function tlsAtLeast(minimum: TlsVersion): FactCheck {
  return checkFact(
    'tls_min_version',
    'tls_at_least',
    { minimum },
    { needed: 'the lowest TLS version accepted', failing: '' },
    (value) => TLS_VERSIONS.indexOf(value) < TLS_VERSIONS.indexOf(minimum) && `TLS ${value} was accepted`,
  );
}

export function retainsBackups(minimumDays: number): FactCheck {
  return checkFact(
    'backup_retention_days',
    'at_least',
    { minimum: minimumDays },
    { needed: 'how long backups are kept', failing: '' },
    (value) => value < minimumDays && `backups were kept for ${value} days, fewer than ${minimumDays}`,
  );
}

/** Every listed country is one of `allowed`. */
export function countriesWithin(
  fact: 'countries' | 'backup_countries',
  allowed: readonly string[],
  words: Words,
): FactCheck {
  return checkFact(fact, 'countries_within', { allowed }, words, (value) => {
    const outside = value.filter((country) => !allowed.includes(country)).toSorted();
    return outside.length > 0 && `${words.failing}: ${outside.join(', ')}`;
  });
}

/** Fails from the moment that the certificate ran out while it was in use. */
export function certificateValid(): FactCheck {
  return {
    fact: 'tls_certificate_not_after',
    test: 'certificate_valid',
    parameters: {},
    needed: 'until when the TLS certificate is valid',
    fails: (span) => {
      const notAfter = span.value as string;
      return notAfter < span.to ? { what: 'its certificate had run out', from: later(notAfter, span.from) } : undefined;
    },
  };
}
