import { beforeAll, describe, expect, test } from 'vitest';

import { readVector, readVectors, type AuditEventVector } from '../../formats/test/support/vectors.ts';
import { auditKeyId, verifyAuditEvents, type AuditEventsOptions, type AuditEventsVerdict } from '../src/index.ts';
import { FORMER_SECRET, macOf, makeCsv, makeEvents, SECRET, type EventSpec } from './support/python-documents.ts';
import { hostileInputs, memberSwaps, tamperings, truncations } from './support/tampering.ts';

/** For thousands of verdicts on a busy machine. */
const MANY = { timeout: 120_000 };

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const ids = (verdict: AuditEventsVerdict, outcome: 'pass' | 'fail' | 'not_checked'): string[] =>
  verdict.checks.filter((check) => check.outcome === outcome).map((check) => check.id);
const detail = (verdict: AuditEventsVerdict, id: string): string =>
  verdict.checks.find((check) => check.id === id)?.detail ?? '';
const verify = (text: string, options: AuditEventsOptions = { secrets: SECRET }): AuditEventsVerdict =>
  verifyAuditEvents(bytesOf(text), options);

const specs: EventSpec[] = [
  { sequence: 0, timestamp: '2026-03-01T00:00:00Z' },
  { sequence: 1, timestamp: '2026-03-01T00:00:00.000001Z', details: { b: 'é "\u2028"', a: [1.5, 1e30, { 1: null }] } },
  { sequence: 2, timestamp: '2026-03-01T00:00:01Z', actor_username: null, user_agent: '', resource_id: "=1+'1\n" },
];
let events: string[];
let page: string;
let pageSignature: string;
let csv: string;

beforeAll(() => {
  events = makeEvents(specs);
  page = pageOf([events[1]!, events[0]!], { total: 2, page_size: 50, pages: 1 });
  pageSignature = macOf(page, SECRET);
  csv = makeCsv(specs);
});

function pageOf(items: string[], numbers: { total: number; page?: number; page_size: number; pages: number }): string {
  const { total, page = 1, page_size, pages } = numbers;
  return `{"items":[${items.join()}],"total":${total},"page":${page},"page_size":${page_size},"pages":${pages}}`;
}

describe('genuine events', () => {
  test.each(readVectors<AuditEventVector>('valid/audit-event'))('vector %s passes', (_, { item, event, secret }) => {
    const verdict = verify(item, { secrets: { [event.signature_key_id]: secret } });
    expect(ids(verdict, 'fail')).toEqual([]);
    expect(ids(verdict, 'pass')).toContain('printed_form');
    expect(verdict.outcome).toBe('pass');
  });

  test('pass in each form in which a server gives them out', () => {
    const forms: [string, string, number][] = [
      ['event', events[0]!, 1],
      ['answer', `{"items":[${events.join()}]}`, 3],
      ['page', page, 2],
      ['array', `[${events.join()}]`, 3],
      ['lines', `${events.join('\n')}\n`, 3],
      ['csv', csv, 3],
    ];
    for (const [form, text, count] of forms) {
      const verdict = verify(text);
      expect(verdict).toMatchObject({ form, events: count, outcome: 'pass' });
      expect(ids(verdict, 'fail')).toEqual([]);
      expect(ids(verdict, 'not_checked')).toEqual(['sequence', 'response_signature', 'uncovered_members']);
    }
  });

  test('pass with nothing left unchecked when X-Audit-Signature is given and the trail is whole', () => {
    const verdict = verify(page, { secrets: SECRET, responseSignature: pageSignature, whole: true });
    expect(ids(verdict, 'pass')).toEqual(verdict.checks.map((check) => check.id));
    expect(verdict.outcome).toBe('pass');
  });

  test('pass when an editor has printed them again, which is said; X-Audit-Signature then does not hold', () => {
    const reprinted = [
      JSON.stringify(JSON.parse(page), null, 2),
      ` \n${page.replaceAll(',"', ',\t"')}\r\n`,
      page.replace('"resource_type":"flag"', '"resource_type":"\\u0066lag"'),
      page.replace('1.5', '15e-1'),
    ];
    for (const text of reprinted) {
      const verdict = verify(text, { secrets: SECRET });
      expect(verdict.outcome).toBe('pass');
      expect(ids(verdict, 'not_checked')).toContain('printed_form');
      expect(detail(verdict, 'printed_form')).toContain('printed again');
      expect(ids(verify(text, { secrets: SECRET, responseSignature: pageSignature }), 'fail')).toEqual([
        'response_signature',
      ]);
    }
  });

  test('pass when a tool has put the members of the answer in another order', () => {
    const { items, ...numbers } = JSON.parse(page) as { items: unknown[] };
    const verdict = verify(JSON.stringify({ ...numbers, items }));
    expect(verdict).toMatchObject({ form: 'page', events: 2, outcome: 'pass' });
  });

  test('are not checked without a secret, and their shape is', () => {
    const verdict = verify(page, {});
    expect(verdict.outcome).toBe('not_checked');
    expect(ids(verdict, 'not_checked')).toEqual(expect.arrayContaining(['event_macs', 'key_ids']));
    expect(ids(verdict, 'pass')).toEqual(expect.arrayContaining(['document', 'event_shape', 'order', 'page']));
  });

  test('that are none show nothing, unless the answer as a whole is signed', () => {
    const empty = pageOf([], { total: 0, page_size: 50, pages: 0 });
    expect(verify(empty).outcome).toBe('not_checked');
    expect(verify(empty, { secrets: SECRET, responseSignature: macOf(empty, SECRET) }).outcome).toBe('pass');
    expect(verify('[]').outcome).toBe('not_checked');
    expect(verify('').outcome).toBe('fail');
  });
});

describe('keys', () => {
  test('the id of a secret is what Python computes', () => {
    // 'audit-' + hmac.new(secret.encode(), b'veritrail audit key id v1', hashlib.sha256).hexdigest()[:16]
    expect(auditKeyId('an-audit-secret-for-test-vectors-only')).toBe('audit-82a2eb6c657fb7b1');
    expect(auditKeyId('pässwörd-中')).toBe('audit-5e1c4b25633f14d5');
  });

  test('after a rotation each event is checked with the secret that it names', () => {
    const mixed = makeEvents([{ ...specs[0]!, secret: FORMER_SECRET }, specs[1]!]);
    const text = `[${mixed.join()}]`;
    expect(verify(text, { secrets: [SECRET, FORMER_SECRET] }).outcome).toBe('pass');
    expect(verify(text, { secrets: { [auditKeyId(FORMER_SECRET)]: FORMER_SECRET, x: SECRET } }).outcome).toBe('pass');
    const verdict = verify(text, { secrets: SECRET });
    expect(verdict.outcome).toBe('not_checked');
    expect(ids(verdict, 'fail')).toEqual([]);
    expect(detail(verdict, 'event_macs')).toContain(auditKeyId(FORMER_SECRET));
  });

  test('an event that names another key than that of its MAC fails "key_ids", also if that key is not known', () => {
    const own = auditKeyId(SECRET);
    for (const other of [auditKeyId(FORMER_SECRET), 'audit-0000000000000000', '']) {
      const verdict = verify(events[0]!.replace(own, other), { secrets: [SECRET, FORMER_SECRET] });
      expect(ids(verdict, 'fail')).toEqual(['key_ids']);
    }
  });

  test('an event that was modified fails, whichever known key it names', () => {
    const changed = events[0]!.replace('"on"', '"off"');
    expect(ids(verify(changed), 'fail')).toEqual(['event_macs']);
    const renamed = changed.replace(auditKeyId(SECRET), auditKeyId(FORMER_SECRET));
    expect(ids(verify(renamed, { secrets: [SECRET, FORMER_SECRET] }), 'fail')).toEqual(['event_macs']);
    // Naming a key that the auditor lacks hides the change from the auditor, but never as a pass.
    expect(verify(renamed).outcome).toBe('not_checked');
  });

  test('X-Audit-Signature holds under any secret that was given, and no other', () => {
    const responseSignature = macOf(page, FORMER_SECRET);
    expect(verify(page, { secrets: [SECRET, FORMER_SECRET], responseSignature }).outcome).toBe('pass');
    expect(ids(verify(page, { secrets: SECRET, responseSignature }), 'fail')).toEqual(['response_signature']);
    expect(verify(page, { responseSignature }).outcome).toBe('not_checked');
    for (const malformed of ['', 'sha256=', pageSignature.toUpperCase(), pageSignature.slice(7)]) {
      expect(ids(verify(page, { secrets: SECRET, responseSignature: malformed }), 'fail')).toEqual([
        'response_signature',
      ]);
    }
  });
});

describe('tampered events', () => {
  test('with X-Audit-Signature no byte can be changed, dropped or put in', MANY, () => {
    for (const { how, bytes } of tamperings(bytesOf(page))) {
      const verdict = verifyAuditEvents(bytes, { secrets: SECRET, responseSignature: pageSignature });
      if (verdict.outcome !== 'fail' || !ids(verdict, 'fail').includes('response_signature')) {
        expect.fail(`passes although ${how}`);
      }
    }
  });

  test(
    'without it, changes show but for white space, spelling, the uncovered members and the size of pages',
    MANY,
    () => {
      const original = JSON.parse(page) as { items: Record<string, unknown>[] };
      const covered = (value: typeof original): unknown => ({
        ...value,
        page_size: undefined,
        items: value.items.map((item) => ({
          ...item,
          actor_username: '',
          ip_address: '',
          user_agent: '',
          recorded_at: '',
          sequence: 0,
          signature_key_id: auditKeyId(SECRET),
        })),
      });
      const expected = JSON.stringify(covered(original));
      let passed = 0;
      for (const { how, bytes } of tamperings(bytesOf(page))) {
        const verdict = verifyAuditEvents(bytes, { secrets: SECRET });
        if (verdict.outcome === 'pass') {
          passed += 1;
          expect(ids(verdict, 'not_checked'), how).toContain('uncovered_members');
          const shown = JSON.parse(new TextDecoder().decode(bytes)) as typeof original;
          if (JSON.stringify(covered(shown)) !== expected) expect.fail(`passes although ${how}`);
        } else if (verdict.outcome === 'fail' && ids(verdict, 'fail').length === 0) {
          expect.fail(`names no check although ${how}`);
        }
      }
      expect(passed).toBeGreaterThan(0);
    },
  );

  test('fail "document" wherever an event, an answer, an array or a row is cut off', MANY, () => {
    const lineEnds = new Set<number>();
    for (let at = csv.indexOf('\r\n'); at !== -1; at = csv.indexOf('\r\n', at + 1))
      lineEnds.add(bytesOf(csv.slice(0, at + 2)).length);
    for (const text of [events[1]!, `{"items":[${events.join()}]}`, page, `[${events.join()}]`, csv]) {
      for (const cut of truncations(bytesOf(text))) {
        if (text === csv && lineEnds.has(cut.length)) continue;
        const verdict = verifyAuditEvents(cut, { secrets: SECRET });
        if (!ids(verdict, 'fail').includes('document')) expect.fail(`cut after ${cut.length} bytes of ${text}`);
        expect(ids(verdict, 'pass')).not.toContain('event_macs');
      }
    }
  });

  test('that changed places are not passed, in any form', () => {
    const [first, second, third] = events as [string, string, string];
    const rows = csv.split('\r\n');
    const swapped: [string, 'fail' | 'not_checked'][] = [
      [pageOf([first, second], { total: 2, page_size: 50, pages: 1 }), 'fail'],
      [`[${[first, third, second].join()}]`, 'fail'],
      [[second, first, third].join('\n'), 'fail'],
      [[rows[0], rows[2], rows[1], ...rows.slice(3)].join('\r\n'), 'fail'],
      // Newest first throughout, as items are that were taken from a page.
      [`[${[second, first].join()}]`, 'not_checked'],
      [`{"items":[${[first, third, second].join()}]}`, 'not_checked'],
    ];
    for (const [text, outcome] of swapped) {
      const verdict = verify(text);
      expect(verdict.outcome).toBe(outcome);
      expect(ids(verdict, outcome)).toContain('order');
      expect(ids(verdict, 'pass')).toContain('event_macs');
    }
  });

  test('in an answer to a repeated request an older event may come later, if X-Audit-Signature covers it', () => {
    const text = `{"items":[${[events[1], events[0], events[0]].join()}]}`;
    expect(verify(text).outcome).toBe('not_checked');
    expect(verify(text, { secrets: SECRET, responseSignature: macOf(text, SECRET) }).outcome).toBe('pass');
  });

  test('whose members changed places hold, but inside of details', () => {
    const swaps = memberSwaps(events[1]!);
    expect(swaps).toHaveLength(14);
    const verdicts = swaps.map((swapped) => verify(swapped));
    expect(verdicts.map((verdict) => ids(verdict, 'fail')).filter((failing) => failing.length > 0)).toEqual([
      ['event_macs'],
    ]);
    for (const verdict of verdicts) {
      expect(ids(verdict, verdict.outcome === 'fail' ? 'fail' : 'not_checked')).toContain(
        verdict.outcome === 'fail' ? 'event_macs' : 'printed_form',
      );
    }
  });

  test('fail when a number is written as another kind of number', () => {
    const vector = readVector<AuditEventVector>('valid/audit-event', 'worked-example');
    const secrets = { [vector.event.signature_key_id]: vector.secret };
    expect(ids(verify(vector.item.replace('1.0', '1'), { secrets }), 'fail')).toEqual(['event_macs']);
    expect(ids(verify(vector.item.replace('1.0', '1e0'), { secrets }), 'fail')).toEqual([]);
  });

  test('are named by position and id, the first of them, and counted', () => {
    const many = Array.from({ length: 5 }, (_, i) => events[0]!.replace('"on"', i % 2 === 1 ? '"x"' : '"on"'));
    const verdict = verify(many.join('\n'));
    expect(detail(verdict, 'event_macs')).toContain(
      'Event 2, id "0198a6c0-0000-7000-8000-000000000000", the first of 2',
    );
    const misshapen = verify(`[${events[0]!},${events[1]!.replace('"UPDATE"', '"update"')}]`);
    expect(ids(misshapen, 'fail')).toEqual(['event_shape']);
    expect(detail(misshapen, 'event_shape')).toContain('Event 2, id "0198a6c0-0000-7000-8000-000000000001"');
    expect(detail(misshapen, 'event_shape')).toContain('action');
  });

  test('fail "event_shape" for members and times that no event has', () => {
    const [event] = events as [string];
    for (const changed of [
      event.replace('"actor_id"', '"actor"'),
      event.replace('{', '{"more":1,'),
      event.replace('T00:00:00Z', 'T00:00:00.0Z'),
      event.replace('T00:00:00Z', 'T00:00:00+00:00'),
      event.replace('.125Z', 'Z'),
      event.replace('"details":{', '"details":[{').replace('},"sig', '}],"sig'),
      event.replace('"sequence":0', '"sequence":-1'),
      event.replace('sha256=', 'sha1='),
      '{}',
    ]) {
      expect(changed).not.toBe(event);
      expect(ids(verify(changed), 'fail')).toContain('event_shape');
    }
  });

  test('fail "document" for bytes that are not UTF-8, also in a member that no MAC covers', () => {
    const bytes = bytesOf(events[0]!);
    bytes[events[0]!.indexOf('jane')] = 0xff;
    expect(ids(verifyAuditEvents(bytes, { secrets: SECRET }), 'fail')).toEqual(['document']);
  });

  test('an id can neither steer a terminal nor fill a page', () => {
    const [event] = makeEvents([{ ...specs[0]!, resource_id: 'x' }]) as [string];
    const id = '\u001b[2J\u009b\u202e"'.repeat(1000);
    const verdict = verify(JSON.stringify({ ...(JSON.parse(event) as object), id, signature_key_id: id }));
    expect(verdict.outcome).not.toBe('pass');
    for (const check of verdict.checks) {
      expect(check.detail).toMatch(/^[ -~]*$/);
      expect(check.detail.length).toBeLessThan(1500);
    }
  });
});

describe('what is around the events', () => {
  test('the numbers of a page must agree with each other and with its items', () => {
    const two = [events[2]!, events[1]!];
    const cases: [string, boolean][] = [
      [pageOf(two, { total: 142, page_size: 2, pages: 71 }), true],
      [pageOf(two, { total: 4, page: 2, page_size: 2, pages: 2 }), true],
      [pageOf([events[0]!], { total: 3, page: 2, page_size: 2, pages: 2 }), true],
      [pageOf(two, { total: 3, page_size: 50, pages: 1 }), false],
      [pageOf(two, { total: 2, page_size: 50, pages: 2 }), false],
      [pageOf(two, { total: 2, page_size: 0, pages: 0 }), false],
      [pageOf(two, { total: 2, page: 0, page_size: 50, pages: 1 }), false],
      [pageOf(two, { total: 2, page: 2, page_size: 50, pages: 1 }), false],
      [pageOf([events[2]!], { total: 2, page_size: 50, pages: 1 }), false],
      [page.replace('"total":2', '"total":"2"'), false],
    ];
    for (const [text, holds] of cases) {
      const verdict = verify(text);
      expect([text.slice(-60), ids(verdict, 'fail')]).toEqual([text.slice(-60), holds ? [] : ['page']]);
    }
  });

  test('nothing may stand beside the events that nobody reads', () => {
    const [one, two] = events as [string, string];
    for (const text of [
      `[${one},]`,
      `[,${one}]`,
      `[${one}${two}]`,
      `[${one},,${two}]`,
      `[${one}]]`,
      `[${one}]${two}`,
      `[[${one}]]`,
      `[${one},1]`,
      `[${one}}`,
      `${one},${two}`,
      `${one}]`,
      `${page}${one}`,
      `${one}${page}`,
      `${page}x`,
      `{"items":[${one}],"items":[]}`,
      `{"items":[${one}],"more":1}`,
      `{"items":[${one}],"total":1}`,
      `{"items":[${one}]`,
      `{"items":[${one}],`,
      `{"total":1,"items":[${one}]}`,
      `\ufeff[${one}]`,
      `[${one.replace('{', '{"id":"twice",')}]`,
    ]) {
      const verdict = verify(text);
      expect([text, ids(verdict, 'fail').includes('document') || ids(verdict, 'fail').includes('event_shape')]).toEqual(
        [text, true],
      );
      expect(verdict.outcome).toBe('fail');
    }
  });

  test('a row that is not of fourteen good cells, or has another header, fails', () => {
    const [header, first, ...rest] = csv.split('\r\n') as [string, string, ...string[]];
    const join = (...rows: string[]): string => rows.join('\r\n');
    for (const text of [
      join(header, `${first},`, ...rest),
      join(header, first.slice(first.indexOf(',') + 1), ...rest),
      join(header, first.replace(',UPDATE,', ',UP"DATE,'), ...rest),
      join(header, first.replace('"{', '"x"{'), ...rest),
      join(header, first.replace(/"\{.*\}"/, '"{},""x"":1"'), ...rest),
      join(header, first.replace(/"\{.*\}"/, '{'), ...rest),
      join(header, '', first, ...rest),
      join(header.replace('id,', 'key,'), first, ...rest),
      join(header, first, `"${rest[0]!}`, ...rest.slice(1)),
      `${csv}x`,
    ]) {
      const failing = ids(verify(text), 'fail').filter((id) => id === 'document' || id === 'event_shape');
      expect([text, failing.length]).toEqual([text, 1]);
    }
  });
});

describe('the sequence', () => {
  const at = (sequence: number): string => events[0]!.replace('"sequence":0', `"sequence":${sequence}`);
  const sequenceOf = (sequences: number[], options: Omit<AuditEventsOptions, 'secrets'>) =>
    verify(`[${sequences.map(at).join()}]`, { secrets: SECRET, ...options }).checks.find(
      (check) => check.id === 'sequence',
    );

  test('may have gaps unless the input claims to be whole', () => {
    expect(sequenceOf([3, 5], {})).toMatchObject({ outcome: 'not_checked', required: false });
    expect(sequenceOf([3, 5], { whole: true })).toMatchObject({ outcome: 'fail', required: true });
    expect(sequenceOf([3, 5], { whole: true })?.detail).toContain('sequence 4 is missing');
    expect(sequenceOf([3, 4, 5], { whole: true })).toMatchObject({ outcome: 'pass' });
  });

  test('of a stretch must begin and end where it should', () => {
    expect(sequenceOf([3, 4, 5], { whole: { first: 3, last: 5 } })).toMatchObject({ outcome: 'pass' });
    expect(sequenceOf([3, 4, 5], { whole: { first: 3, last: 6 } })?.detail).toContain('sequence 6 is missing');
    expect(sequenceOf([3, 4, 5], { whole: { first: 2, last: 5 } })?.detail).toContain('sequence 2 is missing');
    expect(sequenceOf([3, 4, 5], { whole: { first: 4, last: 5 } })).toMatchObject({ outcome: 'fail' });
    expect(sequenceOf([], { whole: { first: 0, last: 0 } })).toMatchObject({ outcome: 'fail' });
  });

  test('never has a number twice, whether whole or not', () => {
    expect(sequenceOf([3, 4, 3], {})).toMatchObject({ outcome: 'fail' });
    expect(sequenceOf([3, 4, 4], { whole: true })?.detail).toContain('Event 3');
    expect(ids(verify(`[${events[0]!},${events[0]!}]`), 'fail')).toEqual(['order', 'sequence']);
  });
});

test.each(hostileInputs())('%s gets a verdict that is not pass', (_, makeInput) => {
  const verdict = verifyAuditEvents(makeInput(), { secrets: SECRET });
  expect(verdict.outcome).toBe('fail');
  for (const check of verdict.checks) expect(check.detail.length).toBeLessThan(600);
});

test('it throws only when it was called wrongly', () => {
  expect(() => verifyAuditEvents(page as never)).toThrow(TypeError);
  expect(() => verify(page, { secrets: '' })).toThrow(TypeError);
  expect(() => verify(page, { secrets: [SECRET, ''] })).toThrow(TypeError);
  expect(() => verify(page, { secrets: { x: 1 as never } })).toThrow(TypeError);
  expect(() => verify(page, { responseSignature: 1 as never })).toThrow(TypeError);
  expect(() => verify(page, { whole: { first: 2, last: 1 } })).toThrow(TypeError);
  expect(() => verify(page, { whole: false as never })).toThrow(TypeError);
});
