/** Not the browser's own field: that shows times as its owner's country writes them, and knows no UTC. */
export const TIME_FIELD = { placeholder: '2026-01-31 10:30', maxLength: 30, autoComplete: 'off' } as const;

/** As people write it; a day or a minute as the end means all of it. */
export function readTime(text: string | undefined, name: 'start' | 'end'): string | undefined {
  if (text === undefined) return undefined;
  const [, day, minute, second] = /^(\d{4}-\d\d-\d\d)(?:[ T]+(\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?Z?$/.exec(text) ?? [];
  const rest =
    name === 'end'
      ? minute === undefined
        ? 'T23:59:59.999Z'
        : `T${minute}${second ?? ':59'}.999Z`
      : `T${minute ?? '00:00'}${second ?? ':00'}Z`;
  const time = `${day}${rest}`;
  // 31 February is no day: Date.parse would take it for one in March.
  const isTime = day !== undefined && !Number.isNaN(Date.parse(time));
  return isTime && new Date(time).toISOString().slice(0, 10) === day ? time : 'wrong';
}
