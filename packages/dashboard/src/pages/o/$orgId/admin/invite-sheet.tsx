import { useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { call, type Answer } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { includesRole, MEMBER_ROLES, ROLE_MEANINGS, type MemberRole } from '../../../../session/roles.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { Button } from '../../../../ui/button.tsx';
import { Copyable } from '../../../../ui/copyable.tsx';
import { SelectField, TextField } from '../../../../ui/field.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Sheet } from '../../../../ui/sheet.tsx';
import { Time } from '../../../../ui/time.tsx';
import { textOf } from '../../../../ui/form-text.ts';

type Added = Answer<'/organizations/{orgId}/members', 'post'>;

export function InviteSheet({ onClose }: { readonly onClose: () => void }) {
  const { id: orgId, role: own } = useOrganization();
  const queryClient = useQueryClient();
  const [added, setAdded] = useState<Added>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const invite = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => textOf(form, name);
    setBusy(true);
    setError(undefined);
    call('post', '/organizations/{orgId}/members', {
      path: { orgId },
      body: { name: text('name'), email: text('email'), role: text('role') as MemberRole },
    })
      .then((answer) => {
        setAdded(answer);
        return queryClient.invalidateQueries({ queryKey: [orgId] });
      })
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title="Invite somebody"
      description="You get a link to send them; this server sends no mail."
    >
      {added === undefined ? (
        <form onSubmit={invite} className="flex flex-col gap-4">
          {error !== undefined && (
            <Notice tone="bad" title="Nobody was invited">
              {error}
            </Notice>
          )}
          <TextField label="Name" name="name" required maxLength={200} autoComplete="off" />
          <TextField label="E-mail address" name="email" type="email" required maxLength={254} autoComplete="off" />
          <SelectField label="Role" name="role" defaultValue="member">
            {MEMBER_ROLES.filter((role) => includesRole(own, role)).map((role) => (
              <option key={role} value={role}>
                {role}: {ROLE_MEANINGS[role].toLowerCase()}
              </option>
            ))}
          </SelectField>
          <Button type="submit" look="primary" busy={busy} className="self-end">
            Make the link
          </Button>
        </form>
      ) : (
        <div className="flex flex-col gap-4">
          <Notice tone="ok" title={`${added.name} is invited as ${added.role}`}>
            Send this link by a way that only they read. It works once
            {added.invitation_expires_at !== null && (
              <>
                , until <Time at={added.invitation_expires_at} />
              </>
            )}
            , and is not shown again.
          </Notice>
          <div className="rounded-md border border-line bg-sunken px-3 py-2">
            <Copyable text={added.invitation_url ?? ''} label="invitation link" />
          </div>
          <Button look="primary" onClick={onClose} className="self-end">
            Done
          </Button>
        </div>
      )}
    </Sheet>
  );
}
