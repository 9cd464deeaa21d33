import type { WriteStream } from 'node:tty';

const EVERY_MS = 200;
const CELLS = 30;

/** A bar on a terminal that is written over and over; on anything else nothing. */
export interface CheckProgress {
  add(events: number): void;
  clear(): void;
}

/** @param events in all */
export function createCheckProgress(
  terminal: Pick<WriteStream, 'write'> & { isTTY?: boolean },
  events: number,
): CheckProgress {
  const begun = performance.now();
  let done = 0;
  let shownAt = begun;
  let shown = false;
  return {
    add(more) {
      done += more;
      const now = performance.now();
      if (terminal.isTTY !== true || now - shownAt < EVERY_MS) return;
      shownAt = now;
      shown = true;
      const share = Math.min(1, done / Math.max(1, events));
      const bar = '█'.repeat(Math.round(share * CELLS)).padEnd(CELLS, '░');
      const rate = Math.round((done * 1000) / (now - begun)).toLocaleString('en');
      terminal.write(`\r\u001b[K${bar} ${Math.floor(share * 100)} %  ${rate} events/s`);
    },
    clear() {
      if (shown) terminal.write('\r\u001b[K');
    },
  };
}
