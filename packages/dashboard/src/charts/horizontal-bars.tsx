import { number, percent } from '../ui/format.ts';

/** Names, bars and numbers; a table, so that it is read as one. */
export function HorizontalBars({
  caption,
  rows,
}: {
  readonly caption: string;
  readonly rows: readonly { readonly name: string; readonly value: number }[];
}) {
  const most = Math.max(1, ...rows.map((row) => row.value));
  const whole = rows.reduce((sum, row) => sum + row.value, 0);
  return (
    <table className="w-full text-[0.8125rem]">
      <caption className="sr-only">{caption}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Bar</th>
          <th scope="col">Number</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row" className="py-1 pr-3 font-normal whitespace-nowrap text-ink-2">
              {row.name}
            </th>
            <td className="w-full py-1" aria-hidden="true">
              <div className="h-2.5 rounded-xs bg-accent-fill" style={{ width: `${(row.value / most) * 100}%` }} />
            </td>
            <td className="tabular py-1 pl-3 text-end">{number(row.value)}</td>
            <td className="tabular py-1 pl-3 text-end whitespace-nowrap text-ink-3">{percent(row.value, whole)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
