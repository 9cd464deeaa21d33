import { setTimeout as sleep } from 'node:timers/promises';

import type { Diagnostics } from './diagnostics.ts';
import type { AuditKeys } from './keyring/audit-keys.ts';
import type { Metrics } from './metrics.ts';
import type { Database } from './storage/database.ts';
import { tellKeyChange } from './trail/tell-key-change.ts';

const EVERY_MS = 20_000;

/**
 * Follows the secret where it is kept, and brings the news of a change into every trail. Neither stops the server: with
 * the source away it goes on under the key that it has.
 */
export function watchAuditKeys(parts: {
  readonly db: Database;
  readonly clock: () => Date;
  readonly auditKeys: AuditKeys;
  readonly diagnostics: Diagnostics;
  readonly metrics: Pick<Metrics, 'auditSecretRefreshes'>;
  /** 0: the secret is read at the start and never again. */
  readonly refreshSeconds: number;
  /** Told of each trail that may have grown. */
  readonly onGrown: (organizationNo: number) => void;
}): { stop(): Promise<void> } {
  const { db, clock, auditKeys, diagnostics, metrics } = parts;
  const { auditMac } = auditKeys;
  const stopped = new AbortController();
  const refreshMs = auditKeys.hasSource && parts.refreshSeconds > 0 ? parts.refreshSeconds * 1000 : Infinity;
  let askedAt = performance.now();
  let told = 0;

  const refresh = async (): Promise<void> => {
    const { keyId: from } = auditMac.current;
    try {
      const changed = await auditKeys.refresh(stopped.signal);
      metrics.auditSecretRefreshes.inc({ outcome: changed ? 'rotated' : 'unchanged' });
      if (changed) diagnostics.info({ from, to: auditMac.current.keyId }, 'the audit key was changed');
    } catch (error) {
      if (stopped.signal.aborted) return;
      metrics.auditSecretRefreshes.inc({ outcome: 'failed' });
      diagnostics.warn({ err: error }, 'the audit secret could not be read again; the key stays');
    }
  };
  const tell = async (): Promise<void> => {
    const { turnNo } = auditMac.current;
    if (told === turnNo) return;
    try {
      if (await tellKeyChange({ db, auditMac, clock, onGrown: parts.onGrown }, stopped.signal)) told = turnNo;
    } catch (error) {
      diagnostics.warn({ err: error }, 'the change of the audit key is not in every trail yet');
    }
  };
  const running = (async () => {
    while (!stopped.signal.aborted) {
      if (performance.now() - askedAt >= refreshMs) {
        await refresh();
        askedAt = performance.now();
      }
      await tell();
      await sleep(Math.min(EVERY_MS, refreshMs), undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
