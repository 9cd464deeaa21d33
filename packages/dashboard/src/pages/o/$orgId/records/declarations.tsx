import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { call } from '../../../../api/call.ts';
import { declarationsQuery, membersQuery, type Declaration } from '../../../../api/queries.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Confirm } from '../../../../ui/confirm.tsx';
import { count } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Sheet } from '../../../../ui/sheet.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Time } from '../../../../ui/time.tsx';
import { tell } from '../../../../ui/toasts.tsx';

export function Declarations() {
  useTitle('Declarations');
  const { id } = useOrganization();
  const query = useQuery(declarationsQuery(id));
  return (
    <>
      <PageHeader
        title="Declarations"
        lead="What only people can say, such as who is responsible, with an owner and a date until which it holds. Packets name such facts as declared. They are stored through the API."
      />
      <Loaded query={query} skeleton={<Skeleton lines={6} className="h-9" />}>
        {({ items, total }) => (
          <Panel title={count(total, 'declaration')} hint="Those that were not withdrawn, by kind" flush>
            {items.length === 0 ? (
              <Empty title="Nothing was declared yet">
                Controls that rest on declared facts show insufficient evidence until it is. See PUT
                /organizations/…/declarations in the API reference.
              </Empty>
            ) : (
              <DeclarationTable declarations={items} />
            )}
          </Panel>
        )}
      </Loaded>
    </>
  );
}

function DeclarationTable({ declarations }: { readonly declarations: readonly Declaration[] }) {
  const { id: orgId } = useOrganization();
  const mayChange = useMay('admin');
  const members = useQuery(membersQuery(orgId));
  const queryClient = useQueryClient();
  const [shown, setShown] = useState<Declaration>();
  const [withdrawing, setWithdrawing] = useState<Declaration>();
  const now = Date.now();
  const nameOf = (id: string): string => members.data?.find((member) => member.user_id === id)?.name ?? id;
  return (
    <>
      <Table
        caption="Declarations"
        rows={declarations}
        keyOf={(one) => `${one.kind} ${one.record_id}`}
        columns={[
          {
            name: 'What',
            main: true,
            cell: (one) => (
              <>
                <button
                  type="button"
                  className="rounded text-start font-medium text-accent hover:underline"
                  onClick={() => setShown(one)}
                >
                  {words(one.kind)}
                </button>
                <span className="block font-mono text-xs text-ink-3">{one.record_id}</span>
              </>
            ),
          },
          { name: 'Owner', cell: (one) => one.owner },
          {
            name: 'Declared',
            cell: (one) => (
              <>
                <Time at={one.declared_at} />
                <span className="block text-xs text-ink-3">
                  by {nameOf(one.declared_by)}, version {one.version}
                </span>
              </>
            ),
          },
          {
            name: 'Holds until',
            cell: (one) => (
              <>
                <Time at={one.valid_until} />
                {Date.parse(one.valid_until) < now && (
                  <span className="block">
                    <Badge tone="warn">Over</Badge>
                  </span>
                )}
              </>
            ),
          },
          {
            name: 'Withdraw',
            quietName: true,
            align: 'end',
            cell: (one) =>
              mayChange && (
                <Button
                  size="small"
                  look="danger"
                  aria-label={`Withdraw ${words(one.kind)} ${one.record_id}`}
                  onClick={() => setWithdrawing(one)}
                >
                  Withdraw
                </Button>
              ),
          },
        ]}
      />
      {shown !== undefined && (
        <Sheet side open onClose={() => setShown(undefined)} title={words(shown.kind)} description={shown.record_id}>
          <pre
            tabIndex={0}
            className="overflow-auto rounded-md border border-line bg-sunken px-3 py-2.5 font-mono text-[0.8125rem] break-words whitespace-pre-wrap"
          >
            {JSON.stringify(shown.data, null, 2)}
          </pre>
        </Sheet>
      )}
      <Confirm
        open={withdrawing !== undefined}
        onClose={() => setWithdrawing(undefined)}
        title="Withdraw the declaration?"
        action="Withdraw"
        onConfirm={async () => {
          if (withdrawing === undefined) return;
          const { kind, record_id: recordId } = withdrawing;
          await call('delete', '/organizations/{orgId}/declarations/{kind}/{recordId}', {
            path: { orgId, kind, recordId },
          });
          tell('The declaration was withdrawn.');
          await queryClient.invalidateQueries({ queryKey: [orgId, 'declarations'] });
        }}
      >
        <p>
          It no longer holds from now on. What was declared stays readable, and packets over its time still show it.
        </p>
      </Confirm>
    </>
  );
}

function words(kind: string): string {
  const text = kind.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
