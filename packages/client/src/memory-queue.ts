import { AuditClientError } from './client-error.ts';
import type { EventQueue } from './event-queue.ts';

/** Keeps nothing beyond the process: whoever needs to know that an event is safe waits for the server. */
export function createMemoryQueue(mostBytes: number): EventQueue {
  const waiting: { readonly line: string; readonly size: number }[] = [];
  let bytes = 0;
  return {
    get events() {
      return waiting.length;
    },
    get bytes() {
      return bytes;
    },
    add({ line }) {
      const size = Buffer.byteLength(line) + 1;
      if (bytes + size > mostBytes) {
        return Promise.reject(
          new AuditClientError(
            'spool_full',
            `${bytes} bytes of events wait for the server, and ${mostBytes} may; the event was not taken.`,
          ),
        );
      }
      waiting.push({ line, size });
      bytes += size;
      return Promise.resolve();
    },
    peek(mostEvents, most) {
      const lines: string[] = [];
      let sum = 0;
      for (const { line, size } of waiting) {
        sum += size;
        if (lines.length === mostEvents || (lines.length > 0 && sum > most)) break;
        lines.push(line);
      }
      return Promise.resolve(lines);
    },
    settle(count) {
      for (const { size } of waiting.splice(0, count)) bytes -= size;
      return Promise.resolve();
    },
    putAside: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
