#!/usr/bin/env node
import { Command } from 'commander';

import { addBilling } from './commands/billing.ts';
import { addCheck } from './commands/check.ts';
import { addImport } from './commands/import.ts';
import { addKeys } from './commands/keys.ts';
import { addServe } from './commands/serve.ts';
import { addVerify } from './commands/verify.ts';

const program = new Command('veritrail')
  .description('Compliance evidence that a stranger can check: run the server, verify what it signed.')
  .version('0.1.0');
addServe(program);
addVerify(program);
addCheck(program);
addImport(program);
addKeys(program);
addBilling(program);
await program.parseAsync();
