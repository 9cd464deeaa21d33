import { Link } from '@tanstack/react-router';

import { Icon, type IconName } from '../ui/icons.tsx';
import { includesRole, type MemberRole } from '../session/roles.ts';
import { useOrganization } from './organization.ts';

interface Entry {
  readonly to: string;
  readonly name: string;
  readonly icon: IconName;
  readonly role: MemberRole;
  readonly exact?: true;
  readonly params?: Readonly<Record<string, string>>;
}

const SECTIONS: readonly { readonly title: string | undefined; readonly entries: readonly Entry[] }[] = [
  {
    title: undefined,
    entries: [
      { to: '/o/$orgId', name: 'Overview', icon: 'overview', role: 'member', exact: true },
      { to: '/o/$orgId/compliance', name: 'Compliance', icon: 'compliance', role: 'member' },
    ],
  },
  {
    title: 'Audit trail',
    entries: [
      { to: '/o/$orgId/audit', name: 'Audit log', icon: 'audit', role: 'analyst', exact: true },
      { to: '/o/$orgId/audit/flags', name: 'Flags', icon: 'flags', role: 'analyst' },
      {
        to: '/o/$orgId/audit/reports/$name',
        name: 'Activity reports',
        icon: 'reports',
        role: 'admin',
        params: { name: 'soc2' },
      },
    ],
  },
  {
    title: 'Records',
    entries: [
      { to: '/o/$orgId/records/services', name: 'Services', icon: 'services', role: 'member' },
      { to: '/o/$orgId/records/backups', name: 'Backups', icon: 'backups', role: 'member' },
      { to: '/o/$orgId/records/declarations', name: 'Declarations', icon: 'declarations', role: 'member' },
      { to: '/o/$orgId/records/zones', name: 'Zones', icon: 'zones', role: 'member' },
    ],
  },
  {
    title: 'Admin',
    entries: [
      { to: '/o/$orgId/admin/members', name: 'Members', icon: 'members', role: 'member' },
      { to: '/o/$orgId/admin/api-keys', name: 'API keys', icon: 'keys', role: 'admin' },
      { to: '/o/$orgId/admin/retention', name: 'Retention and holds', icon: 'retention', role: 'admin' },
      { to: '/o/$orgId/admin/signing-keys', name: 'Signing keys', icon: 'signature', role: 'member' },
      { to: '/o/$orgId/admin/billing', name: 'Billing', icon: 'billing', role: 'admin' },
      { to: '/o/$orgId/admin/organization', name: 'Organization', icon: 'organization', role: 'member' },
    ],
  },
  {
    title: 'Tools',
    entries: [{ to: '/o/$orgId/verify', name: 'Verify', icon: 'verify', role: 'member' }],
  },
];

/** What the role at hand can open; the rest would only be refused. */
export function Navigation({ onFollow }: { readonly onFollow?: () => void }) {
  const { id, role } = useOrganization();
  return (
    <nav aria-label="Main" className="flex flex-col gap-4">
      {SECTIONS.map(({ title, entries }) => {
        const open = entries.filter((entry) => includesRole(role, entry.role));
        if (open.length === 0) return null;
        return (
          <div key={title ?? ''}>
            {title !== undefined && (
              <h2 className="px-2.5 pb-1 text-2xs font-semibold tracking-wide text-ink-3 uppercase">{title}</h2>
            )}
            <ul className="flex flex-col gap-px">
              {open.map(({ to, name, icon, exact, params }) => (
                <li key={to}>
                  <Link
                    to={to as '/o/$orgId'}
                    params={{ orgId: id, ...params }}
                    activeOptions={{ exact: exact === true, includeSearch: false }}
                    {...(onFollow !== undefined && { onClick: onFollow })}
                    className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm text-ink-2 hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent"
                  >
                    <Icon name={icon} />
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
