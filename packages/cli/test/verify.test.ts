import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { WriteStream } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import { Command } from 'commander';
import { afterAll, describe, expect, test, vi } from 'vitest';

import { addVerify } from '../src/commands/verify.ts';

interface Vector {
  readonly key: string;
  readonly key_id: string;
  readonly document: string;
  readonly secret: string;
  readonly item: string;
  readonly event: { readonly signature_key_id: string };
  readonly report: { readonly organization_id: string };
  readonly keys: string;
  readonly fingerprint: string;
}

function vector(path: string): Vector {
  return JSON.parse(readFileSync(new URL(`../../../vectors/valid/${path}.json`, import.meta.url), 'utf8')) as Vector;
}

const posture = vector('posture-report/worked-example');
const audit = vector('audit-event/worked-example');
const packet = vector('evidence-packet/worked-example');
const folder = mkdtempSync(join(tmpdir(), 'verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const report = file('report.json', posture.document);
const forged = file('forged.json', posture.document.replace('"tls_enabled":true', '"tls_enabled":false'));
const keyFile = file('key.json', JSON.stringify({ key_id: posture.key_id, verification_key: posture.key }));
const event = file('event.json', audit.item);
const secretFile = file('secret.txt', `${audit.secret}\n`);
const named = `${audit.event.signature_key_id}=${secretFile}`;

interface Run {
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** Runs the command in this process; only calls that commander itself refuses need another one. */
async function verify(
  args: readonly string[],
  more: { stdin?: string; env?: NodeJS.ProcessEnv; tty?: boolean } = {},
): Promise<Run> {
  const run: Run = { code: undefined, stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): NodeJS.WriteStream =>
    ({
      isTTY: more.tty === true,
      write: (text: string) => {
        run[name] += text;
        return true;
      },
      getColorDepth: WriteStream.prototype.getColorDepth,
      on: () => undefined,
      _writableState: {},
      writable: true,
    }) as unknown as NodeJS.WriteStream;
  const program = new Command('veritrail');
  addVerify(program, {
    stdin: Readable.from([Buffer.from(more.stdin ?? '')]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: more.env ?? {},
    exit: (code) => {
      run.code = code;
    },
  });
  await program.parseAsync(['verify', ...args], { from: 'user' });
  return run;
}

const verdictOf = (run: Run): { outcome: string; checks: { id: string; outcome: string }[]; [name: string]: unknown } =>
  JSON.parse(run.stdout) as ReturnType<typeof verdictOf>;
const failing = (run: Run): string[] =>
  verdictOf(run)
    .checks.filter((check) => check.outcome === 'fail')
    .map((check) => check.id);

describe('exit codes', () => {
  test('0 for a genuine document, with the key as text, as JSON, or in the environment', async () => {
    const keyText = file('key.txt', `${posture.key}\n`);
    for (const args of [
      [report, '--key', posture.key],
      [report, '--key-file', keyText],
      [report, '--key-file', keyFile],
    ]) {
      expect((await verify(args)).code).toBe(0);
    }
    expect((await verify([event, '--secret-file', named])).code).toBe(0);
  });

  test('1 for a document that fails a check, which the last line names', async () => {
    const run = await verify([forged, '--key-file', keyFile]);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/\nFAIL: mac\.\n$/);
    expect(run.stdout).not.toContain('The report says');
  });

  test('2 without a key or secret, and for what is no document of ours', async () => {
    expect((await verify([report])).code).toBe(2);
    expect((await verify([event])).code).toBe(2);
    const other = await verify([file('other.json', '{"name":"x"}'), '--organization', 'o']);
    expect(other.code).toBe(2);
    expect(other.stdout).toContain('NOT CHECKED: document.');
    expect((await verify([file('empty.json', '')])).code).toBe(2);
  });

  test('2 for a wrong call, with a sentence and no verdict', async () => {
    const calls: [string[], string][] = [
      [[join(folder, 'absent.json')], 'there is no such file'],
      [[folder], 'it is a directory'],
      [[report, '--key-file', join(folder, 'absent')], 'there is no such file'],
      [[report, '--key-file', folder], 'it is a directory'],
      [[report, '--key-file', file('no-key.json', '{"key_id":"x"}')], 'without a verification_key'],
      [[report, '--key-file', file('blank.txt', '\n')], 'is empty'],
      [[report, '--key-file', file('long.txt', 'x'.repeat(70_000))], 'too long'],
      [[report, '--key', ''], '--key is empty'],
      [[report, '--key', posture.key, '--key-file', keyFile], 'either'],
      [[event, '--secret-file', file('no-secret.json', '{"x":1}')], 'without an audit_hmac_secret'],
      [[event, '--range', '5-3'], '--range'],
      [[event, '--range', 'all'], '--range'],
      // What was asked for and can't be checked must not be dropped in silence.
      [[event, '--organization', 'org-1'], '--organization does not apply'],
      [[event, '--key', 'x'], '--key does not apply'],
      [[report, '--secret-file', secretFile], '--secret-file does not apply'],
      [[report, '--signature', 'sha256='], '--signature does not apply'],
      [[report, '--whole'], '--whole does not apply'],
    ];
    for (const [args, sentence] of calls) {
      const run = await verify(args);
      expect([args, run.code, run.stdout]).toEqual([args, 2, '']);
      expect(run.stderr).toContain(sentence);
    }
  });

  test('2 for an option that does not exist, in the real program', () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const run = spawnSync(process.execPath, [main, 'verify', report, '--kye', 'x'], { encoding: 'utf8' });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('--kye');
  });

  test('the real program ends with the code of its verdict', () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const run = spawnSync(process.execPath, [main, 'verify', '-', '--key-file', keyFile], {
      encoding: 'utf8',
      input: readFileSync(forged),
    });
    expect([run.status, run.stderr]).toEqual([1, '']);
    expect(run.stdout).toContain('FAIL: mac.');
  });
});

describe('options', () => {
  test('--organization and the key id of a key file are checked', async () => {
    const same = await verify([
      report,
      '--key-file',
      keyFile,
      '--organization',
      posture.report.organization_id,
      '--json',
    ]);
    expect(verdictOf(same).checks.every((check) => check.outcome === 'pass')).toBe(true);
    const other = await verify([report, '--key-file', keyFile, '--organization', 'another', '--json']);
    expect([other.code, failing(other)]).toEqual([1, ['organization']]);
    const otherKey = file('other-key.json', JSON.stringify({ key_id: 'posture-0', verification_key: posture.key }));
    expect(failing(await verify([report, '--key-file', otherKey, '--json']))).toEqual(['key_id']);
  });

  test('secrets come from the environment, former ones too, unless files are given', async () => {
    const own = await verify([event, '--json'], { env: { AUDIT_HMAC_SECRET: audit.secret } });
    // The vectors name their key otherwise than a server would.
    expect(failing(own)).toEqual(['key_ids']);
    const former = { AUDIT_HMAC_SECRET: 'another-secret', AUDIT_HMAC_PREVIOUS_SECRETS: ` x  ${audit.secret}` };
    expect(failing(await verify([event, '--json'], { env: former }))).toEqual(['key_ids']);
    expect((await verify([event, '--secret-file', file('s', 'other')], { env: former })).code).toBe(2);
    const firstRun = file('first-run.json', JSON.stringify({ audit_hmac_secret: audit.secret, password: 'p' }));
    expect(failing(await verify([event, '--secret-file', firstRun, '--json']))).toEqual(['key_ids']);
    expect((await verify([event, '--secret-file', firstRun, '--secret-file', named])).code).toBe(0);
  });

  test('--signature, --whole and --range reach the verifier', async () => {
    const args = [event, '--secret-file', named, '--json'];
    expect(failing(await verify([...args, '--signature', `sha256=${'0'.repeat(64)}`]))).toEqual(['response_signature']);
    expect((await verify([...args, '--whole'])).code).toBe(0);
    expect((await verify([...args, '--range', '41-41'])).code).toBe(0);
    expect(failing(await verify([...args, '--range', '41-42']))).toEqual(['sequence']);
  });

  test('- reads standard input', async () => {
    expect((await verify(['-', '--key-file', keyFile], { stdin: posture.document })).code).toBe(0);
    expect((await verify(['-', '--secret-file', named], { stdin: `[${audit.item}]` })).code).toBe(0);
  });

  test('--json is the verdict and nothing else', async () => {
    const run = await verify([report, '--key-file', keyFile, '--json']);
    expect(verdictOf(run)).toMatchObject({
      file: report,
      kind: 'posture_report',
      outcome: 'pass',
      report: posture.report,
    });
    expect(run.stderr).toBe('');
  });
});

test('no key or secret is ever printed', async () => {
  for (const args of [
    [report, '--key', posture.key],
    [forged, '--key', posture.key, '--json'],
    [event, '--secret-file', secretFile],
    [event, '--key', posture.key],
    [event, '--secret-file', file('broken.json', `{"audit_hmac_secret":"${audit.secret}`)],
  ]) {
    const run = await verify(args, { env: { AUDIT_HMAC_SECRET: audit.secret } });
    expect(run.stdout + run.stderr).not.toContain(posture.key);
    expect(run.stdout + run.stderr).not.toContain(audit.secret);
  }
});

test('a terminal gets colours unless NO_COLOR is set, and what is no terminal gets none', async () => {
  vi.stubEnv('FORCE_COLOR', undefined);
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv('TERM', 'xterm-256color');
  vi.stubEnv('CI', undefined);
  const args = [report, '--key-file', keyFile];
  const painted = await verify(args, { tty: true });
  const plain = await verify(args);
  expect(painted.stdout).toContain('\u001b[32m✓ pass');
  expect(stripVTControlCharacters(painted.stdout)).toBe(plain.stdout);
  expect(plain.stdout).not.toContain('\u001b');
  vi.stubEnv('NO_COLOR', '1');
  expect((await verify(args, { tty: true })).stdout).toBe(plain.stdout);
  vi.unstubAllEnvs();
});

test('a large export is read in pieces, and a terminal is told how far it is', async () => {
  const lines = file('export.ndjson', `${audit.item}\n`.repeat(2000));
  const run = await verify([lines, '--secret-file', named, '--json'], { tty: true });
  expect(verdictOf(run)).toMatchObject({ kind: 'audit_events', events: 2000 });
  expect(failing(run)).toEqual(['order', 'sequence']);
  expect(run.stderr).toMatch(/of 1\.1 MB, \d+ events/);
  expect(run.stderr.endsWith('\r\u001b[K')).toBe(true);
  expect((await verify([lines, '--secret-file', named])).stderr).toBe('');
});

describe('an evidence packet', () => {
  const path = file('packet.json', packet.document);
  const keys = file('keys.json', packet.keys);

  test('passes with the published keys and a pinned fingerprint, and says what may be believed', async () => {
    const run = await verify([path, '--keys', keys, '--trust', packet.fingerprint]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('Evidence packet');
    expect(run.stdout).toContain('framework soc2');
    expect(run.stdout).toContain(packet.fingerprint);
    // The example names no catalogue, so nothing can be judged again.
    expect(run.stdout.trimEnd()).toMatch(/PASS\. Not checked, and not needed for this: judged_again\.$/);
  });

  test('without a pinned fingerprint passes and says that whose key it is was not checked', async () => {
    const run = await verify([path, '--keys', keys]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('Not checked, and not needed for this: key_trusted, judged_again.');
  });

  test('without keys is not checked, under an untrusted key or changed it fails', async () => {
    expect((await verify([path])).code).toBe(2);
    const untrusted = await verify([path, '--json', '--keys', keys, '--trust', 'AB:'.repeat(31) + 'AB']);
    expect([untrusted.code, failing(untrusted)]).toEqual([1, ['key_trusted']]);
    const changed = file('changed-packet.json', packet.document.replace('soc2', 'soc3'));
    const forged = await verify([changed, '--json', '--keys', keys]);
    expect([forged.code, failing(forged), verdictOf(forged)['packet']]).toEqual([1, ['digest', 'signature'], null]);
  });

  test('called wrongly, says how', async () => {
    const wrong: [string[], string][] = [
      [['--trust', 'abc'], '64 hexadecimal digits'],
      [['--keys', join(folder, 'nowhere.json')], 'there is no such file'],
      [['--keys', file('long.json', ' '.repeat(1024 * 1024 + 1))], 'too long'],
      [['--key', 'x'], 'this is an evidence packet'],
    ];
    for (const [options, said] of wrong) {
      const run = await verify([path, ...options]);
      expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(said)]);
    }
    expect((await verify([report, '--keys', keys])).stderr).toContain('this is a posture report');
  });
});
