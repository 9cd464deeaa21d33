import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { call } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { holdsQuery, organizationQuery, type Hold, type Organization } from '../../../../api/queries.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { RoleWall } from '../../../../shell/role-wall.tsx';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Confirm } from '../../../../ui/confirm.tsx';
import { SelectField, TextArea, TextField } from '../../../../ui/field.tsx';
import { count } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Sheet } from '../../../../ui/sheet.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Time } from '../../../../ui/time.tsx';
import { tell } from '../../../../ui/toasts.tsx';
import { textOf } from '../../../../ui/form-text.ts';

export function Retention() {
  useTitle('Retention and legal holds');
  return (
    <RoleWall role="admin" what="Retention">
      <RetentionPage />
    </RoleWall>
  );
}

function RetentionPage() {
  const { id } = useOrganization();
  const [placing, setPlacing] = useState(false);
  const organization = useQuery(organizationQuery(id));
  const holds = useQuery(holdsQuery(id));
  return (
    <>
      <PageHeader
        title="Retention and legal holds"
        lead="How long events of the audit trail are kept, and what stops their removal."
      />
      <div className="flex flex-col gap-5">
        <Panel
          title="Retention"
          hint="Events older than this are removed, oldest first, and the removal is recorded. While a legal hold is in force nothing is."
        >
          <Loaded query={organization} skeleton={<Skeleton lines={2} className="h-9" />}>
            {(data) => <RetentionForm key={String(data.audit_retention_days)} organization={data} />}
          </Loaded>
        </Panel>
        <Panel
          title="Legal holds"
          hint="Those in force first. A released one stays listed."
          action={
            <Button icon={<Icon name="plus" />} onClick={() => setPlacing(true)}>
              Place a hold
            </Button>
          }
          flush
        >
          <Loaded
            query={holds}
            skeleton={
              <div className="p-5">
                <Skeleton lines={3} className="h-9" />
              </div>
            }
          >
            {(all) => (all.length === 0 ? <Empty title="No legal hold was ever placed" /> : <HoldTable holds={all} />)}
          </Loaded>
        </Panel>
      </div>
      {placing && <PlaceHold onClose={() => setPlacing(false)} />}
    </>
  );
}

function RetentionForm({ organization }: { readonly organization: Organization }) {
  const { id: orgId } = useOrganization();
  const queryClient = useQueryClient();
  const current = organization.audit_retention_days;
  const [limited, setLimited] = useState(current !== null);
  const [asking, setAsking] = useState<number | null>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const store = async (days: number | null): Promise<void> => {
    await call('patch', '/organizations/{orgId}', { path: { orgId }, body: { audit_retention_days: days } });
    tell(days === null ? 'Events are kept for ever.' : `Events are kept for ${count(days, 'day')}.`);
    await queryClient.invalidateQueries({ queryKey: [orgId, 'organization'] });
    await queryClient.invalidateQueries({ queryKey: [orgId, 'posture'] });
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const days = limited ? Number(new FormData(event.currentTarget).get('days')) : null;
    setError(undefined);
    // What is removed can't be brought back, so a shorter time is asked about.
    if (days !== null && (current === null || days < current)) {
      setAsking(days);
      return;
    }
    setBusy(true);
    store(days)
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      {error !== undefined && (
        <div className="w-full">
          <Notice tone="bad" title="It was not changed">
            {error}
          </Notice>
        </div>
      )}
      <SelectField
        className="w-full sm:w-48"
        label="Events are kept"
        value={limited ? 'days' : 'ever'}
        onChange={(event) => setLimited(event.currentTarget.value === 'days')}
      >
        <option value="ever">for ever</option>
        <option value="days">for some days</option>
      </SelectField>
      {limited && (
        <TextField
          className="w-32"
          label="Days"
          name="days"
          type="number"
          min={1}
          max={36_500}
          required
          defaultValue={current ?? 365}
        />
      )}
      <Button type="submit" look="primary" busy={busy}>
        Save
      </Button>
      <Confirm
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={`Remove events older than ${count(asking ?? 0, 'day')}?`}
        action="Shorten the retention"
        onConfirm={() => store(asking ?? null)}
      >
        <p>
          Events older than that are removed from the trail and can not be brought back. Export them first if anybody
          may ask for them.
        </p>
      </Confirm>
    </form>
  );
}

function HoldTable({ holds }: { readonly holds: readonly Hold[] }) {
  const { id: orgId } = useOrganization();
  const mayRelease = useMay('owner');
  const queryClient = useQueryClient();
  const [releasing, setReleasing] = useState<Hold>();
  return (
    <>
      <Table
        caption="Legal holds"
        rows={holds}
        keyOf={(hold) => `${hold.name} ${hold.placed_at}`}
        columns={[
          {
            name: 'Name',
            main: true,
            cell: (hold) => (
              <>
                <span className="font-medium">{hold.name}</span>
                <span className="block text-[0.8125rem] text-ink-3">{hold.reason}</span>
              </>
            ),
          },
          {
            name: 'State',
            cell: (hold) =>
              hold.released_at === null ? <Badge tone="accent">In force</Badge> : <Badge>Released</Badge>,
          },
          { name: 'Placed', cell: (hold) => <Time at={hold.placed_at} /> },
          { name: 'Released', cell: (hold) => (hold.released_at === null ? '–' : <Time at={hold.released_at} />) },
          {
            name: 'Release',
            quietName: true,
            align: 'end',
            cell: (hold) =>
              mayRelease &&
              hold.released_at === null && (
                <Button
                  size="small"
                  look="danger"
                  aria-label={`Release ${hold.name}`}
                  onClick={() => setReleasing(hold)}
                >
                  Release
                </Button>
              ),
          },
        ]}
      />
      {!mayRelease && holds.some((hold) => hold.released_at === null) && (
        <p className="border-t border-line px-5 py-2.5 text-[0.8125rem] text-ink-3">
          Only an owner can release a hold.
        </p>
      )}
      <Confirm
        open={releasing !== undefined}
        onClose={() => setReleasing(undefined)}
        title={`Release ${releasing?.name ?? ''}?`}
        action="Release"
        onConfirm={async () => {
          if (releasing === undefined) return;
          await call('delete', '/api/v1/compliance/legal-holds/{name}', {
            organization: orgId,
            path: { name: releasing.name },
          });
          tell(`The hold ${releasing.name} was released.`);
          await queryClient.invalidateQueries({ queryKey: [orgId, 'holds'] });
        }}
      >
        <p>If no other hold is in force, events past their retention are removed from now on.</p>
      </Confirm>
    </>
  );
}

function PlaceHold({ onClose }: { readonly onClose: () => void }) {
  const { id: orgId } = useOrganization();
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const place = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = textOf(form, 'name');
    setBusy(true);
    setError(undefined);
    call('put', '/api/v1/compliance/legal-holds/{name}', {
      organization: orgId,
      path: { name },
      body: { reason: textOf(form, 'reason') },
    })
      .then(async () => {
        await queryClient.invalidateQueries({ queryKey: [orgId, 'holds'] });
        tell(`The hold ${name} is in force.`);
        onClose();
      })
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title="Place a legal hold"
      description="Nothing of the trail is removed while it is in force."
    >
      <form onSubmit={place} className="flex flex-col gap-4">
        {error !== undefined && (
          <Notice tone="bad" title="The hold was not placed">
            {error}
          </Notice>
        )}
        <TextField
          label="Name"
          hint="Letters, digits, dots, hyphens, such as case-2026-041"
          name="name"
          required
          maxLength={100}
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
          autoComplete="off"
        />
        <TextArea label="Reason" hint="It goes into the trail." name="reason" required maxLength={2000} />
        <Button type="submit" look="primary" busy={busy} className="self-end">
          Place the hold
        </Button>
      </form>
    </Sheet>
  );
}
