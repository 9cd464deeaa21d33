import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { openSocketFolder } from './socket-folder.ts';
import type { SocketFolder } from './socket-folder.ts';
import { StorageError } from './storage-error.ts';

/** Exactly one live server per data directory. */
export interface DataDirectory {
  readonly path: string;
  release(): Promise<void>;
}

/** What a claim answers to whoever connects to it. */
interface Claimant {
  readonly state: 'claiming' | 'holding';
  readonly pid?: number;
  readonly host?: string;
}

const CLAIM_NAME = /^server-[0-9a-f]{16}\.sock$/;
const LONGEST_CLAIM_NAME = `.server-${'0'.repeat(16)}.sock`;
const ATTEMPTS = 12;
const ANSWER_LIMIT_MS = 2000;

/**
 * Makes the directory where it is missing and claims it until `release()` or the end of this process, however it ends.
 *
 * A claim is a listening socket in the directory: the kernel closes it with its process, so a claim can't outlive its
 * server or be mistaken for a process that got the same id, and it is seen from other containers that mount the
 * directory on the same machine. Everybody first publishes a claim and looks for others after that, so of two that
 * come together at least one sees the other; whoever sees a live one withdraws.
 *
 * @throws {StorageError} `data_directory_in_use` or `data_directory_unusable`.
 */
export async function claimDataDirectory(path: string): Promise<DataDirectory> {
  const directory = resolve(path);
  await makeDirectory(directory);
  const sockets = await openSocketFolder(directory, LONGEST_CLAIM_NAME);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const claim = await publishClaim(directory, sockets);
      const rival = await findRival(directory, sockets, claim.name).catch(async (cause: unknown) => {
        await claim.withdraw();
        throw cause;
      });
      if (rival === undefined) {
        claim.hold();
        let released: Promise<void> | undefined;
        return {
          path: directory,
          release: () => (released ??= claim.withdraw().then(() => sockets.close())),
        };
      }
      await claim.withdraw();
      if (rival.state === 'holding' || attempt === ATTEMPTS) throw inUse(directory, rival);
      // Both of two that came together may have withdrawn: unequal pauses let one of them through.
      await sleep(5 + Math.random() * 20 * attempt);
    }
  } catch (error) {
    await sockets.close();
    throw error instanceof StorageError ? error : unusable(directory, error);
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await makeParents(directory);
    // Started by root, the database runs under another user, which has to get through (not to read).
    const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
    const made = await mkdir(directory, { mode }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    // The umask may have taken bits away.
    if (made) await chmod(directory, mode);
    if (!(await stat(directory)).isDirectory()) throw new Error('It is not a folder');
  } catch (cause) {
    throw unusable(directory, cause);
  }
}

/** Node's own recursive mkdir never ends where a new folder is answered with ENOENT, as in /proc. */
async function makeParents(path: string): Promise<void> {
  const parent = dirname(path);
  if (parent === path || existsSync(parent)) return;
  await makeParents(parent);
  await mkdir(parent).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

interface Claim {
  readonly name: string;
  hold(): void;
  withdraw(): Promise<void>;
}

async function publishClaim(directory: string, sockets: SocketFolder): Promise<Claim> {
  let state: Claimant['state'] = 'claiming';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const answer: Claimant = { state, pid: process.pid, host: hostname() };
    // Destroyed once written, or a caller that never hangs up would hold up the release.
    socket.end(JSON.stringify(answer), () => socket.destroy());
  });
  server.unref();

  const name = `server-${randomBytes(8).toString('hex')}.sock`;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    // Under another user's uid a socket without the write bit would look alive for ever; the directory is the guard.
    server.listen({ path: join(sockets.path, `.${name}`), readableAll: true, writableAll: true }, listening);
  });
  // It appears under its name only now that it listens: until then a connection is refused and it would look dead.
  await rename(join(directory, `.${name}`), join(directory, name));
  return {
    name,
    hold: () => {
      state = 'holding';
    },
    withdraw: async () => {
      await rm(join(directory, name), { force: true });
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Removes dead claims on the way: names are never used twice, so a dead one can't come back to life. */
async function findRival(directory: string, sockets: SocketFolder, own: string): Promise<Claimant | undefined> {
  for (const name of await readdir(directory)) {
    if (name === own || !CLAIM_NAME.test(name)) continue;
    const claimant = await askClaimant(join(sockets.path, name));
    if (claimant !== undefined) return claimant;
    await rm(join(directory, name), { force: true });
  }
  return undefined;
}

/** Only a refused connection proves death; a claimant that is too busy or too strange to answer counts as holding. */
function askClaimant(path: string): Promise<Claimant | undefined> {
  return new Promise((resolveClaimant) => {
    let answer = '';
    const socket = connect(path);
    const conclude = (claimant: Claimant | undefined): void => {
      socket.destroy();
      resolveClaimant(claimant);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => conclude({ state: 'holding' }));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > 1000) conclude({ state: 'holding' });
    });
    socket.on('end', () => conclude(parseClaimant(answer)));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const gone = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
      // A reset is a claimant that ended while it was asked; the next round sees what is left.
      conclude(gone ? undefined : { state: error.code === 'ECONNRESET' ? 'claiming' : 'holding' });
    });
  });
}

function parseClaimant(answer: string): Claimant {
  try {
    const { state, pid, host } = JSON.parse(answer) as Record<string, unknown>;
    return {
      state: state === 'claiming' ? 'claiming' : 'holding',
      ...(typeof pid === 'number' && { pid }),
      ...(typeof host === 'string' && { host }),
    };
  } catch {
    return { state: answer === '' ? 'claiming' : 'holding' };
  }
}

function inUse(directory: string, holder: Claimant): StorageError {
  const process = holder.pid === undefined ? '' : ` (process ${holder.pid}${elsewhere(holder)})`;
  return new StorageError(
    'data_directory_in_use',
    `The data directory ${directory} is in use by another Veritrail server${process}. ` +
      'Stop that server first, or set DATA_DIR to another folder.',
  );
}

function elsewhere({ host }: Claimant): string {
  return host === undefined || host === hostname() ? '' : ` on ${host}`;
}

function unusable(directory: string, cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError(
    'data_directory_unusable',
    `The data directory ${directory} can't be used: ${reason}. ` +
      'Set DATA_DIR to a folder on a local file system that this server may write to.',
    { cause },
  );
}
