import type { Command } from 'commander';

import type { CheckOptions } from '../check/run-check.ts';

const HELP = `
Works on the data directory of a server that is stopped, or on the database that DATABASE_URL names, with the settings of
that server: secrets that it needs, this needs too. Without --full it checks what nobody has checked yet; with --full every
event again, and that the counts are those of the events.

A trail that has diverged stays so until --acknowledge, which takes the finding back and checks everything again: a trail
that is still not what was signed is found again.

Exit code: 0 sound, 1 a trail has diverged, 2 it could not be checked, or the command was called wrongly.
What is found and what to do then: docs/operating/checking.md`;

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('check stored trails against what was signed')
    .option('--organization <id>', 'only the trail of this organization')
    .option('--full', 'check every event again, and the counts')
    .option('--acknowledge', 'take the finding of one trail back and check all of it again; needs --organization')
    .addHelpText('after', HELP)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .action(async (options: CheckOptions) => {
      // The other commands start without loading a server.
      const { runCheck } = await import('../check/run-check.ts');
      process.exitCode = await runCheck(options);
    });
}
