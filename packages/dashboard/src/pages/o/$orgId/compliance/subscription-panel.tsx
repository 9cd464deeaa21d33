import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { call } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { schedulesQuery, type Schedules, type Subscription } from '../../../../api/queries.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Confirm } from '../../../../ui/confirm.tsx';
import { euros } from '../../../../ui/format.ts';
import { Panel } from '../../../../ui/panel.tsx';
import { Day, Time } from '../../../../ui/time.tsx';
import { tell } from '../../../../ui/toasts.tsx';

export function SubscriptionPanel({
  subscriptions,
  onGenerate,
}: {
  readonly subscriptions: readonly Subscription[];
  readonly onGenerate: (framework: Subscription['framework']) => void;
}) {
  const { id: orgId } = useOrganization();
  const mayChange = useMay('admin');
  const queryClient = useQueryClient();
  const schedules = useQuery(schedulesQuery(orgId));
  const [asked, setAsked] = useState<Subscription>();
  const change = async (subscription: Subscription): Promise<void> => {
    const { framework, enabled, name } = subscription;
    await call(enabled ? 'delete' : 'put', '/organizations/{orgId}/compliance-subscriptions/{framework}', {
      path: { orgId, framework },
    });
    tell(enabled ? `The subscription to ${name} was ended.` : `You are subscribed to ${name}.`);
    await queryClient.invalidateQueries({ queryKey: [orgId, 'subscriptions'] });
    await queryClient.invalidateQueries({ queryKey: [orgId, 'schedules'] });
  };
  return (
    <Panel title="Frameworks" hint="Each is a monthly subscription of its own." flush>
      <ul className="divide-y divide-line">
        {subscriptions.map((one) => (
          <li
            key={one.framework}
            className="grid grid-cols-1 items-center gap-x-6 gap-y-2 px-4 py-3 sm:px-5 lg:grid-cols-[minmax(0,1fr)_13rem_auto]"
          >
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
                {one.name}
                {one.enabled ? <Badge tone="ok">Subscribed</Badge> : <Badge>Not subscribed</Badge>}
              </p>
              <p className="text-[0.8125rem] text-ink-3">
                {euros(one.monthly_price_eur)} a month
                {one.enabled && one.subscribed_at !== null && (
                  <>
                    , since <Day at={one.subscribed_at} />
                  </>
                )}
                {!one.enabled && one.cancelled_at !== null && (
                  <>
                    , ended <Day at={one.cancelled_at} />
                  </>
                )}
              </p>
            </div>
            {one.enabled ? (
              <ScheduleChoice subscription={one} schedules={schedules.data} />
            ) : (
              <span className="max-lg:hidden" />
            )}
            <div className="no-print flex flex-wrap gap-2 lg:justify-end">
              {one.enabled && (
                <Button
                  size="small"
                  aria-label={`Generate a packet of ${one.name}`}
                  onClick={() => onGenerate(one.framework)}
                >
                  Generate
                </Button>
              )}
              {mayChange && (
                <Button
                  size="small"
                  look={one.enabled ? 'danger' : 'primary'}
                  aria-label={one.enabled ? `End the subscription to ${one.name}` : `Subscribe to ${one.name}`}
                  onClick={() => setAsked(one)}
                >
                  {one.enabled ? 'End' : 'Subscribe'}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={
          asked?.enabled === true ? `End the subscription to ${asked.name}?` : `Subscribe to ${asked?.name ?? ''}?`
        }
        action={asked?.enabled === true ? 'End it' : 'Subscribe'}
        look={asked?.enabled === true ? 'danger' : 'primary'}
        onConfirm={async () => {
          if (asked !== undefined) await change(asked);
        }}
      >
        {asked?.enabled === true ? (
          <p>No more packets can be generated. Those that were made stay, and can be downloaded.</p>
        ) : (
          <p>It costs {euros(asked?.monthly_price_eur ?? 0)} a month from today on, by the day, until you end it.</p>
        )}
      </Confirm>
    </Panel>
  );
}

const NAMES = { never: 'never', monthly: 'each month', quarterly: 'each quarter' } as const;

function ScheduleChoice({
  subscription,
  schedules,
}: {
  readonly subscription: Subscription;
  readonly schedules: Schedules | undefined;
}) {
  const { id: orgId } = useOrganization();
  const mayChange = useMay('admin');
  const queryClient = useQueryClient();
  const { framework, name } = subscription;
  const schedule = schedules?.items.find((one) => one.framework === framework);
  const chosen = schedule?.cadence ?? 'never';
  const last = schedules?.runs.find((run) => run.framework === framework);
  if (schedules === undefined) return <span className="skeleton h-8" />;
  const choose = (cadence: string): void => {
    const path = { orgId, framework };
    const done =
      cadence === 'never'
        ? call('delete', '/organizations/{orgId}/compliance-schedules/{framework}', { path })
        : call('put', '/organizations/{orgId}/compliance-schedules/{framework}', {
            path,
            body: { cadence: cadence as 'monthly' | 'quarterly' },
          });
    done
      .then(() =>
        tell(
          cadence === 'never'
            ? `No packets of ${name} are made by themselves.`
            : `A packet of ${name} is made ${NAMES[cadence as 'monthly']}.`,
        ),
      )
      .catch((error: unknown) => tell(sentenceOf(error), 'failed'))
      .finally(() => void queryClient.invalidateQueries({ queryKey: [orgId, 'schedules'] }));
  };
  return (
    <div className="text-xs text-ink-3">
      <label className="flex items-center gap-2">
        By itself
        {mayChange ? (
          <select
            value={chosen}
            aria-label={`Packets of ${name} by themselves`}
            onChange={(event) => choose(event.currentTarget.value)}
            className="h-7 rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink"
          >
            {Object.entries(NAMES).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        ) : (
          <span className="text-ink">{NAMES[chosen]}</span>
        )}
      </label>
      {schedule !== undefined && (
        <span className="mt-0.5 block">
          next on <Day at={schedule.next_due_at} />
        </span>
      )}
      {last !== undefined && last.status !== 'complete' && (
        <span className="mt-0.5 block text-bad">
          {last.status === 'failed' ? 'Failed' : 'Missed'} on <Time at={last.due_at} />
          {last.reason !== null && `: ${last.reason.replaceAll('_', ' ')}`}
        </span>
      )}
    </div>
  );
}
