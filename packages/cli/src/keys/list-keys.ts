import { listAuditKeys, openDiagnostics, readConfiguration } from '@veritrail/server';

import { explain } from '../serve/run-server.ts';

export async function listKeys(): Promise<void> {
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
