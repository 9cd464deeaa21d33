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
    const rows = [
      ['key id', 'first used', 'last turn began', 'now'],
      ...keys.map((key) => [key.key_id, key.first_used_at, key.turn_began_at, key.current ? 'signs' : 'retired']),
    ];
    for (const [id = '', first = '', last = '', now = ''] of rows) {
      process.stdout.write(`${id.padEnd(22)}  ${first.padEnd(27)}  ${last.padEnd(27)}  ${now}\n`);
    }
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}
