import type { Command } from 'commander';

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('the keys of the audit MAC over time (docs/operating/keys.md)');
  keys
    .command('list')
    .description(
      'every key that signed audit events: its id, since when, and which one signs now; with the embedded database only ' +
        'while the server does not run',
    )
    .action(async () => {
      // The other commands start without loading a server.
      const { listKeys } = await import('../keys/list-keys.ts');
      await listKeys();
    });
}
