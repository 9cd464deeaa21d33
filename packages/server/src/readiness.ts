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
 */
export function createReadiness(
  db: Database,
  isStopping: () => boolean,
  trailsDiverged: () => number,
): () => Promise<Readiness> {
  return async () => {
    const migrations = await applied(db);
    const checks = {
      database: migrations === undefined ? 'failed' : 'ok',
      migrations: migrations === MIGRATIONS.length ? 'ok' : 'failed',
      accepting: isStopping() ? 'failed' : 'ok',
    } as const;
    const ready = Object.values(checks).every((check) => check === 'ok');
    return { ready, checks: { ...checks, trails: trailsDiverged() === 0 ? 'ok' : 'failed' } };
  };
}

async function applied(db: Database): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, undefined);
  });
  const count = db.direct.query<{ n: number }>('SELECT count(*) AS n FROM migrations').then(
    ({ rows }) => rows[0]?.n,
    () => undefined,
  );
  const result = await Promise.race([count, patience]);
  clearTimeout(timer);
  return result;
}
