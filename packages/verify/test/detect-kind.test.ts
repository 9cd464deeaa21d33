import { expect, test } from 'vitest';

import { readVectors } from '../../formats/test/support/vectors.ts';
import { detectKind, HEAD_BYTES } from '../src/index.ts';

const kindOf = (text: string): string => detectKind(new TextEncoder().encode(text).subarray(0, HEAD_BYTES));

test('every vector is told by its beginning, also when it was printed again', () => {
  for (const [, { document }] of readVectors<{ document: string }>('valid/posture-report')) {
    expect(kindOf(document)).toBe('posture_report');
    expect(kindOf(JSON.stringify(JSON.parse(document), null, 2))).toBe('posture_report');
  }
  for (const [, { document }] of readVectors<{ document: string }>('valid/evidence-packet')) {
    expect(kindOf(document)).toBe('evidence_packet');
    expect(kindOf(JSON.stringify(JSON.parse(document), null, 2))).toBe('evidence_packet');
  }
  for (const [, { item }] of readVectors<{ item: string }>('valid/audit-event')) {
    for (const text of [item, `[${item}]`, ` [ ${item}`, `{"items":[${item}]}`, `${item}\n${item}`, `{ "page": 1,`]) {
      expect(kindOf(text)).toBe('audit_events');
    }
  }
  expect(
    kindOf(
      'id,action,resource_type,resource_id,actor_id,actor_username,timestamp,ip_address,user_agent,details,signature,recorded_at,sequence,signature_key_id\r\n',
    ),
  ).toBe('audit_events');
});

test('anything else is unknown', () => {
  for (const text of [
    '',
    ' ',
    '{',
    '{}',
    '{"name":1}',
    '"report":',
    'null',
    'id,name\n',
    '<html>',
    'x'.repeat(10_000),
  ]) {
    expect(kindOf(text)).toBe('unknown');
  }
});
