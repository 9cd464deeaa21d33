import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { runPython } from './support/python.ts';
import { readVector, readVectors, type AuditEventVector } from './support/vectors.ts';

const root = new URL('../../../', import.meta.url);
const script = (path: string) => fileURLToPath(new URL(path, root));
const folder = mkdtempSync(join(tmpdir(), 'formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('the vectors are what their script makes', () => {
  expect(runPython([script('vectors/make_vectors.py'), '--check'])).toEqual({ status: 0, stdout: '' });
});

describe('verify_posture_report.py', () => {
  const vectors = readVectors<{ document: string; key: string; report_text: string }>('valid/posture-report');
  const [, example] = vectors.find(([name]) => name === 'worked-example')!;
  const verify = (document: string, ...args: string[]) =>
    runPython([script('docs/formats/verify_posture_report.py'), file('report.json', document), ...args]);

  test.each(vectors)('accepts %s', (_, vector) => {
    const { status, stdout } = verify(vector.document, '--key-file', file('key.txt', vector.key + '\n'));
    expect(stdout).toContain('Signature valid:');
    expect(status).toBe(0);
  });

  test.each([
    ['a changed byte', example.document.replace('true', 'null')],
    ['another value', example.document.replace(/"value":"../, '"value":"00')],
    ['a value that is not ASCII', example.document.replace(/"value":"../, '"value":"é0')],
    ['white space inside', example.document.replace(',', ', ')],
    ['no signature', `{"report":${example.report_text}}`],
    ['not JSON', example.document.slice(0, -1)],
    ['nothing', ''],
    // The genuine bytes are in the document, but what a reader sees as the report is something else.
    ['a genuine report under another name', `{"x":${example.document.slice(0, -1)}},"report":{},"signature":{}}`],
    ['a genuine report inside a false one', example.document.replace('{"report":', '{"report":{"report":').replace(',"signature"', '},"signature"')],
    ['the report twice', example.document.replace(/}$/, ',"report":{"service_count":0}}')],
    ['more than report and signature', example.document.replace(/}$/, ',"note":"all is well"}')],
  ])('refuses %s', (_, document) => {
    const { status, stdout } = verify(document, example.key);
    expect(stdout).toMatch(/^INVALID: /);
    expect(status).toBe(1);
  });

  test('refuses another key', () => {
    expect(verify(example.document, example.key + 'x').status).toBe(1);
  });
});

describe('verify_audit_events.py', () => {
  const vectors = readVectors<AuditEventVector>('valid/audit-event').map(([, vector]) => vector);
  const example = readVector<AuditEventVector>('valid/audit-event', 'worked-example');
  const items = vectors.filter((vector) => vector.secret === example.secret).map((vector) => vector.item);
  const verify = (text: string, secret = example.secret, args: string[] = []) =>
    runPython([script('docs/formats/verify_audit_events.py'), file('events.json', text), ...args], { env: { AUDIT_HMAC_SECRET: secret } });

  test.each([
    ['a response', `{"items":[${items.join()}],"total":${items.length},"page":1,"page_size":50,"pages":1}`],
    ['an export', `[${items.join(',\n')}]\n`],
    ['one event a line', items.join('\n') + '\n'],
  ])('accepts %s', (_, text) => {
    const { status, stdout } = verify(text);
    expect(stdout).toContain(`Signatures valid: ${items.length} events`);
    expect(status).toBe(0);
  });

  test('accepts every vector under its own secret, given in the environment', () => {
    for (const vector of vectors.filter((other) => other.secret !== example.secret)) expect(verify(vector.item, vector.secret).status).toBe(0);
  });

  test('reads an export larger than its buffer', () => {
    const many = `[${Array.from({ length: 4000 }, () => example.item).join()}]`;
    expect(many.length).toBeGreaterThan(2 ** 21);
    expect(verify(many).stdout).toContain('Signatures valid: 4000 events');
  });

  test('after a rotation, each event is checked with the secret of its key id', () => {
    const old = file('old.txt', example.secret + '\n');
    const other = file('other.txt', 'another secret');
    expect(verify(example.item, '', ['--secret-file', `audit-2026-q1=${old}`, '--secret-file', `audit-2026-q2=${other}`]).status).toBe(0);
    expect(verify(example.item, '', ['--secret-file', `audit-2026-q1=${other}`, '--secret-file', old]).status).toBe(1);
    const unchecked = verify(example.item, '', ['--secret-file', `audit-2026-q2=${other}`]);
    expect(unchecked.stdout).toContain('was not checked');
    expect(unchecked.status).toBe(1);
    expect(verify(example.item, '').status).toBe(2);
  });

  test.each([
    ['a changed value', `[${example.item.replace('DRAFT', 'LIVE!')}]`, 'was modified'],
    ['one bad event among good ones', `[${items.join()},${example.item.replace('1.0', '1')}]`, `${items.length} events are valid`],
    ['an export that broke off after an event', `[${items.join()}`, 'no end'],
    ['an export that broke off inside an event', `[${items.join()}`.slice(0, -5), 'cut off'],
    ['an export that broke off after a comma', `[${items.join()},`, 'there is none'],
    ['something after the export', `[${items.join()}]x`, 'follows'],
    ['a name twice', example.item.replace('{', '{"action":"CREATE",'), 'twice'],
    ['an event that lacks a signed member', example.item.replace('"actor_id"', '"actor"'), 'no member actor_id'],
    ['a number in an array', '[1]', 'there is none'],
    ['an item that is no object', '{"items":[1]}', 'is not an object'],
    ['an empty export', '[]', 'nothing was checked'],
    ['an empty file', '', 'nothing was checked'],
  ])('refuses %s', (_, text, reason) => {
    const { status, stdout } = verify(text);
    expect(stdout).toContain(reason);
    expect(stdout).toContain('INVALID');
    expect(status).toBe(1);
  });
});

describe('the pages in docs/formats', () => {
  const page = (name: string) => readFileSync(new URL(`docs/formats/${name}.md`, root), 'utf8');

  test('show the bytes of the vectors as their worked examples', () => {
    const event = readVector<AuditEventVector>('valid/audit-event', 'worked-example');
    for (const text of [event.secret, event.details, event.payload, event.signature, event.item]) expect(page('audit-event')).toContain(text);

    const report = readVector<{ key: string; report_text: string; value: string; document: string }>('valid/posture-report', 'worked-example');
    for (const text of [report.key, report.report_text, report.value, report.document]) expect(page('posture-report')).toContain(text);

    const tree = readVector<{ leaf_hashes: string[]; roots: string[] }>('valid/audit-leaf', 'two-events');
    for (const text of [...tree.leaf_hashes, tree.roots[2]!, event.leaf_hash]) expect(page('audit-leaf')).toContain(text);
  });

  test('name every code with which JSON is refused', () => {
    for (const [, vector] of readVectors<{ code: string }>('invalid/exact-json')) expect(page('exact-json')).toContain(`\`${vector.code}\``);
  });
});
