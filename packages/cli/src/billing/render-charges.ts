import { csvCell, frameworkName } from '@veritrail/formats';
import type { OrganizationBill } from '@veritrail/server';

const COLUMNS = [
  'organization_id',
  'organization',
  'billing_email',
  'month',
  'closed',
  'framework',
  'name',
  'first_day',
  'last_day',
  'days',
  'days_in_month',
  'monthly_price_eur',
  'amount_eur',
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | boolean>>;

/** RFC 4180 with a header row; cells that a spreadsheet could take for a formula are guarded, as in the audit CSV. */
export function chargesCsv(bills: readonly OrganizationBill[]): string {
  const lines = rowsOf(bills).map((row) => COLUMNS.map((column) => csvCell(String(row[column]))).join(','));
  return [COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

export function chargesJson(bills: readonly OrganizationBill[]): string {
  const rows = rowsOf(bills).map((row) => ({
    ...row,
    monthly_price_eur: Number(row.monthly_price_eur),
    amount_eur: Number(row.amount_eur),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function rowsOf(bills: readonly OrganizationBill[]): Row[] {
  return bills.flatMap(({ organizationId, name, billingEmail, bill }) =>
    bill.charges.map((charge) => ({
      organization_id: organizationId,
      organization: name,
      billing_email: billingEmail,
      month: bill.month,
      closed: bill.closed,
      framework: charge.framework,
      name: frameworkName(charge.framework),
      first_day: charge.firstDay,
      last_day: charge.lastDay,
      days: charge.days,
      days_in_month: charge.daysInMonth,
      monthly_price_eur: euros(charge.priceCents),
      amount_eur: euros(charge.amountCents),
    })),
  );
}

function euros(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
