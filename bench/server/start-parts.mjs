// The same deeds as at a start of the server, one after the other, each with the time at which it was done.
const begun = performance.now();
const { openDiagnostics, readConfiguration } = await import('../../packages/server/dist/main.js');
const imported = performance.now();
const { claimDataDirectory } = await import('../../packages/server/dist/storage/data-directory.js');
const { startEmbeddedPostgres } =
  await import('../../packages/server/dist/storage/embedded/start-embedded-postgres.js');
const { prepareDatabase } = await import('../../packages/server/dist/storage/prepare-database.js');
const { openDatabase } = await import('../../packages/server/dist/storage/database.js');
const { openKeyring } = await import('../../packages/server/dist/keyring/open-keyring.js');

const configuration = readConfiguration(process.env, process.cwd());
const { dataDirectory } = configuration;
const diagnostics = openDiagnostics('silent');
const claim = await claimDataDirectory(dataDirectory);
const claimed = performance.now();
const postgres = await startEmbeddedPostgres({ dataDirectory, diagnostics });
const started = performance.now();
const login = await prepareDatabase({ ...postgres.owner });
const migrated = performance.now();
const db = openDatabase(login, 4);
await openKeyring(db, configuration, () => new Date(), diagnostics);
const opened = performance.now();
process.send({ origin: performance.timeOrigin, begun, imported, claimed, started, migrated, opened });
await db.close();
await postgres.stop();
await claim.release();
process.disconnect();
