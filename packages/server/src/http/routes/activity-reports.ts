import { AUDIT_ACTIONS } from '@veritrail/formats';

import { FLAG_RULES } from '../../evidence/flags/flag-rules.ts';
import { listFlags } from '../../evidence/flags/flag-store.ts';
import { issueActivityReport, type ActivityReportName } from '../../evidence/issue-activity-report.ts';
import type { AuditMac } from '../../keyring/audit-mac.ts';
import type { Ground } from '../../tenancy/ground.ts';
import type { Trail } from '../../trail/trail.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { Action, nullable, Time, Uuid } from '../schemas.ts';
import { Type } from '../type.ts';

const Report = Type.Object({
  report_type: Type.Enum(['SOC2', 'ISO27001']),
  generated_at: Time,
  period_start: Time,
  period_end: Time,
  coverage: Type.Object({
    start: nullable(Time),
    end: Time,
    whole_period: Type.Boolean(),
    checked_at: nullable(Time),
    checked_events: Type.Integer(),
    unchecked_events: Type.Integer(),
    integrity: Type.Enum(['sound', 'broken', 'unverified']),
  }),
  summary: Type.Object({
    total_events: Type.Integer(),
    by_action: Type.Object(Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, Type.Integer()]))),
    unique_actors: Type.Integer(),
    flagged_events: Type.Integer(),
    failed_login_attempts: Type.Integer(),
  }),
  controls: Type.Array(
    Type.Object({
      control_id: Type.String(),
      annex_a_2022: Type.Optional(Type.String()),
      description: Type.String(),
      status: Type.Enum(['COMPLIANT', 'EXCEPTION', 'INSUFFICIENT_EVIDENCE']),
      evidence_count: Type.Integer(),
      reasons: Type.Array(Type.String()),
    }),
  ),
  catalogue: Type.Object({ id: Type.String(), version: Type.String() }),
  statements: Type.Array(Type.String()),
});

const Flag = Type.Object({
  event_id: Uuid,
  sequence: Type.Integer(),
  timestamp: Time,
  action: Action,
  rule: Type.String(),
  rule_version: Type.Integer(),
  parameters: Type.Object({}, { additionalProperties: true }),
  reason: Type.String(),
  flagged_at: Time,
});

export function activityReportRoutes(
  door: Door,
  parts: {
    ground: Ground;
    trail: Trail;
    auditMac: AuditMac;
  },
): void {
  const { ground, trail, auditMac } = parts;
  const summaries: Readonly<Record<ActivityReportName, string>> = {
    soc2: 'The last 365 days of the trail, against Trust Services Criteria',
    iso27001: 'The last 730 days of the trail, against Annex A of ISO/IEC 27001',
  };

  for (const name of ['soc2', 'iso27001'] as const) {
    door.get(
      `/api/v1/compliance/reports/${name}`,
      {
        config: { access: { organization: 'implied', role: 'admin' } },
        schema: {
          operationId: name === 'soc2' ? 'readTrustServicesReport' : 'readAnnexAReport',
          tags: ['Audit trail'],
          summary: summaries[name],
          response: answers({ 200: Report }, 401, 403, 404, 422, 503),
        },
      },
      async (request, reply) => {
        const { organization, actor } = callerOf(request);
        const report = await issueActivityReport({ db: ground.db, clock: ground.clock }, organization.no, name);
        await trail.recordReading(organization.no, actor, {
          action: 'READ',
          resourceType: 'activity_report',
          resourceId: name,
          details: { period_start: report.period_start, period_end: report.period_end },
        });
        const text = JSON.stringify(report);
        return reply
          .headers({
            'content-type': 'application/json; charset=utf-8',
            'x-audit-signature': `sha256=${auditMac.mac(text)}`,
          })
          .send(text);
      },
    );
  }

  door.get(
    '/api/v1/compliance/flags',
    {
      config: { access: { organization: 'implied', role: 'analyst' } },
      schema: {
        operationId: 'listFlags',
        tags: ['Audit trail'],
        summary: 'Flagged events with the rule, its version and the reason, newest first',
        querystring: Type.Object(
          {
            page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 })),
            page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
            event_id: Type.Optional(Uuid),
            rule: Type.Optional(Type.Enum(FLAG_RULES.map((one) => one.id))),
          },
          { additionalProperties: false },
        ),
        response: answers(
          {
            200: Type.Object({
              items: Type.Array(Flag),
              total: Type.Integer(),
              page: Type.Integer(),
              page_size: Type.Integer(),
              pages: Type.Integer(),
            }),
          },
          401,
          403,
          404,
          422,
          503,
        ),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const { page = 1, page_size: pageSize = 50, event_id: eventId, rule } = request.query;
      const { flags, total } = await ground.db.scoped(organization.no, (tx) =>
        listFlags(tx, organization.no, { eventId, rule }, { limit: pageSize, offset: (page - 1) * pageSize }),
      );
      return {
        items: flags.map((flag) => ({ ...flag, parameters: JSON.parse(flag.parameters) as object })),
        total,
        page,
        page_size: pageSize,
        pages: Math.ceil(total / pageSize),
      };
    },
  );
}
