import { FRAMEWORK_IDS } from '@veritrail/formats';
import { Type } from 'typebox';

import { EvidenceError } from '../../evidence/evidence-error.ts';
import type { PacketIssuer } from '../../evidence/packets/issue-packet.ts';
import { findPacket, listPackets, type PacketRow } from '../../evidence/packets/packet-store.ts';
import { annexOf, compareDocuments } from '../../evidence/packets/read-packet.ts';
import type { ReadPdf } from '../../evidence/packets/read-pdf.ts';
import type { Ground } from '../../tenancy/ground.ts';
import type { Trail } from '../../trail/trail.ts';
import { callerOf, type OrganizationCaller } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { closed, nullable, OrganizationPath, Paging, Time, Uuid } from '../schemas.ts';

const FrameworkName = Type.Enum([...FRAMEWORK_IDS]);
const PacketPath = Type.Object({ orgId: Uuid, reportId: Uuid });

const PacketItem = Type.Object({
  report_id: Uuid,
  framework: FrameworkName,
  schema_version: Type.String(),
  period_start: Time,
  period_end: Time,
  generated_at: Time,
  key_id: nullable(Type.String()),
  status: Type.Enum(['complete', 'failed']),
  pdf_available: Type.Boolean(),
  canonical_sha256: nullable(Type.String()),
  status_counts: nullable(Type.Record(Type.String(), Type.Integer())),
  failure: nullable(Type.String({ description: 'Why it failed, as a code' })),
});
const PacketList = Type.Object({
  items: Type.Array(PacketItem),
  total: Type.Integer(),
  page: Type.Integer(),
  page_size: Type.Integer(),
});

const SignedPacket = Type.Object({
  report_id: Uuid,
  packet: Type.Object({}, { additionalProperties: true, description: 'docs/formats/evidence-packet.md' }),
  signature: Type.Object({
    algorithm: Type.Literal('Ed25519'),
    key_id: Type.String(),
    value: Type.String(),
    canonical_sha256: Type.String(),
  }),
});

const Differences = Type.Object(
  {
    before: Type.Object({ report_id: Uuid, generated_at: Time }),
    after: Type.Object({ report_id: Uuid, generated_at: Time }),
  },
  { additionalProperties: true },
);

const TEXT = 'application/json; charset=utf-8';

export function packetRoutes(
  door: Door,
  parts: {
    readonly ground: Ground;
    readonly trail: Trail;
    readonly issuer: PacketIssuer;
    readonly readPdf: ReadPdf;
  },
): void {
  const { ground, trail, issuer } = parts;
  const path = '/organizations/:orgId/compliance-reports';
  const reading = { access: { organization: 'path', role: 'member' } } as const;

  /** @throws {EvidenceError} `packet_not_found`, `packet_not_complete` */
  async function documentOf(caller: OrganizationCaller, reportId: string): Promise<Buffer> {
    const { no } = caller.organization;
    const found = await ground.db.scoped(no, (tx) => findPacket(tx, no, reportId));
    if (found === undefined) {
      throw new EvidenceError('packet_not_found', 'Name a report that the list of packets shows.');
    }
    if (found.document === null) {
      throw new EvidenceError('packet_not_complete', 'This packet could not be made; generate another one.');
    }
    return found.document;
  }

  /** Who took a packet, in which form. */
  async function recordDownload(caller: OrganizationCaller, reportId: string, format: string): Promise<void> {
    await trail.recordReading(caller.organization.no, caller.actor, {
      action: 'READ',
      resourceType: 'evidence_packet',
      resourceId: reportId,
      details: { format },
    });
  }

  door.post(
    path,
    {
      config: reading,
      schema: {
        operationId: 'generatePacket',
        tags: ['Evidence packets'],
        summary: 'Make a signed evidence packet of a framework over a period',
        description:
          '`period_end` is now unless given, `period_start` a calendar month before it. The signature is over the exact bytes of `packet`: keep the file as it came.',
        params: OrganizationPath,
        body: closed({
          framework: FrameworkName,
          period_start: Type.Optional(Time),
          period_end: Type.Optional(Time),
        }),
        response: answers({ 201: SignedPacket }, 401, 402, 403, 404, 422, 503),
      },
    },
    async (request, reply) => {
      const { framework, period_start, period_end } = request.body;
      const asked = { framework, period_start, period_end };
      const { document } = await issuer.issue(callerOf(request), asked);
      return reply.code(201).type(TEXT).send(document);
    },
  );

  door.get(
    path,
    {
      config: reading,
      schema: {
        operationId: 'listPackets',
        tags: ['Evidence packets'],
        summary: 'The packets that were made, newest first',
        params: OrganizationPath,
        querystring: Paging,
        response: answers({ 200: PacketList }, 401, 403, 404, 422),
      },
    },
    async (request) => {
      const { no } = callerOf(request).organization;
      const { page = 1, page_size: limit = 500 } = request.query;
      const { packets, total } = await ground.db.scoped(no, (tx) =>
        listPackets(tx, no, { limit, offset: (page - 1) * limit }),
      );
      return { items: packets.map(shown), total, page, page_size: limit };
    },
  );

  door.get(
    `${path}/:reportId`,
    {
      config: reading,
      schema: {
        operationId: 'readPacket',
        tags: ['Evidence packets'],
        summary: 'One packet, byte for byte as it was answered when it was made',
        params: PacketPath,
        response: answers({ 200: SignedPacket }, 401, 403, 404, 409, 503),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const document = await documentOf(caller, request.params.reportId);
      await recordDownload(caller, request.params.reportId, 'json');
      return reply.type(TEXT).send(document);
    },
  );

  door.get(
    `${path}/:reportId/pdf`,
    {
      config: reading,
      schema: {
        operationId: 'readPacketPdf',
        tags: ['Evidence packets'],
        summary: 'The same packet to read and print, with the signed JSON inside',
        params: PacketPath,
        response: answers(
          { 200: { description: 'PDF/A-3', content: { 'application/pdf': { schema: Type.String() } } } },
          401,
          403,
          404,
          409,
          503,
        ),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { reportId } = request.params;
      const document = await documentOf(caller, reportId);
      const pdf = await parts.readPdf(caller.organization.no, reportId, document);
      await recordDownload(caller, reportId, 'pdf');
      return reply
        .headers({
          'content-type': 'application/pdf',
          'content-disposition': `attachment; filename="evidence-packet-${reportId}.pdf"`,
        })
        .send(pdf);
    },
  );

  door.get(
    `${path}/:reportId/annex/:template`,
    {
      config: reading,
      schema: {
        operationId: 'readPacketAnnex',
        tags: ['Evidence packets'],
        summary: "A table of a DORA packet's provider annex as CSV",
        params: Type.Object({ ...PacketPath.properties, template: Type.String({ maxLength: 20 }) }),
        response: answers(
          { 200: { description: 'RFC 4180', content: { 'text/csv': { schema: Type.String() } } } },
          401,
          403,
          404,
          409,
          503,
        ),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { reportId, template } = request.params;
      const csv = annexOf(await documentOf(caller, reportId), template);
      await recordDownload(caller, reportId, `csv ${template}`);
      return reply
        .headers({
          'content-type': 'text/csv; charset=utf-8; header=present',
          'content-disposition': `attachment; filename="${template}-${reportId}.csv"`,
        })
        .send(csv);
    },
  );

  door.get(
    `${path}/:reportId/diff`,
    {
      config: reading,
      schema: {
        operationId: 'comparePackets',
        tags: ['Evidence packets'],
        summary: 'What differs between two packets of one framework; the older one is `before`',
        params: PacketPath,
        querystring: Type.Object({ with: Uuid }, { additionalProperties: false }),
        response: answers({ 200: Differences }, 401, 403, 404, 409, 422),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const one = await documentOf(caller, request.params.reportId);
      return compareDocuments(one, await documentOf(caller, request.query.with));
    },
  );
}

function shown(row: PacketRow) {
  const { status_counts: counts, ...item } = row;
  return {
    ...item,
    pdf_available: row.status === 'complete',
    status_counts: counts === null ? null : (JSON.parse(counts) as Record<string, number>),
  };
}
