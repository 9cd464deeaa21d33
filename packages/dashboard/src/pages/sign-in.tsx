import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';

import { call, type Answer } from '../api/call.ts';
import { Problem, sentenceOf } from '../api/problem.ts';
import { leaveForProvider, sentenceFor, takeReturn } from '../session/outside-sign-in.ts';
import { beginSession } from '../session/session.ts';
import { useTitle } from '../shell/use-title.ts';
import { Button } from '../ui/button.tsx';
import { CodeField } from '../ui/code-field.tsx';
import { TextField } from '../ui/field.tsx';
import { exactTextOf, textOf } from '../ui/form-text.ts';
import { Notice } from '../ui/notice.tsx';

type Login = Answer<'/api/v1/auth/login', 'post'>;

interface Refused {
  readonly title: string;
  readonly sentence: string;
}

export function SignIn() {
  useTitle('Sign in');
  const { back } = useSearch({ from: '/bare/sign-in' });
  const goOn = useGoOn();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  /** Right so far: what is left is the code. Kept nowhere but here, and gone with the page. */
  const [shown, setShown] = useState<{ readonly email: string; readonly password: string }>();

  const attempt = (work: () => Promise<{ login: Login; back: string | undefined }>): void => {
    setBusy(true);
    setRefused(undefined);
    work()
      .then(({ login, back: target }) => goOn(login, target))
      .catch((error: unknown) => setRefused(refusedBy(error)))
      .finally(() => setBusy(false));
  };

  const isBack = useRef(false);
  useEffect(() => {
    if (isBack.current) return;
    isBack.current = true;
    const returned = takeReturn();
    if (returned === undefined) return;
    if ('problem' in returned) {
      setRefused({ title: 'You are not signed in', sentence: sentenceFor(returned.problem) });
      return;
    }
    const { code, binding } = returned;
    attempt(async () => ({
      login: await call('post', '/api/v1/auth/oidc/session', { body: { code, binding } }),
      back: returned.back,
    }));
  });

  const showPassword = (form: FormData): void => {
    const credentials = { email: textOf(form, 'email'), password: exactTextOf(form, 'password') };
    attempt(async () => {
      try {
        return { login: await call('post', '/api/v1/auth/login', { body: credentials }), back };
      } catch (error) {
        if (error instanceof Problem && error.code === 'second_factor_required') setShown(credentials);
        throw error;
      }
    });
  };

  const showCode = (form: FormData): void => {
    if (shown === undefined) return;
    const body = { ...shown, code: exactTextOf(form, 'code') };
    attempt(async () => ({ login: await call('post', '/api/v1/auth/login', { body }), back }));
  };

  return (
    <div className="mx-auto max-w-sm sm:pt-10">
      <h1 className="text-2xl font-semibold tracking-tight">{shown === undefined ? 'Sign in' : 'Enter your code'}</h1>
      <p className="mt-1 text-sm break-words text-ink-3">
        {shown !== undefined
          ? `For ${shown.email}, whose sign-in takes two steps.`
          : back === undefined
            ? 'To the records and the audit trail of your organization.'
            : 'You are taken back to where you were.'}
      </p>
      {shown === undefined ? (
        <PasswordStep busy={busy} refused={refused} onShow={showPassword} back={back} />
      ) : (
        <CodeStep
          busy={busy}
          refused={refused}
          onShow={showCode}
          onLeave={() => {
            setShown(undefined);
            setRefused(undefined);
          }}
        />
      )}
      <p className="mt-4 text-xs text-ink-3">
        The session ends when you close this tab. Every sign-in, also a refused one, is an event of the audit trail.
      </p>
    </div>
  );
}

interface StepFacts {
  readonly busy: boolean;
  readonly refused: Refused | undefined;
  readonly onShow: (form: FormData) => void;
}

const CARD = 'mt-6 flex flex-col gap-4 rounded-lg border border-line bg-surface p-5 shadow-card';

function PasswordStep({ busy, refused, onShow, back }: StepFacts & { readonly back: string | undefined }) {
  const provider = useProvider();
  return (
    <div className={CARD}>
      <RefusedNotice refused={refused} />
      <form onSubmit={(event) => submitted(event, onShow)} className="flex flex-col gap-4">
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
      {provider !== undefined && (
        <div className="flex flex-col gap-3 border-t border-line pt-4">
          <Button disabled={busy} onClick={() => leaveForProvider(back)} className="min-w-0">
            <span className="truncate">Continue with {provider}</span>
          </Button>
        </div>
      )}
    </div>
  );
}

function CodeStep({ busy, refused, onShow, onLeave }: StepFacts & { readonly onLeave: () => void }) {
  const [recovery, setRecovery] = useState(false);
  return (
    <form onSubmit={(event) => submitted(event, onShow)} className={CARD}>
      <RefusedNotice refused={refused} />
      <CodeField key={String(recovery)} recovery={recovery} autoFocus />
      <Button type="submit" look="primary" busy={busy}>
        Sign in
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button look="quiet" size="small" onClick={() => setRecovery(!recovery)}>
          {recovery ? 'Use the code of your app' : 'Use a recovery code'}
        </Button>
        <Button look="quiet" size="small" onClick={onLeave}>
          Sign in as somebody else
        </Button>
      </div>
    </form>
  );
}

function RefusedNotice({ refused }: { readonly refused: Refused | undefined }) {
  if (refused === undefined) return null;
  return (
    <Notice tone="bad" title={refused.title}>
      {refused.sentence}
    </Notice>
  );
}

function submitted(event: SyntheticEvent<HTMLFormElement>, onShow: (form: FormData) => void): void {
  event.preventDefault();
  onShow(new FormData(event.currentTarget));
}

/** Nobody waits for it: the button comes when it is known, and without an answer the password still works. */
function useProvider(): string | undefined {
  const [name, setName] = useState<string>();
  useEffect(() => {
    const leaving = new AbortController();
    call('get', '/api/v1/auth/methods', { signal: leaving.signal }).then(
      ({ oidc }) => setName(oidc?.name),
      () => undefined,
    );
    return () => leaving.abort();
  }, []);
  return name;
}

function useGoOn(): (login: Login, back: string | undefined) => Promise<void> {
  const navigate = useNavigate();
  const router = useRouter();
  const queryClient = useQueryClient();
  return async ({ access_token: token, expires_in: seconds }, back) => {
    // Nothing that somebody else saw in this tab before.
    queryClient.clear();
    beginSession({ token, expiresAt: Date.now() + seconds * 1000 });
    // Only a path of this origin; anything else that stands there was put there by somebody.
    if (back !== undefined && /^\/(?![/\\])/.test(back)) router.history.replace(back);
    else await navigate({ to: '/', replace: true });
  };
}

/** That the code is still missing is no refusal: the page goes on to ask for it. */
function refusedBy(error: unknown): Refused | undefined {
  if (!(error instanceof Problem)) return { title: 'This did not work', sentence: sentenceOf(error) };
  if (error.code === 'second_factor_required') return undefined;
  const title = error.code === 'credentials_invalid' ? 'E-mail address and password do not fit' : error.title;
  return { title, sentence: error.message };
}
