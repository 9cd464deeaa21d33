// PostgreSQL alone, on the data directory of a server: up to the first answer to a query.
import { createRequire } from 'node:module';
import path from 'node:path';

import { startEmbeddedPostgres } from '../../packages/server/dist/storage/embedded/start-embedded-postgres.js';

const require = createRequire(path.join(import.meta.dirname, '../../packages/server/package.json'));
const pg = require('pg');
const silent = { info() {}, warn() {}, error() {} };

const begun = performance.now();
const postgres = await startEmbeddedPostgres({ dataDirectory: process.env.DATA_DIR, diagnostics: silent });
const client = new pg.Client(postgres.owner);
await client.connect();
await client.query('SELECT 1');
const answered = performance.now();
process.send({ origin: performance.timeOrigin, begun, answered });
await client.end();
await postgres.stop();
process.disconnect();
