import type { WriteStream } from 'node:tty';

const EVERY_MS = 200;

/** One line on a terminal that is written over and over; on anything else nothing. */
export interface Progress {
  show(bytes: number, events: number): void;
  clear(): void;
}

/** @param size of the whole in bytes, if known */
export function createProgress(
  terminal: Pick<WriteStream, 'write'> & { isTTY?: boolean },
  size: number | undefined,
): Progress {
  if (terminal.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let shownAt = -Infinity;
  const of = size === undefined ? '' : ` of ${megabytes(size)}`;
  return {
    show(bytes, events) {
      const now = performance.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      terminal.write(`\r\u001b[K${megabytes(bytes)}${of} MB, ${events} events`);
    },
    clear() {
      if (shownAt > 0) terminal.write('\r\u001b[K');
    },
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
