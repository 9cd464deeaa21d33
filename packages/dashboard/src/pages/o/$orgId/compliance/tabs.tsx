import { Link } from '@tanstack/react-router';

import { useOrganization } from '../../../../shell/organization.ts';
import { TAB, TABS } from '../../../../ui/tab-classes.ts';

export function ComplianceTabs() {
  const { id } = useOrganization();
  return (
    <nav aria-label="Compliance" className={TABS}>
      <Link to="/o/$orgId/compliance" params={{ orgId: id }} activeOptions={{ exact: true }} className={TAB}>
        Posture report
      </Link>
      <Link to="/o/$orgId/compliance/packets" params={{ orgId: id }} className={TAB}>
        Evidence packets
      </Link>
    </nav>
  );
}
