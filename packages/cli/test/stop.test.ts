import { existsSync, readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import { processesIn, untilNoProcessIn } from '../../server/test/storage/embedded/embedded-scene.ts';
import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { asFirstKey, call, EVENTS } from './support/calls.ts';
import { makeCertificate } from './support/certificate.ts';
import { expectKept } from './support/check-ledger.ts';
import { addServices, draftPosting, openLedger, startLoad, type Ledger } from './support/load.ts';
import { endServers, launch, readFirstRun, type FirstRun, type ServerProcess } from './support/server-process.ts';

const onLinux = process.platform === 'linux';
const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
/** What the callers of each test were told; the last test holds it against what is stored. */
const ledgers: { readonly ledger: Ledger; readonly drained: boolean }[] = [];

let server: ServerProcess;
let baseUrl: string;
let facts: FirstRun;

async function start(): Promise<void> {
  // In a group of its own, as a shell starts a program: Ctrl-C reaches all of the group.
  server = launch({ DATA_DIR: dataDirectory, LOG_LEVEL: 'info' }, { detached: true });
  baseUrl = (await server.address).replace('localhost', '127.0.0.1');
  facts = readFirstRun(dataDirectory);
}
afterEach(endServers);
afterAll(() => scratch.remove());

function openLedgerFor(end: { drained: boolean }): Ledger {
  const ledger = openLedger();
  ledgers.push({ ledger, ...end });
  return ledger;
}

/** Refusals, one line each. */
function told({ refusals }: Ledger): string[] {
  return refusals.map(({ status, text }) => `${status} ${text}`);
}

/**
 * Callers were refused a connection or, where it was still in the queue of the system or at rest between two requests,
 * lost it before anything of their request was read (RFC 9112, 9.5). That nothing of it was done is told by the trail.
 */
function expectNoneCutOff(one: Ledger): void {
  const broken = new Set(one.broken.splice(0));
  expect(broken).toContain('ECONNREFUSED');
  for (const code of broken) expect(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']).toContain(code);
}

/** The folder as the next start likes to find it. */
async function expectAllAtRest(): Promise<void> {
  if (onLinux) await untilNoProcessIn(dataDirectory);
  expect(existsSync(join(dataDirectory, 'postgres', 'postmaster.pid'))).toBe(false);
  expect(readdirSync(dataDirectory).sort()).toEqual([
    'audit-hmac-secret',
    'first-run.json',
    'keyring-secret',
    'postgres',
  ]);
}

/** A connection to the server on which bytes are sent by hand. */
interface Line {
  readonly socket: Socket;
  /** All that came until the server closed it. */
  readonly closed: Promise<string>;
  until(text: string): Promise<void>;
}

async function openLine(): Promise<Line> {
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (received += piece));
  const closed = new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
  closed.catch(() => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    socket,
    closed,
    async until(text) {
      while (!received.includes(text)) await sleep(5);
    },
  };
}

function head(body: string): string {
  return (
    `POST ${EVENTS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${asFirstKey(facts)}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
  );
}

/** Asked in the moment in which the server stops to listen, it may find itself in the queue of the system. */
async function isRefused(): Promise<boolean> {
  const { code } = await call(baseUrl, 'GET', '/healthz').then(
    () => ({ code: 'answered' }),
    (error: NodeJS.ErrnoException) => error,
  );
  return code === 'ECONNREFUSED';
}

describe('a stop', () => {
  beforeEach(start);

  test.each(['SIGTERM', 'SIGINT'] as const)('%s under load: what was accepted is answered', async (signal) => {
    const [auth, ledger] = [asFirstKey(facts), openLedgerFor({ drained: true })];
    await addServices({ baseUrl, auth, ledger }, facts.organization_id, 2);
    // One request a connection: any that the server takes is accepted, and any later one refused.
    const load = startLoad({ baseUrl, auth, ledger, keepAlive: false, untilRefused: true }, facts.organization_id);
    await sleep(500 + Math.random() * 300);
    process.kill(signal === 'SIGINT' ? -server.pid : server.pid, signal);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await load.stop();
    expectNoneCutOff(ledger);
    expect(told(ledger)).toEqual([]);
    await expectAllAtRest();
  });

  test('clients that use their connections again are let go, with an answer to every request that was read', async () => {
    const ledger = openLedgerFor({ drained: true });
    const load = startLoad({ baseUrl, auth: asFirstKey(facts), ledger, untilRefused: true });
    await sleep(500);
    process.kill(server.pid, 'SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await load.stop();
    expectNoneCutOff(ledger);
    expect(told(ledger)).toEqual([]);
    await expectAllAtRest();
  });

  test('a request that has begun is waited for, and nobody else is let in', async () => {
    const [half, whole] = [draftPosting(0), draftPosting(0)];
    // One in the middle of its request, one at rest after its first, and one that never asks anything, as browsers open
    // ahead of need.
    const [slow, idle, silent] = [await openLine(), await openLine(), await openLine()];
    idle.socket.write(head(whole.body) + whole.body);
    await idle.until('"signature_key_id"');
    slow.socket.write(head(half.body) + half.body.slice(0, 20));
    await call(baseUrl, 'GET', '/healthz');
    process.kill(server.pid, 'SIGTERM');

    expect(await idle.closed).toMatch(/^HTTP\/1\.1 201 /);
    while (!(await isRefused())) await sleep(5);
    if (onLinux) expect(processesIn(dataDirectory)).not.toEqual([]);
    slow.socket.write(half.body.slice(20));
    const answer = await slow.closed;
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer).toContain(half.ids[0]);
    expect(await silent.closed).toBe('');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await expectAllAtRest();
  });

  test('a second signal ends it at once', async () => {
    const ledger = openLedgerFor({ drained: false });
    const load = startLoad({ baseUrl, auth: asFirstKey(facts), ledger, untilRefused: true });
    const never = await openLine();
    never.socket.write(head('{}'.padEnd(50)));
    await sleep(300);
    process.kill(server.pid, 'SIGTERM');
    while (!server.stdout().includes('answering what was accepted')) await sleep(5);
    process.kill(server.pid, 'SIGTERM');
    expect(await server.ended).toEqual({ code: 1, signal: null });
    await load.stop();
    if (onLinux) await untilNoProcessIn(dataDirectory);
  });

  test('what was answered before all of these stops is stored, and after a drain nothing that was not answered', async () => {
    const { audit_hmac_secret: secret, organization_id: organization } = facts;
    expect(ledgers.map(({ drained }) => drained)).toEqual([true, true, true, false]);
    for (const { ledger, drained } of ledgers) {
      const { storedUnanswered } = await expectKept({ baseUrl, auth: asFirstKey(facts), secret, organization }, ledger);
      if (drained) expect(storedUnanswered).toBe(0);
    }
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

test.each(['without', 'with'])(
  'a request that never comes whole keeps the server no longer than its time-out, %s TLS',
  async (tls) => {
    await server.kill('SIGTERM');
    const certificate = makeCertificate(scratch.path);
    const files = { TLS_CERT_FILE: certificate, TLS_KEY_FILE: `${certificate}.key` };
    server = launch({ DATA_DIR: dataDirectory, REQUEST_TIMEOUT_SECONDS: '1', ...(tls === 'with' && files) });
    baseUrl = (await server.address).replace('localhost', '127.0.0.1');
    const [half, silent] = [await openLine(), await openLine()];
    const socket = tls === 'with' ? tlsConnect({ socket: half.socket, rejectUnauthorized: false }) : half.socket;
    socket.on('error', () => undefined);
    socket.write(head('{}'.padEnd(50)));
    await sleep(100);
    process.kill(server.pid, 'SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await Promise.allSettled([half.closed, silent.closed]);
  },
);
