import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { styleText } from 'node:util';

import { AuditClientError, createAuditClient, type UploadProgress, type UploadSummary } from '@veritrail/client';
import type { Command } from 'commander';

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 1000;

export function addImport(program: Command): void {
  program
    .command('import')
    .description('record events from a file, one JSON object a line, each with an id; - reads standard input')
    .argument('<file>', 'NDJSON file, or - for standard input')
    .requiredOption('--url <url>', 'address of the server')
    .option('--organization <id>', 'organization, if the credential belongs to several')
    .addHelpText(
      'after',
      '\nThe API key comes from VERITRAIL_API_KEY and VERITRAIL_API_SECRET; the role recorder is enough.',
    )
    .action(importEvents);
}

async function importEvents(
  file: string,
  { url, organization }: { url: string; organization?: string },
): Promise<void> {
  const { VERITRAIL_API_KEY: apiKey = '', VERITRAIL_API_SECRET: apiSecret = '' } = process.env;
  if (apiKey === '' || apiSecret === '') {
    fail('Set VERITRAIL_API_KEY and VERITRAIL_API_SECRET to an API key and its secret.');
    return;
  }
  const progress = showProgress(file === '-' ? undefined : await sizeOf(file));
  try {
    const client = await createAuditClient({
      baseUrl: url,
      apiKey,
      apiSecret,
      ...(organization !== undefined && { organization }),
    });
    const source = file === '-' ? process.stdin : createReadStream(file);
    const summary = await client.uploadNdjson(source, { onProgress: progress.show });
    await client.close();
    progress.end();
    process.stdout.write(`${sentenceOf(summary)}\n`);
  } catch (error) {
    progress.end();
    fail(explain(error, file));
  }
}

function sentenceOf({ lines, accepted, duplicates }: UploadSummary): string {
  const before = duplicates === 0 ? '' : `, and ${duplicates} that the trail had already`;
  return `${lines} lines: ${accepted} events recorded${before}.`;
}

function explain(error: unknown, file: string): string {
  if (error instanceof AuditClientError) {
    const { line, accepted } = error.facts;
    if (line === undefined) return error.message;
    const begun = `The ${line - 1} lines before it are recorded, ${accepted ?? 0} of them by this import.`;
    return `${error.message}\n${begun} Repair line ${line} and import the file again: what is recorded stays as it is.`;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `There is no file ${file}.`;
  return message;
}

function fail(sentence: string): void {
  process.stderr.write(`${styleText('red', 'Not imported.')} ${sentence}\n`);
  process.exitCode = 1;
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
}

function showProgress(size: number | undefined) {
  const from = performance.now();
  let shownAt = from;
  let waiting = false;
  const write = (text: string): void =>
    void process.stderr.write(process.stderr.isTTY ? `\r\u001B[K${text}` : `${text}\n`);
  return {
    show({ lines, bytes, waitsBecause }: UploadProgress): void {
      const now = performance.now();
      const begins = waitsBecause !== undefined && !waiting;
      waiting = waitsBecause !== undefined;
      if (!begins && now - shownAt < PROGRESS_MS) return;
      shownAt = now;
      const share = size === undefined || size === 0 ? '' : ` (${Math.floor((bytes / size) * 100)} %)`;
      const rate = Math.round(lines / ((now - from) / 1000));
      const wait = waitsBecause === undefined ? '' : `; waiting: ${waitsBecause}`;
      write(`${lines} lines, ${(bytes / 1e6).toFixed(1)} MB${share}, ${rate} events/s${wait}`);
    },
    end(): void {
      if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
    },
  };
}
