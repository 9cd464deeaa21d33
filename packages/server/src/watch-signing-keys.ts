import { setTimeout as sleep } from 'node:timers/promises';

import type { Diagnostics } from './diagnostics.ts';
import type { AuditMac } from './keyring/audit-mac.ts';
import type { Database } from './storage/database.ts';
import { tellSigningKeyChanges } from './trail/tell-signing-key-changes.ts';

const EVERY_MS = 20_000;

/** Brings the news of what the operator did with the keys of packets into every trail. What fails waits for the next time. */
export function watchSigningKeys(parts: {
  readonly db: Database;
  readonly auditMac: AuditMac;
  readonly clock: () => Date;
  readonly diagnostics: Diagnostics;
  /** Told of each trail that may have grown. */
  readonly onGrown: (organizationNo: number) => void;
}): { stop(): Promise<void> } {
  const { diagnostics } = parts;
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      try {
        for (const { from_key: from, to_key: to } of await tellSigningKeyChanges(parts, stopped.signal)) {
          diagnostics.info({ from, to }, 'the signing key of packets was changed');
        }
      } catch (error) {
        diagnostics.warn({ err: error }, 'the change of the signing key is not in every trail yet');
      }
      await sleep(EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
