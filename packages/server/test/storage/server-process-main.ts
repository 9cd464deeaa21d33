import { claimDataDirectory } from '../../src/storage/data-directory.ts';
import { startEmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';

const [, , dataDirectory = '', task] = process.argv;
const ignore = (): undefined => undefined;

// As a server that drains first would.
process.on('SIGINT', ignore);
await claimDataDirectory(dataDirectory);
const report = { pid: process.pid, uid: process.getuid?.() };
if (task === 'claim') {
  console.log(JSON.stringify(report));
} else {
  const { owner, postmasterPid } = await startEmbeddedPostgres({
    dataDirectory,
    diagnostics: { info: ignore, warn: ignore, error: ignore },
  });
  console.log(JSON.stringify({ ...report, owner, postmasterPid: postmasterPid() }));
}
setInterval(ignore, 60_000);
