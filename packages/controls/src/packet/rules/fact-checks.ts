import type { ServiceEvidence, ServiceFact, Span, TlsVersion } from '../evidence.ts';
import type { PacketHead } from '../packet.ts';
import { later } from '../spans.ts';
import { quoted } from '../text.ts';
import { dayOf, DAY_SECONDS, isAheadOfReading, secondsOf } from '../times.ts';

/** One requirement on one fact of a service. Its data is in the catalogue's digest; `fails` follows from it. */
export interface FactCheck {
  readonly fact: ServiceFact;
  readonly test: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What is needed where the fact isn't known, such as "whether plaintext connections are refused". */
  readonly needed: string;
  /** What a span contradicts, and from when within it; undefined if it is fine. */
  readonly fails: (
    span: Span<unknown>,
    head: PacketHead,
    service: ServiceEvidence,
  ) => { readonly what: string; readonly from?: string } | undefined;
  /** Whether a span says what can't have been, such as a patch after it was read about: it then supports nothing. */
  readonly isImpossible?: (span: Span<unknown>) => boolean;
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

/** Of the zones in which backups lie, one at least isn't a zone of the service itself. */
export function backupsElsewhere(): FactCheck {
  return {
    fact: 'backup_zones',
    test: 'backups_elsewhere',
    parameters: {},
    needed: 'where its backups are',
    fails: (span, _head, service) => {
      const backups = span.value as readonly string[];
      const beside = service.zones.some(
        ({ from, to, value }) => from < span.to && to > span.from && backups.every((zone) => value.includes(zone)),
      );
      return beside ? { what: 'its backups were only where it is itself' } : undefined;
    },
  };
}

export function backupsChecked(): FactCheck {
  return checkFact(
    'backup_integrity_check',
    'passed',
    {},
    { needed: 'a check of its stored copies', failing: 'a check of its stored copies failed' },
    ({ passed }) => !passed,
  );
}

/** Supported by its makers at the period's end, and patched not longer ago than that. */
export function softwareCurrent(maxPatchAgeDays: number): FactCheck {
  return {
    fact: 'version_and_patch',
    test: 'software_current',
    parameters: { maxPatchAgeDays },
    needed: 'its version and when it was patched',
    fails: (span, head) => {
      const {
        version,
        end_of_life: end,
        patched_at: patched,
      } = span.value as ServiceEvidence['version_and_patch'][0]['value'];
      if (end !== null && end <= head.period_end)
        return { what: `version ${quoted(version)} was no longer supported`, from: end };
      const age = secondsOf(head.period_end) - secondsOf(patched);
      return age > maxPatchAgeDays * DAY_SECONDS ? { what: `it was last patched on ${dayOf(patched)}` } : undefined;
    },
    isImpossible: (span) => {
      const { patched_at: patched } = span.value as ServiceEvidence['version_and_patch'][0]['value'];
      return isAheadOfReading(patched, span);
    },
  };
}
