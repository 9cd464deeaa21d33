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
import type { Command } from 'commander';

/** Long enough for a full batch and a slow disk; a supervisor usually kills after 30 s. */
const STOP_PATIENCE_MS = 25_000;

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the server; settings are environment variables (docs/operating/settings.md)')
    .action(serve);
}

async function serve(): Promise<void> {
  let server: RunningServer;
  try {
    const configuration = readConfiguration(process.env, process.cwd());
    server = await startServer(configuration, openDiagnostics(configuration.logLevel));
    stopOnSignals(server);
    process.stdout.write(greeting(server, configuration.dataDirectory));
  } catch (error) {
    process.stderr.write(`${styleText('red', 'Veritrail did not start.')} ${explain(error)}\n`);
    process.exitCode = 1;
  }
}

export function explain(error: unknown): string {
  if (
    error instanceof ConfigurationError ||
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
function stopOnSignals(server: RunningServer): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    process.stdout.write(`${signal}: answering what was accepted, then stopping.\n`);
    setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref();
    server.stop().then(
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
    return `\nVeritrail answers at ${baseUrl}\n\n`;
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

${bold('Check it, with nothing of ours but twenty lines of Python that you can read:')}

  curl -su '${firstRun.api_key}:${firstRun.api_secret}' \\
    ${report}/verification-key -o key.json
  python3 docs/formats/verify_posture_report.py report.json --key-file key.json

`;
}
