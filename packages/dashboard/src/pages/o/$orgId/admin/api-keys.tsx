import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { call, type Answer } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { apiKeysQuery, membersQuery, type ApiKey } from '../../../../api/queries.ts';
import { includesRole, MEMBER_ROLES, ROLE_MEANINGS, type Role } from '../../../../session/roles.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { RoleWall } from '../../../../shell/role-wall.tsx';
import { useTitle } from '../../../../shell/use-title.ts';
import { Button } from '../../../../ui/button.tsx';
import { Confirm } from '../../../../ui/confirm.tsx';
import { Copyable } from '../../../../ui/copyable.tsx';
import { SelectField, TextField } from '../../../../ui/field.tsx';
import { count } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Sheet } from '../../../../ui/sheet.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Day, Time } from '../../../../ui/time.tsx';
import { tell } from '../../../../ui/toasts.tsx';
import { textOf } from '../../../../ui/form-text.ts';

export function ApiKeys() {
  useTitle('API keys');
  return (
    <RoleWall role="admin" what="Managing API keys">
      <KeyPage />
    </RoleWall>
  );
}

function KeyPage() {
  const { id } = useOrganization();
  const [making, setMaking] = useState(false);
  const keys = useQuery(apiKeysQuery(id));
  const make = (
    <Button look="primary" icon={<Icon name="plus" />} onClick={() => setMaking(true)}>
      Make a key
    </Button>
  );
  return (
    <>
      <PageHeader
        title="API keys"
        lead="For programs. A key has a role of its own; its secret is shown once and kept only as a hash."
        action={make}
      />
      <Loaded query={keys} skeleton={<Skeleton lines={6} className="h-9" />}>
        {(all) => (
          <Panel title={count(all.length, 'key')} flush>
            {all.length === 0 ? <Empty title="There is no key" action={make} /> : <KeyTable keys={all} />}
          </Panel>
        )}
      </Loaded>
      {making && <MakeKey onClose={() => setMaking(false)} />}
    </>
  );
}

function KeyTable({ keys }: { readonly keys: readonly ApiKey[] }) {
  const { id: orgId, role: own } = useOrganization();
  const members = useQuery(membersQuery(orgId));
  const queryClient = useQueryClient();
  const [revoking, setRevoking] = useState<ApiKey>();
  const nameOf = (id: string): string => members.data?.find((member) => member.user_id === id)?.name ?? id;
  return (
    <>
      <Table
        caption="API keys"
        rows={keys}
        keyOf={(key) => key.key}
        columns={[
          {
            name: 'Name',
            main: true,
            cell: (key) => (
              <>
                <span className="font-medium">{key.name}</span>
                <Copyable text={key.key} label={`key ${key.name}`} className="block" />
              </>
            ),
          },
          { name: 'Role', cell: (key) => <span title={ROLE_MEANINGS[key.role]}>{key.role}</span> },
          {
            name: 'Last used',
            cell: (key) =>
              key.last_used_at === null ? <span className="text-ink-3">Never</span> : <Time at={key.last_used_at} />,
          },
          {
            name: 'Made',
            cell: (key) => (
              <>
                <Day at={key.created_at} />
                <span className="block max-w-48 truncate text-xs text-ink-3">by {nameOf(key.created_by)}</span>
              </>
            ),
          },
          {
            name: 'Revoke',
            quietName: true,
            align: 'end',
            cell: (key) =>
              includesRole(own, key.role) && (
                <Button size="small" look="danger" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
                  Revoke
                </Button>
              ),
          },
        ]}
      />
      <Confirm
        open={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={`Revoke ${revoking?.name ?? ''}?`}
        action="Revoke"
        onConfirm={async () => {
          if (revoking === undefined) return;
          await call('delete', '/organizations/{orgId}/api-keys/{key}', { path: { orgId, key: revoking.key } });
          tell(`${revoking.name} is refused from now on.`);
          await queryClient.invalidateQueries({ queryKey: [orgId, 'api-keys'] });
        }}
      >
        <p>Whatever uses it is refused from its next request on. That can not be taken back.</p>
      </Confirm>
    </>
  );
}

type Issued = Answer<'/organizations/{orgId}/api-keys', 'post'>;

function MakeKey({ onClose }: { readonly onClose: () => void }) {
  const { id: orgId, role: own } = useOrganization();
  const queryClient = useQueryClient();
  const [issued, setIssued] = useState<Issued>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const make = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    call('post', '/organizations/{orgId}/api-keys', {
      path: { orgId },
      body: { name: textOf(form, 'name'), role: textOf(form, 'role') as Role },
    })
      .then((answer) => {
        setIssued(answer);
        return queryClient.invalidateQueries({ queryKey: [orgId, 'api-keys'] });
      })
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  const roles: readonly Role[] = ['recorder', ...MEMBER_ROLES.toReversed().filter((role) => includesRole(own, role))];
  return (
    <Sheet open onClose={onClose} title="Make an API key" description="Give it no more than its program needs.">
      {issued === undefined ? (
        <form onSubmit={make} className="flex flex-col gap-4">
          {error !== undefined && (
            <Notice tone="bad" title="No key was made">
              {error}
            </Notice>
          )}
          <TextField
            label="Name"
            hint="What uses it, such as “shop backend”"
            name="name"
            required
            maxLength={200}
            autoComplete="off"
          />
          <SelectField label="Role" name="role" defaultValue="recorder">
            {roles.map((role) => (
              <option key={role} value={role}>
                {role}: {ROLE_MEANINGS[role].toLowerCase()}
              </option>
            ))}
          </SelectField>
          <Button type="submit" look="primary" busy={busy} className="self-end">
            Make the key
          </Button>
        </form>
      ) : (
        <div className="flex flex-col gap-4">
          <Notice tone="warn" title="The secret is shown this once">
            Copy it now and put it where the program reads it. If it is lost, revoke the key and make another.
          </Notice>
          <dl className="flex flex-col gap-3 text-sm">
            <div>
              <dt className="text-ink-3">Key</dt>
              <dd>
                <Copyable text={issued.key} label="key" />
              </dd>
            </div>
            <div>
              <dt className="text-ink-3">Secret</dt>
              <dd className="rounded-md border border-line bg-sunken px-3 py-2">
                <Copyable text={issued.secret} label="secret" />
              </dd>
            </div>
          </dl>
          <Button look="primary" onClick={onClose} className="self-end">
            I have copied it
          </Button>
        </div>
      )}
    </Sheet>
  );
}
