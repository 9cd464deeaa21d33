import { fail, type Cursor } from './json-cursor.ts';

// Up to here, comparing with each name is faster than hashing.
const COMPARED_NAMES = 16;

/**
 * Notes a member's name and refuses it if its object has it already.
 *
 * @param base the cursor's `nameCount` before the object's first name
 * @param offset where the name stands
 * @param seen what this function returned for the name before: a set once the names are many
 */
export function checkName(
  cursor: Cursor,
  base: number,
  name: string,
  offset: number,
  seen: Set<string> | undefined,
): Set<string> | undefined {
  const { names, nameCount } = cursor;
  if (seen === undefined) {
    for (let i = base; i < nameCount; i++) if (names[i] === name) failDuplicate(offset);
    if (nameCount - base < COMPARED_NAMES) {
      names[nameCount] = name;
      cursor.nameCount = nameCount + 1;
      return undefined;
    }
    seen = new Set();
    for (let i = base; i < nameCount; i++) seen.add(hashable(names[i] ?? ''));
  }
  const { size } = seen;
  if (seen.add(hashable(name)).size === size) failDuplicate(offset);
  return seen;
}

/** V8 hashes short strings of digits without its secret seed; so marked, names can't be chosen to share a bucket. */
function hashable(name: string): string {
  return `"${name}`;
}

function failDuplicate(offset: number): never {
  fail('json_duplicate_key', offset, 'An object has two members of the same name.');
}
