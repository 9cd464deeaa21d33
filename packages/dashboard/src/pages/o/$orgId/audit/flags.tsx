import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';

import { flagsQuery, type Flag } from '../../../../api/queries.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { RoleWall } from '../../../../shell/role-wall.tsx';
import { useTitle } from '../../../../shell/use-title.ts';
import { FLAG_RULES } from '../../../../trail/actions.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { SelectField } from '../../../../ui/field.tsx';
import { count } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Pager } from '../../../../ui/pager.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Time } from '../../../../ui/time.tsx';

export function Flags() {
  useTitle('Flags');
  return (
    <RoleWall role="analyst" what="The audit trail">
      <FlagList />
    </RoleWall>
  );
}

function FlagList() {
  const { id } = useOrganization();
  const { rule, page = 1 } = useSearch({ from: '/o/$orgId/audit/flags' });
  const navigate = useNavigate({ from: '/o/$orgId/audit/flags' });
  const query = useQuery({ ...flagsQuery(id, { page, rule }), placeholderData: keepPreviousData });
  return (
    <>
      <PageHeader
        title="Flags"
        lead="Events that a documented rule flags, with the reason. A flag says that somebody should look, not that something is wrong."
      />
      <div className="mb-4 max-w-xs">
        <SelectField
          label="Rule"
          value={rule ?? ''}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            void navigate({ search: chosen === '' ? {} : { rule: chosen }, replace: true });
          }}
        >
          <option value="">All rules</option>
          {Object.entries(FLAG_RULES).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
      <Loaded query={query} skeleton={<Skeleton lines={10} className="h-8" />}>
        {({ items, total, pages }) => (
          <Panel title={count(total, 'flag')} hint="Newest first" flush>
            {items.length === 0 ? (
              <Empty title={rule === undefined ? 'No event was flagged' : 'This rule flagged no event'} />
            ) : (
              <FlagTable flags={items} orgId={id} />
            )}
            <Pager
              page={page}
              pages={pages}
              onPage={(next) => void navigate({ search: (before) => ({ ...before, page: next }) })}
            />
          </Panel>
        )}
      </Loaded>
    </>
  );
}

function FlagTable({ flags, orgId }: { readonly flags: readonly Flag[]; readonly orgId: string }) {
  return (
    <Table
      caption="Flagged events"
      rows={flags}
      keyOf={(flag) => `${flag.event_id} ${flag.rule}`}
      columns={[
        {
          name: 'Time',
          main: true,
          cell: (flag) => (
            <Link
              to="/o/$orgId/audit"
              params={{ orgId }}
              search={{ event: flag.event_id } as never}
              className="text-accent hover:underline"
            >
              <Time at={flag.timestamp} />
            </Link>
          ),
        },
        { name: 'Rule', cell: (flag) => <Badge tone="warn">{FLAG_RULES[flag.rule] ?? flag.rule}</Badge> },
        { name: 'Reason', cell: (flag) => flag.reason },
        {
          name: 'Action',
          cell: (flag) => <span className="text-ink-2">{flag.action}</span>,
        },
      ]}
    />
  );
}
