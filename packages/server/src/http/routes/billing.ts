import { FRAMEWORK_IDS, frameworkName } from '@veritrail/formats';

import { billMonth } from '../../tenancy/bill-month.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { listPaymentStates } from '../../tenancy/stripe/stripe-store.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { OrganizationPath, Time } from '../schemas.ts';
import { Type } from '../type.ts';

const Query = Type.Object(
  {
    month: Type.Optional(
      Type.String({
        pattern: '^[2-9]\\d{3}-(0[1-9]|1[0-2])$',
        description: 'Calendar month, UTC, such as 2026-11; the current one unless given',
      }),
    ),
  },
  { additionalProperties: false },
);

const FrameworkName = Type.Enum([...FRAMEWORK_IDS]);
const Day = Type.String({ format: 'date' });

const Charges = Type.Object({
  month: Type.String(),
  closed: Type.Boolean({ description: 'Whether the month is over and nothing of it changes any more' }),
  currency: Type.Literal('EUR'),
  total_eur: Type.Number(),
  items: Type.Array(
    Type.Object({
      framework: FrameworkName,
      name: Type.String(),
      first_day: Day,
      last_day: Day,
      days: Type.Integer(),
      days_in_month: Type.Integer(),
      monthly_price_eur: Type.Number(),
      amount_eur: Type.Number(),
    }),
  ),
  payments: Type.Array(
    Type.Object({
      framework: FrameworkName,
      state: Type.Enum(['paid', 'failed']),
      invoice_id: Type.String(),
      at: Time,
    }),
    { description: 'What Stripe said last of each subscription, whatever the month; empty without Stripe' },
  ),
});

export function billingRoutes(door: Door, parts: { ground: Ground }): void {
  const { ground } = parts;

  door.get(
    '/organizations/:orgId/billing/charges',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'readCharges',
        tags: ['Subscriptions'],
        summary: 'What the subscriptions cost in a calendar month',
        params: OrganizationPath,
        querystring: Query,
        response: answers({ 200: Charges }, 401, 403, 404, 422),
      },
    },
    async (request) => {
      const { no } = callerOf(request).organization;
      const now = ground.clock();
      const month = request.query.month ?? now.toISOString().slice(0, 7);
      const { bill, payments } = await ground.db.scoped(
        no,
        async (tx) => ({
          bill: await billMonth(tx, no, month, now),
          payments: await listPaymentStates(tx, no),
        }),
        { snapshot: true },
      );
      return {
        month: bill.month,
        closed: bill.closed,
        currency: 'EUR' as const,
        total_eur: bill.totalCents / 100,
        items: bill.charges.map((charge) => ({
          framework: charge.framework,
          name: frameworkName(charge.framework),
          first_day: charge.firstDay,
          last_day: charge.lastDay,
          days: charge.days,
          days_in_month: charge.daysInMonth,
          monthly_price_eur: charge.priceCents / 100,
          amount_eur: charge.amountCents / 100,
        })),
        payments,
      };
    },
  );
}
