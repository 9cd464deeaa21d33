import { csvCell } from '@veritrail/formats';

import type { AnnexTable } from './packet.ts';

/** RFC 4180 with a header of column codes; an unknown field is an empty cell. Cells can't run as formulas. */
export function annexCsv(table: AnnexTable): string {
  return [table.columns, ...table.rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}
