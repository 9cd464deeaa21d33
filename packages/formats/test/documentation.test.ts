import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runPython } from './support/python.ts';
import { readVector, readVectors, type AuditEventVector, type PacketVector } from './support/vectors.ts';

const root = new URL('../../../', import.meta.url);
const page = (name: string) => readFileSync(new URL(`docs/formats/${name}.md`, root), 'utf8');

test('the vectors are what their script makes', () => {
  const script = fileURLToPath(new URL('vectors/make_vectors.py', root));
  expect(runPython([script, '--check'])).toEqual({ status: 0, stdout: '' });
});

test("the pages' worked examples are the vectors' bytes", () => {
  const event = readVector<AuditEventVector>('valid/audit-event', 'worked-example');
  for (const text of [event.secret, event.details, event.payload, event.signature, event.item]) {
    expect(page('audit-event')).toContain(text);
  }
  const report = readVector<Record<'key' | 'report_text' | 'value' | 'document', string>>(
    'valid/posture-report',
    'worked-example',
  );
  for (const text of [report.key, report.report_text, report.value, report.document])
    expect(page('posture-report')).toContain(text);

  const packet = readVector<PacketVector>('valid/evidence-packet', 'worked-example');
  const { seed, public_key: key, fingerprint, packet_text: signed, value, document, keys, canonical_sha256 } = packet;
  for (const text of [seed, key, fingerprint, signed, value, document, keys, canonical_sha256])
    expect(page('evidence-packet')).toContain(text);

  const json = readVector<Record<'json' | 'canonical' | 'ascii', string>>('valid/exact-json', 'worked-example');
  for (const text of [json.json, json.canonical, json.ascii]) expect(page('exact-json')).toContain(text);

  const tree = readVector<{ leaf_hashes: string[]; roots: string[] }>('valid/audit-leaf', 'two-events');
  const entries = ['first', 'second'].map(
    (name) => readVector<AuditEventVector>('valid/audit-event', `${name}-of-a-trail`).item,
  );
  for (const text of [...tree.leaf_hashes, tree.roots[2]!, ...entries]) expect(page('audit-leaf')).toContain(text);
});

test('every code with which JSON is refused is documented', () => {
  for (const [, vector] of readVectors<{ code: string }>('invalid/exact-json'))
    expect(page('exact-json')).toContain(`\`${vector.code}\``);
});
