/** Waits that are remembered; past this the oldest is forgotten, and may be told once more. */
const REMEMBERED = 10_000;

/**
 * Whether somebody who is made to wait is told of for the first time in that wait. In this process: of several servers each
 * tells once. Attempts that come meanwhile can be many, and each would be an event that its maker chose.
 */
export function createOnceAWait(): (who: string, seconds: number, now: Date) => boolean {
  const until = new Map<string, number>();
  return (who, seconds, now) => {
    if ((until.get(who) ?? 0) > now.getTime()) return false;
    until.delete(who);
    const [oldest] = until.keys();
    if (until.size >= REMEMBERED && oldest !== undefined) until.delete(oldest);
    until.set(who, now.getTime() + seconds * 1000);
    return true;
  };
}
