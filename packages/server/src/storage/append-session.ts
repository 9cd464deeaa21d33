import type pg from 'pg';

import { asStorageError, isTransient, unavailable } from './as-storage-error.ts';
import { copyIn } from './copy-in.ts';
import type { FlushPace } from './flush-pace.ts';

/** Planned once for each connection: planning takes longer than running it. */
export interface PreparedStatement {
  readonly name: string;
  /** What PREPARE takes behind the name. */
  readonly text: string;
}

/** Rows for a table, and what is to run before them. */
export interface Append {
  readonly before: { readonly statement: PreparedStatement; readonly values: readonly (number | null)[] };
  /** `COPY … FROM STDIN`. */
  readonly copy: string;
  readonly rows: Buffer;
  /**
   * Called when it is committed, so that the next one can be behind it. The disk has it when `append` resolves, which may
   * be later; those that wait for that share its flushes.
   */
  readonly onCommitted: () => void;
}

/** One connection on which appends follow each other in the order of the calls; it goes back when none is left. */
export interface AppendSession {
  /** Whether another append can go behind those that are under way. */
  readonly isOpen: boolean;
  /**
   * Appends in one round trip.
   *
   * @throws {StorageError} `database_unavailable`: nobody can tell whether it is stored
   * @throws what the database found wrong with it otherwise: nothing of it is stored, and appends behind it fail too
   */
  append(append: Append): Promise<void>;
  /** Gives the connection back if nothing came of it. */
  release(): void;
}

const COMMIT_EARLY = 'SET LOCAL synchronous_commit TO off';
/** Writes a record that changes nothing, whose own commit waits until all of the log before it is on disk. */
export const FLUSH = `SELECT pg_logical_emit_message(true, 'veritrail', '')`;
const PREPARED_FLUSH = { name: 'flush', text: `AS ${FLUSH}` };
const NOW = 'extract(epoch FROM clock_timestamp()) * 1000';
/** The same, and milliseconds before and after. */
const TIMED_FLUSH = `BEGIN;${FLUSH}, ${NOW} AS at;COMMIT;SELECT ${NOW} AS at`;

/** One result a statement. */
type FlushAnswer = readonly { readonly rows: readonly { readonly at: string }[] }[];

function flushTime([, before, , after]: FlushAnswer): number {
  return Number(after?.rows[0]?.at) - Number(before?.rows[0]?.at);
}

/** What each connection knows already. */
const known = new WeakMap<pg.PoolClient, Set<string>>();

/** The statement as it is run on that connection, which is told of it first if need be. */
function execute(client: pg.PoolClient, { name, text }: PreparedStatement, values: readonly (number | null)[]): string {
  const names = known.get(client) ?? new Set();
  known.set(client, names);
  if (!names.has(name)) {
    names.add(name);
    // If this fails, what comes behind it fails too, and says so.
    client.query(`PREPARE ${name} ${text}`).catch(() => names.delete(name));
  }
  return `EXECUTE ${name}${values.length === 0 ? '' : `(${values.map((value) => value ?? 'NULL').join()})`}`;
}

/**
 * @param client from a pool, in pipeline mode
 * @param scope the statement with which each transaction begins
 */
export function createAppendSession(client: pg.PoolClient, scope: string, pace: FlushPace): AppendSession {
  let underWay = 0;
  let isOpen = true;
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);

  async function run({ before: first, copy, rows, onCommitted }: Append): Promise<void> {
    const before = execute(client, first.statement, first.values);
    if (!pace.commitsEarly()) {
      await copyIn(client, ['BEGIN', scope, before, copy, 'COMMIT'], rows);
      onCommitted();
      return;
    }
    const flush = execute(client, PREPARED_FLUSH, []);
    const stored = copyIn(client, ['BEGIN', COMMIT_EARLY, scope, before, copy, 'COMMIT'], rows);
    // Right behind it, in the session that commits: if that lives to tell, the database hasn't crashed in between and
    // lost the commit.
    const isTimed = pace.isTimed();
    const flushed = client.query(isTimed ? TIMED_FLUSH : flush);
    flushed.catch(() => undefined);
    await stored;
    onCommitted();
    const answer = await flushed.catch((error: unknown) => {
      throw unavailable(error);
    });
    if (isTimed) pace.note(flushTime(answer as unknown as FlushAnswer));
  }

  function release(): void {
    if (!isOpen || underWay > 0) return;
    isOpen = false;
    client.off('error', onError);
    client.release(broken);
  }

  return {
    get isOpen() {
      return isOpen;
    },
    append: async (append) => {
      underWay += 1;
      try {
        await run(append);
      } catch (error) {
        // The one behind must not find its transaction open, nor one that failed.
        await client.query('ROLLBACK').catch(onError);
        throw isTransient(error) ? error : asStorageError(error);
      } finally {
        underWay -= 1;
        release();
      }
    },
    release,
  };
}
