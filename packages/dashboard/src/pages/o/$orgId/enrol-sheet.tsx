import { useState, type SyntheticEvent } from 'react';

import { call, type Answer } from '../../../api/call.ts';
import { sentenceOf } from '../../../api/problem.ts';
import { Button } from '../../../ui/button.tsx';
import { CodeField } from '../../../ui/code-field.tsx';
import { Copyable } from '../../../ui/copyable.tsx';
import { TextField } from '../../../ui/field.tsx';
import { exactTextOf } from '../../../ui/form-text.ts';
import { Notice } from '../../../ui/notice.tsx';
import { QrCode } from '../../../ui/qr-code.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

type Begun = Answer<'/api/v1/auth/two-factor', 'post'>;

/** Three steps: the password, the app's first code, the recovery codes. Only the second turns anything on. */
export function EnrolSheet({ email, onClose }: { readonly email: string; readonly onClose: () => void }) {
  const [begun, setBegun] = useState<Begun>();
  const [codes, setCodes] = useState<readonly string[]>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const attempt = (event: SyntheticEvent<HTMLFormElement>, work: (form: FormData) => Promise<void>): void => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    work(new FormData(event.currentTarget))
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  const refused = (title: string) =>
    error !== undefined && (
      <Notice tone="bad" title={title}>
        {error}
      </Notice>
    );

  if (codes !== undefined) {
    return (
      <Sheet
        open
        onClose={onClose}
        title="Keep your recovery codes"
        description="Two-factor sign-in is on. Your other sessions have ended."
        footer={
          <Button look="primary" onClick={onClose}>
            I have kept them
          </Button>
        }
      >
        <RecoveryCodes codes={codes} />
      </Sheet>
    );
  }

  if (begun === undefined) {
    const begin = async (form: FormData): Promise<void> => {
      setBegun(await call('post', '/api/v1/auth/two-factor', { body: { password: exactTextOf(form, 'password') } }));
    };
    return (
      <Sheet
        open
        onClose={onClose}
        title="Turn two-factor sign-in on"
        description="Have an authenticator app at hand, on your phone or in your password manager."
        footer={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form="begin-two-factor" look="primary" busy={busy}>
              Go on
            </Button>
          </>
        }
      >
        <form id="begin-two-factor" onSubmit={(event) => attempt(event, begin)} className="flex flex-col gap-4">
          {refused('The password was not accepted')}
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={1024}
          />
        </form>
      </Sheet>
    );
  }

  const confirm = async (form: FormData): Promise<void> => {
    const body = { code: exactTextOf(form, 'code') };
    setCodes((await call('post', '/api/v1/auth/two-factor/confirm', { body })).recovery_codes);
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title="Add Veritrail to your app"
      description="Scan the picture with the app, or type the secret in. Then enter the code that the app shows."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="confirm-two-factor" look="primary" busy={busy}>
            Turn on
          </Button>
        </>
      }
    >
      <form id="confirm-two-factor" onSubmit={(event) => attempt(event, confirm)} className="flex flex-col gap-4">
        {refused('The code was not accepted')}
        <QrCode text={begun.uri} label={`QR code with the secret for ${email}`} />
        <div>
          <p className="text-[0.8125rem] font-medium">Secret, if you can't scan</p>
          <Copyable text={begun.secret} label="secret" className="mt-1" />
        </div>
        <CodeField autoFocus />
      </form>
    </Sheet>
  );
}
