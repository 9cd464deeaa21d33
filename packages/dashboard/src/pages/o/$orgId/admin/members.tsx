import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { call } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { invitationsQuery, membersQuery, type Invitation, type Member } from '../../../../api/queries.ts';
import { includesRole, MEMBER_ROLES, ROLE_MEANINGS, type MemberRole } from '../../../../session/roles.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Confirm } from '../../../../ui/confirm.tsx';
import { Copyable } from '../../../../ui/copyable.tsx';
import { count } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Time } from '../../../../ui/time.tsx';
import { tell } from '../../../../ui/toasts.tsx';
import { InviteSheet } from './invite-sheet.tsx';

export function Members() {
  useTitle('Members');
  const { id } = useOrganization();
  const mayChange = useMay('admin');
  const [inviting, setInviting] = useState(false);
  const members = useQuery(membersQuery(id));
  return (
    <>
      <PageHeader
        title="Members"
        lead="People of this organization, and what they may do in it."
        action={
          mayChange && (
            <Button look="primary" icon={<Icon name="plus" />} onClick={() => setInviting(true)}>
              Invite somebody
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-5">
        <Loaded query={members} skeleton={<Skeleton lines={6} className="h-9" />}>
          {(all) => (
            <Panel title={count(all.length, 'member')} flush>
              <MemberTable members={all} />
            </Panel>
          )}
        </Loaded>
        {mayChange && <Invitations />}
        <Panel title="What each role may do" hint="Each includes those below it">
          <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[6rem_1fr]">
            {MEMBER_ROLES.map((role) => (
              <div key={role} className="sm:contents">
                <dt className="font-medium">{role}</dt>
                <dd className="text-ink-2">{ROLE_MEANINGS[role]}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      </div>
      {inviting && <InviteSheet onClose={() => setInviting(false)} />}
    </>
  );
}

function MemberTable({ members }: { readonly members: readonly Member[] }) {
  const { id: orgId, role: own, user } = useOrganization();
  const mayChange = useMay('admin');
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState<Member>();
  const refresh = () => queryClient.invalidateQueries({ queryKey: [orgId, 'members'] });
  const changeRole = (member: Member, role: MemberRole): void => {
    call('patch', '/organizations/{orgId}/members/{userId}', {
      path: { orgId, userId: member.user_id },
      body: { role },
    })
      .then(() => tell(`${member.name} is ${role} now.`))
      .catch((error: unknown) => tell(sentenceOf(error), 'failed'))
      .finally(() => {
        void refresh();
        if (member.user_id === user.id) void queryClient.invalidateQueries({ queryKey: ['me'] });
      });
  };
  return (
    <>
      <Table
        caption="Members"
        rows={members}
        keyOf={(member) => member.user_id}
        columns={[
          {
            name: 'Name',
            main: true,
            cell: (member) => (
              <>
                <span className="font-medium">{member.name}</span>
                {member.user_id === user.id && <span className="text-ink-3"> (you)</span>}
                <span className="block text-[0.8125rem] break-all text-ink-3">{member.email}</span>
              </>
            ),
          },
          {
            name: 'Role',
            cell: (member) =>
              mayChange && includesRole(own, member.role) ? (
                <select
                  aria-label={`Role of ${member.name}`}
                  value={member.role}
                  onChange={(event) => changeRole(member, event.currentTarget.value as MemberRole)}
                  className="h-8 rounded-md border border-line-strong bg-surface px-2 text-sm"
                >
                  {MEMBER_ROLES.filter((role) => includesRole(own, role)).map((role) => (
                    <option key={role}>{role}</option>
                  ))}
                </select>
              ) : (
                member.role
              ),
          },
          {
            name: 'User id',
            cell: (member) => (
              <Copyable short text={member.user_id} label={`user id of ${member.name}`} className="max-w-44" />
            ),
          },
          ...(mayChange
            ? [
                {
                  name: 'Remove',
                  quietName: true,
                  align: 'end' as const,
                  cell: (member: Member) =>
                    includesRole(own, member.role) && (
                      <Button
                        size="small"
                        look="danger"
                        aria-label={`Remove ${member.name}`}
                        onClick={() => setRemoving(member)}
                      >
                        Remove
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
      />
      <Confirm
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={`Remove ${removing?.name ?? ''}?`}
        action="Remove"
        onConfirm={async () => {
          if (removing === undefined) return;
          await call('delete', '/organizations/{orgId}/members/{userId}', {
            path: { orgId, userId: removing.user_id },
          });
          tell(`${removing.name} is no member any longer.`);
          await refresh();
          await queryClient.invalidateQueries({ queryKey: [orgId, 'invitations'] });
        }}
      >
        <p>
          {removing?.email} is out at once, in the middle of whatever they do. Their account and what they did in the
          trail stay.
        </p>
      </Confirm>
    </>
  );
}

function Invitations() {
  const { id: orgId, role: own } = useOrganization();
  const queryClient = useQueryClient();
  const invitations = useQuery(invitationsQuery(orgId));
  const [revoking, setRevoking] = useState<Invitation>();
  return (
    <>
      <Loaded query={invitations} skeleton={<Skeleton lines={3} className="h-9" />}>
        {(open) => (
          <Panel
            title="Open invitations"
            hint="Links that were made and not used yet. A link can not be shown again; make another."
            flush
          >
            {open.length === 0 ? (
              <Empty title="None is open" />
            ) : (
              <Table
                caption="Open invitations"
                rows={open}
                keyOf={(one) => one.user_id}
                columns={[
                  {
                    name: 'E-mail address',
                    main: true,
                    cell: (one) => <span className="font-medium break-all">{one.email}</span>,
                  },
                  { name: 'Role', cell: (one) => one.role },
                  {
                    name: 'On acceptance',
                    cell: (one) =>
                      one.is_member ? <Badge>Sets a password</Badge> : <Badge tone="accent">Becomes a member</Badge>,
                  },
                  { name: 'Works until', cell: (one) => <Time at={one.expires_at} /> },
                  {
                    name: 'Revoke',
                    quietName: true,
                    align: 'end',
                    cell: (one) =>
                      includesRole(own, one.role) && (
                        <Button
                          size="small"
                          look="danger"
                          aria-label={`Revoke the invitation of ${one.email}`}
                          onClick={() => setRevoking(one)}
                        >
                          Revoke
                        </Button>
                      ),
                  },
                ]}
              />
            )}
          </Panel>
        )}
      </Loaded>
      <Confirm
        open={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title="Revoke the invitation?"
        action="Revoke"
        onConfirm={async () => {
          if (revoking === undefined) return;
          await call('delete', '/organizations/{orgId}/invitations/{userId}', {
            path: { orgId, userId: revoking.user_id },
          });
          tell('The link no longer works.');
          await queryClient.invalidateQueries({ queryKey: [orgId, 'invitations'] });
        }}
      >
        <p>The link of {revoking?.email} stops working.</p>
        {revoking?.is_member === true && (
          <p>
            They stay a member without a password to sign in with. To take that away too, remove them from the members.
          </p>
        )}
      </Confirm>
    </>
  );
}
