/**
 * Something that its owner should know. Told once when it begins, not at every try.
 *
 * - `unreachable`: the server is away or busy; events wait and are sent when it is back
 * - `stopped`: the server takes no events from this client (401, 403, 404 …); they wait, and it is asked again after minutes
 * - `clock`: an event's time is more than five minutes ahead of the server's clock; it and what is behind it wait
 * - `rejected`: the server will never take this one event; it was put aside (`event` is its JSON text)
 * - `dropped`: lines of the spool were torn or unreadable after a crash
 * - `spool`: the disk refused something while sending; it is tried again
 */
export interface Problem {
  readonly kind: 'unreachable' | 'stopped' | 'clock' | 'rejected' | 'dropped' | 'spool';
  readonly message: string;
  readonly status?: number;
  readonly event?: string;
}

export type OnProblem = (problem: Problem) => void;

/** A listener that throws must not stop the events. */
export function guardListener(onProblem: OnProblem | undefined): OnProblem {
  return (problem) => {
    try {
      onProblem?.(problem);
    } catch {
      // Its own fault, and nobody is left to tell.
    }
  };
}
