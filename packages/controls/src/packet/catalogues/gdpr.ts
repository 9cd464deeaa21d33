import { JURISDICTIONS } from '@veritrail/formats';

import { inForce, latest } from '../declared.ts';
import type { JudgeContext, NamedRule, PacketCatalogue } from '../rule.ts';
import { servicesOf } from '../rules/each-service.ts';
import { measuresDescribed, partiesNamed, processingDescribed, transfersListed } from '../rules/gdpr-record.ts';
import { spanAt } from '../spans.ts';
import { compareText, counted, quoted } from '../text.ts';
import { isAhead, timeInWords } from '../times.ts';
import { controlsOf } from './framework-entry.ts';
import { GDPR_ENTRIES } from './gdpr-entries.ts';
import { noThirdCountry } from './gdpr-gates.ts';

const CONTROLLER = "the record of Article 30(1) is the controller's, and platform records cannot fill it";

/** The processor's record of Article 30(2), with the articles on security and processors that it leans on. */
export const gdprPacket: PacketCatalogue = {
  id: 'gdpr-2016-679-art-30',
  version: '1-packet.2',
  name: 'Regulation (EU) 2016/679 (GDPR), Article 30(2) and what a processor of hosted data leans on',
  title: (context) => {
    const open = openFields(context);
    if (open === 0) return "Processor's record of processing (Art. 30(2) GDPR)";
    return `Draft processor's record of processing (Art. 30(2) GDPR), ${counted(open, 'field', 'fields')} open`;
  },
  controls: controlsOf(GDPR_ENTRIES),
  notCovered: [
    {
      id: '30(1)(a)',
      title: 'Controller: names and contacts',
      why: `${CONTROLLER}; the contact on file is the customer's, not necessarily the controller's`,
    },
    { id: '30(1)(b)', title: 'Controller: purposes', why: `${CONTROLLER}: why data is processed is on no record here` },
    {
      id: '30(1)(c)',
      title: 'Controller: categories of data subjects and personal data',
      why: `${CONTROLLER}: what is in the databases is not read`,
    },
    {
      id: '30(1)(d)',
      title: 'Controller: categories of recipients',
      why: `${CONTROLLER}; the suppliers listed under 28(2) are some of the recipients`,
    },
    {
      id: '30(1)(e)',
      title: 'Controller: transfers to third countries',
      why: `${CONTROLLER}; the countries listed under 30(2)(c) are those of this platform alone`,
    },
    {
      id: '30(1)(f)',
      title: 'Controller: envisaged time limits for erasure',
      why: `${CONTROLLER}; retention of backups and of the audit trail is judged under 5(1)(e)`,
    },
    {
      id: '30(1)(g)',
      title: 'Controller: general description of security measures',
      why: `${CONTROLLER}; the part that this platform gives is under 30(2)(d)`,
    },
    {
      id: '30(5)',
      title: 'Exemption of small organizations',
      why: 'whether it is claimed is a decision with a ground, which statement G2 prints; no platform record can tell',
    },
  ],
  statements: (context) => [
    {
      id: 'G1',
      text:
        'The entries under 30(2) are fields of a record: attested means filled, dated and not contradicted by what was ' +
        'recorded. It does not mean that the processing is lawful. An audit trail is no record of processing.',
    },
    { id: 'G2', text: exemption(context) },
    { id: 'G3', text: locations(context) },
  ],
};

/** Declared fields that are blank or contradicted: the four parts of (a), and (b), (c) and (d) as one each. */
function openFields(context: JudgeContext): number {
  const parties = partiesNamed().judge(context);
  const keys = new Set([...parties.failing, ...parties.unknown].map(({ key }) => key));
  const transfers = noThirdCountry(context).open ? [transfersListed()] : [];
  return (
    keys.size +
    [processingDescribed(), ...transfers, measuresDescribed()].filter((rule) => isOpen(rule, context)).length
  );
}

function isOpen(rule: NamedRule, context: JudgeContext): boolean {
  const { failing, unknown, missing } = rule.judge(context);
  return failing.length + unknown.length + missing.length > 0;
}

/** Article 30(5): fewer than 250 people, and lost with a risk, with regular processing or with special categories. */
function exemption({ evidence, head }: JudgeContext): string {
  const decision = latest(
    inForce(evidence, 'scope_decision', head.period_end).filter(
      ({ data }) =>
        data.control_id === '30(5)' &&
        ['gdpr_ropa', 'all'].includes(data.framework) &&
        !isAhead(data.decided_on, head.generated_at),
    ),
  )?.data;
  const law =
    'Article 30(5) exempts organizations with fewer than 250 people, unless the processing is likely to be a risk to people, ' +
    'is not occasional, or includes special categories or criminal convictions; hosting data for customers is rarely ' +
    'occasional. A proposal of 21 May 2025 to raise the number to 750 is not counted as law here.';
  if (decision === undefined) return `${law} No decision to use the exemption is declared.`;
  return `${law} ${quoted(decision.decided_by)} decided on ${decision.decided_on} to use it: ${quoted(decision.reason)}.`;
}

function locations(context: JudgeContext): string {
  const { period_end: end } = context.head;
  const services = new Map<string, Set<string>>();
  let open = 0;
  for (const service of servicesOf(context, 'point')) {
    const storage = spanAt(service.countries, end, end)?.value;
    const backups = spanAt(service.backup_countries, end, end)?.value;
    if (storage === undefined || backups === undefined) open++;
    for (const country of new Set([...(storage ?? []), ...(backups ?? [])])) {
      services.set(country, (services.get(country) ?? new Set()).add(service.service_id));
    }
  }
  const countries = [...services]
    .sort(([a], [b]) => compareText(a, b))
    .map(([country, ids]) => `${country} (${counted(ids.size, 'service', 'services')})`);
  return (
    `Storage and backups as recorded and observed at ${timeInWords(end)}: ${countries.join(', ') || 'no country known'}. ` +
    `Of ${counted(open, 'service', 'services')} a place is not known. This says nothing of remote access, support staff, ` +
    "suppliers' parents or network paths. Classes of countries (EU, EEA, adequacy decisions by Article 45) are those of " +
    `${JURISDICTIONS.asOf}.`
  );
}
