import { createRequire } from 'node:module';
import path from 'node:path';

// pg is the server's dependency and not ours.
const require = createRequire(path.join(import.meta.dirname, '../../packages/server/package.json'));
const pg = require('pg');
export const copyStreams = require('pg-copy-streams');

/** A connection of our own beside the server's. */
export async function connectTo(login) {
  const client = new pg.Client(login);
  await client.connect();
  return client;
}

export async function postgresVersion(login) {
  const client = await connectTo(login);
  const { rows } = await client.query('SHOW server_version');
  await client.end();
  return rows[0].server_version;
}

export async function organizationNoOf(client, organizationId) {
  const { rows } = await client.query(
    'SELECT organization_no FROM veritrail.organizations WHERE organization_id = $1',
    [organizationId],
  );
  return rows[0].organization_no;
}
