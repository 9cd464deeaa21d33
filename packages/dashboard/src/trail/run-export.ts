import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import { ask, call } from '../api/call.ts';
import type { EventFilter, ExportManifest } from '../api/queries.ts';

export type ExportFormat = 'json' | 'csv' | 'ndjson';

export interface FinishedExport {
  readonly manifest: ExportManifest;
  readonly bytes: number;
  readonly sha256: string;
  /** What arrived, where it could not be written to a file as it came. */
  readonly blob: Blob | undefined;
}

/** Where the bytes go as they come. Undefined where the browser can't write files: then they are kept until the end. */
export interface Sink {
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/**
 * Streams an export, counts and hashes what comes, and asks the server for its manifest: only if both agree is it whole,
 * since browsers can't read the trailer that says so.
 */
export async function runExport(
  orgId: string,
  format: ExportFormat,
  filter: EventFilter,
  watch: { readonly signal: AbortSignal; readonly sink: Sink | undefined; readonly onBytes: (bytes: number) => void },
): Promise<FinishedExport> {
  const { signal, sink, onBytes } = watch;
  const response = await ask('get', '/api/v1/compliance/export', {
    organization: orgId,
    query: { ...filter, format } as never,
    signal,
  });
  const id = response.headers.get('x-export-id') ?? '';
  const hash = sha256.create();
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      hash.update(value);
      if (sink === undefined) kept.push(value);
      else await sink.write(value);
      onBytes(bytes);
    }
    await sink?.close();
  } catch (error) {
    await sink?.abort().catch(() => undefined);
    throw error;
  }
  const manifest = await call('get', '/api/v1/compliance/exports/{id}', { organization: orgId, path: { id }, signal });
  const blob = sink === undefined ? new Blob(kept, { type: response.headers.get('content-type') ?? '' }) : undefined;
  return { manifest, bytes, sha256: bytesToHex(hash.digest()), blob };
}

export function isWhole({ manifest, bytes, sha256: digest }: FinishedExport): boolean {
  return manifest.complete && manifest.bytes === bytes && manifest.sha256 === digest;
}
