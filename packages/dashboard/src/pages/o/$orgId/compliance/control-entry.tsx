import type { ControlFinding, Evidence } from '@veritrail/controls';
import { useState } from 'react';

import { Badge } from '../../../../ui/badge.tsx';
import { number } from '../../../../ui/format.ts';
import { Fact, Facts } from '../../../../ui/panel.tsx';
import { recordsAt } from './records-at.ts';
import { REASONS, STATUSES } from './statuses.ts';

const MOST_RECORDS = 12;

/** One control: what is said of it, and, opened, the records that this rests on. */
export function ControlEntry({ control, evidence }: { readonly control: ControlFinding; readonly evidence: Evidence }) {
  const [open, setOpen] = useState(false);
  const { tone, name } = STATUSES[control.status];
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken/60 sm:px-5">
          <span className="min-w-0 text-sm">
            <span className="font-medium">{control.control_id}</span>{' '}
            <span className="font-medium">{control.title}</span>
            <span
              className={`mt-0.5 text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere] ${open ? 'block' : 'line-clamp-2 print:block'}`}
            >
              {control.assertion}
            </span>
          </span>
          <Badge tone={tone}>{name}</Badge>
        </summary>
        {open && <Detail control={control} evidence={evidence} />}
      </details>
    </li>
  );
}

function Detail({ control, evidence }: { readonly control: ControlFinding; readonly evidence: Evidence }) {
  const { counts } = control;
  return (
    <div className="flex flex-col gap-4 px-4 pb-4 sm:px-5">
      <Facts>
        {control.reasons.length > 0 && (
          <Fact name="Why">
            <ul>
              {control.reasons.map((reason) => (
                <li key={reason}>{REASONS[reason]}</li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact name="Of">
          {number(counts.population)} in scope: {number(counts.passing)} pass, {number(counts.failing)} fail,{' '}
          {number(counts.unknown)} not known
        </Fact>
        {control.bases.length > 0 && <Fact name="Rests on">{control.bases.join(', ').replaceAll('_', ' ')} facts</Fact>}
        {control.does_not_show !== null && <Fact name="Does not show">{control.does_not_show}</Fact>}
      </Facts>
      {control.failing_items.length > 0 && (
        <div>
          <h4 className="mb-1 text-[0.8125rem] font-semibold">What fails</h4>
          <ul className="flex flex-col gap-1 text-[0.8125rem]">
            {control.failing_items.slice(0, MOST_RECORDS).map((item, at) => (
              <li key={at} className="break-words">
                <span className="font-medium">{item.item}</span>: {item.what}
                {item.from !== null && (
                  <span className="text-ink-3">
                    {' '}
                    ({item.from} to {item.to ?? 'the end'})
                  </span>
                )}
              </li>
            ))}
            {counts.failing > MOST_RECORDS && (
              <li className="text-ink-3">and {number(counts.failing - MOST_RECORDS)} more, in the JSON</li>
            )}
          </ul>
        </div>
      )}
      {control.evidence_refs.map((ref) => (
        <Records key={ref} path={ref} evidence={evidence} />
      ))}
    </div>
  );
}

function Records({ path, evidence }: { readonly path: string; readonly evidence: Evidence }) {
  const records = recordsAt(evidence, path);
  return (
    <div>
      <h4 className="mb-1 text-[0.8125rem]">
        <code className="font-mono">{path}</code>{' '}
        <span className="text-ink-3">{records.length === 1 ? '1 record' : `${number(records.length)} records`}</span>
      </h4>
      <ul
        className="max-h-60 overflow-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-relaxed"
        tabIndex={0}
      >
        {records.slice(0, MOST_RECORDS).map(({ at, value }) => (
          <li key={at} className="break-all">
            <span className="text-ink-3">{at}: </span>
            {JSON.stringify(value)?.slice(0, 400)}
          </li>
        ))}
        {records.length > MOST_RECORDS && (
          <li className="text-ink-3">and {number(records.length - MOST_RECORDS)} more, in the JSON</li>
        )}
      </ul>
    </div>
  );
}
