import { InvalidArgumentError, Option, type Command } from 'commander';

import type { ServeOptions } from '../serve/run-server.ts';

const DEMO_EVENTS = 50_000;
const MOST_DEMO_EVENTS = 2_000_000;

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the server; settings are environment variables (docs/operating/settings.md)')
    .option('--demo', 'also make an organization filled with invented records and events, unless there is one')
    .addOption(
      new Option('--demo-events <n>', 'how many events to invent; implies --demo')
        .argParser(demoEvents)
        .default(DEMO_EVENTS)
        .implies({ demo: true }),
    )
    .action(async (options: ServeOptions) => {
      // The other commands start without loading a server.
      const { runServer } = await import('../serve/run-server.ts');
      await runServer(options);
    });
}

function demoEvents(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < 1 || value > MOST_DEMO_EVENTS) {
    throw new InvalidArgumentError(`Put a whole number from 1 to ${MOST_DEMO_EVENTS} there.`);
  }
  return value;
}
