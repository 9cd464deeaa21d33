import type { AnnexTable } from '@veritrail/controls';

/** Columns that a page in landscape holds beside the row's number. Wider templates go on in a further part. */
const COLUMNS_A_PART = 8;

/** A field that nobody filled says so: an empty cell could be read as "none". */
const OPEN = 'open';

export function viewAnnex(tables: readonly AnnexTable[], print: (text: string) => string) {
  return tables.map(({ template, title, columns, rows }) => {
    const open = rows.reduce((sum, row) => sum + row.filter((cell) => cell === null).length, 0);
    const parts = Math.max(1, Math.ceil(columns.length / COLUMNS_A_PART));
    // Parts of equal width, so that the last isn't a lonely column.
    const width = Math.ceil(columns.length / parts);
    return {
      template: print(template),
      title: print(title),
      rows: rows.length,
      open,
      parts: Array.from({ length: parts }, (_, part) => ({
        columns: columns.slice(part * width, (part + 1) * width).map(print),
        rows: rows.map((row, index) => [
          String(index + 1),
          ...row.slice(part * width, (part + 1) * width).map((cell) => (cell === null ? OPEN : print(cell))),
        ]),
      })),
    };
  });
}
