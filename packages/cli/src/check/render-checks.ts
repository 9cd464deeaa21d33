import { styleText } from 'node:util';

import type { FindingCode, TrailCheck } from '@veritrail/server';

const MEANINGS: Readonly<Record<FindingCode, string>> = {
  head_differs: 'rows lie where the head of the trail says that there are none, or end at another time than it says',
  sequence_gap: 'the event that was recorded at this place is gone',
  sequence_double: 'two events have this place',
  key_unknown: 'the event names a MAC key that never was',
  mac_wrong: 'the event is not the one that was signed',
  leaf_wrong: 'the event was changed where its MAC does not reach: user name, address, user agent, time or place',
  flag_wrong: 'the event is counted as a failed login and is none, or the other way round',
  time_backwards: 'the event was recorded before the one that comes before it',
  counts_differ: 'the counts that lists and reports use are not those of the events',
};

/** A line a trail, and under it what is wrong with it. */
export function renderChecks(
  checks: readonly { readonly id: string; readonly check: TrailCheck }[],
  stream: NodeJS.WriteStream,
): string {
  const width = Math.max(...checks.map(({ check }) => number(check.entryCount).length), 'events'.length);
  const line = (id: string, events: string, through: string, result: string): string =>
    `${id.padEnd(36)}  ${events.padStart(width)}  ${through.padStart(Math.max(width, 15))}  ${result}\n`;
  const paint = (format: 'green' | 'red' | 'yellow', text: string): string => styleText(format, text, { stream });
  const results = {
    sound: paint('green', 'sound'),
    diverged: paint('red', 'DIVERGED'),
    unchecked: paint('yellow', 'unchecked'),
  };
  const lines = checks.map(({ id, check }) => {
    const { firstBad: bad } = check;
    const first = line(id, number(check.entryCount), number(check.checkedThrough), results[check.result]);
    if (bad === null) return first;
    const place = bad.sequence === null ? '' : `sequence ${bad.sequence}`;
    const event = bad.id === null ? '' : `event ${bad.id}`;
    const where = [place, event, bad.finding].filter((part) => part !== '').join(', ');
    return `${first}  ${where}: ${MEANINGS[bad.finding]}\n`;
  });
  return line('organization', 'events', 'checked through', 'result') + lines.join('');
}

function number(value: number): string {
  return value.toLocaleString('en');
}
