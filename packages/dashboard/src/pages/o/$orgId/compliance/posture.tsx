import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { call } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { postureQuery, type PostureReport, type PostureService, type SignedPosture } from '../../../../api/queries.ts';
import { useMay, useOrganization } from '../../../../shell/organization.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge, YesNo } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Copyable } from '../../../../ui/copyable.tsx';
import { bytes as inBytes, count, number } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Fact, Facts, PageHeader, Panel } from '../../../../ui/panel.tsx';
import { save } from '../../../../ui/save.ts';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Time } from '../../../../ui/time.tsx';
import { tell } from '../../../../ui/toasts.tsx';
import { ComplianceTabs } from './tabs.tsx';

export function Posture() {
  useTitle('Posture report');
  const { id } = useOrganization();
  const posture = useQuery(postureQuery(id));
  return (
    <>
      <PageHeader
        title="Posture report"
        lead="Where data lies and how it is protected, drawn from the records of this moment and signed, for whoever sends you a questionnaire."
        action={
          <>
            <Button icon={<Icon name="refresh" />} busy={posture.isFetching} onClick={() => void posture.refetch()}>
              Read again
            </Button>
            <Button icon={<Icon name="print" />} onClick={() => print()}>
              Print
            </Button>
            <Button
              look="primary"
              icon={<Icon name="download" />}
              disabled={posture.data === undefined}
              onClick={() => posture.data !== undefined && download(posture.data)}
            >
              Download signed JSON
            </Button>
          </>
        }
      />
      <ComplianceTabs />
      <Loaded query={posture} skeleton={<Skeleton lines={14} className="h-7" />}>
        {(signed) => <SignedReport signed={signed} />}
      </Loaded>
    </>
  );
}

/** The bytes as they came: the MAC is over them. */
function download({ bytes, document: { report } }: SignedPosture): void {
  save(`posture-report-${report.generated_at.replaceAll(':', '')}.json`, bytes);
  tell('The signed report was downloaded.');
}

function SignedReport({ signed }: { readonly signed: SignedPosture }) {
  const { report, signature } = signed.document;
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-5 lg:grid-cols-2">
        <Panel title="In short">
          <Summary report={report} />
        </Panel>
        <Panel title="Signature" hint="The downloaded file is byte for byte what this page was drawn from.">
          <Facts>
            <Fact name="Algorithm">{signature.algorithm}</Fact>
            <Fact name="MAC">
              <Copyable text={signature.value} label="MAC" />
            </Fact>
            <Fact name="Key id">
              <Copyable text={signature.key_id} label="key id" />
            </Fact>
            <Fact name="File">{inBytes(signed.bytes.length)}</Fact>
            <Fact name="Verification key">
              <VerificationKey />
            </Fact>
          </Facts>
          <p className="no-print mt-3 text-[0.8125rem] text-ink-3">
            Send the file and the key by separate ways. Whoever has both can{' '}
            <Link to="/verify" className="text-accent underline underline-offset-2">
              check it in a browser
            </Link>{' '}
            that needs no account.
          </p>
        </Panel>
      </div>
      <Panel title={count(report.service_count, 'service')} hint="As they stood when the report was made" flush>
        {report.services.length === 0 ? (
          <Empty title="No services are recorded">
            With no service nothing is shown, so “all resident in the EU” is no, too.
          </Empty>
        ) : (
          <ServiceTable services={report.services} />
        )}
      </Panel>
    </div>
  );
}

function Summary({ report }: { readonly report: PostureReport }) {
  const { audit_log: log } = report;
  return (
    <Facts>
      <Fact name="Made">
        <Time at={report.generated_at} />
      </Fact>
      <Fact name="Organization">
        <Copyable text={report.organization_id} label="organization id" />
      </Fact>
      <Fact name="Services">{number(report.service_count)}</Fact>
      <Fact name="All resident in the EU">
        {report.all_services_eu_residency ? <Badge tone="ok">Yes</Badge> : <Badge tone="warn">No</Badge>}
      </Fact>
      <Fact name="Audit log">{count(log.entry_count, 'event')}</Fact>
      <Fact name="Oldest event">{log.oldest_entry_at === null ? 'None' : <Time at={log.oldest_entry_at} />}</Fact>
      <Fact name="Events are kept">
        {log.retention_policy_days === null ? 'For ever' : `For ${count(log.retention_policy_days, 'day')}`}
      </Fact>
    </Facts>
  );
}

function VerificationKey() {
  const { id } = useOrganization();
  const mayReveal = useMay('admin');
  const [key, setKey] = useState<string>();
  const [busy, setBusy] = useState(false);
  if (!mayReveal) return <>An admin or owner can show it</>;
  if (key !== undefined) return <Copyable text={key} label="verification key" />;
  const reveal = (): void => {
    setBusy(true);
    call('get', '/organizations/{orgId}/compliance-report/verification-key', { path: { orgId: id } })
      .then((answer) => setKey(answer.verification_key))
      .catch((error: unknown) => tell(sentenceOf(error), 'failed'))
      .finally(() => setBusy(false));
  };
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Button size="small" busy={busy} onClick={reveal}>
        Show the key
      </Button>
      <span className="text-xs text-ink-3">That you did is recorded in the trail.</span>
    </span>
  );
}

function ServiceTable({ services }: { readonly services: readonly PostureService[] }) {
  const { id } = useOrganization();
  return (
    <Table
      caption="Services of the report"
      rows={services}
      keyOf={(service) => service.service_id}
      columns={[
        {
          name: 'Service',
          main: true,
          cell: (service) => (
            <>
              <Link
                to="/o/$orgId/records/services/$serviceId"
                params={{ orgId: id, serviceId: service.service_id }}
                className="font-medium text-accent hover:underline"
              >
                {service.name}
              </Link>
              <span className="block text-xs text-ink-3">{service.database_type}</span>
            </>
          ),
        },
        {
          name: 'Zones',
          cell: (service) => (
            <ul>
              {service.zones.map((zone, at) => (
                <li key={zone}>
                  <span className="font-mono text-[0.8125rem]">{zone}</span>{' '}
                  <span className="text-xs text-ink-3">{service.regions[at]?.replaceAll('_', ' ')}</span>
                </li>
              ))}
              {service.zones.length === 0 && <li className="text-ink-3">None</li>}
            </ul>
          ),
        },
        {
          name: 'In the EU',
          cell: (service) => (service.eu_residency ? <Badge tone="ok">Yes</Badge> : <Badge tone="warn">No</Badge>),
        },
        { name: 'Storage encrypted', cell: (service) => <YesNo value={service.storage_encrypted_at_rest} /> },
        { name: 'TLS', cell: (service) => <YesNo value={service.tls_enabled} yes="On" no="Off" /> },
        {
          name: 'Backups',
          cell: (service) => (
            <>
              {service.backup_schedule === 'none' ? 'None' : service.backup_schedule}
              {service.backup_schedule !== 'none' && (
                <span className="block text-xs text-ink-3">
                  {service.backup_encryption ?? 'not encrypted'}, kept {count(service.backup_retention_days, 'day')}
                </span>
              )}
            </>
          ),
        },
        {
          name: 'Last completed backup',
          cell: (service) =>
            service.last_backup_at === null ? (
              <span className="text-ink-3">None</span>
            ) : (
              <>
                <Time at={service.last_backup_at} />
                <span className="block text-xs text-ink-3">{service.last_backup_type}</span>
              </>
            ),
        },
      ]}
    />
  );
}
