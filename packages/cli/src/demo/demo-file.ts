import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { writeDurably } from '@veritrail/server';

/** How to get into the demo: demo.json in the data directory, mode 0600. */
export interface DemoFile {
  readonly organization_id: string;
  readonly name: string;
  readonly keys: Readonly<Record<DemoRole, { readonly key: string; readonly secret: string }>>;
}

export const DEMO_ROLES = ['owner', 'analyst', 'recorder'] as const;
export type DemoRole = (typeof DEMO_ROLES)[number];

export function demoFilePath(dataDirectory: string): string {
  return path.join(dataDirectory, 'demo.json');
}

export async function writeDemoFile(dataDirectory: string, facts: DemoFile): Promise<void> {
  await writeDurably(demoFilePath(dataDirectory), `${JSON.stringify(facts, null, 2)}\n`);
}

/** Undefined if there is none, or none that is whole: somebody may have deleted it, since it holds secrets. */
export async function readDemoFile(dataDirectory: string): Promise<DemoFile | undefined> {
  try {
    const facts = JSON.parse(await readFile(demoFilePath(dataDirectory), 'utf8')) as DemoFile;
    const complete = DEMO_ROLES.every((role) => typeof facts.keys[role].secret === 'string');
    return complete ? facts : undefined;
  } catch {
    return undefined;
  }
}
