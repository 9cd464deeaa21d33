import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { flagsQuery, histogramQuery, postureQuery, trailCheckQuery, type TrailCheck } from '../../../../api/queries.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { count, number } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Fact, Facts, Panel } from '../../../../ui/panel.tsx';
import { Skeleton } from '../../../../ui/states.tsx';
import { Time } from '../../../../ui/time.tsx';
import { lastDays } from './last-days.ts';

const RESULTS = {
  sound: ['ok', 'As it was signed'],
  diverged: ['bad', 'Not what was signed'],
  unchecked: ['warn', 'Not checked yet'],
} as const;

export function TrailPanel() {
  const { id } = useOrganization();
  const check = useQuery(trailCheckQuery(id));
  return (
    <Panel title="Audit trail" hint="Recomputed from what is stored, all the time">
      <div className="min-h-[15rem]">
        <Loaded query={check} skeleton={<Skeleton lines={7} className="h-5" />}>
          {(data) => <TrailFacts check={data} />}
        </Loaded>
      </div>
    </Panel>
  );
}

function TrailFacts({ check }: { readonly check: TrailCheck }) {
  const { id } = useOrganization();
  const month = useQuery(histogramQuery(id, lastDays(30)));
  const flags = useQuery(flagsQuery(id, { page: 1 }));
  const posture = useQuery(postureQuery(id));
  const [tone, words] = RESULTS[check.result];
  const left = Math.max(check.entry_count - check.checked_through, 0);
  const oldest = posture.data?.document.report.audit_log.oldest_entry_at ?? null;
  const retention = posture.data?.document.report.audit_log.retention_policy_days ?? null;
  return (
    <Facts>
      <Fact name="Last check">
        <Badge tone={tone}>{words}</Badge>
        {check.first_bad !== null && (
          <span className="block text-bad">
            {check.first_bad.finding.replaceAll('_', ' ')}
            {check.first_bad.sequence !== null && ` at sequence ${number(check.first_bad.sequence)}`}
          </span>
        )}
      </Fact>
      <Fact name="Checked">{check.checked_at === null ? 'Never' : <Time at={check.checked_at} />}</Fact>
      <Fact name="Events">
        {number(check.entry_count)} stored, {left === 0 ? 'all checked' : `${number(left)} not checked yet`}
      </Fact>
      <Fact name="Reaches back to">{oldest === null ? 'No events' : <Time at={oldest} />}</Fact>
      <Fact name="Kept">{retention === null ? 'For ever' : `For ${count(retention, 'day')}`}</Fact>
      <Fact name="Flagged events">
        {flags.data === undefined ? (
          <span className="skeleton inline-block h-4 w-16" />
        ) : (
          <Link
            to="/o/$orgId/audit/flags"
            params={{ orgId: id }}
            search={{}}
            className="text-accent underline underline-offset-2"
          >
            {count(flags.data.total, 'flag')}
          </Link>
        )}
      </Fact>
      <Fact name="Failed logins">
        {month.data === undefined ? (
          <span className="skeleton inline-block h-4 w-16" />
        ) : (
          <Link
            to="/o/$orgId/audit"
            params={{ orgId: id }}
            search={{ action: 'LOGIN', ...lastDays(30) } as never}
            className="text-accent underline underline-offset-2"
          >
            {number(month.data.failed_login_attempts ?? 0)} in 30 days
          </Link>
        )}
      </Fact>
    </Facts>
  );
}
