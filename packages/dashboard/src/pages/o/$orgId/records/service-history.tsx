import type { ServiceVersion } from '../../../../api/queries.ts';
import { Time } from '../../../../ui/time.tsx';

type Fact = Exclude<keyof ServiceVersion, 'valid_from' | 'valid_to'>;

const NAMES: Readonly<Record<Fact, string>> = {
  name: 'Name',
  database_type: 'Type of database',
  zones: 'Zones',
  storage_encrypted_at_rest: 'Storage encrypted',
  backup_encryption: 'Backup encryption',
  tls_enabled: 'TLS',
  backup_schedule: 'Backups',
  backup_retention_days: 'Backups kept',
};

/** What became different when, newest first. */
export function ServiceHistory({ versions }: { readonly versions: readonly ServiceVersion[] }) {
  const last = versions.at(-1);
  return (
    <ol className="relative flex flex-col gap-4 border-l border-line pl-5">
      {last !== undefined && last.valid_to !== null && (
        <Entry>
          <p className="text-sm font-medium">Ended</p>
          <p className="text-[0.8125rem] text-ink-3">
            <Time at={last.valid_to} />
          </p>
        </Entry>
      )}
      {versions.toReversed().map((version, at) => {
        const before = versions[versions.length - 2 - at];
        // Between the end of one and the beginning of the next the service was not there.
        const returned = before !== undefined && before.valid_to !== version.valid_from;
        return (
          <Entry key={version.valid_from}>
            <p className="text-sm font-medium">
              {before === undefined ? 'Recorded' : returned ? 'Recorded again' : 'Changed'}
            </p>
            <p className="text-[0.8125rem] text-ink-3">
              <Time at={version.valid_from} />
            </p>
            <Differences version={version} before={before} />
          </Entry>
        );
      })}
    </ol>
  );
}

function Entry({ children }: { readonly children: React.ReactNode }) {
  return (
    <li className="relative">
      <span
        aria-hidden="true"
        className="absolute top-1.5 -left-[1.58rem] size-2.5 rounded-full border-2 border-surface bg-accent-fill"
      />
      {children}
    </li>
  );
}

function Differences({
  version,
  before,
}: {
  readonly version: ServiceVersion;
  readonly before: ServiceVersion | undefined;
}) {
  const facts = (Object.keys(NAMES) as Fact[]).filter(
    (fact) => before === undefined || shown(version, fact) !== shown(before, fact),
  );
  return (
    <ul className="mt-1 flex flex-col gap-0.5 text-[0.8125rem]">
      {facts.map((fact) => (
        <li key={fact} className="break-words">
          <span className="text-ink-3">{NAMES[fact]}: </span>
          {before !== undefined && (
            <>
              <del className="text-ink-3">{shown(before, fact)}</del>
              <span className="text-ink-3"> → </span>
            </>
          )}
          <span>{shown(version, fact)}</span>
        </li>
      ))}
    </ul>
  );
}

function shown(version: ServiceVersion, fact: Fact): string {
  const value = version[fact];
  if (fact === 'backup_retention_days') return `${String(value)} days`;
  if (fact === 'tls_enabled') return value === true ? 'on' : 'off';
  if (Array.isArray(value)) return value.join(', ') || 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null ? 'none' : String(value);
}
