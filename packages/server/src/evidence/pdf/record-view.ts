import { DECLARATION_KINDS, type Declaration, type Packet } from '@veritrail/controls';

import { day, dayAndTime, dayAndTimeOr } from './times.ts';
import { DECLARATION_WORDS } from './words.ts';

type Print = (text: string) => string;

/** Records of a kind that are printed, and characters of each: a book of them helps no reader. The file has them all. */
const MOST_OF_A_KIND = 40;
const LONGEST_RECORD = 600;

/** What the judgement rests on besides services: the audit trail, who collected, and what people declared. */
export function viewRecords({ evidence, summary }: Packet, print: Print) {
  const { audit_log: trail } = evidence;
  const { integrity } = trail;
  return {
    trail: [
      ['Entries', `${trail.entry_count} in all, ${trail.in_period.events} of the period`],
      [
        'Oldest, newest',
        `${dayAndTimeOr(trail.oldest_entry_at, 'none')}, ${dayAndTimeOr(trail.newest_entry_at, 'none')}`,
      ],
      ['Sequence numbers', `${trail.first_sequence} to ${trail.next_sequence - 1}`],
      ['Kept for', print(summary.audit_log.retention_policy)],
      ['Check of the entries', print(describeCheck(integrity))],
      ['Flagged by rules', String(trail.flags_total)],
    ],
    collectors: evidence.collectors.map(({ id, version }) => [print(id), print(version)]),
    zone_catalogue: print(evidence.zone_catalogue.version),
    declared: DECLARATION_KINDS.flatMap((kind) => {
      const records: readonly Declaration<object>[] = evidence.declarations[kind];
      return records.length === 0 ? [] : [viewKind(kind, records, print)];
    }),
  };
}

function describeCheck(integrity: Packet['evidence']['audit_log']['integrity']): string {
  const { result, from_sequence: from, to_sequence: to, checked, unchecked, checked_at, algorithm } = integrity;
  if (from === null || to === null || checked_at === null) return `not checked (${unchecked} entries)`;
  const found = {
    sound: 'matches what was recorded',
    diverged: `DOES NOT MATCH what was recorded${integrity.finding === null ? '' : `: ${integrity.finding}`}`,
    unchecked: 'not checked to its end',
  }[result];
  return `${found}; ${checked} checked (${from} to ${to}), ${unchecked} not checked; ${algorithm}, at ${dayAndTime(checked_at)}`;
}

function viewKind(kind: string, records: readonly Declaration<object>[], print: Print) {
  return {
    title: DECLARATION_WORDS[kind] ?? capitalize(kind.replaceAll('_', ' ')),
    left: Math.max(0, records.length - MOST_OF_A_KIND),
    // The newest: what is in force comes last.
    records: records
      .slice(-MOST_OF_A_KIND)
      .map((record) => [
        print(record.record_id),
        print(cut(describe(record.data))),
        print(record.owner),
        day(record.declared_at),
        day(record.valid_until),
      ]),
  };
}

/** "name: Example; countries: DE, FR", one level into objects and lists, in the order of the file. */
function describe(value: unknown, depth = 0): string {
  if (value === null) return 'not given';
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((item) => describe(item, depth + 1)).join(', ');
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(
      ([name, member]) => `${name.replaceAll('_', ' ')}: ${describe(member, depth + 1)}`,
    );
    return depth === 0 ? parts.join('; ') : `(${parts.join('; ')})`;
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? dayAndTime(value) : JSON.stringify(value);
}

function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST_RECORD) return text;
  return `${characters.slice(0, LONGEST_RECORD).join('')}… (the attached file has all of it)`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
