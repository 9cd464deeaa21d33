import { open } from 'node:fs/promises';

import { HEAD_BYTES } from '@veritrail/verify';

import { withFile } from './usage-error.ts';

export interface Input {
  /** The first HEAD_BYTES, or all of a shorter input. */
  readonly head: Uint8Array;
  /** All of it, the head included. To be read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** In bytes; undefined if it isn't known beforehand. */
  readonly size: number | undefined;
  /** For an input that wasn't read to its end. */
  close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/** @param path of a file, or `-` for standard input @throws {UsageError} also while the chunks are read */
export async function openInput(path: string, stdin: AsyncIterable<Uint8Array>): Promise<Input> {
  if (path === '-') return withHead(path, stdin, undefined);
  const { source, size } = await withFile(path, async () => {
    const file = await open(path);
    const stat = await file.stat();
    return {
      source: file.createReadStream({ highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>,
      size: stat.isFile() ? stat.size : undefined,
    };
  });
  return withHead(path, source, size);
}

async function withHead(path: string, source: AsyncIterable<Uint8Array>, size: number | undefined): Promise<Input> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const { value, done } = await withFile(path, () => iterator.next());
    if (done === true) break;
    first.push(value);
    length += value.length;
  }
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield* first;
    for (;;) {
      const { value, done } = await withFile(path, () => iterator.next());
      if (done === true) return;
      yield value;
    }
  };
  return {
    head: Buffer.concat(first).subarray(0, HEAD_BYTES),
    chunks: chunks(),
    size,
    async close() {
      await iterator.return?.();
    },
  };
}
