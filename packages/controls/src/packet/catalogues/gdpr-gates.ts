import type { GateOutcome, JudgeContext } from '../rule.ts';
import { placesOf, thirdCountriesOf } from '../rules/places.ts';
import { counted } from '../text.ts';
import { servicesOf } from '../rules/each-service.ts';
import { excludedByRecords } from './excluded-by-records.ts';

/**
 * Closed only where every place is known: recorded zones and backups through the period, declared suppliers and support
 * access. What isn't known leaves it open, and the entry then says so.
 */
export function noThirdCountry(context: JudgeContext): GateOutcome {
  const places = placesOf(context);
  const services = servicesOf(context, 'period').length;
  if (services === 0 || places.open.length > 0 || thirdCountriesOf(places).length > 0) return { open: true };
  const countries = [...places.seen.keys()].sort().join(', ');
  return excludedByRecords(
    `There is no third country to list: storage and backups of ${counted(services, 'service', 'services')} were ` +
      `recorded, and suppliers with access to data and support access are declared, in ${countries} alone. That says ` +
      'nothing of access that nobody declared, nor of what networks carried.',
    ['derived', 'declared'],
  );
}
