import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import pg from 'pg';
import { pino } from 'pino';
import { Pool } from 'undici';
import { inject } from 'vitest';

import { startServer, type RunningServer } from '../../src/composition.ts';
import { readConfiguration } from '../../src/configuration.ts';
import type { FirstRun } from '../../src/first-run.ts';
import { makeScratchFolder } from '../storage/scratch.ts';
import { answerOf, checkAnswer, type Answer } from './answer.ts';

export const AUDIT_SECRET = 'audit-secret-of-the-tests';

export interface CallOptions {
  /** The whole Authorization header, such as `asBasic` and `asBearer` make. */
  readonly auth?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`; as application/json unless `headers` say otherwise. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

export interface TestServer {
  readonly baseUrl: string;
  readonly port: number;
  readonly firstRun: FirstRun;
  readonly running: RunningServer;
  readonly dataDirectory: string;
  /** What DATABASE_URL names: the owner of the schema. */
  readonly databaseUrl: string;
  /** The path is sent as it is given. Fails the test on any 500 and on any refusal that isn't problem details. */
  readonly call: Call;
  /** Diagnostics of level error so far, as JSON lines. */
  readonly complaints: string[];
  /** Fails if anything was wrong inside that the callers didn't see. */
  stop(): Promise<void>;
}

/**
 * The real server with a database of its own, in this process. `settings` are environment variables.
 *
 * @param before the server that ran on the same DATABASE_URL and DATA_DIR, and was stopped
 */
export async function startTestServer(
  settings: Readonly<Record<string, string>> = {},
  before?: TestServer,
): Promise<TestServer> {
  const scratch = makeScratchFolder();
  const complaints: string[] = [];
  try {
    const databaseUrl = settings['DATABASE_URL'] ?? (await createDatabase());
    const environment = {
      PORT: '0',
      DATA_DIR: join(scratch.path, 'data'),
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: '8',
      AUDIT_HMAC_SECRET: AUDIT_SECRET,
      FIRST_OWNER_PASSWORD: 'first owner of the tests',
      ...settings,
    };
    const configuration = readConfiguration(environment, scratch.path);
    const diagnostics = pino({ level: 'error' }, { write: (line) => void complaints.push(line) });
    const running = await startServer(configuration, diagnostics);
    const firstRun = running.firstRun ?? before?.firstRun;
    if (firstRun === undefined) throw new Error('the database was not empty');
    const { port } = running.app.server.address() as { port: number };
    const baseUrl = `${running.baseUrl.split(':')[0]}://127.0.0.1:${port}`;
    const pool = new Pool(baseUrl, { connections: 32, connect: { rejectUnauthorized: false } });
    return {
      baseUrl,
      port,
      firstRun,
      running,
      dataDirectory: configuration.dataDirectory,
      databaseUrl,
      call: callThrough(pool),
      complaints,
      async stop() {
        await pool.destroy();
        await running.stop();
        scratch.remove();
        if (complaints.length > 0) throw new Error(`the server complained:\n${complaints.join('')}`);
      },
    };
  } catch (error) {
    scratch.remove();
    throw error;
  }
}

function callThrough(pool: Pool): Call {
  return async (method, path, options = {}) => {
    const { auth, body, raw, headers } = options;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await pool.request({
      method,
      path,
      headers: {
        ...(auth !== undefined && { authorization: auth }),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload !== undefined && { body: payload }),
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const given = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
    const answer = answerOf(response.statusCode, Object.fromEntries(given) as Record<string, string>, bytes);
    checkAnswer(`${method} ${path.slice(0, 200)}`, path.split('?')[0] ?? '', answer);
    return answer;
  };
}

/** An empty one in the PostgreSQL that the run shares; it goes when that goes. */
export async function createDatabase(): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asOwner(inject('outsidePostgres'), (client) => client.query(`CREATE DATABASE ${name}`));
  return inject('outsidePostgres').replace(/[^/]+$/, name);
}

/** Runs `work` on a connection of the schema's owner, which row-level security doesn't bind. */
export async function asOwner<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=veritrail -c timezone=UTC' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function asBasic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export function asBearer(token: string): string {
  return `Bearer ${token}`;
}
