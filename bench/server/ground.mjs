import { startEmbeddedPostgres } from '../../packages/server/dist/storage/embedded/start-embedded-postgres.js';
import { prepareDatabase } from '../../packages/server/dist/storage/prepare-database.js';

/** What the benches need to reach the server's own database. */
export const ground = { login: undefined, owner: undefined, postmasterPid: () => undefined };

/** As the server's, but with the logins kept, and with the PostgreSQL that POSTGRES_BINARIES names if it does. */
export async function openGround({ dataDirectory }, diagnostics) {
  const { POSTGRES_BINARIES: binaries } = process.env;
  const postgres = await startEmbeddedPostgres({
    dataDirectory,
    diagnostics,
    ...(binaries !== undefined && { binaries }),
  });
  ground.owner = postgres.owner;
  ground.postmasterPid = postgres.postmasterPid;
  ground.login = await prepareDatabase({ ...postgres.owner });
  return { login: ground.login, stop: () => postgres.stop() };
}
