import type { Declarations } from './declarations.ts';
import { inForce } from './declared.ts';
import type { Basis, Evidence } from './evidence.ts';
import { SERVICE_FACTS } from './evidence.ts';
import type { Assessment } from './packet.ts';
import type { JudgeContext } from './rule.ts';
import { scopeBoundary } from './scope.ts';
import { counted, listed, quoted } from './text.ts';
import { timeInWords } from './times.ts';

/** What the organization has to do itself for the rest to mean anything, of a managed database platform. */
const USER_CONTROLS: readonly string[] = [
  'U1 create, review and remove accounts and grants inside the databases',
  'U2 keep credentials and client certificates secret and rotate them',
  'U3 keep lists of allowed addresses to those that are needed',
  'U4 choose backup schedules and retention that meet its own objectives, and test restores of its data',
  'U5 classify its data, and keep personal data out of services that are not meant for it',
  'U6 review members, roles and audit events of the platform, and act on flagged events',
  'U7 have clients verify certificates, and not only encrypt',
  'U8 keep declared records true and current',
  'U9 tell the operator of people who leave and of suspected compromise',
  'U10 get the public key or its fingerprint over another channel before relying on a signature',
];

const BASES: readonly Basis[] = ['observed', 'derived', 'declared', 'third_party'];

/** The ten that every packet carries. */
export function statementsOf(
  { head, evidence }: JudgeContext,
  catalogue: Assessment['catalogue'],
  { statuses }: Assessment['summary'],
): { id: string; text: string }[] {
  const period = `${timeInWords(head.period_start)} to ${timeInWords(head.period_end)}`;
  return [
    {
      id: 'S1',
      text:
        `A signed statement of facts that ${head.operator} recorded about the services listed, for the reader's own ` +
        'evaluation. No auditor examined it. It is neither an audit report nor a certificate, and no legal advice.',
    },
    { id: 'S2', text: scopeBoundary(head, evidence) },
    { id: 'S3', text: `Period: ${period}. ${sampling(evidence)} ${trail(evidence)}` },
    { id: 'S4', text: basisStatement(evidence) },
    { id: 'S5', text: subservices(inForce(evidence, 'subservice_organization', head.period_end)) },
    {
      id: 'S6',
      text: `The findings hold only together with what the organization itself has to do: ${USER_CONTROLS.join('; ')}.`,
    },
    {
      id: 'S7',
      text:
        `Attested ${statuses.attested}, exception ${statuses.exception}, insufficient evidence ` +
        `${statuses.insufficient_evidence}, not applicable ${statuses.not_applicable}, not covered by platform records ` +
        `${statuses.not_covered}.`,
    },
    {
      id: 'S8',
      text: `Judged by ${catalogue.name}, catalogue ${catalogue.id}, version ${catalogue.version}, digest ${catalogue.digest}.`,
    },
    {
      id: 'S9',
      text:
        'Facts can change after they were read. People acting together can get around controls. The signature shows who ' +
        'issued this and that it was not changed since, not that each fact is true.',
    },
    {
      id: 'S10',
      text:
        'The signature beside this packet names its key. Get that key, or its fingerprint, over another channel than the ' +
        'packet, then check without a network: veritrail verify <file> --keys <keys file>. It also judges again from ' +
        'the evidence.',
    },
  ];
}

function sampling({ samples }: Evidence): string {
  const missing = samples.missing.toSorted();
  return (
    `Findings about the period rest on ${samples.taken.length} of ${counted(samples.expected, 'daily sample', 'daily samples')}; ` +
    `missing: ${missing.length === 0 ? 'none' : listed(missing, 10)}.`
  );
}

function trail({ audit_log: log }: Evidence): string {
  const { result, checked, unchecked, from_sequence: from, to_sequence: to } = log.integrity;
  const range = log.entry_count === 0 ? 'no entry' : `entries ${log.first_sequence} to ${log.next_sequence - 1}`;
  const checks = {
    sound: `checked as signed: ${checked}, from ${from ?? '-'} to ${to ?? '-'}; not checked: ${unchecked}`,
    diverged: 'checked, and not as it was signed',
    unchecked: 'not checked',
  }[result];
  return `Findings about events rest on an audit trail with ${range}, ${checks}.`;
}

/** Of the facts about services and the organization, and of the records that people declared. */
function basisStatement(evidence: Evidence): string {
  const counts: Record<Basis, number> = { observed: 0, derived: 0, declared: 0, third_party: 0 };
  for (const service of evidence.services) {
    for (const fact of SERVICE_FACTS) for (const span of service[fact]) counts[span.basis]++;
  }
  const { mfa_enforced, shared_accounts, keys_register } = evidence.access;
  const { clock, write_failures } = evidence.audit_log;
  for (const spans of [mfa_enforced, shared_accounts, keys_register, clock, write_failures]) {
    for (const span of spans) counts[span.basis]++;
  }
  for (const records of Object.values<readonly unknown[]>(evidence.declarations)) {
    counts.declared += records.length;
  }
  const words = BASES.map((basis) => `${basis.replace('_', ' ')} ${counts[basis]}`).join(', ');
  return `Facts by what they rest on: ${words}. Declared ones are the word of the person named in them and were not checked.`;
}

function subservices(records: Declarations['subservice_organization'][number][]): string {
  if (records.length === 0) {
    return 'No subservice organization is declared. That shows no list, not that there is none.';
  }
  const each = records.map(({ data }) => {
    const report =
      data.report === null
        ? 'no report named'
        : `${quoted(data.report.type)} by ${quoted(data.report.issuer)}, period to ${data.report.period_end}`;
    const method = data.method === 'carve_out' ? 'carve-out' : 'inclusive';
    const countries = data.countries.length === 0 ? 'country not named' : data.countries.toSorted().join(', ');
    return `${quoted(data.name)} (${quoted(data.service)}; ${countries}; ${method}; ${report})`;
  });
  return `Subservice organizations: ${each.join('; ')}. Their controls are not covered unless inclusive.`;
}
