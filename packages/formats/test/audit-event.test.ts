import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  AUDIT_ACTIONS,
  auditEventMac,
  auditEventCloser,
  auditEventPayload,
  auditEventTexts,
  checkAuditEventMac,
  ExactJson,
  formatAuditEvent,
  leafHash,
  openAuditEvent,
  parseAuditEvent,
  parseExactJson,
  type AuditEvent,
  type JsonValue,
} from '../src/index.ts';
import { readVector, readVectors, type AuditEventVector } from './support/vectors.ts';

function detailsText(vector: AuditEventVector): string {
  const value = parseExactJson(`{"details":${vector.details}}`, { exactMember: 'details' }) as { details: ExactJson };
  return value.details.text;
}

const example = readVector<AuditEventVector>('valid/audit-event', 'worked-example');
const read = (item: string) => parseAuditEvent(parseExactJson(item, { exactMember: 'details' }));
const exampleEvent = read(example.item);

describe.each(readVectors<AuditEventVector>('valid/audit-event'))('%s', (_, vector) => {
  const unsigned = { ...vector.event, detailsText: detailsText(vector) };
  const event: AuditEvent = { ...unsigned, signature: auditEventMac(auditEventPayload(unsigned), vector.secret) };

  test("details are kept as Python's text", () => {
    expect(unsigned.detailsText).toBe(vector.details_canonical);
  });

  test("the payload and its MAC are Python's", () => {
    expect(auditEventPayload(event)).toBe(vector.payload);
    expect(event.signature).toBe(vector.signature);
    expect(`sha256=${createHmac('sha256', vector.secret).update(vector.payload).digest('hex')}`).toBe(vector.signature);
  });

  test("the item and its leaf hash are Python's", () => {
    expect(formatAuditEvent(event)).toBe(vector.item);
    expect(Buffer.from(leafHash(Buffer.from(vector.item))).toString('hex')).toBe(vector.leaf_hash);
  });

  test('both texts made together are the same two', () => {
    expect(auditEventTexts(event, false)).toEqual({ payload: vector.payload, entry: vector.item });
    const { details: _, ...members } = JSON.parse(vector.item) as Record<string, unknown>;
    const isPlain = /^[ -~]*$/.test(vector.item) && !/["\\]/.test(Object.values(members).join(''));
    if (isPlain) expect(auditEventTexts(event, true)).toEqual({ payload: vector.payload, entry: vector.item });
  });

  test('the item can be opened before its place is known, and closed then', () => {
    const { payload, opening } = openAuditEvent(unsigned);
    expect(payload).toBe(vector.payload);
    const close = auditEventCloser(event);
    expect(`${opening},"signature":"${event.signature}"${close(event.sequence)}`).toBe(vector.item);
    expect(() => close(2 ** 53)).toThrow(/sequence/);
  });

  test('what is given out is read back to the same bytes, and its MAC holds', () => {
    expect(read(vector.item)).toEqual(event);
    expect(formatAuditEvent(read(vector.item))).toBe(vector.item);
    expect(checkAuditEventMac(read(vector.item), vector.secret)).toBe(true);
    expect(checkAuditEventMac(read(vector.item), vector.secret + 'x')).toBe(false);
  });
});

describe('tampering', () => {
  const SIGNED = ['id', 'action', 'resource_type', 'resource_id', 'actor_id', 'timestamp'] as const;

  test('every changed byte of the payload fails the MAC', () => {
    for (let at = 0; at < example.payload.length; at++) {
      for (const flip of [1, 2, 0x20]) {
        const changed = String.fromCharCode(example.payload.charCodeAt(at) ^ flip);
        const payload = example.payload.slice(0, at) + changed + example.payload.slice(at + 1);
        expect(auditEventMac(payload, example.secret)).not.toBe(example.signature);
      }
      expect(auditEventMac(example.payload.slice(0, at), example.secret)).not.toBe(example.signature);
    }
  });

  test.each(SIGNED)('a changed %s fails the MAC', (member) => {
    const value = member === 'action' ? 'UPDATE' : `${exampleEvent[member]} `;
    expect(checkAuditEventMac({ ...exampleEvent, [member]: value }, example.secret)).toBe(false);
  });

  test('two signed members that change places fail the MAC', () => {
    for (const a of SIGNED) {
      for (const b of SIGNED) {
        if (a === b || a === 'action' || b === 'action') continue;
        expect(
          checkAuditEventMac({ ...exampleEvent, [a]: exampleEvent[b], [b]: exampleEvent[a] }, example.secret),
        ).toBe(false);
      }
    }
  });

  test.each([
    ['a value', (text: string) => text.replace('DRAFT', 'DRAFt')],
    ['1.0 to 1', (text: string) => text.replace('1.0', '1')],
    ['an added member', (text: string) => text.replace('{', '{"x":0,')],
    ['a dropped member', (text: string) => text.replace(',"traffic":1.0', '')],
    ['the order of members', () => '{"previous_status":"DRAFT","experiment_name":"Bütton Color Test","traffic":1.0}'],
  ])('changed details fail the MAC: %s', (_, change) => {
    const changed = change(exampleEvent.detailsText);
    expect(changed).not.toBe(exampleEvent.detailsText);
    expect(checkAuditEventMac({ ...exampleEvent, detailsText: changed }, example.secret)).toBe(false);
  });

  test('every changed character of the signature fails', () => {
    for (let at = 0; at < example.signature.length; at++) {
      const other = example.signature[at] === '0' ? '1' : '0';
      const signature = example.signature.slice(0, at) + other + example.signature.slice(at + 1);
      expect(checkAuditEventMac({ ...exampleEvent, signature }, example.secret)).toBe(false);
    }
    for (const signature of ['', example.signature.slice(0, -1), example.signature + '0', example.signature.slice(7)]) {
      expect(checkAuditEventMac({ ...exampleEvent, signature }, example.secret)).toBe(false);
    }
  });

  test.each([
    ['actor_username', 'mallory'],
    ['ip_address', null],
    ['user_agent', 'curl'],
    ['recorded_at', '2026-01-15T10:30:00.124Z'],
    ['sequence', 42],
    ['signature_key_id', 'other'],
  ] as const)('a changed %s passes the MAC, as documented, but not the leaf', (member, value) => {
    const changed = { ...exampleEvent, [member]: value };
    expect(checkAuditEventMac(changed, example.secret)).toBe(true);
    const leaf = createHash('sha256')
      .update(Buffer.concat([Buffer.of(0), Buffer.from(formatAuditEvent(changed))]))
      .digest('hex');
    expect(leaf).not.toBe(example.leaf_hash);
  });

  test('every changed byte of the item changes its leaf', () => {
    const entry = Buffer.from(example.item);
    const leaves = new Set([example.leaf_hash]);
    for (let at = 0; at < entry.length; at++) {
      const changed = Buffer.from(entry);
      changed[at]! ^= 1;
      leaves.add(Buffer.from(leafHash(changed)).toString('hex'));
    }
    expect(leaves.size).toBe(entry.length + 1);
  });
});

describe('parseAuditEvent', () => {
  const item = () => parseExactJson(example.item, { exactMember: 'details' }) as { [name: string]: JsonValue };

  test.each(Object.keys(item()))('refuses an event without %s, and one where it is of the wrong kind', (member) => {
    const without = item();
    delete without[member];
    for (const wrong of [
      without,
      { ...item(), [member]: true },
      { ...item(), [member]: [] },
      { ...item(), [member]: {} },
    ]) {
      expect(() => parseAuditEvent(wrong)).toThrow(expect.objectContaining({ code: 'audit_event_shape' }));
    }
  });

  test.each<[string, { [name: string]: JsonValue }]>([
    ['an unknown member', { extra: 1 }],
    ['an unknown action', { action: 'delete' }],
    ['details read without exactMember', { details: { a: 1 } }],
    ['a negative sequence', { sequence: -1 }],
    ['a sequence past 2^53', { sequence: 2 ** 53 }],
    ['a broken sequence', { sequence: 0.5 }],
    ['a signature without its prefix', { signature: example.signature.slice(7) }],
    ['a signature in capitals', { signature: example.signature.toUpperCase() }],
    ['a null that must be text', { id: null }],
  ])('refuses %s', (_, change) => {
    expect(() => parseAuditEvent({ ...item(), ...change })).toThrow(
      expect.objectContaining({ code: 'audit_event_shape' }),
    );
  });

  test.each<JsonValue>([null, 1, 'x', [], new ExactJson('{}')])('refuses %o', (value) => {
    expect(() => parseAuditEvent(value)).toThrow(expect.objectContaining({ code: 'audit_event_shape' }));
  });

  test('a member that every object inherits does not stand in for a missing one', () => {
    const inherited = Object.assign(Object.create({ id: 'x' }) as { [name: string]: JsonValue }, item());
    delete inherited['id'];
    expect(() => parseAuditEvent(inherited)).toThrow(expect.objectContaining({ code: 'audit_event_shape' }));
  });
});

test('an event that would not be JSON is never formatted', () => {
  for (const sequence of [NaN, 1e21, -1, 1.5]) {
    expect(() => formatAuditEvent({ ...exampleEvent, sequence })).toThrow(
      expect.objectContaining({ code: 'audit_event_shape' }),
    );
  }
  for (const format of [formatAuditEvent, auditEventPayload]) {
    expect(() => format({ ...exampleEvent, resource_id: 'a\ud800' })).toThrow(
      expect.objectContaining({ code: 'json_lone_surrogate', offset: 1 }),
    );
  }
});

test('there are nine actions', () => {
  expect(AUDIT_ACTIONS).toEqual(
    'CREATE UPDATE DELETE READ LOGIN LOGOUT PERMISSION_CHANGE CONFIG_CHANGE EXPORT'.split(' '),
  );
});
