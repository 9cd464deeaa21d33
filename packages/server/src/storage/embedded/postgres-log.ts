import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type { Logger } from 'pino';

export type Diagnostics = Pick<Logger, 'info' | 'warn' | 'error'>;

/** What PostgreSQL said before it ended; enough to tell why. */
export interface PostgresLog {
  /** The last complaint that isn't about a single connection. */
  complaint(): string | undefined;
  /** Whether it ended because something still holds the cluster: a postmaster, or what one left in shared memory. */
  foundItHeld(): boolean;
}

const LINE = /^(?<speaker>[^|]*)\|(?<sqlstate>\w{5})\|(?<severity>[A-Z]+\d?):\s+(?<text>.*)$/;
const LONGEST_TEXT = 1000;
const LOCK_FILE_EXISTS = 'F0001';
const CONNECTION = /client backend$/;
const SEVERITY = /^(DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|)$/;

/**
 * Forwards what the processes of PostgreSQL write to stderr.
 *
 * Whatever concerns one statement of a connection goes to that connection anyway and is left out here: messages such
 * as "invalid input syntax" quote the input.
 */
export function forwardPostgresLog(stderr: Readable, diagnostics: Diagnostics): PostgresLog {
  let complaint: string | undefined;
  let foundItHeld = false;
  // Whoever started them may end first; then there is nobody left to tell.
  stderr.on('error', () => undefined);
  createInterface({ input: stderr, crlfDelay: Infinity }).on('line', (line) => {
    const { speaker = '', sqlstate = '', severity = '', text = line } = LINE.exec(line)?.groups ?? {};
    // Further lines of a message begin with a tab; DETAIL, STATEMENT and their like quote rows.
    if (line.startsWith('\t') || line.trim() === '' || !SEVERITY.test(severity)) return;
    const aboutConnection = CONNECTION.test(speaker);
    if (aboutConnection && /^(ERROR|WARNING|NOTICE)$/.test(severity)) return;

    const message = text.slice(0, LONGEST_TEXT);
    const origin = { postgres: speaker === '' ? 'start' : speaker, sqlstate };
    if (/^(LOG|INFO|NOTICE|DEBUG\d?)$/.test(severity)) {
      diagnostics.info(origin, message);
      return;
    }
    if (!aboutConnection) complaint = message;
    if (sqlstate === LOCK_FILE_EXISTS) foundItHeld = true;
    const grave = severity === 'PANIC' || (severity === 'FATAL' && !aboutConnection && sqlstate !== LOCK_FILE_EXISTS);
    if (grave) diagnostics.error(origin, message);
    else diagnostics.warn(origin, message);
  });
  return { complaint: () => complaint, foundItHeld: () => foundItHeld };
}
