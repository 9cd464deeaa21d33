import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { claimDirectory } from './claim-directory.ts';
import { AuditClientError } from './client-error.ts';
import type { EventQueue } from './event-queue.ts';
import {
  appendSynced,
  createSegment,
  readLines,
  recoverSegment,
  segmentName,
  segmentNumber,
  syncDirectory,
  type Segment,
} from './spool-segment.ts';

/** A segment is removed whole, so this is also what a full spool may hold of events that are long sent. */
const LARGEST_SEGMENT = 4 * 1024 * 1024;
/** What is sent shouldn't stay on the disk, nor should every few events need a file of their own. */
const WORTH_REMOVING = 64 * 1024;
/** Bytes that share one wait for the disk. */
const GROUP_BYTES = 1024 * 1024;

export const REJECTED_FILE = 'rejected.ndjson';

interface Pending {
  readonly bytes: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface Spool extends EventQueue {
  /** Lines that an earlier process left torn, or that can't be read. */
  readonly dropped: number;
}

/**
 * A queue in files of one directory (mode 0600), for one process. An event is on disk, synced, when `add` resolves.
 * Which events are settled is not written down while a segment lasts: after a crash the last segment is sent again,
 * which the events' ids make harmless.
 *
 * @throws {AuditClientError} `spool_in_use`, `spool_unusable`
 */
export async function openSpool(path: string, mostBytes: number): Promise<Spool> {
  const directory = resolve(path);
  const segmentBytes = Math.min(LARGEST_SEGMENT, Math.ceil(mostBytes / 8));
  const rejectedPath = join(directory, REJECTED_FILE);
  const withdraw = await prepareDirectory(directory);
  const segments: Segment[] = [];
  let nextNumber = 1;
  let dropped = 0;
  try {
    for (const name of (await readdir(directory)).sort()) {
      const number = segmentNumber(name);
      if (number === undefined) continue;
      const recovered = await recoverSegment(join(directory, name));
      if (recovered.segment !== undefined) segments.push(recovered.segment);
      dropped += recovered.dropped;
      nextNumber = number + 1;
    }
  } catch (error) {
    await withdraw();
    throw unusable(directory, error);
  }

  /** The last of `segments` while it is open for writing. */
  let active: { readonly segment: Segment; readonly handle: FileHandle } | undefined;
  let peeked: readonly number[] = [];
  let pending: Pending[] = [];
  let pendingBytes = 0;
  let rejectedBytes = await sizeOf(rejectedPath);
  let writing: Promise<void> | undefined;

  const diskBytes = (): number => segments.reduce((sum, { size }) => sum + size, rejectedBytes);

  async function write(): Promise<void> {
    while (pending.length > 0) {
      const group = takeGroup(pending);
      const bytes = Buffer.concat(group.map((one) => one.bytes));
      try {
        if (active !== undefined && active.segment.size >= segmentBytes) await retireActive();
        if (active === undefined) {
          // Each try has a number of its own: one that failed may have left its file.
          const number = nextNumber++;
          active = await createSegment(join(directory, segmentName(number)));
          segments.push(active.segment);
        }
        await appendSynced(active.handle, active.segment.size, bytes);
        active.segment.size += bytes.length;
        active.segment.events += group.length;
        for (const one of group) one.resolve();
      } catch (error) {
        // After a failed sync the kernel may call lost pages clean, so nothing more goes into this file.
        await abandonActive();
        for (const one of group) one.reject(unusable(directory, error));
      }
      pendingBytes -= bytes.length;
    }
    writing = undefined;
  }

  async function retireActive(): Promise<void> {
    const retired = active;
    active = undefined;
    await retired?.handle.close().catch(() => undefined);
    await removeSettled();
  }

  async function abandonActive(): Promise<void> {
    const abandoned = active;
    if (abandoned === undefined) return;
    await abandoned.handle.truncate(abandoned.segment.size).catch(() => undefined);
    await retireActive().catch(() => undefined);
  }

  async function removeSettled(): Promise<void> {
    for (let [first] = segments; first !== undefined && first !== active?.segment; [first] = segments) {
      if (first.settledBytes < first.size) return;
      segments.shift();
      // One that stays is sent again by the next process, which its ids make harmless.
      await rm(first.path, { force: true }).catch(() => undefined);
    }
  }

  return {
    dropped,
    get events() {
      return segments.reduce((sum, { events, settledEvents }) => sum + events - settledEvents, 0);
    },
    get bytes() {
      return segments.reduce((sum, { size, settledBytes }) => sum + size - settledBytes, 0);
    },
    async add({ line }) {
      const bytes = Buffer.from(`${line}\n`);
      // The owner may have taken the rejected events away.
      if (diskBytes() + pendingBytes + bytes.length > mostBytes) rejectedBytes = await sizeOf(rejectedPath);
      if (diskBytes() + pendingBytes + bytes.length > mostBytes) {
        throw new AuditClientError(
          'spool_full',
          `The spool ${directory} holds the ${mostBytes} bytes that it may; the event was not taken. See whether the server answers, and whether ${REJECTED_FILE} has grown.`,
        );
      }
      pendingBytes += bytes.length;
      await new Promise<void>((resolveAdd, reject) => {
        pending.push({ bytes, resolve: resolveAdd, reject });
        writing ??= write();
      });
    },
    async peek(mostEvents, most) {
      const first = segments.find(({ size, settledBytes }) => settledBytes < size);
      const lines = first === undefined ? [] : await readLines(first, mostEvents, most);
      peeked = lines.map((line) => Buffer.byteLength(line) + 1);
      return lines;
    },
    async settle(count) {
      const segment = segments.find(({ size, settledBytes }) => settledBytes < size);
      if (segment === undefined) return;
      for (const size of peeked.slice(0, count)) segment.settledBytes += size;
      segment.settledEvents += count;
      peeked = peeked.slice(count);
      const idle = writing === undefined && segment.settledBytes === segment.size && segment.size >= WORTH_REMOVING;
      if (idle && active?.segment === segment) await retireActive();
      else await removeSettled();
    },
    async putAside(line, { status, detail }) {
      const entry = `{"rejected_at":"${new Date().toISOString()}","status":${status},"detail":${JSON.stringify(detail)},"event":${line}}\n`;
      const handle = await open(rejectedPath, 'a', 0o600);
      try {
        await handle.writeFile(entry);
        await handle.sync();
        rejectedBytes = (await handle.stat()).size;
      } finally {
        await handle.close();
      }
      await syncDirectory(directory);
    },
    async close() {
      await writing;
      await retireActive();
      await withdraw();
    },
  };

  function takeGroup(from: Pending[]): Pending[] {
    let bytes = 0;
    let count = 0;
    for (const one of from) {
      bytes += one.bytes.length;
      if (count > 0 && bytes > GROUP_BYTES) break;
      count += 1;
    }
    pending = from.slice(count);
    return from.slice(0, count);
  }
}

async function prepareDirectory(directory: string): Promise<() => Promise<void>> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return await claimDirectory(directory);
  } catch (error) {
    throw error instanceof AuditClientError ? error : unusable(directory, error);
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function unusable(directory: string, cause: unknown): AuditClientError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AuditClientError('spool_unusable', `The spool ${directory} can not be used: ${reason}.`, { cause });
}
