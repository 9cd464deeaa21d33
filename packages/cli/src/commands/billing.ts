import { Option, type Command } from 'commander';

import type { ExportOptions } from '../billing/export-charges.ts';

export function addBilling(program: Command): void {
  const billing = program
    .command('billing')
    .description('what subscriptions cost by month (docs/operating/billing.md)');
  billing
    .command('export')
    .description(
      'the charges of every organization in a calendar month, to stdout; with the embedded database only while the ' +
        'server does not run',
    )
    .requiredOption('--month <YYYY-MM>', 'calendar month, UTC')
    .addOption(new Option('--format <format>', 'how to write them').choices(['csv', 'json']).default('csv'))
    .action(async (options: ExportOptions) => {
      // The other commands start without loading a server.
      const { runExport } = await import('../billing/export-charges.ts');
      await runExport(options);
    });
}
