import { useState, type SyntheticEvent } from 'react';

import { call } from '../../../api/call.ts';
import { sentenceOf } from '../../../api/problem.ts';
import { endSession } from '../../../session/session.ts';
import { useOrganization } from '../../../shell/organization.ts';
import { useTitle } from '../../../shell/use-title.ts';
import { Button } from '../../../ui/button.tsx';
import { Copyable } from '../../../ui/copyable.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Fact, Facts, PageHeader, Panel } from '../../../ui/panel.tsx';
import { tell } from '../../../ui/toasts.tsx';
import { exactTextOf } from '../../../ui/form-text.ts';
import { TwoFactorPanel } from './two-factor-panel.tsx';

export function Account() {
  useTitle('Your account');
  const { user } = useOrganization();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const change = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    const body = {
      ...(user.password && { current_password: exactTextOf(form, 'current') }),
      new_password: exactTextOf(form, 'next'),
    };
    call('post', '/api/v1/auth/password', { body })
      .then(() => {
        tell(`Your password was ${user.password ? 'changed' : 'set'}. Sign in with the new one.`);
        endSession();
      })
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <PageHeader title="Your account" lead="The same for all organizations that you belong to." />
      <div className="grid gap-5 lg:grid-cols-2">
        <Panel title="Who you are">
          <Facts>
            <Fact name="Name">{user.name}</Fact>
            <Fact name="E-mail address">{user.email}</Fact>
            <Fact name="User id">
              <Copyable text={user.id} label="user id" />
            </Fact>
          </Facts>
        </Panel>
        {/* It comes after the password. */}
        {user.password && <TwoFactorPanel email={user.email} />}
        <Panel
          title={user.password ? 'Change your password' : 'Set a password'}
          hint={
            user.password
              ? 'Ends all your sessions, this one too.'
              : 'You sign in at your identity provider; a password lets you in here besides. Ends all your sessions.'
          }
        >
          <form onSubmit={change} className="flex max-w-sm flex-col gap-4">
            {error !== undefined && (
              <Notice tone="bad" title={`The password was not ${user.password ? 'changed' : 'set'}`}>
                {error}
              </Notice>
            )}
            <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
            {user.password && (
              <TextField
                label="Current password"
                name="current"
                type="password"
                autoComplete="current-password"
                required
                maxLength={1024}
              />
            )}
            <TextField
              label="New password"
              hint="At least 12 characters"
              name="next"
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              maxLength={1024}
            />
            <Button type="submit" look="primary" busy={busy} className="self-start">
              {user.password ? 'Change' : 'Set'} the password
            </Button>
          </form>
        </Panel>
      </div>
    </>
  );
}
