import { existsSync } from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';

import {
  ConfigurationError,
  KeyringError,
  openDiagnostics,
  PostureError,
  readConfiguration,
  startServer,
  StorageError,
  type RunningServer,
} from '@veritrail/server';
import { DemoError } from '../demo/demo-error.ts';
import { showDemo } from '../demo/show-demo.ts';

/** Long enough for a full batch and a slow disk; a supervisor usually kills after 30 s. */
const STOP_PATIENCE_MS = 25_000;

export interface ServeOptions {
  readonly demo?: true;
  readonly demoEvents: number;
}

/** Runs the server until a signal; a start that fails says why in one sentence. */
export async function runServer(options: ServeOptions): Promise<void> {
  let server: RunningServer;
  let demo = Promise.resolve();
  const stopping = new AbortController();
  try {
    const configuration = readConfiguration(process.env, process.cwd());
    server = await startServer(configuration, openDiagnostics(configuration.logLevel));
    stopOnSignals(async () => {
      stopping.abort();
      await demo;
      await server.stop();
    });
    process.stdout.write(greeting(server, configuration.dataDirectory));
  } catch (error) {
    process.stderr.write(`${styleText('red', 'Veritrail did not start.')} ${explain(error)}\n`);
    process.exitCode = 1;
    return;
  }
  if (options.demo === true) {
    // The server goes on without its demo: nothing that was asked of it depends on one.
    demo = showDemo(server, { events: options.demoEvents, signal: stopping.signal }, process.stdout).catch(
      (error: unknown) => {
        process.stderr.write(`${styleText('red', 'The demo is not complete.')} ${explain(error)}\n`);
      },
    );
    await demo;
  }
}

export function explain(error: unknown): string {
  if (
    error instanceof ConfigurationError ||
    error instanceof DemoError ||
    error instanceof KeyringError ||
    error instanceof PostureError ||
    error instanceof StorageError
  ) {
    const { cause } = error;
    return cause instanceof Error ? `${error.message}\n  because: ${cause.message}` : error.message;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'PORT: another program listens there already; set PORT to another number.';
  if (code === 'EACCES') return `PORT or a file is out of reach for this user: ${message}`;
  return error instanceof Error ? (error.stack ?? message) : String(error);
}

/** The first signal drains; a second one, or a drain that hangs, ends at once: what was acknowledged is safe either way. */
function stopOnSignals(stopServer: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    process.stdout.write(`${signal}: answering what was accepted, then stopping.\n`);
    setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref();
    stopServer().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function greeting(server: RunningServer, dataDirectory: string): string {
  const { firstRun, baseUrl } = server;
  const file = path.relative(process.cwd(), path.join(dataDirectory, 'first-run.json'));
  if (firstRun === undefined) {
    const reminder = existsSync(file) ? `\n  How to sign in is in ${file} until you delete it.\n` : '';
    return `\nVeritrail answers at ${baseUrl}\n${reminder}\n`;
  }
  const report = `${baseUrl}/organizations/${firstRun.organization_id}/compliance-report`;
  const bold = (text: string): string => styleText('bold', text);
  return `
${bold('Veritrail answers at')} ${baseUrl}

  Sign in as  ${firstRun.email}
  Password    ${firstRun.password}
  All of this is in ${file} too; delete that file when you have put it somewhere safe.

${bold('Fetch a signed posture report:')}

  curl -su '${firstRun.api_key}:${firstRun.api_secret}' \\
    ${report} -o report.json

${bold('Check it, with nothing of ours but a page of Python that you can read:')}

  curl -su '${firstRun.api_key}:${firstRun.api_secret}' \\
    ${report}/verification-key -o key.json
  python3 docs/formats/verify_posture_report.py report.json --key-file key.json

`;
}
