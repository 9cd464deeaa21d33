import type { Outcome } from '@veritrail/verify';

import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { count, moment } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { Fact, Facts, Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import type { AnyVerdict } from './run-verify.ts';

const LOOKS: Readonly<Record<Outcome, { icon: IconName; word: string; ink: string }>> = {
  pass: { icon: 'check', word: 'Pass', ink: 'text-ok' },
  fail: { icon: 'cross', word: 'Fail', ink: 'text-bad' },
  not_checked: { icon: 'dash', word: 'Not checked', ink: 'text-warn' },
};

const OUTCOMES: Readonly<Record<Outcome, { title: string; box: string }>> = {
  pass: { title: 'Every required check passed', box: 'border-ok/40 bg-ok-soft text-ok' },
  fail: { title: 'A check failed: do not rely on this document', box: 'border-bad/40 bg-bad-soft text-bad' },
  not_checked: {
    title: 'Not everything that is required could be checked',
    box: 'border-warn/40 bg-warn-soft text-warn',
  },
};

/** Each check in the order in which it is worth reading; "not checked" is never shown as passed. */
export function VerdictView({ verdict }: { readonly verdict: AnyVerdict }) {
  const { title, box } = OUTCOMES[verdict.outcome];
  const of = (outcome: Outcome): number => verdict.checks.filter((check) => check.outcome === outcome).length;
  return (
    <div className="flex flex-col gap-5">
      <div className={classes('flex items-start gap-3 rounded-lg border px-4 py-3.5', box)}>
        <Icon name={LOOKS[verdict.outcome].icon} className="mt-0.5 size-5" />
        <div>
          <p className="font-semibold">{title}</p>
          <p className="text-[0.8125rem]">
            {count(of('pass'), 'check')} passed, {of('fail')} failed, {of('not_checked')} not checked
          </p>
        </div>
      </div>
      <Panel title="What was checked" flush>
        <ol>
          {verdict.checks.map((check) => {
            const look = LOOKS[check.outcome];
            return (
              <li key={check.id} className="flex gap-3 border-b border-line px-4 py-3 last:border-0 sm:px-5">
                <Icon name={look.icon} className={classes('mt-0.5 size-4.5', look.ink)} />
                <div className="min-w-0 flex-1">
                  <p className="text-sm font-medium">
                    {check.title}
                    {!check.required && <span className="ml-2 text-xs font-normal text-ink-3">optional</span>}
                  </p>
                  <p className="text-[0.8125rem] break-words text-ink-3">{check.detail}</p>
                </div>
                <span className={classes('shrink-0 text-xs font-medium', look.ink)}>{look.word}</span>
              </li>
            );
          })}
        </ol>
      </Panel>
      {verdict.kind === 'posture_report' && verdict.report !== null && (
        <Panel title="What the signed bytes say" hint="Read from them alone, not from what else stands in the file">
          <Facts>
            <Fact name="Organization">
              <code className="font-mono text-[0.8125rem] break-all">{verdict.report.organization_id}</code>
            </Fact>
            <Fact name="Made">
              <Time at={verdict.report.generated_at} />
            </Fact>
            <Fact name="Services">{count(verdict.report.service_count, 'service')}</Fact>
            <Fact name="All resident in the EU">
              {verdict.report.all_services_eu_residency ? <Badge tone="ok">Yes</Badge> : <Badge tone="warn">No</Badge>}
            </Fact>
            <Fact name="Audit log">{count(verdict.report.audit_log.entry_count, 'event')}</Fact>
          </Facts>
        </Panel>
      )}
      {verdict.kind === 'evidence_packet' && verdict.packet !== null && (
        <Panel title="What the signed bytes say" hint="Read from them alone, not from what else stands in the file">
          <Facts>
            {(['title', 'framework', 'operator', 'generated_at', 'period_start', 'period_end'] as const).map((name) => (
              <Fact key={name} name={PACKET_FACTS[name]}>
                {shown(verdict.packet?.[name])}
              </Fact>
            ))}
            <Fact name="Key fingerprint">
              <code className="font-mono text-[0.8125rem] break-all">{verdict.keyFingerprint}</code>
            </Fact>
          </Facts>
        </Panel>
      )}
      {verdict.kind === 'audit_events' && (
        <p className="text-sm text-ink-3">
          {count(verdict.events, 'event')} read
          {verdict.form === undefined ? '' : `, as ${verdict.form.replaceAll('_', ' ')}`}.
        </p>
      )}
    </div>
  );
}

const PACKET_FACTS = {
  title: 'Title',
  framework: 'Framework',
  operator: 'Operator',
  generated_at: 'Generated',
  period_start: 'Period from',
  period_end: 'Period until',
} as const;

function shown(value: unknown): string {
  if (typeof value !== 'string') return 'Not said';
  return /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)) ? moment(value) : value;
}
