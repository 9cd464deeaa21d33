import { describe, expect, it } from 'vitest';

import { AUDIT_ACTIONS as SERVER_ACTIONS, parseTimestamp } from '../../formats/src/index.ts';
import { AUDIT_ACTIONS, idOfLine, prepareEvent, type AuditEventInput } from '../src/audit-event.ts';
import { millisecondsOf } from '../src/rfc3339.ts';

const ID = '018f5a3c-0000-7000-8000-000000000001';
const NOW = new Date('2026-01-15T10:30:00.123Z');

function lineOf(change: object): string {
  const event = { action: 'UPDATE', resource_type: 'thing', resource_id: '1', actor_id: 'u', ...change };
  return prepareEvent(event as AuditEventInput, () => ID, NOW).line;
}

describe('an event', () => {
  it('has the actions that the server has', () => {
    expect(AUDIT_ACTIONS).toEqual(SERVER_ACTIONS);
  });

  it('is one line that says what was given, its id first, and when', () => {
    const line = lineOf({
      user_agent: 'a\nb\u2028',
      details: { text: '\n', list: [1, undefined, () => 1], gone: undefined },
    });
    expect(line).not.toContain('\n');
    expect(idOfLine(line)).toBe(ID);
    expect(JSON.parse(line)).toEqual({
      id: ID,
      action: 'UPDATE',
      resource_type: 'thing',
      resource_id: '1',
      actor_id: 'u',
      actor_username: null,
      timestamp: '2026-01-15T10:30:00.123Z',
      ip_address: null,
      user_agent: 'a\nb\u2028',
      details: { text: '\n', list: [1, null, null] },
    });
  });

  it('keeps integers that a double can not', () => {
    expect(lineOf({ details: { n: 123456789012345678901234567890n, m: [-1n] } })).toContain(
      '"details":{"n":123456789012345678901234567890,"m":[-1]}',
    );
  });

  it('writes details as JSON.stringify does', () => {
    const details = {
      at: NOW,
      'a"b': [{}, [], '', 0, -0, 1e21, 1.5e-7, true, null, '\u007f😀'],
      nested: { a: { b: 1 } },
    };
    expect(lineOf({ details })).toContain(`"details":${JSON.stringify(details)}}`);
  });
});

const holdsItself: Record<string, unknown> = {};
holdsItself['self'] = holdsItself;

const TIMES = [
  ...['2026-01-15T10:30:00Z', '2026-01-15t10:30:00.123456789z', '2024-02-29T23:59:59+14:00', '0026-01-01T00:00:00Z'],
  ...['1970-01-01T00:00:00Z', '1970-01-01T00:59:59+01:00', '1969-12-31T23:30:00-00:30', '1969-12-31T23:59:59Z'],
  ...['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59-00:01', '9999-99-99T99:99:99Z', '2100-02-29T00:00:00Z'],
  ...['2026-01-01 00:00:00Z', '2026-02-30T00:00:00Z', '2026-00-01T00:00:00Z', '2026-01-00T00:00:00Z'],
  ...['2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z', '2026-12-31T23:59:60Z', '2026-01-01T00:00:00'],
  ...['2026-01-01T00:00:00.Z', '2026-01-01T00:00:00+24:00', '2026-01-01T00:00:00+00:60', '2026-01-01T00:00:00+0000'],
  ...['2026-01-01T00:00:00Z\n', '2026-01-01T00:00Z', '+02026-01-01T00:00:00Z', ''],
];

it.each(TIMES)('the time %j is taken if the server takes it', (timestamp) => {
  const expected = parseTimestamp(timestamp)?.seconds;
  expect(millisecondsOf(timestamp)).toBe(expected === undefined ? undefined : expected * 1000);
});

describe('is refused at once, with a sentence that says what to do:', () => {
  const cases: [name: string, change: object, says: string][] = [
    ['half a surrogate pair in a text', { resource_id: 'a\uD800' }, 'resource_id holds half a surrogate pair'],
    ['half a surrogate pair in details', { details: { a: ['\uDC00'] } }, 'details.a[0] holds half a surrogate pair'],
    ['half a surrogate pair in a name', { details: { '\uD800': 1 } }, 'a name in details holds half'],
    ['U+0000', { actor_id: 'a\0' }, 'actor_id must not hold the character U+0000'],
    ['a number that JSON has not', { details: { n: Number.NaN } }, 'details.n is not a finite number'],
    ['an integer that Python can not read', { details: { n: 10n ** 4300n } }, 'details.n has more than 4300 digits'],
    ['what holds itself', { details: holdsItself }, 'or holds itself'],
    ['another action', { action: 'SHOUT' }, 'action must be one of'],
    ['an empty member', { resource_id: '' }, 'resource_id must be a string that is not empty'],
    ['no member', { actor_id: undefined }, 'actor_id must be a string'],
    ['a long member', { resource_type: 'é'.repeat(129) }, 'resource_type must be at most 256 bytes'],
    ['large details', { details: { a: 'x'.repeat(65_536) } }, 'details must be at most 65536 bytes'],
    ['details that are a list', { details: [] }, 'details must be an object'],
    ['a time without a zone', { timestamp: '2026-01-15T10:30:00' }, 'timestamp must be an RFC 3339 time'],
    ['a time without a T', { timestamp: '2026-01-15 10:30:00Z' }, 'timestamp must be an RFC 3339 time'],
    ['a day that is in no calendar', { timestamp: '2026-02-30T00:00:00Z' }, 'in the calendar'],
    ['a Date before 1970', { timestamp: new Date(-1) }, 'not before 1970'],
    ['a Map as details', { details: new Map([['a', 1]]) }, 'details is a Map; make an object or a list of it'],
    ['a Set in details', { details: { tags: [new Set(['a'])] } }, 'details.tags[0] is a Set'],
    ['no address', { ip_address: '1.2.3' }, 'ip_address must be'],
    ['no UUID', { id: 'x' }, 'id must be a UUID'],
  ];
  it.each(cases)('%s', (_, change, says) => {
    expect(() => lineOf(change)).toThrow(
      expect.objectContaining({ code: 'event_invalid', message: expect.stringContaining(says) }),
    );
  });
});
