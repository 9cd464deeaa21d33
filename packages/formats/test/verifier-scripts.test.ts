import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { runPythonScript } from './support/python.ts';
import { readVector, readVectors, type AuditEventVector } from './support/vectors.ts';

const script = (name: string) => fileURLToPath(new URL(`../../../docs/formats/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string): string {
  const path = join(folder, String(files++));
  writeFileSync(path, text);
  return path;
}

describe('verify_posture_report.py', () => {
  const vectors = readVectors<{ document: string; key: string; report_text: string }>('valid/posture-report');
  const [, example] = vectors.find(([name]) => name === 'worked-example')!;

  test('accepts every vector', () => {
    const cases = vectors.map(([, vector]) => ({
      args: [file(vector.document), '--key-file', file(vector.key + '\n')],
    }));
    for (const { status, stdout } of runPythonScript(script('verify_posture_report.py'), cases)) {
      expect(stdout).toContain('Signature valid: the report is authentic and unmodified.');
      expect(status).toBe(0);
    }
  });

  test('refuses whatever is not the document that was signed', () => {
    const refused: [string, string, string?][] = [
      ['a changed byte', example.document.replace('true', 'null')],
      ['another value', example.document.replace(/"value":"../, '"value":"00')],
      ['a value that is not ASCII', example.document.replace(/"value":"../, '"value":"é0')],
      ['white space inside', example.document.replace(',', ', ')],
      ['no signature', `{"report":${example.report_text}}`],
      ['not JSON', example.document.slice(0, -1)],
      ['nothing', ''],
      ['deep nesting', '['.repeat(100_000)],
      // The genuine bytes are in the document, but what a reader sees as the report is something else.
      ['a genuine report under another name', `{"x":${example.document},"report":{},"signature":{}}`],
      [
        'a genuine report inside',
        example.document.replace('{"report":', '{"report":{"report":').replace(',"signature"', '},"signature"'),
      ],
      ['the report twice', example.document.replace(/}$/, ',"report":{"service_count":0}}')],
      ['more than report and signature', example.document.replace(/}$/, ',"note":"all is well"}')],
      ['another key', example.document, example.key + 'x'],
    ];
    const cases = refused.map(([, document, key = example.key]) => ({ args: [file(document), key] }));
    runPythonScript(script('verify_posture_report.py'), cases).forEach(({ status, stdout }, i) => {
      expect(stdout, refused[i]![0]).toMatch(/^INVALID: /);
      expect(status).toBe(1);
    });
  });
});

describe('verify_audit_events.py', () => {
  const vectors = readVectors<AuditEventVector>('valid/audit-event').map(([, vector]) => vector);
  const example = readVector<AuditEventVector>('valid/audit-event', 'worked-example');
  const { secret } = example;
  const items = vectors.filter((vector) => vector.secret === secret).map((vector) => vector.item);
  const verify = (cases: readonly { text: string; secret?: string; args?: readonly string[] }[]) =>
    runPythonScript(
      script('verify_audit_events.py'),
      cases.map((one) => ({
        args: [file(one.text), ...(one.args ?? [])],
        ...(one.secret === undefined ? {} : { env: { AUDIT_HMAC_SECRET: one.secret } }),
      })),
    );

  test('accepts a response, an export, one event a line, and an export larger than its buffer', () => {
    const many = Array.from({ length: 4000 }, () => example.item);
    expect(many.join().length).toBeGreaterThan(2 ** 21);
    const accepted: [string, number][] = [
      [`{"items":[${items.join()}],"total":${items.length},"page":1,"page_size":50,"pages":1}`, items.length],
      [`[${items.join(',\n')}]\n`, items.length],
      [items.join('\n') + '\n', items.length],
      [`[${many.join()}]`, many.length],
    ];
    verify(accepted.map(([text]) => ({ text, secret }))).forEach(({ status, stdout }, i) => {
      expect(stdout).toContain(`Signatures valid: ${accepted[i]![1]} events`);
      expect(status).toBe(0);
    });
  });

  test('accepts every vector under its own secret', () => {
    const results = verify(vectors.map((vector) => ({ text: vector.item, secret: vector.secret })));
    expect(results.map(({ status }) => status)).toEqual(vectors.map(() => 0));
  });

  test('after a rotation, each event is checked with the secret of its key id', () => {
    const [old, other] = [file(secret + '\n'), file('another secret')];
    const text = example.item;
    const [both, wrong, unknown, none] = verify([
      { text, args: ['--secret-file', `audit-2026-q1=${old}`, '--secret-file', `audit-2026-q2=${other}`] },
      { text, args: ['--secret-file', `audit-2026-q1=${other}`, '--secret-file', old] },
      { text, args: ['--secret-file', `audit-2026-q2=${other}`] },
      { text },
    ]);
    expect(both!.status).toBe(0);
    expect(wrong).toMatchObject({ status: 1, stdout: expect.stringContaining('was modified') as string });
    expect(unknown).toMatchObject({ status: 1, stdout: expect.stringContaining('was not checked') as string });
    expect(none).toMatchObject({ status: 2, stdout: expect.stringContaining('AUDIT_HMAC_SECRET') as string });
  });

  test('refuses an event that was changed, and a file that is not whole', () => {
    const refused = [
      [`[${example.item.replace('DRAFT', 'LIVE!')}]`, 'was modified'],
      [`[${items.join()},${example.item.replace('1.0', '1')}]`, `${items.length} events are valid`],
      [`[${items.join()}`, 'no end'],
      [`[${items.join()}`.slice(0, -5), 'cut off'],
      [`[${items.join()},`, 'there is none'],
      [`[${items.join()}]x`, 'follows'],
      [example.item.replace('{', '{"action":"CREATE",'), 'twice'],
      [example.item.replace('"actor_id"', '"actor"'), 'no member actor_id'],
      ['[1]', 'there is none'],
      ['{"items":[1]}', 'is not an object'],
      ['[]', 'nothing was checked'],
      ['', 'nothing was checked'],
      ['[' + '{"a":'.repeat(100_000), 'cut off'],
    ] as const;
    verify(refused.map(([text]) => ({ text, secret }))).forEach(({ status, stdout }, i) => {
      expect(stdout).toContain(refused[i]![1]);
      expect(stdout).toContain('INVALID');
      expect(status).toBe(1);
    });
  });
});
