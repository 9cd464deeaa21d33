import type { PacketSigner } from './keyring/packet-signer.ts';
import type { Database } from './storage/database.ts';
import { MIGRATIONS } from './storage/migrate.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

/** A database that hangs must not make the probe hang with it. */
const PATIENCE_MS = 2000;

/**
 * A trail that has diverged is shown and doesn't make the server unready: it goes on recording, and what it serves for
 * every other trail is as good as before. A probe that took it out of service would help whoever did it.
 *
 * So it is with an operator who retired every signing key: packets are refused with 503, all else works. A key that is
 * active and can't sign is a damaged installation, and makes it unready.
 */
export function createReadiness(parts: {
  readonly db: Database;
  readonly isStopping: () => boolean;
  readonly trailsDiverged: () => number;
  readonly packetSigner: Pick<PacketSigner, 'state'>;
}): () => Promise<Readiness> {
  const { db, isStopping, trailsDiverged, packetSigner } = parts;
  return async () => {
    const [migrations, signingKey] = await Promise.all([
      inTime(db.direct.query<{ n: number }>('SELECT count(*) AS n FROM migrations').then(({ rows }) => rows[0]?.n)),
      inTime(packetSigner.state()),
    ]);
    const checks = {
      database: migrations === undefined ? 'failed' : 'ok',
      migrations: migrations === MIGRATIONS.length ? 'ok' : 'failed',
      accepting: isStopping() ? 'failed' : 'ok',
    } as const;
    const usable = signingKey === 'ok' || signingKey === 'missing';
    const ready = usable && Object.values(checks).every((check) => check === 'ok');
    return {
      ready,
      checks: {
        ...checks,
        signing_key: signingKey === 'ok' ? 'ok' : 'failed',
        trails: trailsDiverged() === 0 ? 'ok' : 'failed',
      },
    };
  };
}

/** Undefined if it fails or takes too long. */
async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, undefined);
  });
  const result = await Promise.race([work.catch(() => undefined), patience]);
  clearTimeout(timer);
  return result;
}
