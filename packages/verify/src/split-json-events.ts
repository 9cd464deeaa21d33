import { createByteBuffer } from './byte-buffer.ts';
import { InputError } from './input-text.ts';

/** Cuts a stream of bytes where one event ends and the next begins. */
export interface Splitter {
  /** @throws {InputError} */
  push(chunk: Uint8Array): void;
  /** @throws {InputError} if the input ends too early */
  finish(): void;
}

/** How the events stand in the input: `[…]`, `{"items":[…],…}`, or one object after the other. */
export type JsonFrame = 'array' | 'envelope' | 'objects';

export interface JsonSplitter extends Splitter {
  readonly frame: JsonFrame;
  /** After `finish`: what follows the array of an envelope, up to the end of the input. */
  readonly tail: Uint8Array;
}

/**
 * Details are 64 KiB at most; printed with every character escaped and every item on a line of its own, deep inside, an
 * event still has less than this. What is larger is no event, and isn't kept.
 */
export const MAX_EVENT_BYTES = 8 * 1024 * 1024;
const MAX_TAIL_BYTES = 64 * 1024;
const MAX_ENVELOPE_HEAD_BYTES = 4096;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What the next byte that isn't white space must be, or `object`: inside one; or `tail`: whatever. */
type State = 'start' | 'first' | 'next' | 'comma' | 'another' | 'nothing' | 'object' | 'tail';

/**
 * Finds the objects in JSON text of any size by their brackets and quotes alone; whether each is JSON is for its reader
 * to say. Keeps one object at most. Commas and brackets between objects are checked here, so nothing stays unread.
 *
 * @param onObject gets each object's bytes, which are good until it returns
 */
export function createJsonSplitter(onObject: (bytes: Uint8Array) => void): JsonSplitter {
  const kept = createByteBuffer();
  let state: State = 'start';
  let frame: JsonFrame = 'objects';
  let objects = 0;
  let offset = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;

  /** Takes one byte that stands between objects. @returns true if it is not taken, since an object begins with it */
  const step = (code: number, at: number): boolean => {
    if (code === OPEN_OBJECT && state !== 'comma' && state !== 'nothing') {
      state = 'object';
      depth = 0;
      return true;
    }
    if (code === OPEN_ARRAY && state === 'start') {
      frame = 'array';
      state = 'first';
    } else if (code === COMMA && state === 'comma') {
      state = 'next';
    } else if (code === CLOSE_ARRAY && (state === 'first' || state === 'comma')) {
      state = frame === 'envelope' ? 'tail' : 'nothing';
    } else {
      throw new InputError(`${EXPECTED[state]}, at byte ${offset + at}, stands something else.`);
    }
    return false;
  };

  /** Reads on in an object. @returns the place after what was read */
  const readObject = (chunk: Uint8Array, from: number): number => {
    for (let at = from; at < chunk.length; at++) {
      const code = chunk[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) inString = false;
      } else if (code === QUOTE) {
        inString = true;
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        if (code === OPEN_ARRAY && depth === 1 && isEnvelopeHead(chunk, from, at)) {
          kept.take();
          frame = 'envelope';
          state = 'first';
          return at + 1;
        }
        depth += 1;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        depth -= 1;
        if (depth === 0) {
          endObject(chunk.subarray(from, at + 1));
          return at + 1;
        }
      }
    }
    keepObject(chunk.subarray(from));
    return chunk.length;
  };

  const isEnvelopeHead = (chunk: Uint8Array, from: number, at: number): boolean => {
    if (frame !== 'objects' || objects > 0 || kept.length + at - from > MAX_ENVELOPE_HEAD_BYTES) return false;
    const head = String.fromCharCode(...kept.view(), ...chunk.subarray(from, at));
    return /^\{[ \t\r\n]*"items"[ \t\r\n]*:[ \t\r\n]*$/.test(head);
  };

  const keepObject = (bytes: Uint8Array): void => {
    if (kept.length + bytes.length > MAX_EVENT_BYTES) failSize(`Object ${objects + 1}`, MAX_EVENT_BYTES);
    kept.append(bytes);
  };

  const endObject = (bytes: Uint8Array): void => {
    if (bytes.length > MAX_EVENT_BYTES) failSize(`Object ${objects + 1}`, MAX_EVENT_BYTES);
    state = frame === 'objects' ? 'another' : 'comma';
    if (kept.length > 0) keepObject(bytes);
    objects += 1;
    onObject(kept.length > 0 ? kept.take() : bytes);
  };

  const readTail = (bytes: Uint8Array): void => {
    if (kept.length + bytes.length > MAX_TAIL_BYTES) failSize('What follows the events', MAX_TAIL_BYTES);
    kept.append(bytes);
  };

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length;) {
        const code = chunk[at] ?? 0;
        if (state === 'object') {
          at = readObject(chunk, at);
        } else if (state === 'tail') {
          readTail(chunk.subarray(at));
          break;
        } else if (isSpace(code) || !step(code, at)) {
          at += 1;
        }
      }
      offset += chunk.length;
    },
    finish() {
      if (state !== 'another' && state !== 'nothing' && state !== 'tail') {
        throw new InputError('It ends too early: it was cut off, or the answer broke off.');
      }
    },
    get frame() {
      return frame;
    },
    get tail() {
      return kept.view();
    },
  };
}

const EXPECTED: Readonly<Record<State, string>> = {
  start: 'Where an event or a list of events should start',
  first: 'Where the first event or the end of the list should be',
  next: 'Where the next event should start',
  comma: 'Where a comma or the end of the list should be',
  another: 'Where another event or the end should be',
  nothing: 'Where the end should be',
  object: '',
  tail: '',
};

function failSize(what: string, limit: number): never {
  throw new InputError(`${what} is longer than ${limit} bytes.`);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
