import { setTimeout as sleep } from 'node:timers/promises';

import { MAX_LINE_BYTES } from './audit-event.ts';
import { backoffMs } from './backoff.ts';
import { AuditClientError } from './client-error.ts';
import { detailOf, reasonOf, type Connection } from './connection.ts';

/** Bytes or text; where it is cut doesn't matter. */
export type UploadSource = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

export interface UploadProgress {
  /** Of the source, that are recorded or were before; blank ones count. */
  readonly lines: number;
  readonly bytes: number;
  /** Set while the server is away or busy. */
  readonly waitsBecause?: string;
}

export interface UploadOptions {
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly signal?: AbortSignal;
}

export interface UploadSummary {
  readonly lines: number;
  readonly bytes: number;
  /** Events recorded now. */
  readonly accepted: number;
  /** Events that the trail had already, from an earlier try of this or another upload. */
  readonly duplicates: number;
}

/** The server records a part as it comes; a part that broke off is sent whole again. */
const PART_BYTES = 2 * 1024 * 1024;
const LINE_FEED = 0x0a;

interface Part {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly lines: number;
  /** The line after this part is longer than any event. */
  readonly thenTooLong: boolean;
}

/**
 * Records one event a line, of any length and with constant memory, in the order of the lines. Each line needs an `id`,
 * so that a part that was interrupted, or the whole upload, can be sent again without recording anything twice. Waits
 * for as long as the server is away.
 *
 * @throws {AuditClientError} `refused` with `facts.line`: all lines before that one are recorded, it and what follows is
 *   not. `stopped`: the credential or the address. Otherwise what the source or `signal` throws.
 */
export async function uploadNdjson(
  connection: Connection,
  source: UploadSource,
  { onProgress, signal = new AbortController().signal }: UploadOptions = {},
): Promise<UploadSummary> {
  const done = { lines: 0, bytes: 0, accepted: 0, duplicates: 0 };
  for await (const part of partsOf(source)) {
    for (let failures = 1; part.lines > 0; failures += 1) {
      signal.throwIfAborted();
      const answer = await connection.post(part.bytes, 'application/x-ndjson', signal);
      if (answer.kind === 'answered') {
        const { accepted, duplicates } = readAnswer(answer.status, answer.body, done);
        done.accepted += accepted;
        done.duplicates += duplicates;
        break;
      }
      signal.throwIfAborted();
      onProgress?.({ lines: done.lines, bytes: done.bytes, waitsBecause: answer.reason });
      await sleep(backoffMs(failures, answer.afterMs), undefined, { signal });
    }
    done.lines += part.lines;
    done.bytes += part.bytes.length;
    onProgress?.({ lines: done.lines, bytes: done.bytes });
    if (part.thenTooLong) {
      const line = done.lines + 1;
      const sentence = `Line ${line} is longer than ${MAX_LINE_BYTES} bytes; no event is.`;
      throw new AuditClientError('refused', sentence, { status: 422, line, accepted: done.accepted });
    }
  }
  return done;
}

function readAnswer(status: number, body: Buffer, before: { readonly lines: number; readonly accepted: number }) {
  const { line, accepted, duplicates } = membersOf(body);
  if (status === 200 && accepted !== undefined && duplicates !== undefined) return { accepted, duplicates };
  if ((status === 422 || status === 409) && line !== undefined && accepted !== undefined) {
    // The server counts the lines of a part.
    const facts = { status, line: before.lines + line, accepted: before.accepted + accepted };
    const sentence = (detailOf(body) ?? '').replace(/^Line \d+/, `Line ${facts.line}`);
    throw new AuditClientError('refused', sentence, facts);
  }
  throw new AuditClientError('stopped', reasonOf(status, body), { status });
}

function membersOf(body: Buffer): Partial<Record<'line' | 'accepted' | 'duplicates', number>> {
  try {
    const members = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(members).filter(([, value]) => typeof value === 'number'));
  } catch {
    return {};
  }
}

/** Whole lines, except that the last part may lack its line feed. Holds a part and a line at most. */
async function* partsOf(source: UploadSource): AsyncGenerator<Part> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Of them, those since the last line feed. */
  let lineBytes = 0;
  for await (const piece of source) {
    for (const chunk of slices(typeof piece === 'string' ? Buffer.from(piece) : piece)) {
      const cut = chunk.lastIndexOf(LINE_FEED) + 1;
      lineBytes = cut === 0 ? lineBytes + chunk.length : chunk.length - cut;
      held.push(chunk);
      heldBytes += chunk.length;
      const tooLong = lineBytes > MAX_LINE_BYTES;
      if (!tooLong && (heldBytes < PART_BYTES || cut === 0)) continue;
      const all = Buffer.concat(held);
      yield partOf(all.subarray(0, all.length - lineBytes), tooLong);
      held = [all.subarray(all.length - lineBytes)];
      heldBytes = lineBytes;
    }
  }
  if (heldBytes > 0) yield partOf(Buffer.concat(held), false);
}

/** A file's pieces are small, but one string may be everything. */
function* slices(bytes: Uint8Array): Generator<Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < buffer.length; start += 64 * 1024) yield buffer.subarray(start, start + 64 * 1024);
}

function partOf(bytes: Buffer<ArrayBuffer>, thenTooLong: boolean): Part {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  const unended = bytes.length > 0 && bytes.at(-1) !== LINE_FEED;
  return { bytes, lines: unended ? lines + 1 : lines, thenTooLong };
}
