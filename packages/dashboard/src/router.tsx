import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';

import { readAuditSearch } from './pages/o/$orgId/audit/search.ts';
import { currentSession } from './session/session.ts';
import { Bare } from './shell/bare.tsx';
import { NotFound } from './shell/not-found.tsx';
import { PageFailed } from './shell/page-failed.tsx';
import { PagePending } from './shell/page-pending.tsx';
import { Root } from './shell/root.tsx';
import { Shell } from './shell/shell.tsx';

/** The addresses, and the file in pages/ that each shows; each is loaded when it is first wanted. */

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFound,
});

const bare = createRoute({ getParentRoute: () => root, id: 'bare', component: Bare });

const start = createRoute({
  getParentRoute: () => bare,
  path: '/',
  beforeLoad: ({ location }) => requireSession(location.href),
  component: lazyRouteComponent(() => import('./pages/start.tsx'), 'Start'),
});

const signIn = createRoute({
  getParentRoute: () => bare,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { back?: string } =>
    typeof search['back'] === 'string' ? { back: search['back'] } : {},
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
});

const invitation = createRoute({
  getParentRoute: () => bare,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/invitation.tsx'), 'Invitation'),
});

const verify = createRoute({
  getParentRoute: () => bare,
  path: '/verify',
  component: lazyRouteComponent(() => import('./pages/verify.tsx'), 'Verify'),
});

const organization = createRoute({
  getParentRoute: () => root,
  path: '/o/$orgId',
  beforeLoad: ({ location }) => requireSession(location.href),
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => organization,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/overview.tsx'), 'Overview'),
});

const posture = createRoute({
  getParentRoute: () => organization,
  path: '/compliance',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/compliance/posture.tsx'), 'Posture'),
});

const packets = createRoute({
  getParentRoute: () => organization,
  path: '/compliance/packets',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/compliance/packets.tsx'), 'Packets'),
});

const packet = createRoute({
  getParentRoute: () => organization,
  path: '/compliance/packets/$reportId',
  validateSearch: (search: Record<string, unknown>): { with?: string } =>
    typeof search['with'] === 'string' ? { with: search['with'] } : {},
  component: lazyRouteComponent(() => import('./pages/o/$orgId/compliance/packet.tsx'), 'PacketPage'),
});

const declarations = createRoute({
  getParentRoute: () => organization,
  path: '/records/declarations',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/records/declarations.tsx'), 'Declarations'),
});

const signingKeys = createRoute({
  getParentRoute: () => organization,
  path: '/admin/signing-keys',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/admin/signing-keys.tsx'), 'SigningKeys'),
});

const billing = createRoute({
  getParentRoute: () => organization,
  path: '/admin/billing',
  validateSearch: (search: Record<string, unknown>): { month?: string } =>
    typeof search['month'] === 'string' && /^[2-9]\d{3}-(?:0[1-9]|1[0-2])$/.test(search['month'])
      ? { month: search['month'] }
      : {},
  component: lazyRouteComponent(() => import('./pages/o/$orgId/admin/billing.tsx'), 'Billing'),
});

const audit = createRoute({
  getParentRoute: () => organization,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./pages/o/$orgId/audit/audit-log.tsx'), 'AuditLog'),
});

const flags = createRoute({
  getParentRoute: () => organization,
  path: '/audit/flags',
  validateSearch: (search: Record<string, unknown>): { rule?: string; page?: number } => ({
    ...(typeof search['rule'] === 'string' && { rule: search['rule'] }),
    ...(typeof search['page'] === 'number' && search['page'] > 1 && { page: Math.floor(search['page']) }),
  }),
  component: lazyRouteComponent(() => import('./pages/o/$orgId/audit/flags.tsx'), 'Flags'),
});

const reports = createRoute({
  getParentRoute: () => organization,
  path: '/audit/reports/$name',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/audit/reports.tsx'), 'Reports'),
});

const services = createRoute({
  getParentRoute: () => organization,
  path: '/records/services',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/records/services.tsx'), 'Services'),
});

const service = createRoute({
  getParentRoute: () => organization,
  path: '/records/services/$serviceId',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/records/service.tsx'), 'ServicePage'),
});

const backups = createRoute({
  getParentRoute: () => organization,
  path: '/records/backups',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/records/backups.tsx'), 'Backups'),
});

const zones = createRoute({
  getParentRoute: () => organization,
  path: '/records/zones',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/records/zones.tsx'), 'Zones'),
});

const members = createRoute({
  getParentRoute: () => organization,
  path: '/admin/members',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/admin/members.tsx'), 'Members'),
});

const apiKeys = createRoute({
  getParentRoute: () => organization,
  path: '/admin/api-keys',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/admin/api-keys.tsx'), 'ApiKeys'),
});

const retention = createRoute({
  getParentRoute: () => organization,
  path: '/admin/retention',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/admin/retention.tsx'), 'Retention'),
});

const settings = createRoute({
  getParentRoute: () => organization,
  path: '/admin/organization',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/admin/organization.tsx'), 'OrganizationSettings'),
});

const verifyInside = createRoute({
  getParentRoute: () => organization,
  path: '/verify',
  component: lazyRouteComponent(() => import('./pages/verify.tsx'), 'Verify'),
});

const account = createRoute({
  getParentRoute: () => organization,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/o/$orgId/account.tsx'), 'Account'),
});

const routeTree = root.addChildren([
  bare.addChildren([start, signIn, invitation, verify]),
  organization.addChildren([
    overview,
    posture,
    packets,
    packet,
    audit,
    flags,
    reports,
    services,
    service,
    backups,
    zones,
    declarations,
    members,
    apiKeys,
    retention,
    signingKeys,
    billing,
    settings,
    verifyInside,
    account,
  ]),
]);

function requireSession(back: string): void {
  if (currentSession() === undefined) {
    throw redirect({ to: '/sign-in', search: back === '/' ? {} : { back }, replace: true });
  }
}

export function createDashboardRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDashboardRouter>;
  }
}
