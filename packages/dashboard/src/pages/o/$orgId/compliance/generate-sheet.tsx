import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';

import { call } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import type { Subscription } from '../../../../api/queries.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { Button } from '../../../../ui/button.tsx';
import { SelectField, TextField } from '../../../../ui/field.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Sheet } from '../../../../ui/sheet.tsx';
import { readTime, TIME_FIELD } from '../../../../ui/time-field.ts';
import { tell } from '../../../../ui/toasts.tsx';
import { textOf } from '../../../../ui/form-text.ts';

export function GenerateSheet({
  subscriptions,
  framework,
  onClose,
}: {
  readonly subscriptions: readonly Subscription[];
  readonly framework: Subscription['framework'];
  readonly onClose: () => void;
}) {
  const { id: orgId } = useOrganization();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const generate = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string | undefined => textOf(form, name) || undefined;
    const start = readTime(text('start'), 'start');
    const end = readTime(text('end'), 'end');
    if (start === 'wrong' || end === 'wrong') {
      setError('Write times as 2026-01-31 or 2026-01-31 10:30.');
      return;
    }
    setBusy(true);
    setError(undefined);
    call('post', '/organizations/{orgId}/compliance-reports', {
      path: { orgId },
      body: {
        framework: textOf(form, 'framework') as Subscription['framework'],
        ...(start !== undefined && { period_start: start }),
        ...(end !== undefined && { period_end: end }),
      },
    })
      .then(async ({ report_id: reportId }) => {
        await queryClient.invalidateQueries({ queryKey: [orgId, 'packets'], exact: true });
        tell('The packet was generated and signed.');
        await navigate({ to: '/o/$orgId/compliance/packets/$reportId', params: { orgId, reportId }, search: {} });
      })
      .catch((reason: unknown) => {
        setError(sentenceOf(reason));
        void queryClient.invalidateQueries({ queryKey: [orgId, 'packets'], exact: true });
      })
      .finally(() => setBusy(false));
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title="Generate a packet"
      description="Drawn from the records, judged, signed and kept."
    >
      <form onSubmit={generate} className="flex flex-col gap-4">
        {error !== undefined && (
          <Notice tone="bad" title="No packet was generated">
            {error}
          </Notice>
        )}
        <SelectField label="Framework" name="framework" defaultValue={framework} disabled={busy}>
          {subscriptions.map((one) => (
            <option key={one.framework} value={one.framework}>
              {one.name}
            </option>
          ))}
        </SelectField>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Period from (UTC)"
            hint="Empty: a month before its end"
            name="start"
            disabled={busy}
            {...TIME_FIELD}
          />
          <TextField label="Period until (UTC)" hint="Empty: now" name="end" disabled={busy} {...TIME_FIELD} />
        </div>
        <div className="flex items-center justify-end gap-3">
          <p role="status" className="flex-1 text-sm text-ink-3">
            {busy && 'Reading the records of the period, judging each control, signing …'}
          </p>
          <Button type="submit" look="primary" busy={busy}>
            Generate
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
