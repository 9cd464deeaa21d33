import type { ApplicationDate } from '../before-application.ts';
import { inForce, latest } from '../declared.ts';
import type { GateOutcome, JudgeContext } from '../rule.ts';
import { systemsAtRisk } from '../rules/ai-systems.ts';
import { heldInPeriod } from '../rules/declared-records.ts';
import { quoted, sortedUnique } from '../text.ts';
import { dayOf } from '../times.ts';
import { excludedByRecords } from './excluded-by-records.ts';

/** As amended by Regulation (EU) 2026/1744; see docs/frameworks/eu-ai-act.md for where each was read. */
export const APPLICATION_DATES = [
  { id: 'chapters_1_2', what: 'Prohibited practices and AI literacy (Chapters I and II)', from: '2025-02-02' },
  { id: 'gpai', what: 'General-purpose models, governance, penalties', from: '2025-08-02' },
  { id: 'general', what: 'The rest, where nothing else is said', from: '2026-08-02' },
  { id: 'article_50', what: 'Transparency duties of Article 50', from: '2026-08-02' },
  {
    id: 'annex_iii',
    what: 'High-risk systems of Article 6(2) and Annex III',
    from: '2027-12-02',
    was: '2026-08-02',
  },
  { id: 'annex_i', what: 'High-risk systems of Article 6(1) and Annex I', from: '2028-08-02', was: '2027-08-02' },
  { id: 'public', what: 'Systems of public authorities that were on the market before', from: '2030-08-02' },
] as const satisfies readonly ApplicationDate[];

const ANNEX_III = dateOf('annex_iii');
const ANNEX_I = dateOf('annex_i');

function dateOf(id: (typeof APPLICATION_DATES)[number]['id']): ApplicationDate {
  const date = APPLICATION_DATES.find((one) => one.id === id);
  if (date === undefined) throw new RangeError(`There is no application date ${id}.`);
  return date;
}

/** The date that the entries wait for: of Annex I only where every system that may be high-risk is of that annex. */
export function pendingDate(context: JudgeContext): ApplicationDate | undefined {
  const systems = systemsAtRisk(context);
  const isAnnexI = systems.length > 0 && systems.every(({ data }) => data.high_risk === 'annex_i');
  const date = isAnnexI ? ANNEX_I : ANNEX_III;
  return dayOf(context.head.period_end) < date.from ? date : undefined;
}

type Role = 'provider' | 'deployer';

/**
 * The role under the Act, as declared; for duties of one role, whether it is that one. One that the organization had at any
 * time of the period keeps the gate open, so that giving it up just before the end takes nothing out.
 */
export function aiGate({
  role,
  highRisk,
}: {
  readonly role?: Role;
  readonly highRisk: boolean;
}): (context: JudgeContext) => GateOutcome {
  return (context) => {
    const record = latest(inForce(context.evidence, 'ai_role', context.head.period_end));
    if (record === undefined) {
      const needed =
        'a declaration whether the organization is a provider or a deployer of AI systems, both or neither';
      return { open: false, status: 'insufficient_evidence', reason: 'role_undeclared', needed };
    }
    const declared = record.data.role;
    const had = heldInPeriod(context, 'ai_role').map(({ data }) => data.role);
    const says = `${quoted(record.owner)} declared on ${dayOf(record.declared_at)} that`;
    if (had.every((one) => one === 'neither')) {
      const sentence = `${says} the organization is neither provider nor deployer of AI systems, so this does not apply.`;
      return excludedByRecords(sentence);
    }
    if (role !== undefined && !had.includes(role) && !had.includes('provider_and_deployer')) {
      const sentence = `${says} the organization is ${declared === 'neither' ? 'no' : `${declared} and not`} ${role}, so this does not apply.`;
      return excludedByRecords(sentence);
    }
    return highRisk ? riskGate(context) : { open: true };
  };
}

/** Closed where systems are declared and each of them as not high-risk; Article 6 then asks for the assessments. */
function riskGate(context: JudgeContext): GateOutcome {
  const systems = heldInPeriod(context, 'ai_system');
  if (systems.length === 0 || systems.some(({ data }) => data.high_risk !== 'no')) return { open: true };
  const who = sortedUnique(systems.map(({ owner }) => quoted(owner))).join(', ');
  const names = sortedUnique(systems.map(({ data }) => quoted(data.name))).join(', ');
  const sentence = `${who} declared that no system on the register is high-risk (${names}), so this does not apply.`;
  return excludedByRecords(sentence);
}
