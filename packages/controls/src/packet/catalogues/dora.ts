import { inForce, latest } from '../declared.ts';
import { providerAnnex } from '../provider-annex.ts';
import type { GateOutcome, JudgeContext, PacketCatalogue } from '../rule.ts';
import { heldInPeriod } from '../rules/declared-records.ts';
import { functionsByService } from '../rules/dora-functions.ts';
import { servicesOf } from '../rules/each-service.ts';
import { counted, quoted } from '../text.ts';
import { dayOf } from '../times.ts';
import { DORA_ENTRIES } from './dora-entries.ts';
import { controlsOf } from './framework-entry.ts';
import { excludedByRecords } from './excluded-by-records.ts';

const TECHNICAL = 'no technical fact speaks to it';

/** What an ICT service provider can give evidence for. The duties are the financial entity's, whatever it buys. */
export const doraPacket: PacketCatalogue = {
  id: 'dora-2022-2554',
  version: '1-packet.3',
  name:
    'Regulation (EU) 2022/2554 (DORA), in application from 2025-01-17, with Delegated Regulations (EU) 2024/1774 (RTS) and ' +
    '(EU) 2025/532 and the templates of Implementing Regulation (EU) 2024/2956',
  title: () => 'Evidence packet, DORA, with a provider annex to the register of information',
  controls: controlsOf(DORA_ENTRIES, roleGate),
  notCovered: [
    {
      id: '5, 6',
      title: 'Governance and the framework for ICT risk',
      why: `duties of the management body: ${TECHNICAL}`,
    },
    { id: '14', title: 'Crisis communication', why: `conduct: ${TECHNICAL}` },
    {
      id: '19',
      title: 'Reporting major incidents',
      why: 'the financial entity reports; inputs that a provider has are under 18',
    },
    {
      id: '24, 25',
      title: 'Testing of digital operational resilience',
      why: 'a test programme; restore tests are under 11 and 12',
    },
    {
      id: '28(8), 29',
      title: 'Exit strategies; concentration and substitutability',
      why: "the customer's assessment, on which no platform record bears",
    },
    {
      id: '30(2)(c), (d), 30(3)(e)',
      title: 'Contract: data protection, return of data, audit rights',
      why: `terms of a contract: ${TECHNICAL}`,
    },
    { id: '31', title: 'Designation of critical providers', why: 'made by the European Supervisory Authorities' },
    { id: 'RTS 8', title: 'Procedures for operations', why: `documents: ${TECHNICAL}` },
    { id: 'RTS 22', title: 'Policy for incident management', why: `a document: ${TECHNICAL}` },
  ],
  statements: (context) => [
    {
      id: 'D1',
      text:
        'The duties bind the financial entity, which stays responsible whatever it buys (Article 28(1)(a)). This is evidence ' +
        "of a provider for the customer's own controls and register. " +
        roleStatement(context),
    },
    { id: 'D2', text: functionStatement(context) },
    {
      id: 'D3',
      text:
        'The provider annex has the columns of templates B_02.02, B_03.02, B_05.01 and B_05.02 that a provider can fill, in ' +
        'the codes of a filing. It is neither the register nor a filing. A field that nobody declared or observed is empty; ' +
        'left to the customer are B_01, B_02.01, B_02.03, B_03.01, B_03.03, B_04, B_06, B_07, B_99 and every other column.',
    },
  ],
  annex: (context) => (roleOf(context)?.data.role === 'neither' ? [] : providerAnnex(context)),
};

function roleOf({ evidence, head }: JudgeContext) {
  return latest(inForce(evidence, 'dora_role', head.period_end));
}

/** A role that it had at any time of the period keeps the gate open: giving it up at the end takes nothing out. */
function roleGate(context: JudgeContext): GateOutcome {
  const record = roleOf(context);
  if (record === undefined) {
    const needed =
      'a declaration whether the organization is a financial entity, an ICT third-party service provider or neither';
    return { open: false, status: 'insufficient_evidence', reason: 'role_undeclared', needed };
  }
  const isNeither = heldInPeriod(context, 'dora_role').every(({ data }) => data.role === 'neither');
  if (!isNeither) return { open: true };
  const sentence =
    `${quoted(record.owner)} declared on ${dayOf(record.declared_at)} that the organization is neither a financial entity ` +
    'nor an ICT third-party service provider, so this does not apply.';
  return excludedByRecords(sentence);
}

const ROLES = {
  financial_entity: 'a financial entity',
  ict_provider: 'an ICT third-party service provider',
  neither: 'neither',
};

function roleStatement(context: JudgeContext): string {
  const record = roleOf(context);
  if (record === undefined) return "The organization's role is not declared.";
  const { role, entity_type: type } = record.data;
  const kind = type === null ? '' : ` (${quoted(type)})`;
  return `The organization's role, as declared: ${ROLES[role]}${kind}.`;
}

function functionStatement(context: JudgeContext): string {
  const counts = { yes: 0, no: 0, not_assessed: 0, undeclared: 0 };
  const byService = functionsByService(context);
  for (const { service_id: id } of servicesOf(context, 'point')) {
    const answers = (byService.get(id) ?? []).map(({ critical }) => critical);
    if (answers.includes('yes')) counts.yes++;
    else if (answers.includes('not_assessed')) counts.not_assessed++;
    else if (answers.includes('no')) counts.no++;
    else counts.undeclared++;
  }
  return (
    "Whether a service supports a critical or important function is the customer's assessment, as declared: " +
    `yes ${counted(counts.yes, 'service', 'services')}, no ${counts.no}, not assessed ${counts.not_assessed}, ` +
    `nothing declared ${counts.undeclared}. What was not assessed is not counted as no.`
  );
}
