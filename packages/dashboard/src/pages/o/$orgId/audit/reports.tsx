import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { activityReportQuery, type ActivityReport } from '../../../../api/queries.ts';
import { HorizontalBars } from '../../../../charts/horizontal-bars.tsx';
import { useOrganization } from '../../../../shell/organization.ts';
import { RoleWall } from '../../../../shell/role-wall.tsx';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge, type Tone } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { classes } from '../../../../ui/classes.ts';
import { count, number } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Fact, Facts, PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Day, Time } from '../../../../ui/time.tsx';

const REPORTS = { soc2: 'SOC 2', iso27001: 'ISO/IEC 27001' } as const;
type Name = keyof typeof REPORTS;

const STATUSES: Readonly<Record<string, readonly [Tone, string]>> = {
  COMPLIANT: ['ok', 'COMPLIANT'],
  EXCEPTION: ['bad', 'EXCEPTION'],
  INSUFFICIENT_EVIDENCE: ['warn', 'INSUFFICIENT EVIDENCE'],
};

const REASONS: Readonly<Record<string, string>> = {
  history_shorter_than_period: 'The trail is shorter than the period',
  integrity_broken: 'The stored trail is not what was signed',
  integrity_unverified: 'Not all of the trail was checked, or a rule is off',
  item_failed: 'A rule for this control flagged an event',
  vacuous_scope: 'No event is evidence for it',
};

const INTEGRITY: Readonly<Record<string, readonly [Tone, string]>> = {
  sound: ['ok', 'As it was signed'],
  broken: ['bad', 'Not what was signed'],
  unverified: ['warn', 'Not checked to its end'],
};

export function Reports() {
  const { name } = useParams({ from: '/o/$orgId/audit/reports/$name' });
  const report: Name = name === 'iso27001' ? 'iso27001' : 'soc2';
  useTitle(`${REPORTS[report]} activity report`);
  return (
    <RoleWall role="admin" what="An activity report">
      <ReportPage name={report} />
    </RoleWall>
  );
}

function ReportPage({ name }: { readonly name: Name }) {
  const { id } = useOrganization();
  const query = useQuery(activityReportQuery(id, name));
  return (
    <>
      <PageHeader
        title={`${REPORTS[name]} activity report`}
        lead={
          query.data === undefined ? (
            'A summary of the audit trail'
          ) : (
            <>
              A summary of the audit trail from <Day at={query.data.period_start} /> to{' '}
              <Day at={query.data.period_end} />
            </>
          )
        }
        action={
          <Button icon={<Icon name="print" />} onClick={() => print()}>
            Print
          </Button>
        }
      />
      <nav aria-label="Report" className="no-print mb-5 flex gap-1 border-b border-line">
        {(Object.keys(REPORTS) as Name[]).map((one) => (
          <Link
            key={one}
            to="/o/$orgId/audit/reports/$name"
            params={{ orgId: id, name: one }}
            className={classes(
              '-mb-px border-b-2 px-3 py-2 text-sm font-medium',
              one === name ? 'border-accent text-accent' : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            {REPORTS[one]}
          </Link>
        ))}
      </nav>
      <Loaded query={query} skeleton={<Skeleton lines={12} className="h-7" />}>
        {(report) => <Report report={report} />}
      </Loaded>
    </>
  );
}

function Report({ report }: { readonly report: ActivityReport }) {
  const { summary, coverage, controls } = report;
  const [tone, words] = INTEGRITY[coverage.integrity] ?? ['neutral', coverage.integrity];
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-5 lg:grid-cols-2">
        <Panel title="What happened">
          <Facts className="mb-5">
            <Fact name="Events">{number(summary.total_events)}</Fact>
            <Fact name="Actors">{number(summary.unique_actors)}</Fact>
            <Fact name="Flagged events">{number(summary.flagged_events)}</Fact>
            <Fact name="Failed logins">{number(summary.failed_login_attempts)}</Fact>
          </Facts>
          <HorizontalBars
            caption="Events by action"
            rows={Object.entries(summary.by_action).map(([action, events]) => ({ name: action, value: events }))}
          />
        </Panel>
        <Panel title="How far it reaches">
          <Facts>
            <Fact name="Whole period">
              {coverage.whole_period ? (
                <Badge tone="ok">The trail reaches back over all of it</Badge>
              ) : (
                <Badge tone="warn">The trail begins later</Badge>
              )}
            </Fact>
            <Fact name="Covered">
              {coverage.start === null ? (
                'Nothing'
              ) : (
                <>
                  <Day at={coverage.start} /> to <Day at={coverage.end} />
                </>
              )}
            </Fact>
            <Fact name="The stored trail is">
              <Badge tone={tone}>{words}</Badge>
            </Fact>
            <Fact name="Checked">
              {count(coverage.checked_events, 'event')}
              {coverage.unchecked_events > 0 && `, ${number(coverage.unchecked_events)} not yet`}
              {coverage.checked_at !== null && (
                <span className="block text-ink-3">
                  <Time at={coverage.checked_at} />
                </span>
              )}
            </Fact>
            <Fact name="Catalogue">
              {report.catalogue.id} {report.catalogue.version}
            </Fact>
            <Fact name="Made">
              <Time at={report.generated_at} />
            </Fact>
          </Facts>
        </Panel>
      </div>
      <Panel title="Controls" hint="Only those that an audit trail can speak to" flush>
        <Table
          caption="Controls and what the trail shows for each"
          rows={controls}
          keyOf={(control) => control.control_id}
          columns={[
            {
              name: 'Control',
              main: true,
              cell: (control) => (
                <>
                  <span className="font-medium">{control.control_id}</span>
                  {control.annex_a_2022 !== undefined && (
                    <span className="block text-xs text-ink-3">2022: {control.annex_a_2022}</span>
                  )}
                </>
              ),
            },
            { name: 'About', cell: (control) => control.description },
            {
              name: 'Status',
              cell: (control) => {
                const [look, text] = STATUSES[control.status] ?? ['neutral', control.status];
                return (
                  <>
                    <Badge tone={look}>{text}</Badge>
                    {control.reasons.length > 0 && (
                      <span className="mt-1 block text-xs text-ink-3">
                        {control.reasons.map((reason) => REASONS[reason] ?? reason).join('; ')}
                      </span>
                    )}
                  </>
                );
              },
            },
            { name: 'Evidence', align: 'end', cell: (control) => count(control.evidence_count, 'event') },
          ]}
        />
      </Panel>
      <Panel title="What this says, and what it does not">
        <ul className="flex max-w-prose list-disc flex-col gap-1.5 pl-5 text-sm text-ink-2">
          {report.statements.map((statement) => (
            <li key={statement}>{statement}</li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
