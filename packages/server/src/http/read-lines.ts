import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';

import { HttpError, type HttpErrorCode } from './http-error.ts';

/** A batch of whole lines and where it begins. */
export interface LineBatch {
  /** Number of the first, counted from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

export interface LineLimits {
  readonly lineBytes: number;
  readonly batchLines: number;
  readonly batchBytes: number;
  /** Over each such time of waiting for the sender, `leastBytes` must have come. */
  readonly patienceMs: number;
  readonly leastBytes: number;
}

/** Where reading broke off: every line before `line` was given out. */
export class LineError extends Error {
  readonly line: number;
  readonly reason: 'line_too_long' | 'not_utf8' | 'too_slow' | 'broken_off' | 'stopping';

  constructor(line: number, reason: LineError['reason']) {
    super(reason);
    this.name = 'LineError';
    this.line = line;
    this.reason = reason;
  }
}

const LINE_FEED = 0x0a;

/**
 * Lines of a body of any length, in batches; holds one batch, one line and what the socket buffers. Nothing is read
 * while a batch is in the caller's hands, so a sender can't be faster than what becomes of its lines.
 *
 * The sender's time runs only while we wait for it. What it sent whole is given out before any error.
 *
 * @throws {LineError}
 */
export async function* readLines(body: Readable, limits: LineLimits, stopping: AbortSignal): AsyncGenerator<LineBatch> {
  const pace = createPace(limits);
  let lines: string[] = [];
  let firstLine = 1;
  let batchBytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  let failure: LineError['reason'] | undefined;

  const take = (): LineBatch => {
    const batch = { firstLine, lines };
    firstLine += lines.length;
    lines = [];
    batchBytes = 0;
    return batch;
  };
  /** @returns whether the line can be read */
  const add = (bytes: Buffer): boolean => {
    if (bytes.length > limits.lineBytes) failure = 'line_too_long';
    else if (!isUtf8(bytes)) failure = 'not_utf8';
    else lines.push(bytes.toString('utf8'));
    batchBytes += bytes.length;
    return failure === undefined;
  };

  for (;;) {
    const chunk = await nextChunk(body, pace, stopping);
    if (typeof chunk === 'string') {
      failure = chunk === 'ended' ? undefined : chunk;
      if (chunk === 'ended' && rest.length > 0) add(rest);
      break;
    }
    let start = 0;
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = all.indexOf(LINE_FEED); end !== -1; end = all.indexOf(LINE_FEED, start)) {
      if (!add(all.subarray(start, end))) break;
      start = end + 1;
      if (lines.length === limits.batchLines || batchBytes >= limits.batchBytes) yield take();
    }
    if (failure !== undefined) break;
    rest = all.subarray(start);
    if (rest.length > limits.lineBytes) failure = 'line_too_long';
    if (failure !== undefined) break;
  }
  if (lines.length > 0) yield take();
  if (failure !== undefined) throw new LineError(firstLine, failure);
}

interface Pace {
  /** Milliseconds until the sender is too slow. */
  left(): number;
  waited(ms: number, bytes: number): void;
}

function createPace({ patienceMs, leastBytes }: LineLimits): Pace {
  let waitedMs = 0;
  let bytes = 0;
  return {
    left: () => patienceMs - waitedMs,
    waited(ms, more) {
      waitedMs += ms;
      bytes += more;
      if (bytes < leastBytes) return;
      waitedMs = 0;
      bytes = 0;
    },
  };
}

/** Whatever is there, at most what the stream buffers; or why there is nothing. */
async function nextChunk(
  body: Readable,
  pace: Pace,
  stopping: AbortSignal,
): Promise<Buffer | 'ended' | 'too_slow' | 'broken_off' | 'stopping'> {
  const from = performance.now();
  for (;;) {
    if (stopping.aborted) return 'stopping';
    const chunk = body.read() as Buffer | null;
    if (chunk !== null) {
      pace.waited(performance.now() - from, chunk.length);
      return chunk;
    }
    if (body.readableEnded) return 'ended';
    if (body.destroyed || body.errored !== null) return 'broken_off';
    const left = pace.left() - (performance.now() - from);
    if (left <= 0) return 'too_slow';
    await somethingNew(body, left, stopping);
  }
}

function somethingNew(body: Readable, ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'close', 'error'] as const;
    const done = (): void => {
      clearTimeout(timer);
      for (const name of events) body.off(name, done);
      stopping.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    for (const name of events) body.on(name, done);
    stopping.addEventListener('abort', done);
  });
}

export function explain({ line, reason }: LineError, limits: LineLimits): HttpError {
  const explained: Readonly<Record<LineError['reason'], readonly [HttpErrorCode, string]>> = {
    line_too_long: ['request_invalid', `Line ${line} is longer than ${limits.lineBytes} bytes; no event is.`],
    not_utf8: ['json_invalid', `Line ${line} is not UTF-8.`],
    too_slow: ['request_timeout', 'Send the lines faster, or collect them first.'],
    stopping: ['stopping', 'The server is stopping; send the lines from this one on again in a moment.'],
    broken_off: ['request_malformed', 'The connection broke off.'],
  };
  return new HttpError(...explained[reason]);
}
