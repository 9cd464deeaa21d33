import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { AuditClientError } from './client-error.ts';

const CLAIM = /^claim-[0-9a-f]{12}\.sock$/;
/** Bytes of a socket's address on the narrowest of the systems that have them. */
const LONGEST_ADDRESS = 103;
const ATTEMPTS = 10;
const ANSWER_LIMIT_MS = 2000;

type Claimant = 'claiming' | 'holding';

/**
 * Makes sure that one process at a time works in the directory, until it withdraws or ends, however it ends.
 *
 * A claim is a listening socket in the directory, which the kernel closes with its process; a file with a process id
 * would outlive a kill and could name another process later. Everybody publishes a claim first and looks for others
 * after that, so of two that come together at least one sees the other.
 *
 * @returns withdraws the claim
 * @throws {AuditClientError} `spool_in_use`, `spool_unusable`
 */
export async function claimDirectory(directory: string): Promise<() => Promise<void>> {
  const longest = join(directory, `.claim-${'0'.repeat(12)}.sock`);
  if (Buffer.byteLength(longest) > LONGEST_ADDRESS) {
    throw new AuditClientError(
      'spool_unusable',
      `The path ${directory} is too long for a spool; use one of at most 80 bytes.`,
    );
  }
  for (let attempt = 1; ; attempt += 1) {
    const claim = await publish(directory);
    const rival = await findRival(directory, claim.name).catch(async (error: unknown) => {
      await claim.withdraw();
      throw error;
    });
    if (rival === undefined) {
      claim.hold();
      return claim.withdraw;
    }
    await claim.withdraw();
    if (rival === 'holding' || attempt === ATTEMPTS) {
      throw new AuditClientError(
        'spool_in_use',
        `Another process works in the spool ${directory}; give each process a spool directory of its own.`,
      );
    }
    // Both of two that came together may have withdrawn: unequal pauses let one of them through.
    await sleep(5 + Math.random() * 20 * attempt);
  }
}

async function publish(directory: string) {
  let state: Claimant = 'claiming';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(state, () => socket.destroy());
  });
  server.unref();
  const name = `claim-${randomBytes(6).toString('hex')}.sock`;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(join(directory, `.${name}`), listening);
  });
  // Under its name only now that it listens: until then it would look dead.
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

/** Removes dead claims on the way: names are never used twice. */
async function findRival(directory: string, own: string): Promise<Claimant | undefined> {
  for (const name of await readdir(directory)) {
    if (name === own || !CLAIM.test(name)) continue;
    const claimant = await ask(join(directory, name));
    if (claimant !== undefined) return claimant;
    await rm(join(directory, name), { force: true });
  }
  return undefined;
}

/** Only a refused connection proves death. */
function ask(path: string): Promise<Claimant | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(path);
    const conclude = (claimant: Claimant | undefined): void => {
      socket.destroy();
      resolve(claimant);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => conclude('holding'));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (answer = (answer + text).slice(0, 100)));
    socket.on('end', () => conclude(answer === 'holding' ? 'holding' : 'claiming'));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' || code === 'ENOENT') conclude(undefined);
      else conclude(code === 'ECONNRESET' ? 'claiming' : 'holding');
    });
  });
}
