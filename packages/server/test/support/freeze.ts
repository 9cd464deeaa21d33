import { readFileSync } from 'node:fs';

import { pino } from 'pino';

import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import { freePort } from './outside-postgres.ts';

/** One that can be reached over the network, for who will freeze it. Nothing in it survives a power failure. */
export async function startFreezablePostgres(dataDirectory: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataDirectory,
    diagnostics: pino({ level: 'silent' }),
    loopbackPort: await freePort(),
    settings: { fsync: 'off' },
  });
}

/**
 * Stops every process of a PostgreSQL where it is: its connections stay, and nothing answers on them, as behind a network
 * that drops all packets. Linux only.
 *
 * @returns lets them go on, the first time it is called
 */
export function freeze(postgres: EmbeddedPostgres): () => void {
  const postmaster = postgres.postmasterPid();
  if (postmaster === undefined) throw new Error('there is no postmaster');
  // First, so that it starts no more of them.
  process.kill(postmaster, 'SIGSTOP');
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  for (const pid of children) process.kill(pid, 'SIGSTOP');
  const stopped = [...children, postmaster];
  return () => {
    for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
  };
}
