import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { call, type Answer } from '../../../api/call.ts';
import { sentenceOf } from '../../../api/problem.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { CodeField } from '../../../ui/code-field.tsx';
import { TextField } from '../../../ui/field.tsx';
import { exactTextOf } from '../../../ui/form-text.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Fact, Facts, Panel } from '../../../ui/panel.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Time } from '../../../ui/time.tsx';
import { tell } from '../../../ui/toasts.tsx';
import { EnrolSheet } from './enrol-sheet.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

type Standing = Answer<'/api/v1/auth/two-factor'>;

const twoFactorQuery = () =>
  queryOptions({
    queryKey: ['me', 'two-factor'],
    queryFn: ({ signal }) => call('get', '/api/v1/auth/two-factor', { signal }),
  });

/** Few enough that the next lost phone may find none. */
const FEW_CODES = 3;

export function TwoFactorPanel({ email }: { readonly email: string }) {
  const standing = useQuery(twoFactorQuery());
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<'enrol' | 'renew' | 'disable'>();
  const close = (): void => {
    setOpen(undefined);
    void queryClient.invalidateQueries({ queryKey: ['me'] });
  };
  return (
    <Panel
      title="Two-factor sign-in"
      hint="A code of an app on your phone, after the password. Whoever learns your password can't sign in with it alone."
    >
      <Loaded query={standing}>{(facts) => <StandingView facts={facts} onOpen={setOpen} />}</Loaded>
      {open === 'enrol' && <EnrolSheet email={email} onClose={close} />}
      {(open === 'renew' || open === 'disable') && <ProveSheet deed={open} onClose={close} />}
    </Panel>
  );
}

function StandingView({
  facts,
  onOpen,
}: {
  readonly facts: Standing;
  readonly onOpen: (which: 'enrol' | 'renew' | 'disable') => void;
}) {
  if (!facts.enabled) {
    return (
      <div className="flex flex-col items-start gap-4">
        <Facts>
          <Fact name="State">
            <Badge tone="neutral">Off</Badge>
          </Fact>
        </Facts>
        <Button look="primary" onClick={() => onOpen('enrol')}>
          Turn on
        </Button>
      </div>
    );
  }
  const left = facts.recovery_codes_left;
  return (
    <div className="flex flex-col items-start gap-4">
      <Facts>
        <Fact name="State">
          <Badge tone="ok">On</Badge>
        </Fact>
        <Fact name="Since">{facts.enabled_at !== null && <Time at={facts.enabled_at} />}</Fact>
        <Fact name="Recovery codes">{left} of 10 left</Fact>
      </Facts>
      {left <= FEW_CODES && (
        <Notice tone="warn" title={left === 0 ? 'No recovery codes are left' : 'Few recovery codes are left'}>
          Make new ones, so that a lost phone does not keep you out.
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => onOpen('renew')}>New recovery codes</Button>
        <Button look="danger" onClick={() => onOpen('disable')}>
          Turn off
        </Button>
      </div>
    </div>
  );
}

const DEEDS = {
  renew: {
    title: 'New recovery codes',
    lead: 'The old ones stop working.',
    action: 'Make new codes',
  },
  disable: {
    title: 'Turn two-factor sign-in off',
    lead: 'From then on your password alone opens your account. The recovery codes stop working.',
    action: 'Turn off',
  },
} as const;

/** Password and code once more, before what a stolen session must not be able to do. */
function ProveSheet({ deed, onClose }: { readonly deed: 'renew' | 'disable'; readonly onClose: () => void }) {
  const { title, lead, action } = DEEDS[deed];
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [recovery, setRecovery] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>();
  const prove = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { password: exactTextOf(form, 'password'), code: exactTextOf(form, 'code') };
    setBusy(true);
    setError(undefined);
    const done =
      deed === 'renew'
        ? call('post', '/api/v1/auth/two-factor/recovery-codes', { body }).then((answer) =>
            setCodes(answer.recovery_codes),
          )
        : call('post', '/api/v1/auth/two-factor/disable', { body }).then(() => {
            tell('Two-factor sign-in is off.');
            onClose();
          });
    done.catch((reason: unknown) => setError(sentenceOf(reason))).finally(() => setBusy(false));
  };
  if (codes !== undefined) {
    return (
      <Sheet open onClose={onClose} title="Keep your recovery codes" footer={<Button onClick={onClose}>Done</Button>}>
        <RecoveryCodes codes={codes} />
      </Sheet>
    );
  }
  return (
    <Sheet
      open
      onClose={onClose}
      title={title}
      description={lead}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="prove" look={deed === 'disable' ? 'danger' : 'primary'} busy={busy}>
            {action}
          </Button>
        </>
      }
    >
      <form id="prove" onSubmit={prove} className="flex flex-col gap-4">
        {error !== undefined && (
          <Notice tone="bad" title="Nothing was changed">
            {error}
          </Notice>
        )}
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={1024}
        />
        <CodeField key={String(recovery)} recovery={recovery} />
        <Button look="quiet" size="small" className="self-start" onClick={() => setRecovery(!recovery)}>
          {recovery ? 'Use the code of your app' : 'Use a recovery code'}
        </Button>
      </form>
    </Sheet>
  );
}
