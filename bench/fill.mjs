// Makes the large trail that lists, reports and exports are measured on, ahead of them.
import { startLargeServer } from './support/large-trail.mjs';

const { server } = await startLargeServer((line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`));
await server.stop();
