import type * as files from 'node:fs/promises';
import { readdirSync } from 'node:fs';

import { afterEach, expect, it, vi } from 'vitest';

import { prepareEvent, type QueuedEvent } from '../src/audit-event.ts';
import { openSpool } from '../src/spool.ts';
import { createUuidV7 } from '../src/uuid-v7.ts';
import { removeSpools, spoolFolder } from './support/scene.ts';

/** The disk, at the edge of the world. */
const disk = vi.hoisted(() => ({ syncsDirectories: true, removes: true }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  const open: typeof real.open = async (path, ...rest) => {
    const found = await real.stat(path).catch(() => undefined);
    if (found?.isDirectory() === true && !disk.syncsDirectories) throw new Error('EIO: i/o error');
    return real.open(path, ...rest);
  };
  const rm: typeof real.rm = async (...given) => {
    if (!disk.removes) throw new Error('EIO: i/o error');
    await real.rm(...given);
  };
  return { ...real, open, rm };
});

afterEach(() => {
  Object.assign(disk, { syncsDirectories: true, removes: true });
  removeSpools();
});

const MEGABYTE = 1024 * 1024;
const newId = createUuidV7(() => new Date());

function queued(): QueuedEvent {
  return prepareEvent({ action: 'READ', resource_type: 't', resource_id: '1', actor_id: 'u' }, newId, new Date());
}

it.each([true, false])(
  'a spool takes events again after its directory could not be synced, whether the file could be removed (%s) or not',
  async (removes) => {
    const folder = spoolFolder();
    const spool = await openSpool(folder, MEGABYTE);
    Object.assign(disk, { syncsDirectories: false, removes });
    const lost = queued();
    await expect(spool.add(lost)).rejects.toMatchObject({ code: 'spool_unusable' });
    Object.assign(disk, { syncsDirectories: true, removes: true });
    const kept = [queued(), queued()];
    for (const one of kept) await spool.add(one);
    expect([spool.events, await spool.peek(10, MEGABYTE)]).toEqual([2, kept.map(({ line }) => line)]);
    await spool.close();

    const next = await openSpool(folder, MEGABYTE);
    expect([next.dropped, await next.peek(10, MEGABYTE)]).toEqual([0, kept.map(({ line }) => line)]);
    await next.settle(2);
    await next.close();
    expect(readdirSync(folder)).toEqual([]);
  },
);
