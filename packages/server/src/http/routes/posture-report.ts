import type { VerificationKeys } from '../../keyring/verification-keys.ts';
import { issuePostureReport, type PostureParts } from '../../posture/issue-posture-report.ts';
import type { Trail } from '../../trail/trail.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { OrganizationPath, PostureReportBody } from '../schemas.ts';
import { Type } from '../type.ts';

export function postureReportRoutes(
  door: Door,
  parts: { posture: PostureParts; verificationKeys: VerificationKeys; trail: Trail },
): void {
  const { posture, trail } = parts;

  door.get(
    '/organizations/:orgId/compliance-report',
    {
      config: { access: { organization: 'path', role: 'member' } },
      schema: {
        operationId: 'readPostureReport',
        tags: ['Posture report'],
        summary: 'The signed posture report of the services as they stand now',
        description:
          'The signature is over the exact bytes between `"report":` and `,"signature"`: keep the file as it came.',
        params: OrganizationPath,
        response: answers({ 200: PostureReportBody }, 401, 403, 404, 503),
      },
    },
    async (request, reply) => {
      const { organization, actor } = callerOf(request);
      const report = await issuePostureReport(posture, organization);
      await trail.recordReading(organization.no, actor, {
        action: 'READ',
        resourceType: 'posture_report',
        resourceId: organization.id,
        details: { key_id: report.keyId, service_count: report.serviceCount },
      });
      return reply.type('application/json; charset=utf-8').send(report.text);
    },
  );

  door.get(
    '/organizations/:orgId/compliance-report/verification-key',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'readVerificationKey',
        tags: ['Posture report'],
        summary: "The key that verifies this organization's posture reports, for its auditors",
        params: OrganizationPath,
        response: answers(
          { 200: Type.Object({ key_id: Type.String(), verification_key: Type.String() }) },
          401,
          403,
          404,
          503,
        ),
      },
    },
    async (request) => {
      const { organization, actor } = callerOf(request);
      const { keyId, key } = await posture.ground.db.scoped(organization.no, (tx) =>
        parts.verificationKeys.reveal(tx, organization),
      );
      await trail.recordReading(organization.no, actor, {
        action: 'READ',
        resourceType: 'verification_key',
        resourceId: keyId,
        details: {},
      });
      return { key_id: keyId, verification_key: key };
    },
  );
}
