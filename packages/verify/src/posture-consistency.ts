import { parseTimestamp, type PostureReport } from '@veritrail/formats';

import { quoted } from './input-text.ts';
import { fail, pass, type Finding } from './verdict.ts';

/** Callers state the times of backups and events, and their clocks may run this far ahead of the server's. */
const CLOCK_SKEW_SECONDS = 300;

export function judgeServiceCount(report: PostureReport): Finding {
  const { service_count: stated, services } = report;
  return stated === services.length
    ? pass(`service_count is ${stated}, and so many services follow.`)
    : fail(`service_count is ${stated}, but ${services.length} services follow.`);
}

export function judgeResidency(report: PostureReport): Finding {
  for (const [i, { zones, regions, eu_residency }] of report.services.entries()) {
    if (regions.length !== zones.length) {
      return fail(`services[${i}] has ${zones.length} zones and ${regions.length} regions.`);
    }
    if (eu_residency && zones.length === 0) return fail(`services[${i}] is said to be in the EU and has no zone.`);
    if (eu_residency && regions.includes('unknown')) {
      return fail(`services[${i}] is said to be in the EU and has a zone of unknown region.`);
    }
  }
  const all = report.services.length > 0 && report.services.every((service) => service.eu_residency);
  return report.all_services_eu_residency === all
    ? pass(`all_services_eu_residency is ${all}, as the services say; each zone has its region.`)
    : fail(`all_services_eu_residency is ${!all}, but the services say ${all}.`);
}

export function judgeTimes(report: PostureReport): Finding {
  const generated = secondsOf(report.generated_at);
  if (generated === undefined)
    return fail(`generated_at, ${quoted(report.generated_at)}, is not a time of the format.`);
  const wrongTime = (where: string, time: string | null): string | undefined => {
    if (time === null) return undefined;
    const seconds = secondsOf(time);
    if (seconds === undefined) return `${where}, ${quoted(time)}, is not a time of the format.`;
    return seconds > generated + CLOCK_SKEW_SECONDS ? `${where} is later than generated_at.` : undefined;
  };
  for (const [i, { last_backup_at, last_backup_type }] of report.services.entries()) {
    const wrong = wrongTime(`services[${i}].last_backup_at`, last_backup_at);
    if (wrong !== undefined) return fail(wrong);
    if ((last_backup_at === null) !== (last_backup_type === null)) {
      return fail(`services[${i}] has only one of last_backup_at and last_backup_type.`);
    }
  }
  const { oldest_entry_at, entry_count } = report.audit_log;
  const wrong = wrongTime('audit_log.oldest_entry_at', oldest_entry_at);
  if (wrong !== undefined) return fail(wrong);
  if ((oldest_entry_at === null) !== (entry_count === 0)) {
    return fail(`audit_log counts ${entry_count} entries, which oldest_entry_at contradicts.`);
  }
  return pass(`Generated at ${report.generated_at}; no time is later, but for five minutes that clocks may differ.`);
}

/** Posture reports have times to the second, in UTC. */
function secondsOf(time: string): number | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) ? parseTimestamp(time)?.seconds : undefined;
}
