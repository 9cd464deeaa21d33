import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { PACKET_CATALOGUES, type Packet } from '@veritrail/controls';
import { afterAll, describe, expect, test } from 'vitest';

import { Random } from '../../formats/test/support/random.ts';
import { verifyPacket } from '../src/index.ts';

/** For hundreds of verdicts on a busy machine. */
const MANY = { timeout: 240_000 };

const folder = fileURLToPath(new URL('../../../vectors/frozen/evidence-packet-1.0/', import.meta.url));
const script = fileURLToPath(new URL('../../../docs/formats/verify_packet.py', import.meta.url));
const page = readFileSync(new URL('../../../docs/formats/evidence-packet.md', import.meta.url), 'utf8');
const read = (name: string): Buffer => readFileSync(join(folder, name));

interface Published {
  readonly key_id: string;
  readonly public_key: string;
}
interface Document {
  readonly packet: Packet;
  readonly signature: { readonly key_id: string; readonly value: string; readonly canonical_sha256: string };
}

const keysDocument = read('keys.json');
const { keys } = JSON.parse(keysDocument.toString()) as { keys: Published[] };
const fingerprints = keys.map((key) =>
  createHash('sha256').update(Buffer.from(key.public_key, 'base64')).digest('hex'),
);
const known = { keysDocument, trustedFingerprints: fingerprints };
const packets = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'keys.json');

const scratch = mkdtempSync(join(tmpdir(), 'frozen-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** By the steps of the page, and by nothing of ours. */
function takeApart(bytes: Buffer): { document: Document; signed: Buffer; key: KeyObject; value: Buffer } {
  const document = JSON.parse(bytes.toString()) as Document;
  const signed = bytes.subarray(bytes.indexOf('"packet":') + 9, bytes.lastIndexOf(',"signature":'));
  const published = keys.find((key) => key.key_id === document.signature.key_id)?.public_key ?? '';
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(published, 'base64')]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return { document, signed, key, value: Buffer.from(document.signature.value, 'base64') };
}

const hasOpenSsl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout?.startsWith('OpenSSL 3') ?? false;
const hasCryptography = spawnSync('python3', ['-c', 'import cryptography']).status === 0;

test('the frozen files are the ones that were frozen', () => {
  const lines = read('SHA256SUMS').toString().trimEnd().split('\n');
  expect(lines).toEqual(
    [...packets, 'keys.json'].map((name) => `${createHash('sha256').update(read(name)).digest('hex')}  ${name}`).sort(),
  );
  expect(packets.sort()).toEqual(['dora.json', 'soc2.json']);
});

describe.each(packets)('the frozen packet %s', (name) => {
  const bytes = read(name);
  const { document, signed, key, value } = takeApart(bytes);

  test('verifies with plain Python', MANY, () => {
    const trust = fingerprints.flatMap((fingerprint) => ['--trust', fingerprint]);
    const { status, stdout } = spawnSync(
      'python3',
      [script, join(folder, name), '--keys', join(folder, 'keys.json'), ...trust],
      { encoding: 'utf8' },
    );
    expect(stdout).toContain('Signature valid');
    expect(status).toBe(0);
  });

  test('verifies through Node, and has the digest that is stated', () => {
    expect(verify(null, signed, key, value)).toBe(true);
    expect(createHash('sha256').update(signed).digest('hex')).toBe(document.signature.canonical_sha256);
  });

  test.runIf(hasOpenSsl)('verifies with the command of OpenSSL', () => {
    const file = (label: string, content: Buffer | string): string => {
      const path = join(scratch, `${name}-${label}`);
      writeFileSync(path, content);
      return path;
    };
    const { stdout } = spawnSync(
      'openssl',
      [
        ...['pkeyutl', '-verify', '-pubin', '-rawin'],
        ...['-inkey', file('key.pem', key.export({ format: 'pem', type: 'spki' }))],
        ...['-in', file('packet', signed), '-sigfile', file('sig', value)],
      ],
      { encoding: 'utf8' },
    );
    expect(stdout).toContain('Signature Verified Successfully');
  });

  test.runIf(hasCryptography)('verifies with the lines for Python’s cryptography that the page shows', () => {
    const lines = /```python\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const program = lines.replace('report.json', join(folder, name)).replace('keys.json', join(folder, 'keys.json'));
    expect(spawnSync('python3', ['-c', program], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('passes every check of ours; judged again while this verifier has its catalogue', () => {
    const verdict = verifyPacket(bytes, known);
    const { catalogue, framework } = document.packet;
    const isKnown = PACKET_CATALOGUES[framework].version === catalogue.version;
    const outcomes = verdict.checks.filter(({ id }) => id !== 'judged_again').map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['pass']));
    expect(verdict.checks.find(({ id }) => id === 'judged_again')).toMatchObject({
      outcome: isKnown ? 'pass' : 'not_checked',
    });
    expect(verdict.outcome).toBe('pass');
    expect(verdict.packet).toEqual(document.packet);
  });

  test('shows each kind of finding', () => {
    const statuses = new Set(document.packet.controls.map((control) => control.status));
    for (const status of ['attested', 'exception', 'insufficient_evidence']) expect(statuses).toContain(status);
    expect((document.packet.provider_annex ?? []).length > 0).toBe(name === 'dora.json');
  });

  test('fails a named check with any bit turned', MANY, () => {
    const random = new Random(20_261_124);
    for (let round = 0; round < 300; round += 1) {
      // The first and last bytes are outside what is signed, and would else hardly ever be hit.
      const at = round < 60 ? round : round < 160 ? bytes.length - 1 - (round - 60) * 3 : random.below(bytes.length);
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(7));
      const verdict = verifyPacket(changed, known);
      const failed = verdict.checks.filter((check) => check.outcome === 'fail');
      if (verdict.outcome !== 'fail' || failed.length === 0) expect.fail(`passes with byte ${at} changed`);
    }
  });
});
