import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { chargesQuery } from '../../../../api/queries.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { RoleWall } from '../../../../shell/role-wall.tsx';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { SelectField } from '../../../../ui/field.tsx';
import { count, day, euros, month as monthName } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Time } from '../../../../ui/time.tsx';

export function Billing() {
  useTitle('Billing');
  return (
    <RoleWall role="admin" what="Billing">
      <Bill />
    </RoleWall>
  );
}

const MONTHS_SHOWN = 24;

function lastMonths(): string[] {
  const now = new Date();
  return Array.from({ length: MONTHS_SHOWN }, (_, n) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n)).toISOString().slice(0, 7),
  );
}

function Bill() {
  const { id } = useOrganization();
  const { month } = useSearch({ from: '/o/$orgId/admin/billing' });
  const navigate = useNavigate({ from: '/o/$orgId/admin/billing' });
  const query = useQuery({ ...chargesQuery(id, month), placeholderData: keepPreviousData });
  const months = lastMonths();
  return (
    <>
      <PageHeader
        title="Billing"
        lead="What the subscriptions to frameworks cost, by calendar month in UTC, counted by the day."
      />
      <div className="mb-4 max-w-48">
        <SelectField
          label="Month"
          value={month ?? months[0]}
          onChange={(event) => void navigate({ search: { month: event.currentTarget.value }, replace: true })}
        >
          {[...new Set([...months, ...(month === undefined ? [] : [month])])].map((one) => (
            <option key={one} value={one}>
              {monthName(`${one}-01`)}
            </option>
          ))}
        </SelectField>
      </div>
      <Loaded query={query} skeleton={<Skeleton lines={4} className="h-9" />}>
        {(charges) => (
          <div className="flex flex-col gap-5">
            <Panel
              title={`${euros(charges.total_eur)} for ${monthName(`${charges.month}-01`)}`}
              hint={
                charges.closed
                  ? 'The month is over; nothing of it changes any more.'
                  : 'So far, if nothing changes until its end.'
              }
              flush
            >
              {charges.items.length === 0 ? (
                <Empty title="Nothing was subscribed to in this month" />
              ) : (
                <Table
                  caption="Charges"
                  rows={charges.items}
                  keyOf={(item) => `${item.framework} ${item.first_day}`}
                  columns={[
                    { name: 'Framework', main: true, cell: (item) => <span className="font-medium">{item.name}</span> },
                    { name: 'From', cell: (item) => day(item.first_day) },
                    { name: 'Until', cell: (item) => day(item.last_day) },
                    { name: 'Days', cell: (item) => `${item.days} of ${count(item.days_in_month, 'day')}` },
                    { name: 'A month', align: 'end', cell: (item) => euros(item.monthly_price_eur) },
                    { name: 'Amount', align: 'end', cell: (item) => euros(item.amount_eur) },
                  ]}
                />
              )}
            </Panel>
            {charges.payments.length > 0 && (
              <Panel title="Payments" hint="What Stripe said last of each subscription" flush>
                <Table
                  caption="Payments"
                  rows={charges.payments}
                  keyOf={(payment) => payment.framework}
                  columns={[
                    { name: 'Framework', main: true, cell: (payment) => payment.framework },
                    {
                      name: 'State',
                      cell: (payment) =>
                        payment.state === 'paid' ? <Badge tone="ok">Paid</Badge> : <Badge tone="bad">Failed</Badge>,
                    },
                    {
                      name: 'Invoice',
                      cell: (payment) => <code className="font-mono text-[0.8125rem]">{payment.invoice_id}</code>,
                    },
                    { name: 'On', cell: (payment) => <Time at={payment.at} /> },
                  ]}
                />
              </Panel>
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}
