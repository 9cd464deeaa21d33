import {
  createEventStreamVerifier,
  detectKind,
  verifyPacket,
  verifyPostureReport,
  type AuditEventsVerdict,
  type DocumentKind,
  type PacketVerdict,
  type PostureReportVerdict,
  type WholeTrail,
} from '@veritrail/verify';
import type { Command } from 'commander';

import { createProgress } from '../verify/progress.ts';
import { openInput, type Input } from '../verify/read-input.ts';
import { readKeysFile, readTrusted } from '../verify/read-keys.ts';
import { readAuditSecrets, readPostureKeyFile, type PostureKey } from '../verify/read-secrets.ts';
import { renderVerdict, type AnyVerdict } from '../verify/render-verdict.ts';
import { UsageError } from '../verify/usage-error.ts';

interface VerifyOptions {
  readonly key?: string;
  readonly keyFile?: string;
  readonly secretFile?: readonly string[];
  readonly organization?: string;
  readonly signature?: string;
  readonly whole?: true;
  readonly range?: string;
  readonly keys?: string;
  readonly trust?: readonly string[];
  readonly json?: true;
}

/** What the command may touch of its process. */
export interface VerifyIo {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  exit(code: ExitCode): void;
}

/** 0: the verdict is pass; 1: fail; 2: not checked, or called wrongly. */
type ExitCode = 0 | 1 | 2;
const EXIT_CODES = { pass: 0, fail: 1, not_checked: 2 } as const;

const HELP = `
The kind of document is told from its first bytes. Options that do not apply to it are refused, so that nothing that was
asked for stays unchecked in silence.

Audit secrets are never taken as arguments, which other users of the machine can list: set AUDIT_HMAC_SECRET (and
AUDIT_HMAC_PREVIOUS_SECRETS), or give files. --key is for convenience on a machine of your own; --key-file is not listed.

Exit code: 0 the verdict is pass, 1 a check failed, 2 not everything was checked, or the command was called wrongly.
What each check proves and what it does not: docs/formats/verdict.md`;

export function addVerify(program: Command, io: VerifyIo = processIo()): void {
  program
    .command('verify')
    .description(
      'check offline what a server signed: an evidence packet, a posture report, audit events, an export (JSON, NDJSON, CSV)',
    )
    .argument('<file>', 'the bytes as they came; - for standard input')
    .option(
      '--keys <path>',
      'file with the keys of evidence packets, as /.well-known/compliance-signing-keys answers them',
    )
    .option(
      '--trust <fingerprint>',
      'SHA-256 of a public key that an evidence packet may be under, got otherwise than from that file; again for more',
      (fingerprint: string, others: readonly string[] | undefined) => [...(others ?? []), fingerprint],
    )
    .option('--key <key>', 'verification key of a posture report')
    .option('--key-file <path>', 'file with that key: text, or the JSON of …/compliance-report/verification-key')
    .option('--organization <id>', 'organization that a posture report must be of')
    .option(
      '--secret-file <path>',
      'file with an audit secret: text, or first-run.json; again for former secrets; KEY_ID=path to name its events',
      (path: string, others: readonly string[] | undefined) => [...(others ?? []), path],
    )
    .option('--signature <value>', 'X-Audit-Signature of the response that the events came with')
    .option('--whole', 'no event may be missing between the lowest and the highest sequence')
    .option('--range <first-last>', 'no event may be missing between these sequences, such as 0-4711')
    .option('--json', 'print the verdict as JSON')
    .addHelpText('after', HELP)
    // Commander's own code for a wrong call is 1, which here means that a check failed.
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .action(async (file: string, options: VerifyOptions) => {
      io.exit(await verify(file, options, io));
    });
}

function processIo(): VerifyIo {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    env,
    exit(code) {
      process.exitCode = code;
    },
  };
}

async function verify(file: string, options: VerifyOptions, io: VerifyIo): Promise<ExitCode> {
  try {
    const input = await openInput(file, io.stdin);
    const verdict = await verdictOn(input, options, io);
    const text =
      options.json === true
        ? `${JSON.stringify({ file, ...verdict }, null, 2)}\n`
        : renderVerdict(verdict, file, io.stdout);
    io.stdout.write(text);
    return EXIT_CODES[verdict.outcome];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function verdictOn(input: Input, options: VerifyOptions, io: VerifyIo): Promise<AnyVerdict> {
  const kind = detectKind(input.head);
  try {
    if (kind === 'unknown') return UNKNOWN;
    refuseOptions(kind, options);
    return await VERIFIERS[kind](input, options, io);
  } finally {
    await input.close();
  }
}

const UNKNOWN: AnyVerdict = {
  kind: 'unknown',
  outcome: 'not_checked',
  checks: [
    {
      id: 'document',
      title: 'The file is something that can be checked',
      required: true,
      outcome: 'not_checked',
      detail:
        'It begins neither like an evidence packet or a posture report nor like audit events, an answer with them or an ' +
        'export of them.',
    },
  ],
};

const VERIFIERS: Readonly<
  Record<Exclude<DocumentKind, 'unknown'>, (input: Input, options: VerifyOptions, io: VerifyIo) => Promise<AnyVerdict>>
> = { posture_report: verifyReport, evidence_packet: verifyEvidencePacket, audit_events: verifyEvents };

async function verifyReport(input: Input, options: VerifyOptions): Promise<PostureReportVerdict> {
  const key = await postureKey(options);
  const document = await readWhole(input, MOST_REPORT_BYTES);
  return verifyPostureReport(document, { ...key, organizationId: options.organization });
}

async function verifyEvidencePacket(input: Input, options: VerifyOptions): Promise<PacketVerdict> {
  const trustedFingerprints = readTrusted(options.trust);
  const keysDocument = options.keys === undefined ? undefined : await readKeysFile(options.keys);
  return verifyPacket(await readWhole(input, MOST_PACKET_BYTES), { keysDocument, trustedFingerprints });
}

/** More than the verifiers take. */
const MOST_REPORT_BYTES = 65 * 1024 * 1024;
const MOST_PACKET_BYTES = 129 * 1024 * 1024;

async function readWhole(input: Input, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.chunks) {
    pieces.push(chunk);
    length += chunk.length;
    // Enough for the verdict that it is too long; the rest isn't read.
    if (length > most) break;
  }
  return Buffer.concat(pieces);
}

async function postureKey(options: VerifyOptions): Promise<PostureKey | undefined> {
  const { key, keyFile } = options;
  if (key !== undefined && keyFile !== undefined) throw new UsageError('Give either --key or --key-file.');
  if (key === '') throw new UsageError('--key is empty.');
  if (keyFile !== undefined) return readPostureKeyFile(keyFile);
  return key === undefined ? undefined : { verificationKey: key };
}

async function verifyEvents(input: Input, options: VerifyOptions, io: VerifyIo): Promise<AuditEventsVerdict> {
  const verifier = createEventStreamVerifier({
    secrets: await readAuditSecrets(options.secretFile ?? [], io.env),
    responseSignature: options.signature?.trim(),
    whole: wholeOf(options),
  });
  const progress = createProgress(io.stderr, input.size);
  try {
    for await (const chunk of input.chunks) {
      verifier.push(chunk);
      progress.show(verifier.progress.bytes, verifier.progress.events);
    }
  } finally {
    progress.clear();
  }
  return verifier.finish();
}

function wholeOf({ whole, range }: VerifyOptions): WholeTrail | undefined {
  if (range === undefined) return whole;
  const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(range) ?? [];
  if (first === undefined || Number(first) > Number(last)) {
    throw new UsageError('--range takes the first and last sequence, such as 0-4711.');
  }
  return { first: Number(first), last: Number(last) };
}

const APPLICABLE = {
  evidence_packet: ['keys', 'trust', 'json'],
  posture_report: ['key', 'keyFile', 'organization', 'json'],
  audit_events: ['secretFile', 'signature', 'whole', 'range', 'json'],
} as const;

const WHAT_IT_IS = {
  evidence_packet: 'this is an evidence packet',
  posture_report: 'this is a posture report',
  audit_events: 'these are audit events',
} as const;

function refuseOptions(kind: Exclude<DocumentKind, 'unknown'>, options: VerifyOptions): void {
  const applicable: readonly string[] = APPLICABLE[kind];
  for (const name of Object.keys(options)) {
    if (applicable.includes(name)) continue;
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${option} does not apply: ${WHAT_IT_IS[kind]}.`);
  }
}
