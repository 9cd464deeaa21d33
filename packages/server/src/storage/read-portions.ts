import type { Queryable } from './database.ts';

const ROWS_A_PORTION = 2000;

/**
 * The rows of a query a portion at a time, so that there need not be room for all of them. In a transaction, in which
 * only one such reading is under way; one that is given up ends with it.
 *
 * @param query one SELECT
 */
export async function* readPortions<Row extends object>(
  tx: Queryable,
  query: string,
  values: readonly unknown[],
  size = ROWS_A_PORTION,
): AsyncGenerator<Row[], void> {
  // The planner would think that a tenth of the rows is wanted.
  await tx.query('SET LOCAL cursor_tuple_fraction = 1');
  await tx.query(`DECLARE portions NO SCROLL CURSOR FOR ${query}`, [...values]);
  for (;;) {
    const { rows } = await tx.query<Row>(`FETCH ${size} FROM portions`);
    if (rows.length > 0) yield rows;
    if (rows.length < size) break;
  }
  await tx.query('CLOSE portions');
}

/** Rows that follow each other and belong together, all of them at once; across the ends of portions too. */
export async function* runsOf<Row>(
  portions: AsyncIterable<readonly Row[]>,
  belongs: (row: Row, first: Row) => boolean,
): AsyncGenerator<readonly [Row, ...Row[]], void> {
  let run: [Row, ...Row[]] | undefined;
  for await (const portion of portions) {
    for (const row of portion) {
      if (run !== undefined && belongs(row, run[0])) {
        run.push(row);
      } else {
        if (run !== undefined) yield run;
        run = [row];
      }
    }
  }
  if (run !== undefined) yield run;
}
