const FIRST_MS = 200;
const LONGEST_MS = 30_000;

/** Milliseconds before the next try: twice as long each time, with half of it random so that many clients spread out. */
export function backoffMs(failures: number, retryAfterMs: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  const own = most / 2 + (Math.random() * most) / 2;
  // The server's wish is a least: everybody at that very moment would be the next overload.
  return Math.max(own, retryAfterMs === 0 ? 0 : retryAfterMs + Math.random() * Math.min(retryAfterMs, 1000));
}
