import type { Ground } from '../tenancy/ground.ts';
import { canonicalText } from './canonical-text.ts';
import { hasSample, insertSample, readServicesForSample } from './sample-store.ts';

/**
 * Looks at an organization's services as they stand, once a day (UTC): what was not looked at on its day stays unknown,
 * so `at` must be now. It is no event of the trail, which would be one a day that nobody did.
 *
 * @returns whether a sample was taken; false if the day has one
 */
export async function takeSample(ground: Pick<Ground, 'db'>, organizationNo: number, at: Date): Promise<boolean> {
  const day = at.toISOString().slice(0, 10);
  return ground.db.scoped(organizationNo, async (tx) => {
    if (await hasSample(tx, organizationNo, day)) return false;
    const services = await readServicesForSample(tx, organizationNo, at);
    return insertSample(tx, organizationNo, {
      day,
      sampled_at: at,
      service_count: services.length,
      content: canonicalText(services.map((service) => ({ ...service }))),
    });
  });
}
