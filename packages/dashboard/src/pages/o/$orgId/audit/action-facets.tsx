import type { UseQueryResult } from '@tanstack/react-query';

import type { Histogram } from '../../../../api/queries.ts';
import { classes } from '../../../../ui/classes.ts';
import { number } from '../../../../ui/format.ts';

/** How many events each action has under the other filters; pressing one filters by it. */
export function ActionFacets({
  query,
  action,
  onChange,
}: {
  readonly query: UseQueryResult<Histogram>;
  readonly action: string | undefined;
  readonly onChange: (action: string | undefined) => void;
}) {
  const { data } = query;
  if (data === undefined) return <div className="skeleton mt-3 h-7 w-3/4" />;
  const entries = Object.entries(data.by_action)
    .filter(([name, events]) => events > 0 || name === action)
    .sort(([, one], [, other]) => other - one);
  return (
    <ul aria-label="Actions" className="no-print mt-3 flex flex-wrap gap-1.5">
      {entries.map(([name, events]) => {
        const on = name === action;
        return (
          <li key={name}>
            <button
              type="button"
              aria-pressed={on}
              onClick={() => onChange(on ? undefined : name)}
              className={classes(
                'flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium',
                on ? 'border-accent bg-accent-soft text-accent' : 'border-line text-ink-2 hover:bg-sunken',
              )}
            >
              {name}
              <span className={classes('tabular font-normal', !on && 'text-ink-3')}>{number(events)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
