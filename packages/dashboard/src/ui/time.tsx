import { ago, clock, day, moment } from './format.ts';

/** A time in UTC with its zone, machine-readable; how long ago it is shows on hover. */
export function Time({ at, short = false }: { readonly at: string; readonly short?: boolean }) {
  return (
    <time dateTime={at} title={short ? `${moment(at)} (${ago(at)})` : ago(at)} className="tabular sm:whitespace-nowrap">
      {short ? ago(at) : `${day(at)}, ${clock(at)} UTC`}
    </time>
  );
}

export function Day({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={`${moment(at)} (${ago(at)})`} className="tabular sm:whitespace-nowrap">
      {day(at)}
    </time>
  );
}
