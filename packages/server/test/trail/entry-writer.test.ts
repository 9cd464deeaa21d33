import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { EntryWriter } from '../../src/trail/entry-writer.ts';
import { newEventId } from '../../src/trail/event-id.ts';

/** RFC 9162, 2.1.1. */
const leafOf = (entry: string): string =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(Buffer.from(entry, 'utf8'))
    .digest('hex');

describe('entries', () => {
  const parts = [
    ['{"name":"plain"', ',"sequence":0}'],
    ['{"name":"Zoë, 🦊, 漢字"', ',"sequence":1}'],
    [`{"name":"${'ß'.repeat(5000)}"`, ',"sequence":2}'],
    ['{"name":"', '"}'],
  ] as const;

  it.each([0, 1, 40, 100_000])('are joined by commas and hashed each, with room for %i bytes at first', (room) => {
    const writer = new EntryWriter(room);
    const leaves = parts.map(([opening, closing]) => {
      const from = Buffer.from(`[[${opening}]]`);
      const leaf = writer.addLeaf(from, 2, from.length - 2, closing);
      return Buffer.from(leaf, 'latin1').toString('hex');
    });
    writer.add(Buffer.from('{"stored":"before"}'));
    const entries = parts.map(([opening, closing]) => opening + closing);
    expect(leaves).toEqual(entries.map(leafOf));
    expect(writer.entries().toString()).toBe([...entries, '{"stored":"before"}'].join(','));
  });

  it('may be none', () => {
    expect(new EntryWriter(10).entries().toString()).toBe('');
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 that begin with the time, and all differ', () => {
    const before = Date.now();
    const ids = Array.from({ length: 5000 }, newEventId);
    const after = Date.now();
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(after);
    }
  });

  it('share no run of random digits', () => {
    const tails = Array.from({ length: 2000 }, () => newEventId().slice(19));
    expect(new Set(tails).size).toBe(tails.length);
    for (const place of [1, 5, 9, 16]) expect(new Set(tails.map((tail) => tail[place])).size).toBeGreaterThan(3);
  });
});
