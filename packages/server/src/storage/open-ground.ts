import type pg from 'pg';

import type { Diagnostics } from '../diagnostics.ts';
import type { Secret } from '../secret.ts';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres.ts';
import { prepareDatabase, prepareOutsideDatabase } from './prepare-database.ts';

export interface OpenGround {
  /** What the server logs in with from here on. */
  readonly login: pg.ClientConfig;
  stop(): Promise<void>;
}

/** The embedded PostgreSQL or the one that DATABASE_URL names, migrated; the code above can't tell which. */
export async function openGround(
  settings: {
    readonly dataDirectory: string;
    readonly databaseUrl: Secret | undefined;
    readonly databaseOwnerUrl: Secret | undefined;
  },
  diagnostics: Diagnostics,
): Promise<OpenGround> {
  const { dataDirectory, databaseUrl, databaseOwnerUrl } = settings;
  if (databaseUrl !== undefined) {
    const server = { setting: 'DATABASE_URL', url: databaseUrl.reveal() };
    const owner =
      databaseOwnerUrl === undefined ? server : { setting: 'DATABASE_OWNER_URL', url: databaseOwnerUrl.reveal() };
    return { login: await prepareOutsideDatabase(owner, server), stop: async () => undefined };
  }
  // Its routine lines would be most of what a quiet server says.
  const quieter = diagnostics.isLevelEnabled('warn') && !diagnostics.isLevelEnabled('debug');
  const quiet = quieter ? diagnostics.child({}, { level: 'warn' }) : diagnostics;
  const postgres = await startEmbeddedPostgres({ dataDirectory, diagnostics: quiet });
  try {
    return { login: await prepareDatabase({ ...postgres.owner }), stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
