import { listAuditKeys, openDiagnostics, readConfiguration } from '@veritrail/server';
import type { Command } from 'commander';

import { explain } from './serve.ts';

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('the keys of the audit MAC over time (docs/operating/keys.md)');
  keys
    .command('list')
    .description(
      'every key that signed audit events: its id, since when, and which one signs now; with the embedded database only ' +
        'while the server does not run',
    )
    .action(list);
}

async function list(): Promise<void> {
  try {
    const configuration = readConfiguration(process.env, process.cwd());
    const keys = await listAuditKeys(configuration, openDiagnostics('silent'));
    const lines = keys.map((key) =>
      [key.key_id, key.first_used_at, key.turn_began_at, key.current ? 'current' : 'retired'].join('  '),
    );
    process.stdout.write(
      `${['key id                  first used                last turn began', ...lines].join('\n')}\n`,
    );
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}
