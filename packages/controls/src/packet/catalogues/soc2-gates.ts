import type { TrustCategory } from '../declarations.ts';
import { inForce, latest } from '../declared.ts';
import type { GateOutcome, JudgeContext } from '../rule.ts';
import { quoted } from '../text.ts';
import { isAhead } from '../times.ts';

const CATEGORY_NAMES: Readonly<Record<TrustCategory, string>> = {
  security: 'security',
  availability: 'availability',
  confidentiality: 'confidentiality',
  processing_integrity: 'processing integrity',
  privacy: 'privacy',
};

/** Security is part of every engagement; the others only when somebody chose them, and not chosen is a decision too. */
export function chosenCategory(category: TrustCategory): (context: JudgeContext) => GateOutcome {
  const name = CATEGORY_NAMES[category];
  return ({ evidence, head }) => {
    const decision = latest(
      inForce(evidence, 'scope_categories', head.period_end).filter(
        ({ data }) => !isAhead(data.decided_on, head.generated_at),
      ),
    );
    if (decision === undefined) {
      const needed = `a decision whether ${name} is among the chosen categories`;
      return { open: false, status: 'insufficient_evidence', reason: 'role_undeclared', needed };
    }
    if (decision.data.categories.includes(category)) return { open: true };
    const sentence =
      `${quoted(decision.owner)} decided on ${decision.data.decided_on} that this does not apply: ` +
      `the category ${name} was not chosen.`;
    return { open: false, status: 'not_applicable', reason: 'scoped_out', bases: ['declared'], sentence };
  };
}
