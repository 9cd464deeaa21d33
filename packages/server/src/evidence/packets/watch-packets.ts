import { setTimeout as sleep } from 'node:timers/promises';

import { listLapsedLeases } from './packet-store.ts';
import { runNextDue, type ScheduleParts } from './run-schedules.ts';

export interface PacketWatch {
  /** Looks once at everything that is due. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

const AT_START_MS = 2000;
const EVERY_MS = 30_000;

/**
 * At the start of the only server of its database, before it answers: whatever is being made was begun by one that is gone,
 * so nobody waits for the leases. What can't be given up now is when its lease lapses.
 */
export async function giveUpLeftPackets({ ground, issuer, diagnostics }: ScheduleParts): Promise<void> {
  for (const left of await listLapsedLeases(ground.db.direct, undefined)) {
    await issuer
      .giveUp({ no: left.organization_no }, left.report_id)
      .catch((error: unknown) => diagnostics.warn({ err: error, report_id: left.report_id }, 'a packet stays begun'));
  }
}

/** In the background: gives up packets whose server went away, and makes those that schedules ask for. */
export function watchPackets(parts: ScheduleParts): PacketWatch {
  const { ground, issuer, diagnostics } = parts;
  const stopped = new AbortController();
  const isStopped = (): boolean => stopped.signal.aborted;

  async function round(): Promise<void> {
    for (const lapsed of await listLapsedLeases(ground.db.direct, ground.clock())) {
      if (isStopped()) return;
      await issuer.giveUp({ no: lapsed.organization_no }, lapsed.report_id);
    }
    while (!isStopped() && (await runNextDue(parts)));
  }

  const running = (async () => {
    for (let pause = AT_START_MS; ; pause = EVERY_MS) {
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (isStopped()) return;
      await round().catch((error: unknown) =>
        diagnostics.warn({ err: error }, 'a look at due packets failed; it is repeated'),
      );
    }
  })();

  return {
    round,
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
