import type { ControlFinding, ControlStatus } from '@veritrail/controls';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';

import { packetQuery, packetsQuery, type SignedPacket } from '../../../../api/queries.ts';
import { ShareBar } from '../../../../charts/share-bar.tsx';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { classes } from '../../../../ui/classes.ts';
import { Copyable } from '../../../../ui/copyable.tsx';
import { SelectField } from '../../../../ui/field.tsx';
import { bytes as inBytes, count, day, moment, number } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Fact, Facts, PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Day, Time } from '../../../../ui/time.tsx';
import { ControlEntry } from './control-entry.tsx';
import { PacketDownloads } from './downloads.tsx';
import { ComparisonPanel } from './comparison-panel.tsx';
import { STATUS_NAMES, STATUSES } from './statuses.ts';

export function PacketPage() {
  const { orgId, reportId } = useParams({ from: '/o/$orgId/compliance/packets/$reportId' });
  const query = useQuery(packetQuery(orgId, reportId));
  useTitle(query.data?.packet.title ?? 'Evidence packet');
  return (
    <Loaded query={query} skeleton={<Skeleton lines={14} className="h-8" />}>
      {(signed) => <SignedPacketView signed={signed} orgId={orgId} />}
    </Loaded>
  );
}

function SignedPacketView({ signed, orgId }: { readonly signed: SignedPacket; readonly orgId: string }) {
  const { packet, report_id: reportId } = signed;
  return (
    <>
      <p className="no-print mb-2 text-sm">
        <Link to="/o/$orgId/compliance/packets" params={{ orgId }} className="text-accent hover:underline">
          Evidence packets
        </Link>
      </p>
      <PageHeader
        title={packet.title}
        lead={
          <>
            Over <Day at={packet.period_start} /> to <Day at={packet.period_end} />
          </>
        }
        action={<PacketDownloads reportId={reportId} framework={packet.framework} />}
      />
      <div className="flex flex-col gap-5">
        <div className="grid gap-5 lg:grid-cols-2">
          <HeadPanel signed={signed} />
          <SignaturePanel signed={signed} />
        </div>
        <Compare orgId={orgId} signed={signed} />
        <Controls signed={signed} />
        {packet.not_covered.length > 0 && (
          <Panel title="Not covered" hint="What no record of a platform can speak to, and why" flush>
            <ul className="divide-y divide-line">
              {packet.not_covered.map((one) => (
                <li key={one.control_id} className="px-4 py-2.5 text-sm sm:px-5">
                  <span className="font-medium">{one.control_id}</span> {one.title}
                  <span className="block text-[0.8125rem] text-ink-3">{one.why}</span>
                </li>
              ))}
            </ul>
          </Panel>
        )}
        <Panel title="What this is, and what it is not">
          <ul className="flex max-w-[80ch] flex-col gap-2 text-sm text-ink-2 [overflow-wrap:anywhere]">
            {packet.statements.map((statement) => (
              <li key={statement.id}>
                <span className="text-ink-3">{statement.id}</span> {statement.text}
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </>
  );
}

function HeadPanel({ signed: { packet } }: { readonly signed: SignedPacket }) {
  const { summary } = packet;
  return (
    <Panel title="In short">
      <Facts>
        <Fact name="Scope">{packet.scope_boundary}</Fact>
        <Fact name="Generated">
          <Time at={packet.generated_at} />
        </Fact>
        <Fact name="By">{packet.operator}</Fact>
        <Fact name="Services">{number(summary.service_count)}</Fact>
        <Fact name="All in the EU">
          {summary.all_services_eu_residency === null ? 'Not known' : summary.all_services_eu_residency ? 'Yes' : 'No'}
        </Fact>
        <Fact name="Audit log">
          {count(summary.audit_log.entry_count, 'event')}, kept {summary.audit_log.retention_policy}
        </Fact>
        <Fact name="Catalogue">
          {packet.catalogue.name}, version {packet.catalogue.version}
        </Fact>
      </Facts>
    </Panel>
  );
}

function SignaturePanel({ signed }: { readonly signed: SignedPacket }) {
  const { signature, packet } = signed;
  return (
    <Panel title="Signature" hint="The downloaded JSON is byte for byte what the API gives.">
      <Facts>
        <Fact name="Packet id">
          <Copyable text={signed.report_id} label="packet id" />
        </Fact>
        <Fact name="Algorithm">{signature.algorithm}</Fact>
        <Fact name="Key id">
          <Copyable text={signature.key_id} label="key id" />
        </Fact>
        <Fact name="SHA-256">
          <Copyable text={signature.canonical_sha256} label="SHA-256" />
        </Fact>
        <Fact name="File">{inBytes(signed.bytes.length)}</Fact>
        <Fact name="Packet before">
          {packet.previous_packet === null ? (
            'None: it is the first'
          ) : (
            <Copyable text={packet.previous_packet.report_id} label="id of the packet before" />
          )}
        </Fact>
      </Facts>
      <p className="no-print mt-3 text-[0.8125rem] text-ink-3">
        Anybody can{' '}
        <Link to="/verify" className="text-accent underline underline-offset-2">
          check it in a browser
        </Link>
        ; the keys are at /.well-known/compliance-signing-keys.
      </p>
    </Panel>
  );
}

function Compare({ orgId, signed }: { readonly orgId: string; readonly signed: SignedPacket }) {
  const search = useSearch({ from: '/o/$orgId/compliance/packets/$reportId' });
  const navigate = useNavigate({ from: '/o/$orgId/compliance/packets/$reportId' });
  const packets = useQuery(packetsQuery(orgId));
  const others =
    packets.data?.items.filter(
      (one) =>
        one.framework === signed.packet.framework && one.status === 'complete' && one.report_id !== signed.report_id,
    ) ?? [];
  if (others.length === 0) return null;
  return (
    <Panel title="Compared with another packet" hint="What became different between two packets of this framework">
      <div className="no-print max-w-md">
        <SelectField
          label="The other packet"
          value={search.with ?? ''}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            void navigate({ search: chosen === '' ? {} : { with: chosen }, replace: true, resetScroll: false });
          }}
        >
          <option value="">None</option>
          {others.map((one) => (
            <option key={one.report_id} value={one.report_id}>
              {moment(one.generated_at)} (over {day(one.period_start)} to {day(one.period_end)})
            </option>
          ))}
        </SelectField>
      </div>
      {search.with !== undefined && <ComparisonPanel orgId={orgId} reportId={signed.report_id} other={search.with} />}
    </Panel>
  );
}

function Controls({ signed: { packet } }: { readonly signed: SignedPacket }) {
  const [only, setOnly] = useState<ControlStatus>();
  const shown = packet.controls.filter((control) => only === undefined || control.status === only);
  const categories = new Map<string, ControlFinding[]>();
  for (const control of shown) categories.set(control.category, [...(categories.get(control.category) ?? []), control]);
  const { statuses } = packet.summary;
  return (
    <Panel title={count(packet.controls.length, 'control')} hint="Open one to see the records that it rests on" flush>
      <div className="px-4 py-3.5 sm:px-5">
        <ShareBar
          parts={STATUS_NAMES.map((status) => ({
            name: status,
            value: statuses[status],
            className: STATUSES[status].fill,
          }))}
        />
        <ul aria-label="Statuses" className="no-print mt-3 flex flex-wrap gap-1.5">
          {STATUS_NAMES.map((status) => {
            const on = only === status;
            return (
              <li key={status}>
                <button
                  type="button"
                  aria-pressed={on}
                  disabled={statuses[status] === 0}
                  onClick={() => setOnly(on ? undefined : status)}
                  className={classes(
                    'flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium disabled:text-ink-3',
                    on ? 'border-accent bg-accent-soft text-accent' : 'border-line text-ink-2 hover:bg-sunken',
                  )}
                >
                  <span aria-hidden="true" className={`size-2 rounded-full ${STATUSES[status].fill}`} />
                  {STATUSES[status].name}
                  <span className="tabular font-normal">{statuses[status]}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      {shown.length === 0 && <Empty title="No control has this status" />}
      {[...categories].map(([category, controls]) => (
        <section key={category} aria-label={category} className="border-t border-line">
          <h3 className="bg-sunken/60 px-4 py-1.5 text-xs font-semibold text-ink-2 sm:px-5">
            {category.charAt(0).toUpperCase() + category.slice(1).replaceAll('_', ' ')}
          </h3>
          <ul className="divide-y divide-line">
            {controls.map((control) => (
              <ControlEntry key={control.control_id} control={control} evidence={packet.evidence} />
            ))}
          </ul>
        </section>
      ))}
      <p className="border-t border-line px-4 py-2.5 text-xs text-ink-3 sm:px-5">
        <Badge tone="ok">attested</Badge> is said only where records over the whole period support it.
      </p>
    </Panel>
  );
}
