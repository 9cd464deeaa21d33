import type { Packet, PacketComparison } from '@veritrail/controls';
import { queryOptions } from '@tanstack/react-query';

import { ask, call, type Answer } from './call.ts';

/** What pages read, by organization first: leaving one forgets all of it at once. */

export type Me = Answer<'/api/v1/auth/me'>;
export type Service = Answer<'/organizations/{orgId}/services'>['items'][number];
export type ServiceVersion = Answer<'/organizations/{orgId}/services/{serviceId}/history'>['items'][number];
export type BackupDays = Answer<'/organizations/{orgId}/backup-days'>['items'][number];
export type PostureDocument = Answer<'/organizations/{orgId}/compliance-report'>;
export type PostureReport = PostureDocument['report'];
export type PostureService = PostureReport['services'][number];
export type Histogram = Answer<'/api/v1/compliance/audit-events/histogram'>;
export type TrailCheck = Answer<'/api/v1/compliance/trail-check'>;
export type Flag = Answer<'/api/v1/compliance/flags'>['items'][number];
export type ActivityReport = Answer<'/api/v1/compliance/reports/soc2'>;
export type Member = Answer<'/organizations/{orgId}/members'>['items'][number];
export type Invitation = Answer<'/organizations/{orgId}/invitations'>['items'][number];
export type ApiKey = Answer<'/organizations/{orgId}/api-keys'>['items'][number];
export type Hold = Answer<'/api/v1/compliance/legal-holds'>['items'][number];
export type Zone = Answer<'/zones'>['items'][number];
export type Subscription = Answer<'/organizations/{orgId}/compliance-subscriptions'>['subscriptions'][number];
export type PacketItem = Answer<'/organizations/{orgId}/compliance-reports'>['items'][number];
export type Schedules = Answer<'/organizations/{orgId}/compliance-schedules'>;
export type Declaration = Answer<'/organizations/{orgId}/declarations'>['items'][number];
export type Organization = Answer<'/organizations/{orgId}'>;
export type ExportManifest = Answer<'/api/v1/compliance/exports/{id}'>;

export type EventFilter = {
  readonly action?: string | undefined;
  readonly resource_type?: string | undefined;
  readonly actor_id?: string | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
};

/** A report that is read is an event of the trail, so it is not read again at every glance. */
const READ_ONCE = { staleTime: 5 * 60_000, refetchOnWindowFocus: false } as const;

export const meQuery = (orgId: string | undefined) =>
  queryOptions({
    queryKey: ['me', orgId],
    queryFn: ({ signal }) =>
      call('get', '/api/v1/auth/me', { signal, ...(orgId !== undefined && { organization: orgId }) }),
    staleTime: 60_000,
  });

export const organizationQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'organization'],
    queryFn: ({ signal }) => call('get', '/organizations/{orgId}', { path: { orgId }, signal }),
  });

export interface SignedPosture {
  readonly document: PostureDocument;
  /** As they came: what is downloaded are these, so that the MAC holds over the file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export const postureQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'posture'],
    queryFn: async ({ signal }): Promise<SignedPosture> => {
      const response = await ask('get', '/organizations/{orgId}/compliance-report', { path: { orgId }, signal });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { bytes, document: JSON.parse(new TextDecoder().decode(bytes)) as PostureDocument };
    },
    ...READ_ONCE,
  });

export const servicesQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'services'],
    queryFn: async ({ signal }) =>
      (await call('get', '/organizations/{orgId}/services', { path: { orgId }, signal })).items,
  });

export const historyQuery = (orgId: string, serviceId: string) =>
  queryOptions({
    queryKey: [orgId, 'services', serviceId, 'history'],
    queryFn: ({ signal }) =>
      call('get', '/organizations/{orgId}/services/{serviceId}/history', {
        path: { orgId, serviceId },
        query: { page_size: 1000 },
        signal,
      }),
  });

export const backupDaysQuery = (orgId: string, days: number, serviceId?: string) =>
  queryOptions({
    queryKey: [orgId, 'backup-days', days, serviceId],
    queryFn: ({ signal }) =>
      call('get', '/organizations/{orgId}/backup-days', {
        path: { orgId },
        query: { days, page_size: 200, ...(serviceId !== undefined && { service_id: serviceId }) },
        signal,
      }),
  });

export const backupsQuery = (orgId: string, serviceId: string) =>
  queryOptions({
    queryKey: [orgId, 'services', serviceId, 'backups'],
    queryFn: ({ signal }) =>
      call('get', '/organizations/{orgId}/services/{serviceId}/backups', {
        path: { orgId, serviceId },
        query: { page_size: 20 },
        signal,
      }),
  });

export const zonesQuery = () =>
  queryOptions({
    queryKey: ['zones'],
    queryFn: async ({ signal }) => (await call('get', '/zones', { signal })).items,
    staleTime: Infinity,
  });

export const histogramQuery = (orgId: string, filter: EventFilter) =>
  queryOptions({
    queryKey: [orgId, 'histogram', filter],
    queryFn: ({ signal }) =>
      call('get', '/api/v1/compliance/audit-events/histogram', {
        organization: orgId,
        query: filter as never,
        signal,
      }),
  });

export const trailCheckQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'trail-check'],
    queryFn: ({ signal }) => call('get', '/api/v1/compliance/trail-check', { organization: orgId, signal }),
  });

export const flagsQuery = (orgId: string, asked: { page: number; rule?: string | undefined; eventId?: string }) =>
  queryOptions({
    queryKey: [orgId, 'flags', asked],
    queryFn: ({ signal }) =>
      call('get', '/api/v1/compliance/flags', {
        organization: orgId,
        query: {
          page: asked.page,
          page_size: 50,
          ...(asked.rule !== undefined && { rule: asked.rule as never }),
          ...(asked.eventId !== undefined && { event_id: asked.eventId }),
        },
        signal,
      }),
  });

export const activityReportQuery = (orgId: string, name: 'soc2' | 'iso27001') =>
  queryOptions({
    queryKey: [orgId, 'activity-report', name],
    queryFn: ({ signal }) =>
      name === 'soc2'
        ? call('get', '/api/v1/compliance/reports/soc2', { organization: orgId, signal })
        : call('get', '/api/v1/compliance/reports/iso27001', { organization: orgId, signal }),
    ...READ_ONCE,
  });

export const membersQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'members'],
    queryFn: async ({ signal }) =>
      (await call('get', '/organizations/{orgId}/members', { path: { orgId }, signal })).items,
  });

export const invitationsQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'invitations'],
    queryFn: async ({ signal }) =>
      (await call('get', '/organizations/{orgId}/invitations', { path: { orgId }, signal })).items,
  });

export const apiKeysQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'api-keys'],
    queryFn: async ({ signal }) =>
      (await call('get', '/organizations/{orgId}/api-keys', { path: { orgId }, signal })).items,
  });

export const holdsQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'holds'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/compliance/legal-holds', { organization: orgId, signal })).items,
  });

export const subscriptionsQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'subscriptions'],
    queryFn: async ({ signal }) =>
      (await call('get', '/organizations/{orgId}/compliance-subscriptions', { path: { orgId }, signal })).subscriptions,
  });

export const schedulesQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'schedules'],
    queryFn: ({ signal }) => call('get', '/organizations/{orgId}/compliance-schedules', { path: { orgId }, signal }),
  });

export const packetsQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'packets'],
    queryFn: ({ signal }) =>
      call('get', '/organizations/{orgId}/compliance-reports', { path: { orgId }, query: { page_size: 200 }, signal }),
  });

export interface SignedPacket {
  readonly report_id: string;
  readonly packet: Packet;
  readonly signature: {
    readonly algorithm: string;
    readonly key_id: string;
    readonly value: string;
    readonly canonical_sha256: string;
  };
  /** As they came: the signature is over bytes of theirs. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export const packetQuery = (orgId: string, reportId: string) =>
  queryOptions({
    queryKey: [orgId, 'packets', reportId],
    queryFn: async ({ signal }): Promise<SignedPacket> => {
      const asked = { path: { orgId, reportId }, signal };
      const response = await ask('get', '/organizations/{orgId}/compliance-reports/{reportId}', asked);
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { ...(JSON.parse(new TextDecoder().decode(bytes)) as Omit<SignedPacket, 'bytes'>), bytes };
    },
    // It never changes, and each reading is an event.
    staleTime: Infinity,
  });

type Comparison = PacketComparison & {
  readonly before: { readonly report_id: string; readonly generated_at: string };
  readonly after: { readonly report_id: string; readonly generated_at: string };
};

export const comparisonQuery = (orgId: string, reportId: string, other: string) =>
  queryOptions({
    queryKey: [orgId, 'packets', reportId, 'with', other],
    queryFn: async ({ signal }) =>
      (await call('get', '/organizations/{orgId}/compliance-reports/{reportId}/diff', {
        path: { orgId, reportId },
        query: { with: other },
        signal,
      })) as unknown as Comparison,
    staleTime: Infinity,
  });

export const declarationsQuery = (orgId: string) =>
  queryOptions({
    queryKey: [orgId, 'declarations'],
    queryFn: ({ signal }) =>
      call('get', '/organizations/{orgId}/declarations', { path: { orgId }, query: { page_size: 1000 }, signal }),
  });

export const signingKeysQuery = () =>
  queryOptions({
    queryKey: ['signing-keys'],
    queryFn: async ({ signal }) => (await call('get', '/.well-known/compliance-signing-keys', { signal })).keys,
  });

export const chargesQuery = (orgId: string, month: string | undefined) =>
  queryOptions({
    queryKey: [orgId, 'charges', month],
    queryFn: ({ signal }) =>
      call('get', '/organizations/{orgId}/billing/charges', {
        path: { orgId },
        ...(month !== undefined && { query: { month } }),
        signal,
      }),
  });
