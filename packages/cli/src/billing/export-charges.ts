import { exportCharges, openDiagnostics, readConfiguration } from '@veritrail/server';

import { explain } from '../serve/run-server.ts';
import { chargesCsv, chargesJson } from './render-charges.ts';

export interface ExportOptions {
  readonly month: string;
  readonly format: 'csv' | 'json';
}

export async function runExport(options: ExportOptions): Promise<void> {
  try {
    if (!/^[2-9]\d{3}-(0[1-9]|1[0-2])$/.test(options.month)) {
      process.stderr.write('Name a month with --month, such as 2026-11.\n');
      process.exitCode = 1;
      return;
    }
    const configuration = readConfiguration(process.env, process.cwd());
    const bills = await exportCharges(configuration, openDiagnostics('silent'), options.month, new Date());
    process.stdout.write(options.format === 'csv' ? chargesCsv(bills) : chargesJson(bills));
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}
