import type { Framework } from '@veritrail/formats';

import type { Queryable } from '../storage/database.ts';

/** One run of a subscription; `price_cents` is the month's price for as long as it lasts. */
export interface SubscriptionSpan {
  readonly span_id: string;
  readonly framework: Framework;
  readonly subscribed_at: string;
  readonly cancelled_at: string | null;
  readonly price_cents: number;
}

const COLUMNS = 'span_id, framework, subscribed_at, cancelled_at, price_cents';

/** Of each framework the span in force, or else the last one. */
export async function newestSpans(tx: Queryable, organizationNo: number): Promise<SubscriptionSpan[]> {
  const { rows } = await tx.query<SubscriptionSpan>(
    `SELECT DISTINCT ON (framework) ${COLUMNS} FROM subscription_spans WHERE organization_no = $1
     ORDER BY framework, cancelled_at DESC NULLS FIRST, subscribed_at DESC, span_id DESC`,
    [organizationNo],
  );
  return rows;
}

export async function spanInForce(tx: Queryable, organizationNo: number, framework: Framework): Promise<boolean> {
  const { rows } = await tx.query(
    'SELECT FROM subscription_spans WHERE organization_no = $1 AND framework = $2 AND cancelled_at IS NULL',
    [organizationNo, framework],
  );
  return rows.length > 0;
}

export async function findSpan(tx: Queryable, spanId: string): Promise<SubscriptionSpan | undefined> {
  const { rows } = await tx.query<SubscriptionSpan>(`SELECT ${COLUMNS} FROM subscription_spans WHERE span_id = $1`, [
    spanId,
  ]);
  return rows[0];
}

/** Those that were on at any time from `from` to before `to`, in the order in which they began. */
export async function spansBetween(
  tx: Queryable,
  organizationNo: number,
  from: Date,
  to: Date,
): Promise<SubscriptionSpan[]> {
  const { rows } = await tx.query<SubscriptionSpan>(
    `SELECT ${COLUMNS} FROM subscription_spans
     WHERE organization_no = $1 AND subscribed_at < $3 AND (cancelled_at IS NULL OR cancelled_at >= $2)
     ORDER BY subscribed_at, cancelled_at, span_id`,
    [organizationNo, from, to],
  );
  return rows;
}

export async function insertSpan(
  tx: Queryable,
  organizationNo: number,
  span: { spanId: string; framework: Framework; subscribedAt: Date; priceCents: number },
): Promise<SubscriptionSpan> {
  const { rows } = await tx.query<SubscriptionSpan>(
    `INSERT INTO subscription_spans (span_id, organization_no, framework, subscribed_at, price_cents)
     VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
    [span.spanId, organizationNo, span.framework, span.subscribedAt, span.priceCents],
  );
  return one(rows);
}

export async function endSpan(tx: Queryable, spanId: string, at: Date): Promise<SubscriptionSpan> {
  const { rows } = await tx.query<SubscriptionSpan>(
    `UPDATE subscription_spans SET cancelled_at = $2 WHERE span_id = $1 RETURNING ${COLUMNS}`,
    [spanId, at],
  );
  return one(rows);
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row');
  return row;
}
