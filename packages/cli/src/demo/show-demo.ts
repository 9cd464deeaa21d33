import path from 'node:path';
import { styleText } from 'node:util';

import type { RunningServer } from '@veritrail/server';

import { DEMO_NAME } from './demo-organization.ts';
import { demoFilePath, type DemoFile } from './demo-file.ts';
import { createProgressLine, grouped } from './progress.ts';
import { provideDemo, type Demo } from './provide-demo.ts';

/** Provides the demo and says so on `out` all along. @throws {DemoError} */
export async function showDemo(
  server: RunningServer,
  options: { readonly events: number; readonly signal: AbortSignal },
  out: NodeJS.WriteStream,
): Promise<void> {
  const line = createProgressLine(out);
  let demo: Demo;
  try {
    demo = await provideDemo(server.house, {
      ...options,
      onProgress: line.show,
      onStart: ({ abandoned }) => {
        for (const id of abandoned) {
          out.write(
            `An earlier demo broke off; its half-filled organization ${id} stays as it is, and a fresh one is made.\n`,
          );
        }
        out.write(
          `Filling a demo organization with ${grouped(options.events)} invented events; the server answers meanwhile.\n\n`,
        );
      },
    });
  } finally {
    line.end();
  }
  out.write(describeDemo(demo, server));
}

function describeDemo(demo: Demo, { baseUrl, house }: RunningServer): string {
  const { organizationId, file, made } = demo;
  const where = path.relative(process.cwd(), demoFilePath(house.configuration.dataDirectory));
  const title = `${styleText('bold', DEMO_NAME)}  ${organizationId}\n`;
  if (file === undefined) {
    return `${title}\n  It was made before, and ${where} with its keys is gone; sign in as an owner of it to make others.\n\n`;
  }
  const told =
    made === undefined
      ? 'It was made before and stays as it is.'
      : `${grouped(made.events)} events, and ${grouped(made.records)} of services, backups, observations and declarations, as if from ` +
        `${day(made.from)} to ${day(made.to)}.`;
  return `${title}
  ${told}
  Keys of an owner, an analyst and a recorder are in ${where}.

${styleText('bold', 'Its signed posture report, and its newest events:')}

  ${curl(file, 'owner')} \\
    ${baseUrl}/organizations/${organizationId}/compliance-report
  ${curl(file, 'analyst')} \\
    '${baseUrl}/api/v1/compliance/audit-events?page_size=5'

`;
}

function curl({ keys }: DemoFile, role: keyof DemoFile['keys']): string {
  return `curl -su '${keys[role].key}:${keys[role].secret}'`;
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}
