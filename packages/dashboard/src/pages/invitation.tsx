import { Link } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';

import { call } from '../api/call.ts';
import { Problem, sentenceOf } from '../api/problem.ts';
import { useSession } from '../session/session.ts';
import { useTitle } from '../shell/use-title.ts';
import { Button, buttonClasses } from '../ui/button.tsx';
import { CodeField } from '../ui/code-field.tsx';
import { TextField } from '../ui/field.tsx';
import { exactTextOf } from '../ui/form-text.ts';
import { Notice } from '../ui/notice.tsx';

/** The token stands after the #, so that it reaches no log and no Referer. */
export function Invitation() {
  useTitle('Your invitation');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [accepted, setAccepted] = useState(false);
  /** Who has two-factor sign-in on shows it here too. */
  const [codeAsked, setCodeAsked] = useState(false);
  const signedIn = useSession() !== undefined;
  const accept = (shown: { password?: string; code?: string }): void => {
    setBusy(true);
    setError(undefined);
    call('post', '/api/v1/auth/invitations', { body: { token: location.hash.slice(1), ...shown } })
      .then(() => {
        history.replaceState(null, '', location.pathname);
        setAccepted(true);
      })
      .catch((reason: unknown) => {
        if (reason instanceof Problem && reason.code === 'second_factor_required') setCodeAsked(true);
        else setError(sentenceOf(reason));
      })
      .finally(() => setBusy(false));
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const code = exactTextOf(form, 'code');
    accept({ password: exactTextOf(form, 'password'), ...(code !== '' && { code }) });
  };
  return (
    <div className="mx-auto max-w-sm sm:pt-10">
      <h1 className="text-2xl font-semibold tracking-tight">Your invitation</h1>
      {accepted ? (
        <div className="mt-6 flex flex-col gap-4" role="status">
          <Notice tone="ok" title="Welcome">
            {signedIn
              ? 'The organization is among yours now.'
              : 'You can sign in with your e-mail address and this password now.'}
          </Notice>
          {signedIn ? (
            <Link to="/" className={buttonClasses('primary')}>
              Continue
            </Link>
          ) : (
            <Link to="/sign-in" search={{}} className={buttonClasses('primary')}>
              Sign in
            </Link>
          )}
        </div>
      ) : (
        <>
          <p className="mt-1 text-sm text-ink-3">
            Choose a password of at least 12 characters. If you have an account here already, give its password instead:
            it stays as it is. Who signs in at an identity provider signs in first, and opens this link again in the
            same tab.
          </p>
          <form
            onSubmit={submit}
            className="mt-6 flex flex-col gap-4 rounded-lg border border-line bg-surface p-5 shadow-card"
          >
            {error !== undefined && (
              <Notice tone="bad" title="The invitation was not accepted">
                {error}
              </Notice>
            )}
            {signedIn && (
              <Button type="button" look="primary" busy={busy} onClick={() => accept({})}>
                Accept as who you are signed in as
              </Button>
            )}
            <TextField
              label="Password"
              name="password"
              type="password"
              autoComplete="new-password"
              minLength={12}
              maxLength={1024}
              required
            />
            {codeAsked && <CodeField autoFocus />}
            <Button type="submit" {...(!signedIn && { look: 'primary' as const })} busy={busy}>
              Accept the invitation
            </Button>
          </form>
        </>
      )}
    </div>
  );
}
