import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { makeScratchFolder } from '../../../server/test/storage/scratch.ts';
import { readTrail, type EventItem, type World } from '../../../server/test/support/world.ts';
import type { TestServer } from '../../../server/test/support/test-server.ts';
import {
  createAuditClient,
  type AuditClient,
  type AuditClientOptions,
  type AuditEventInput,
  type Problem,
} from '../../src/index.ts';

export interface Scene {
  readonly client: AuditClient;
  readonly problems: Problem[];
}

/** `key.secret`, as the worlds of the server's tests keep it. */
export function credentialOf(bearer: string): { apiKey: string; apiSecret: string } {
  const [apiKey = '', apiSecret = ''] = bearer.slice('Bearer '.length).split('.');
  return { apiKey, apiSecret };
}

const open = new Set<AuditClient>();

export async function openClient(
  server: TestServer,
  world: World,
  options: Partial<AuditClientOptions> = {},
): Promise<Scene> {
  const problems: Problem[] = [];
  const client = await createAuditClient({
    baseUrl: server.baseUrl,
    ...credentialOf(world.keys.recorder.bearer),
    flushMs: 5,
    onProblem: (problem) => void problems.push(problem),
    ...options,
  });
  open.add(client);
  return { client, problems };
}

/** For the end of each test, whatever happened in it. */
export async function closeClients(): Promise<void> {
  await Promise.all([...open].map((client) => client.close({ timeoutMs: 0 })));
  open.clear();
}

const folders: string[] = [];

export function spoolFolder(): string {
  const scratch = makeScratchFolder();
  folders.push(scratch.path);
  return join(scratch.path, 'spool');
}

export function removeSpools(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function event(number: number, change: Partial<AuditEventInput> = {}): AuditEventInput {
  return { action: 'UPDATE', resource_type: 'thing', resource_id: `t-${number}`, actor_id: 'usr-1', ...change };
}

export async function things(server: TestServer, world: World): Promise<EventItem[]> {
  return (await readTrail(server, world)).filter(({ resource_type: type }) => type === 'thing');
}

export async function thingIds(server: TestServer, world: World): Promise<string[]> {
  return (await things(server, world)).map(({ resource_id: id }) => id);
}

export function range(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `t-${index}`);
}
