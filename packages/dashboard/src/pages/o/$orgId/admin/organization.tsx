import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { call } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { organizationQuery, type Organization } from '../../../../api/queries.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { Button } from '../../../../ui/button.tsx';
import { Copyable } from '../../../../ui/copyable.tsx';
import { TextField } from '../../../../ui/field.tsx';
import { count } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Fact, Facts, PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Skeleton } from '../../../../ui/states.tsx';
import { Time } from '../../../../ui/time.tsx';
import { tell } from '../../../../ui/toasts.tsx';
import { textOf } from '../../../../ui/form-text.ts';

export function OrganizationSettings() {
  useTitle('Organization');
  const { id } = useOrganization();
  const mayChange = useMay('admin');
  const query = useQuery(organizationQuery(id));
  return (
    <>
      <PageHeader title="Organization" />
      <Loaded query={query} skeleton={<Skeleton lines={6} className="h-8" />}>
        {(organization) => (
          <div className="grid gap-5 lg:grid-cols-2">
            <Panel title="What is known of it">
              <Facts>
                <Fact name="Id">
                  <Copyable text={organization.id} label="organization id" />
                </Fact>
                <Fact name="Name">{organization.name}</Fact>
                <Fact name="Bills go to">{organization.billing_email}</Fact>
                <Fact name="Events are kept">
                  {organization.audit_retention_days === null
                    ? 'For ever'
                    : `For ${count(organization.audit_retention_days, 'day')}`}
                </Fact>
                <Fact name="Created">
                  <Time at={organization.created_at} />
                </Fact>
              </Facts>
            </Panel>
            {mayChange && (
              <ChangePanel key={organization.name + organization.billing_email} organization={organization} />
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}

function ChangePanel({ organization }: { readonly organization: Organization }) {
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const change = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    call('patch', '/organizations/{orgId}', {
      path: { orgId: organization.id },
      body: { name: textOf(form, 'name'), billing_email: textOf(form, 'billing_email') },
    })
      .then(async () => {
        tell('The organization was changed.');
        await queryClient.invalidateQueries({ queryKey: ['me'] });
        await queryClient.invalidateQueries({ queryKey: [organization.id] });
      })
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  return (
    <Panel title="Change it">
      <form onSubmit={change} className="flex max-w-sm flex-col gap-4">
        {error !== undefined && (
          <Notice tone="bad" title="It was not changed">
            {error}
          </Notice>
        )}
        <TextField label="Name" name="name" required maxLength={200} defaultValue={organization.name} />
        <TextField
          label="E-mail address for bills"
          name="billing_email"
          type="email"
          required
          maxLength={254}
          defaultValue={organization.billing_email}
        />
        <Button type="submit" look="primary" busy={busy} className="self-start">
          Save
        </Button>
      </form>
    </Panel>
  );
}
