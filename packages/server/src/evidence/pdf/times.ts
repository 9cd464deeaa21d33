const TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/;

/** "2026-05-22 10:00:00", always UTC, which the label beside it says. What isn't a time of ours stays as it is. */
export function dayAndTime(time: string): string {
  return time.replace(TIME, '$1 $2');
}

/** Null stays visible as a word, never as an empty cell. */
export function dayAndTimeOr(time: string | null, otherwise: string): string {
  return time === null ? otherwise : dayAndTime(time);
}

export function day(time: string): string {
  return time.replace(TIME, '$1');
}
