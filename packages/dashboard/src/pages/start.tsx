import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';

import { call } from '../api/call.ts';
import { sentenceOf } from '../api/problem.ts';
import { meQuery } from '../api/queries.ts';
import { lastOrganization, useSession } from '../session/session.ts';
import { useTitle } from '../shell/use-title.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Notice } from '../ui/notice.tsx';
import { textOf } from '../ui/form-text.ts';

/** Goes on to the organization that was open last; who belongs to none can make one. */
export function Start() {
  useTitle('Start');
  const session = useSession();
  const search: { new?: unknown } = useSearch({ strict: false });
  const me = useQuery({ ...meQuery(undefined), enabled: session !== undefined });
  if (session === undefined) return <Navigate to="/sign-in" search={{}} replace />;
  return (
    <Loaded query={me}>
      {({ organizations, name }) => {
        const last = lastOrganization();
        const open = organizations.find((one) => one.id === last) ?? organizations[0];
        if (open !== undefined && search.new === undefined) {
          return <Navigate to="/o/$orgId" params={{ orgId: open.id }} replace />;
        }
        return <NewOrganization name={name} first={open === undefined} />;
      }}
    </Loaded>
  );
}

function NewOrganization({ name, first }: { readonly name: string; readonly first: boolean }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const create = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    call('post', '/organizations', {
      body: { name: textOf(form, 'name'), billing_email: textOf(form, 'billing_email') },
    })
      .then(async ({ id }) => {
        await queryClient.invalidateQueries({ queryKey: ['me'] });
        await navigate({ to: '/o/$orgId', params: { orgId: id } });
      })
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  return (
    <div className="mx-auto max-w-md">
      <h1 className="text-2xl font-semibold tracking-tight">{first ? `Welcome, ${name}` : 'New organization'}</h1>
      <p className="mt-1 text-sm text-ink-3">
        {first
          ? 'You belong to no organization yet. Make one, or ask an admin of yours to invite you.'
          : 'It has its own records, audit trail, members and keys. You become its owner.'}
      </p>
      <form
        onSubmit={create}
        className="mt-6 flex flex-col gap-4 rounded-lg border border-line bg-surface p-5 shadow-card"
      >
        {error !== undefined && (
          <Notice tone="bad" title="It was not created">
            {error}
          </Notice>
        )}
        <TextField label="Name" name="name" required maxLength={200} autoComplete="organization" />
        <TextField label="E-mail address for bills" name="billing_email" type="email" required maxLength={254} />
        <Button type="submit" look="primary" busy={busy}>
          Create the organization
        </Button>
      </form>
    </div>
  );
}
