import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { prepareEvent, type QueuedEvent } from '../src/audit-event.ts';
import { openSpool, REJECTED_FILE } from '../src/spool.ts';
import { createUuidV7 } from '../src/uuid-v7.ts';
import { removeSpools, spoolFolder } from './support/scene.ts';

afterEach(removeSpools);

const MEGABYTE = 1024 * 1024;
const newId = createUuidV7(() => new Date());

function queued(bytes = 200): QueuedEvent {
  const details = { fill: 'x'.repeat(bytes) };
  return prepareEvent(
    { action: 'READ', resource_type: 't', resource_id: '1', actor_id: 'u', details },
    newId,
    new Date(),
  );
}

function segmentsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('events-'))
    .sort();
}

describe('a spool', () => {
  it('gives out what was added, in order, to the next process too', async () => {
    const folder = spoolFolder();
    const events = Array.from({ length: 300 }, () => queued());
    const first = await openSpool(folder, MEGABYTE);
    await Promise.all(events.slice(0, 200).map((one) => first.add(one)));
    expect(await first.peek(50, MEGABYTE)).toEqual(events.slice(0, 50).map(({ line }) => line));
    await first.settle(50);
    await first.close();

    const second = await openSpool(folder, MEGABYTE);
    for (const one of events.slice(200)) await second.add(one);
    const seen: string[] = [];
    while (second.events > 0) {
      const lines = await second.peek(70, MEGABYTE);
      seen.push(...lines);
      await second.settle(lines.length);
    }
    // What the first process had settled may come again, never less than what was left.
    expect(seen.slice(-250)).toEqual(events.slice(50).map(({ line }) => line));
    await second.close();
    expect(segmentsIn(folder)).toEqual([]);
  });

  it('is readable by nobody else', async () => {
    const folder = spoolFolder();
    const spool = await openSpool(folder, MEGABYTE);
    await spool.add(queued());
    await spool.putAside(queued().line, { status: 422, detail: 'No.' });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of [...segmentsIn(folder), REJECTED_FILE]) {
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    await spool.close();
  });

  it('holds no more bytes than it may, says so, and has room again when events are settled', async () => {
    const spool = await openSpool(spoolFolder(), MEGABYTE);
    let taken = 0;
    const fill = async (): Promise<unknown> => {
      for (;;) {
        try {
          await spool.add(queued(5000));
          taken += 1;
        } catch (error) {
          return error;
        }
      }
    };
    expect(await fill()).toMatchObject({ code: 'spool_full', message: expect.stringContaining('was not taken') });
    expect(spool.events).toBe(taken);
    expect(spool.bytes).toBeLessThanOrEqual(MEGABYTE);
    for (let settled = 0; settled < taken;) {
      const { length } = await spool.peek(40, MEGABYTE);
      await spool.settle(length);
      settled += length;
    }
    expect(spool.events).toBe(0);
    const before = taken;
    expect(await fill()).toMatchObject({ code: 'spool_full' });
    expect(taken - before).toBeGreaterThan(before * 0.8);
    await spool.close();
  });

  it('counts what was put aside as what it holds, until its owner takes it away', async () => {
    const folder = spoolFolder();
    const spool = await openSpool(folder, MEGABYTE);
    while (statSafely(join(folder, REJECTED_FILE)) < MEGABYTE) {
      await spool.putAside(queued(60_000).line, { status: 422, detail: 'No.' });
    }
    await expect(spool.add(queued())).rejects.toMatchObject({ code: 'spool_full' });
    writeFileSync(join(folder, REJECTED_FILE), '');
    await spool.add(queued());
    await spool.close();
  });

  it('is one process’s at a time', async () => {
    const folder = spoolFolder();
    const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => openSpool(folder, MEGABYTE)));
    const opened = attempts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(opened).toHaveLength(1);
    for (const one of attempts) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'spool_in_use' });
    }
    await opened[0]?.close();
    await (await openSpool(folder, MEGABYTE)).close();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('after a crash', () => {
  it.each([1, 30, 150])('a last line torn after %i bytes is dropped and counted, and nothing else', async (bytes) => {
    const folder = spoolFolder();
    const events = [queued(), queued(), queued()];
    const first = await openSpool(folder, MEGABYTE);
    for (const one of events) await first.add(one);
    await first.close();
    const path = join(folder, segmentsIn(folder)[0] ?? '');
    appendFileSync(path, queued().line.slice(0, bytes));

    const second = await openSpool(folder, MEGABYTE);
    expect(second.dropped).toBe(1);
    expect(await second.peek(10, MEGABYTE)).toEqual(events.map(({ line }) => line));
    await second.close();
    expect(readFileSync(path, 'utf8')).toBe(events.map(({ line }) => `${line}\n`).join(''));
  });

  it('bytes that the disk made up are dropped, and the lines around them kept', async () => {
    const folder = spoolFolder();
    const first = await openSpool(folder, MEGABYTE);
    const [one, two, three] = [queued(), queued(), queued()];
    for (const each of [one, two, three]) await first.add(each);
    await first.close();
    const path = join(folder, segmentsIn(folder)[0] ?? '');
    const bytes = readFileSync(path);
    const start = Buffer.byteLength(one.line) + 1;
    bytes.fill(0, start + 60, start + 90);
    writeFileSync(path, bytes);

    const second = await openSpool(folder, MEGABYTE);
    expect(second.dropped).toBe(1);
    expect(await second.peek(10, MEGABYTE)).toEqual([one.line, three.line]);
    await second.close();
  });
});

function statSafely(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
