import { constants } from 'node:fs';
import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { idOfLine } from './audit-event.ts';

/** A file of events, one a line. Bytes from `size` on, if there are any, were never promised to anybody. */
export interface Segment {
  readonly path: string;
  size: number;
  events: number;
  /** Where the first event begins that is not settled. */
  settledBytes: number;
  settledEvents: number;
}

const READ_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

export function segmentName(number: number): string {
  return `events-${String(number).padStart(12, '0')}.ndjson`;
}

/** Undefined for any other file. */
export function segmentNumber(name: string): number | undefined {
  const digits = /^events-(\d{12})\.ndjson$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The file is in its directory for good when this resolves; if it rejects there may be an empty one. */
export async function createSegment(path: string): Promise<{ segment: Segment; handle: FileHandle }> {
  const handle = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  try {
    await syncDirectory(dirname(path));
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
  return { segment: { path, size: 0, events: 0, settledBytes: 0, settledEvents: 0 }, handle };
}

/** Writes at the end of what is good and waits for the disk. */
export async function appendSynced(handle: FileHandle, position: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
  await handle.datasync();
}

/** Lines from the first that is not settled, at least one if there is any. */
export async function readLines(segment: Segment, mostEvents: number, mostBytes: number): Promise<string[]> {
  const lines: string[] = [];
  const handle = await open(segment.path, 'r');
  try {
    let rest = Buffer.alloc(0);
    let position = segment.settledBytes;
    let taken = 0;
    while (lines.length < mostEvents && position < segment.size) {
      const wanted = Math.min(READ_BYTES, segment.size - position);
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
      if (bytesRead === 0) throw new Error(`${segment.path} is shorter than it was`);
      position += bytesRead;
      rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = rest.indexOf(LINE_FEED); end !== -1; end = rest.indexOf(LINE_FEED, start)) {
        taken += end + 1 - start;
        if (lines.length === mostEvents || (lines.length > 0 && taken > mostBytes)) return lines;
        lines.push(rest.toString('utf8', start, end));
        start = end + 1;
      }
      rest = rest.subarray(start);
    }
    return lines;
  } finally {
    await handle.close();
  }
}

/**
 * Takes over a segment that another process left behind, perhaps in the middle of a write. A torn last line was never
 * promised and is dropped; so is what can't be read for other reasons. Both are counted. A last line that lacks nothing
 * but its line feed is kept.
 *
 * @returns the segment, undefined if nothing is left in it
 */
export async function recoverSegment(path: string): Promise<{ segment: Segment | undefined; dropped: number }> {
  const bytes = await readFile(path);
  const good: string[] = [];
  let dropped = 0;
  for (const line of bytes.toString('utf8').split('\n')) {
    if (isWhole(line)) good.push(`${line}\n`);
    else if (line !== '') dropped += 1;
  }
  const kept = Buffer.from(good.join(''));
  if (kept.length === 0) {
    await rm(path);
    return { segment: undefined, dropped };
  }
  if (!kept.equals(bytes)) await replaceFile(path, kept);
  return { segment: { path, size: kept.length, events: good.length, settledBytes: 0, settledEvents: 0 }, dropped };
}

function isWhole(line: string): boolean {
  if (idOfLine(line) === undefined) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

async function replaceFile(path: string, bytes: Buffer): Promise<void> {
  const beside = `${path}.new`;
  const handle = await open(beside, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, path);
  await syncDirectory(dirname(path));
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(join(directory, '.'), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
