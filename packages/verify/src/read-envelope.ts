import type { JsonValue } from '@veritrail/formats';

import { InputError, membersOf } from './input-text.ts';
import { fail, pass, type Finding } from './verdict.ts';

/** What stands beside `items` on a page of the list of events. An answer to recorded events has `items` alone. */
export const PAGE_MEMBERS = ['total', 'page', 'page_size', 'pages'] as const;

export type Envelope = { readonly kind: 'answer' } | { readonly kind: 'page'; readonly page: PageMembers };
export type PageMembers = ReadonlyMap<string, JsonValue>;

/** @param value the envelope, with or without its items @throws {InputError} */
export function readEnvelope(value: JsonValue): Envelope {
  const members = new Map(membersOf(value));
  members.delete('items');
  if (members.size === 0) return { kind: 'answer' };
  if (members.size !== PAGE_MEMBERS.length || !PAGE_MEMBERS.every((name) => members.has(name))) {
    throw new InputError('Beside its items it does not have exactly total, page, page_size and pages.');
  }
  return { kind: 'page', page: members };
}

/** No MAC of an event covers these numbers; here they are only compared with each other. */
export function judgePage(members: PageMembers, items: number): Finding {
  const [total, page, size, pages] = PAGE_MEMBERS.map((name) => members.get(name));
  if (!isCount(total) || !isCount(page) || !isCount(size) || !isCount(pages) || page === 0 || size === 0) {
    return fail('total, page, page_size or pages is not a number that a page has.');
  }
  if (pages !== Math.ceil(total / size)) return fail(`${total} events make no ${pages} pages of ${size}.`);
  const expected = Math.max(0, Math.min(size, total - (page - 1) * size));
  return items === expected
    ? pass(`Page ${page} of ${pages}, ${items} of ${total} events.`)
    : fail(`Page ${page} of ${total} events in pages of ${size} holds ${expected} events, and here are ${items}.`);
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
