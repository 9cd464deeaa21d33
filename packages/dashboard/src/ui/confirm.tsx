import { useState } from 'react';

import { sentenceOf } from '../api/problem.ts';
import { Button, type ButtonLook } from './button.tsx';
import { Sheet } from './sheet.tsx';

/** A question before what can't be taken back. */
export function Confirm({
  open,
  onClose,
  title,
  children,
  action,
  look = 'danger',
  onConfirm,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: React.ReactNode;
  /** The verb on the button. */
  readonly action: string;
  readonly look?: ButtonLook;
  readonly onConfirm: () => Promise<void>;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const close = (): void => {
    setError(undefined);
    onClose();
  };
  const confirm = (): void => {
    setBusy(true);
    onConfirm()
      .then(close, (reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };
  return (
    <Sheet
      open={open}
      onClose={close}
      title={title}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look={look} busy={busy} onClick={confirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-sm text-ink-2">{children}</div>
      {error !== undefined && (
        <p role="alert" className="mt-3 text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </Sheet>
  );
}
