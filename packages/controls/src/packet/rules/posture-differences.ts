import type { ListedEvent, ServiceEvidence, ServiceFact, Span } from '../evidence.ts';
import { groupBy } from '../group-by.ts';
import type { NamedRule } from '../rule.ts';
import { secondsOf } from '../times.ts';
import { checkSamples } from './samples.ts';
import { servicesOf } from './each-service.ts';
import { Findings, serviceItem } from './tally.ts';

/** What the platform's own records say, and its API alone can change. */
const PLATFORM_FACTS = [
  'zones',
  'storage_encrypted_at_rest',
  'backup_encryption',
  'tls_enabled',
  'backup_schedule',
  'backup_retention_days',
] as const satisfies readonly ServiceFact[];

/** A record and its event are one transaction; times are cut to seconds, and values that share one are moved apart. */
const TOLERANCE_SECONDS = 60;

/**
 * Every difference between two records of a service is explained by an event that says who changed it. For use beside
 * the rule that the records are known: where they aren't, no difference shows.
 */
export function differencesExplained(): NamedRule {
  return {
    name: 'differences_explained',
    parameters: { facts: PLATFORM_FACTS, toleranceSeconds: TOLERANCE_SECONDS },
    judge: (context) => {
      const found = new Findings();
      const services = servicesOf(context, 'period');
      const changes = context.evidence.events.service_changes;
      if (changes === undefined) found.lacks('the events of changes to services', 'fact_missing');
      else if (changes.total > changes.listed.length) {
        found.lacks(`all ${changes.total} changes (${changes.listed.length} are listed)`, 'population_incomplete');
      }
      const told = groupBy(changes?.listed ?? [], (event) => event.resource_id);
      for (const service of services) {
        found.bases.add('observed');
        const item = found.item(service.service_id, serviceItem(service));
        for (const { fact, at } of differencesOf(service)) {
          if (isExplained(told.get(service.service_id) ?? [], secondsOf(at))) continue;
          const isWhole = changes !== undefined && changes.total === changes.listed.length;
          if (isWhole) item.fails(`${fact} changed, and no event says so`, at, at);
          else item.leavesOpen(`the event of the change of ${fact}`);
        }
      }
      if (services.length === 0) found.lacks('at least one service that this speaks of', 'vacuous_scope');
      checkSamples(context, services, found);
      return found;
    },
  };
}

function differencesOf(service: ServiceEvidence): { readonly fact: ServiceFact; readonly at: string }[] {
  return PLATFORM_FACTS.flatMap((fact) => {
    const spans = (service[fact] as readonly Span<unknown>[]).toSorted((a, b) => (a.from < b.from ? -1 : 1));
    return spans.slice(1).map((span) => ({ fact, at: span.from }));
  });
}

function isExplained(told: readonly ListedEvent[], at: number): boolean {
  return told.some((event) => Math.abs(secondsOf(event.occurred_at) - at) <= TOLERANCE_SECONDS);
}
