import type { Samples } from '@veritrail/controls';
import { formatSeconds } from '@veritrail/formats';

import { readSamples, type SampledService } from '../../posture/sample-store.ts';
import type { Queryable } from '../../storage/database.ts';
import type { GiveWay } from './give-way.ts';
import type { Period } from './period.ts';

const DAY_MS = 86_400_000;
/** Contents are read some weeks at a time: a year of them for thousands of services would not fit. */
const DAYS_A_READ = 14;

export interface GatheredSamples {
  readonly samples: Samples;
  /** When they were taken, in milliseconds. */
  readonly sampledAt: readonly number[];
  /** By service: seconds from its newest completed backup to each sample; null where there was none. */
  readonly backupAges: ReadonlyMap<string, readonly (number | null)[]>;
}

/** The daily looks that fell into a period, and what they saw of backups. */
export async function gatherSamples(
  tx: Queryable,
  organizationNo: number,
  period: Period,
  giveWay: GiveWay,
): Promise<GatheredSamples> {
  const start = Date.parse(period.start);
  const end = Date.parse(period.end);
  const before = Date.parse(period.before);
  const sampledAt: number[] = [];
  const seen = new Set<string>();
  const backupAges = new Map<string, (number | null)[]>();
  for (let from = start - (start % DAY_MS); from < end; from += DAYS_A_READ * DAY_MS) {
    const to = Math.min(end, from + (DAYS_A_READ - 1) * DAY_MS);
    const rows = await readSamples(tx, organizationNo, { from: dayOf(from), to: dayOf(to) });
    for (const row of rows) {
      await giveWay();
      seen.add(row.day);
      const at = Date.parse(row.sampled_at);
      if (at < start || at >= before) continue;
      noteBackups(backupAges, JSON.parse(row.content) as SampledService[], at, sampledAt.length);
      sampledAt.push(at);
    }
  }
  for (const ages of backupAges.values()) while (ages.length < sampledAt.length) ages.push(null);
  return {
    samples: {
      interval: 'P1D',
      expected: Math.max(1, Math.floor((end - start) / DAY_MS)),
      taken: sampledAt.map((at) => formatSeconds(at)),
      missing: wholeDays(start, end).filter((day) => !seen.has(day)),
    },
    sampledAt,
    backupAges,
  };
}

function noteBackups(
  ages: Map<string, (number | null)[]>,
  services: readonly SampledService[],
  at: number,
  index: number,
): void {
  for (const { service_id: id, last_backup_at: last } of services) {
    const known = ages.get(id) ?? [];
    while (known.length < index) known.push(null);
    known.push(last === null ? null : Math.max(0, Math.floor((at - Date.parse(last)) / 1000)));
    ages.set(id, known);
  }
}

/** Days (UTC) that lie in the period whole. */
function wholeDays(start: number, end: number): string[] {
  const days: string[] = [];
  for (let day = Math.ceil(start / DAY_MS) * DAY_MS; day + DAY_MS <= end; day += DAY_MS) days.push(dayOf(day));
  return days;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
