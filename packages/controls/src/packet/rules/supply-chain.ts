import type { NamedRule } from '../rule.ts';
import { quoted } from '../text.ts';
import { atPeriodEnd, isBlank, namedRule, whyNone } from './declared-records.ts';
import { Findings } from './tally.ts';

/** Who is in the chain of suppliers. A list that ends with the operator's own may go on below. */
export function chainListed(parameters: { readonly ranks: number }): NamedRule {
  return namedRule('chain_listed', parameters, (context) => {
    const found = new Findings();
    const chain = atPeriodEnd(context, 'subservice_organization').filter(({ data }) => data.rank > 1);
    for (const { record_id, data } of chain) {
      found.bases.add('declared');
      const item = found.item(record_id, `supplier ${quoted(data.name)}`);
      if (data.countries.length === 0) item.leavesOpen('the countries');
      if (isBlank(data.service)) item.leavesOpen('the service');
    }
    if (chain.length === 0) {
      found.lacks('a declared list of the suppliers', whyNone(context, 'subservice_organization'));
    } else if (!chain.some(({ data }) => data.rank >= parameters.ranks)) {
      found.lacks("the suppliers' own suppliers (the declared list goes one level down)", 'population_incomplete');
    }
    return found;
  });
}
