import { readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../../../vectors/', import.meta.url);

/** All vectors of a folder, by name. An empty folder is a mistake, not a passed test. */
export function readVectors<T>(folder: string): [name: string, vector: T][] {
  const directory = new URL(`${folder}/`, ROOT);
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
  if (files.length === 0) throw new Error(`There are no vectors in ${folder}.`);
  return files.map((file) => [file.slice(0, -5), JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as T]);
}

export function readVector<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, ROOT), 'utf8')) as T;
}

export interface AuditEventVector {
  readonly secret: string;
  readonly event: {
    readonly id: string;
    readonly action: 'DELETE';
    readonly resource_type: string;
    readonly resource_id: string;
    readonly actor_id: string;
    readonly actor_username: string | null;
    readonly timestamp: string;
    readonly ip_address: string | null;
    readonly user_agent: string | null;
    readonly recorded_at: string;
    readonly sequence: number;
    readonly signature_key_id: string;
  };
  readonly details: string;
  readonly details_canonical: string;
  readonly payload: string;
  readonly signature: string;
  readonly item: string;
  readonly leaf_hash: string;
}

export interface PacketVector {
  readonly seed: string;
  readonly public_key: string;
  readonly fingerprint: string;
  readonly report_id: string;
  readonly packet: { readonly [name: string]: unknown };
  readonly packet_text: string;
  readonly key_id: string;
  readonly value: string;
  readonly canonical_sha256: string;
  readonly document: string;
  readonly keys: string;
}
