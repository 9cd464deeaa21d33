import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';

import { call } from '../api/call.ts';
import { Problem, sentenceOf } from '../api/problem.ts';
import { beginSession } from '../session/session.ts';
import { useTitle } from '../shell/use-title.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { exactTextOf, textOf } from '../ui/form-text.ts';

export function SignIn() {
  useTitle('Sign in');
  const { back } = useSearch({ from: '/bare/sign-in' });
  const navigate = useNavigate();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const signIn = async (email: string, password: string): Promise<void> => {
    const { access_token: token, expires_in: seconds } = await call('post', '/api/v1/auth/login', {
      body: { email, password },
    });
    // Nothing that somebody else saw in this tab before.
    queryClient.clear();
    beginSession({ token, expiresAt: Date.now() + seconds * 1000 });
    // Only a path of this origin; anything else that stands there was put there by somebody.
    if (back !== undefined && /^\/(?![/\\])/.test(back)) router.history.replace(back);
    else await navigate({ to: '/', replace: true });
  };

  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    signIn(textOf(form, 'email'), exactTextOf(form, 'password'))
      .catch(setError)
      .finally(() => setBusy(false));
  };

  return (
    <div className="mx-auto max-w-sm sm:pt-10">
      <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
      <p className="mt-1 text-sm text-ink-3">
        {back === undefined
          ? 'To the records and the audit trail of your organization.'
          : 'You are taken back to where you were.'}
      </p>
      <form
        onSubmit={submit}
        className="mt-6 flex flex-col gap-4 rounded-lg border border-line bg-surface p-5 shadow-card"
      >
        {error !== undefined && (
          <Notice tone="bad" title={titleOf(error)}>
            {sentenceOf(error)}
          </Notice>
        )}
        <TextField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          autoFocus
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={1024}
        />
        <Button type="submit" look="primary" busy={busy}>
          Sign in
        </Button>
      </form>
      <p className="mt-4 text-xs text-ink-3">
        The session ends when you close this tab. Every sign-in, also a refused one, is an event of the audit trail.
      </p>
    </div>
  );
}

function titleOf(error: unknown): string {
  if (error instanceof Problem && error.status === 401) return 'E-mail address and password do not fit';
  return error instanceof Problem ? error.title : 'This did not work';
}
