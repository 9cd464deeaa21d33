import { useEffect, useState, type SyntheticEvent } from 'react';

import { ACTIONS } from '../../../../trail/actions.ts';
import { Button } from '../../../../ui/button.tsx';
import { SelectField, TextField } from '../../../../ui/field.tsx';
import { readTime, TIME_FIELD } from '../../../../ui/time-field.ts';
import { useMedia } from '../../../../ui/use-media.ts';
import type { AuditSearch } from './search.ts';
import { textOf } from '../../../../ui/form-text.ts';

const DAY = 86_400_000;
const RANGES = [
  ['24 hours', DAY],
  ['7 days', 7 * DAY],
  ['30 days', 30 * DAY],
  ['90 days', 90 * DAY],
  ['12 months', 365 * DAY],
] as const;

type Change = (next: Partial<Record<keyof AuditSearch, string | undefined>>) => void;

/** Filters of the list; they stand in the address, so that a link shows somebody else the same events. */
export function Filters({ search, onChange }: { readonly search: AuditSearch; readonly onChange: Change }) {
  const any = ['action', 'resource_type', 'actor_id', 'start_date', 'end_date'].some(
    (name) => search[name as keyof AuditSearch] !== undefined,
  );
  const wide = useMedia('(min-width: 40rem)');
  const [open, setOpen] = useState(false);
  return (
    <section
      aria-label="Filters"
      className="no-print rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card sm:px-5"
    >
      {!wide && (
        <Button className="w-full" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide the filters' : any ? 'Change the filters' : 'Filter the events'}
        </Button>
      )}
      {(wide || open) && (
        <div className="max-sm:mt-3">
          <Form key={JSON.stringify({ ...search, event: undefined })} search={search} onChange={onChange} />
        </div>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-1.5" role="group" aria-label="The last">
        <span className="mr-1 text-xs text-ink-3">The last</span>
        {RANGES.map(([name, length]) => (
          <Button
            key={name}
            size="small"
            onClick={() => {
              const now = Date.now();
              onChange({ start_date: toSecond(now - length), end_date: toSecond(now) });
            }}
          >
            {name}
          </Button>
        ))}
        {any && (
          <Button
            size="small"
            look="quiet"
            onClick={() =>
              onChange({
                action: undefined,
                resource_type: undefined,
                actor_id: undefined,
                start_date: undefined,
                end_date: undefined,
              })
            }
          >
            Clear all filters
          </Button>
        )}
      </div>
    </section>
  );
}

function Form({ search, onChange }: { readonly search: AuditSearch; readonly onChange: Change }) {
  const [error, setError] = useState<{ readonly name: 'start' | 'end'; readonly sentence: string }>();
  useEffect(() => setError(undefined), [search]);
  const apply = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string | undefined => textOf(form, name) || undefined;
    const time = (name: 'start' | 'end'): string | undefined => {
      const value = text(name);
      // What was not touched stays as exact as it stands in the address.
      const before = search[`${name}_date`];
      return before !== undefined && fieldOf(before) === value ? before : readTime(value, name);
    };
    const [start, end] = [time('start'), time('end')];
    for (const name of ['start', 'end'] as const) {
      if ((name === 'start' ? start : end) !== 'wrong') continue;
      setError({ name, sentence: 'Write it as 2026-01-31 or 2026-01-31 10:30.' });
      return;
    }
    if (start !== undefined && end !== undefined && Date.parse(end) < Date.parse(start)) {
      setError({ name: 'end', sentence: 'This must not be before From.' });
      return;
    }
    onChange({
      action: text('action'),
      resource_type: text('resource_type'),
      actor_id: text('actor_id'),
      start_date: start,
      end_date: end,
    });
  };
  return (
    <form
      onSubmit={apply}
      className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_1fr_1.1fr_1.1fr_auto]"
    >
      <SelectField
        label="Action"
        name="action"
        defaultValue={search.action ?? ''}
        onChange={(event) => event.currentTarget.form?.requestSubmit()}
      >
        <option value="">All actions</option>
        {ACTIONS.map((action) => (
          <option key={action}>{action}</option>
        ))}
      </SelectField>
      <TextField
        label="Resource type"
        name="resource_type"
        defaultValue={search.resource_type ?? ''}
        placeholder="Any, such as user"
        maxLength={1000}
      />
      <TextField
        label="Actor id"
        name="actor_id"
        defaultValue={search.actor_id ?? ''}
        placeholder="Anybody"
        maxLength={1000}
      />
      <TextField
        label="From (UTC)"
        name="start"
        defaultValue={fieldOf(search.start_date)}
        error={error?.name === 'start' ? error.sentence : undefined}
        {...TIME_FIELD}
      />
      <TextField
        label="Until (UTC)"
        name="end"
        defaultValue={fieldOf(search.end_date)}
        error={error?.name === 'end' ? error.sentence : undefined}
        {...TIME_FIELD}
      />
      <Button type="submit" look="primary" className="self-start sm:mt-[1.4rem]">
        Apply
      </Button>
    </form>
  );
}

function fieldOf(time: string | undefined): string {
  return time === undefined ? '' : new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

function toSecond(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
