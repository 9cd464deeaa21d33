import type { ServerResponse } from 'node:http';

/** Long enough for a laptop that sleeps a moment; a reader that takes a byte now and then isn't stalled. */
const PATIENCE_MS = 5 * 60_000;
const LOOKS = 10;

/**
 * Breaks the connection off when its reader takes nothing for minutes though there is something for it, which would
 * keep a place and memory for as long as it likes. A body that isn't made yet is no fault of the reader's.
 *
 * @param waiting bytes made for the reader that haven't left yet
 */
export function breakOffStalled(response: ServerResponse, waiting: () => number, patienceMs = PATIENCE_MS): void {
  const { socket } = response;
  if (socket === null) return;
  /** What the kernel took. */
  const left = (): number => socket.bytesWritten - socket.writableLength;
  let before = left();
  let since = performance.now();
  const timer = setInterval(() => {
    const now = left();
    if (now !== before || waiting() === 0) {
      before = now;
      since = performance.now();
    } else if (performance.now() - since >= patienceMs) {
      response.destroy();
    }
  }, patienceMs / LOOKS).unref();
  response.once('close', () => clearInterval(timer));
}
