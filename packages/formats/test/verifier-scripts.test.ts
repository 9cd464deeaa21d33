import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { askPython, runPythonScript } from './support/python.ts';
import { readVector, readVectors, type AuditEventVector, type PacketVector } from './support/vectors.ts';

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

describe('verify_packet.py', () => {
  const vectors = readVectors<PacketVector>('valid/evidence-packet');
  const [, example] = vectors.find(([name]) => name === 'worked-example')!;
  const { document, fingerprint, keys, public_key: publicKey } = example;
  const verify = (cases: readonly { text: string; keys?: string; args?: readonly string[] }[]) =>
    runPythonScript(
      script('verify_packet.py'),
      cases.map((one) => ({ args: [file(one.text), '--keys', file(one.keys ?? keys), ...(one.args ?? [])] })),
    );

  test('accepts every vector, and says that nobody vouched for the key unless it was pinned', () => {
    const valid = 'Signature valid: the packet is authentic and unmodified.';
    const given = vectors.map(([, vector]) => ({ text: vector.document, keys: vector.keys }));
    for (const { status, stdout } of verify(given)) {
      expect(stdout).toContain(valid);
      expect(stdout).toContain('NOT CHECKED: whose key that is.');
      expect(status).toBe(0);
    }
    const colons = fingerprint.toUpperCase().replaceAll(/(..)(?!$)/g, '$1:');
    for (const pin of [fingerprint, colons]) {
      const [pinned] = verify([{ text: document, args: ['--trust', 'ab'.repeat(32), '--trust', pin] }]);
      expect(pinned).toMatchObject({ status: 0, stdout: expect.not.stringContaining('NOT CHECKED') as string });
    }
  });

  test('takes a key that was published as SPKI', () => {
    const spki = Buffer.from(`302a300506032b6570032100${publicKey}`, 'hex').toString('base64');
    const raw = Buffer.from(publicKey, 'hex').toString('base64');
    expect(verify([{ text: document, keys: keys.replace(raw, spki) }])[0]).toMatchObject({ status: 0 });
  });

  test('prints numbers as RFC 8785 has them', () => {
    const { numbers } = readVector<{ numbers: Record<string, string | null> }>('valid/jcs', 'rfc8785-appendix-b');
    const body = `
import runpy, struct
number = runpy.run_path(${JSON.stringify(script('verify_packet.py'))})["number"]
return [number(struct.unpack(">d", bytes.fromhex(one))[0]) for one in value]`;
    const finite = Object.keys(numbers).filter((hex) => numbers[hex] !== null);
    const [printed] = askPython<string[], string[]>(body.replace(/^(?=.)/gm, '    '), [finite]);
    expect(printed).toEqual(finite.map((hex) => numbers[hex]));
  });

  test('refuses whatever is not the document that was signed', () => {
    const retired = keys.replace(
      '"active":true,"retired_at":null',
      '"active":false,"retired_at":"2026-06-22T09:59:59Z"',
    );
    const small = keys.replace(
      /"public_key":"[^"]*"/,
      `"public_key":"${Buffer.from([1, ...Buffer.alloc(31)]).toString('base64')}"`,
    );
    const refused: [string, string, string?, string?][] = [
      ['a changed byte', document.replace('null', 'true')],
      ['another signature', document.replace(/"value":"../, '"value":"AA')],
      ['another spelling of the signature', document.replace(/.==/, 'B==')],
      ['a report id with something in it', document.replace('"report_id":"', '"report_id":"x')],
      ['white space inside', document.replace(',', ', ')],
      ['a line end', document + '\n'],
      ['no signature', document.replace(/,"signature".*$/, '}')],
      ['not JSON', document.slice(0, -1)],
      ['nothing', ''],
      ['deep nesting', '['.repeat(100_000)],
      ['a genuine document under another name', `{"x":${document},"packet":{},"signature":{}}`],
      ['an invented packet before', document.replace('"packet":', '"packet":{},"packet":')],
      ['an invented packet after', document.replace(/}$/, ',"packet":{}}')],
      ['another digest', document.replace(/"canonical_sha256":"../, '"canonical_sha256":"00')],
      ['another algorithm', document.replace('Ed25519', 'Ed448')],
      ['a key that is not published', document, keys.replaceAll('key-2026-06', 'key-2026-05'), 'not published'],
      ['a key that is published twice', document, keys.replace(/(\{"key_id.*\})\]/, '$1,$1]'), 'more than once'],
      ['a key that was retired before', document, retired, 'retired before'],
      ['a key of small order', document, small],
      ['no list of keys', document, '{}', 'does not list'],
      ['keys that are not JSON', document, 'key', 'not a JSON document'],
    ];
    verify(
      refused.map(([, text, published]) => ({ text, ...(published === undefined ? {} : { keys: published }) })),
    ).forEach(({ status, stdout }, i) => {
      expect(stdout, refused[i]![0]).toMatch(/^INVALID: /);
      expect(stdout).toContain(refused[i]![3] ?? '');
      expect(status).toBe(1);
    });
    const [untrusted, wrong] = verify([
      { text: document, args: ['--trust', 'ab'.repeat(32)] },
      { text: document, args: ['--trust', 'ab'] },
    ]);
    expect(untrusted).toMatchObject({ status: 1, stdout: expect.stringContaining(fingerprint) as string });
    expect(wrong).toMatchObject({ status: 2 });
  });

  test('the same document verifies with OpenSSL, by the steps of the page', () => {
    const der = file('');
    writeFileSync(der, Buffer.from(`302a300506032b6570032100${publicKey}`, 'hex'));
    const signature = file('');
    writeFileSync(signature, Buffer.from(example.value, 'base64'));
    const openssl = (packet: string): string =>
      spawnSync(
        'openssl',
        [
          'pkeyutl',
          '-verify',
          '-pubin',
          '-keyform',
          'DER',
          '-inkey',
          der,
          '-rawin',
          '-in',
          file(packet),
          '-sigfile',
          signature,
        ],
        { encoding: 'utf8' },
      ).stdout;
    expect(openssl(example.packet_text)).toContain('Signature Verified Successfully');
    expect(openssl(example.packet_text + ' ')).not.toContain('Successfully');
  });
});
