import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startChild } from './child.mjs';

const MAIN = path.join(import.meta.dirname, '../server/main.mjs');
const LOAD = path.join(import.meta.dirname, '../load/main.mjs');

/**
 * A server on a database of its own, in a process of its own; `stop` leaves nothing behind, except where a folder is
 * given. There the first start keeps how to call it.
 */
export async function startBenchServer(environment = {}, kept) {
  const folder = kept ?? (await temporaryFolder());
  const remove = () => (kept === undefined ? rm(folder, { recursive: true, force: true }) : undefined);
  const child = await startChild(MAIN, {
    env: { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error', ...environment },
  });
  try {
    const facts = await child.ask('facts');
    const firstRun = facts.firstRun ?? JSON.parse(await readFile(path.join(folder, 'first-run.json'), 'utf8'));
    const { api_key: key, api_secret: secret, email, password } = firstRun;
    return {
      ...facts,
      organizationId: firstRun.organization_id,
      authorization: basic(key, secret),
      ownerAuthorization: basic(email, password),
      ask: child.ask,
      async stop() {
        await child.end();
        await remove();
      },
    };
  } catch (error) {
    await child.end();
    await remove();
    throw error;
  }
}

/** The load generator, in a process of its own. */
export function startLoad() {
  return startChild(LOAD);
}

/** Short enough for the sockets below it. */
export function temporaryFolder() {
  return mkdtemp(path.join(tmpdir(), 'vt-bench-'));
}

export function basic(user, password) {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** One request outside any measurement. */
export async function call(server, method, path, body, authorization = server.authorization) {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
