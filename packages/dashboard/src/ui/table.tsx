import { useId, type ReactNode } from 'react';

import { classes } from './classes.ts';

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'end';
  /** Its own line on narrow screens, without a name before it. */
  readonly main?: boolean;
  readonly className?: string;
  /** The heading is for screen readers alone, as over a column of buttons. */
  readonly quietName?: boolean;
}

/** A table on wide screens; on narrow ones each row is a block of names and values, as nothing may scroll sideways. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}) {
  const id = useId();
  return (
    <table className="w-full text-sm max-md:block" aria-labelledby={id}>
      <caption id={id} className="sr-only">
        {caption}
      </caption>
      <thead className="max-md:sr-only">
        <tr className="border-b border-line text-xs text-ink-3">
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              className={classes('px-3 py-2 first:pl-5 last:pr-5', column.align === 'end' && 'text-end')}
            >
              {column.quietName === true ? <span className="sr-only">{column.name}</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {rows.map((row) => (
          <tr
            key={keyOf(row)}
            className="border-b border-line last:border-0 max-md:grid max-md:grid-cols-[auto_1fr] max-md:gap-x-4 max-md:gap-y-1.5 max-md:px-4 max-md:py-3.5 md:hover:bg-sunken/50"
          >
            {columns.map((column) => (
              <td
                key={column.name}
                className={classes(
                  'min-w-0 align-top md:px-3 md:py-2.5 md:first:pl-5 md:last:pr-5',
                  column.align === 'end' && 'tabular md:text-end',
                  column.main === true || column.quietName === true
                    ? 'max-md:col-span-2'
                    : 'max-md:col-span-2 max-md:grid max-md:grid-cols-subgrid',
                  column.className,
                )}
              >
                {column.main !== true && column.quietName !== true && (
                  <span aria-hidden="true" className="text-ink-3 md:hidden">
                    {column.name}
                  </span>
                )}
                <div className="min-w-0 break-words">{column.cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
