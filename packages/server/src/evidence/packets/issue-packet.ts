import { createHash } from 'node:crypto';

import { assessInSteps, openExceptions, type Packet } from '@veritrail/controls';
import {
  afterPacket,
  beforePacket,
  formatJcsInSteps,
  formatSeconds,
  MOST_BYTES_AROUND_PACKET,
  type Framework,
} from '@veritrail/formats';
import { v7 as uuidv7 } from 'uuid';

import type { Diagnostics } from '../../diagnostics.ts';
import { requireSigningKey, signPacket, type PacketSigner } from '../../keyring/packet-signer.ts';
import type { Caller, DeedDetail, Ground } from '../../tenancy/ground.ts';
import { insistOnSubscription } from '../../tenancy/manage-subscriptions.ts';
import { SERVER } from '../../trail/key-change-event.ts';
import { EvidenceError } from '../evidence-error.ts';
import { gatherEvidence, type GatherParts } from './gather-evidence.ts';
import { createGiveWay, inSlices } from './give-way.ts';
import { completePacket, failPacket, insertStartedPacket, renewLease, type StartedPacket } from './packet-store.ts';
import { insistOnPacketSize } from './packet-size.ts';
import { periodOf, type Period } from './period.ts';
import { createTurns, type Turns } from './take-turns.ts';
import { createTextPieces, type TextPieces } from './text-pieces.ts';

export interface PacketRequest {
  readonly framework: Framework;
  readonly period_start?: string | undefined;
  readonly period_end?: string | undefined;
}

export interface IssuedPacket {
  readonly reportId: string;
  /** The document: the very bytes that are stored, and answered whenever it is read. */
  readonly document: Buffer;
}

export interface PacketIssuer {
  /**
   * Makes a packet. Refusals come first and leave nothing; what begins ends as `complete` or `failed`, and either is an
   * event of the trail.
   *
   * @param reportId for a schedule, which must find again what it began
   * @throws {EvidenceError} `period_invalid`, `packets_busy`, `packet_too_large`
   * @throws {TenancyError} `not_subscribed`
   * @throws {KeyringError} `signing_key_missing`
   */
  issue(caller: Caller, asked: PacketRequest, reportId?: string): Promise<IssuedPacket>;
  /** Gives up what a server that went away had begun. */
  giveUp(organization: { readonly no: number }, reportId: string): Promise<void>;
}

export interface PacketParts extends Omit<GatherParts, 'db' | 'clock' | 'giveWay'> {
  readonly ground: Ground;
  readonly signer: PacketSigner;
  readonly operatorName: string;
  /** Brings what follows a trail, its check among it, up to the trail's end, within some seconds. */
  readonly catchUp: (organizationNo: number) => Promise<void>;
  /** Whether events wait to be recorded: they come before packets. */
  readonly eventsWait: () => boolean;
  readonly diagnostics: Diagnostics;
}

/** Each holds its evidence in memory, and judging keeps a core busy: two at once would only be slower together. */
const AT_ONCE = 1;
const MOST_WAITING = 200;

/** A generation whose server is alive renews its lease long before it ends. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

export function createPacketIssuer(parts: PacketParts): PacketIssuer {
  const turns: Turns = createTurns(
    { atOnce: AT_ONCE, waiting: MOST_WAITING },
    () => new EvidenceError('packets_busy', 'Many packets are being made; ask again in a minute.'),
  );
  return {
    async issue(caller, asked, reportId = uuidv7()) {
      await refuse(parts, caller, asked);
      return turns.run(async () => {
        const started = await begin(parts, caller, asked, reportId);
        const renewing = setInterval(() => {
          const until = new Date(parts.ground.clock().getTime() + LEASE_MS);
          renewLease(parts.ground.db.direct, caller.organization.no, reportId, until).catch(() => undefined);
        }, RENEW_MS);
        try {
          const document = await make(parts, caller, started);
          return { reportId, document };
        } catch (error) {
          await recordFailure(parts, caller, started, error);
          throw error;
        } finally {
          clearInterval(renewing);
        }
      });
    },
    giveUp: ({ no }, reportId) => recordLapse(parts, no, reportId),
  };
}

type Begun = StartedPacket & { readonly period: Period };

/** What can be told before anything is done, in the order of the contract: body, subscription, signing key. */
async function refuse(parts: PacketParts, caller: Caller, asked: PacketRequest): Promise<void> {
  const { organization } = caller;
  periodOf(formatSeconds(parts.ground.clock().getTime()), asked);
  await parts.ground.db.scoped(organization.no, (tx) => insistOnSubscription(tx, organization, asked.framework));
  await requireSigningKey(parts.signer);
}

async function begin(parts: PacketParts, caller: Caller, asked: PacketRequest, reportId: string): Promise<Begun> {
  const now = parts.ground.clock();
  const generatedAt = formatSeconds(now.getTime());
  const period = periodOf(generatedAt, asked);
  const started: Begun = {
    reportId,
    framework: asked.framework,
    periodStart: period.start,
    periodEnd: period.end,
    generatedAt,
    requestedBy: caller.actor.id,
    period,
  };
  await parts.ground.db.scoped(caller.organization.no, (tx) =>
    insertStartedPacket(tx, caller.organization.no, started, new Date(now.getTime() + LEASE_MS)),
  );
  return started;
}

async function make(parts: PacketParts, caller: Caller, started: Begun): Promise<Buffer> {
  const { ground, signer } = parts;
  const { no } = caller.organization;
  const { reportId } = started;
  await parts.catchUp(no);
  const { text, statuses, openExceptions: exceptions } = await judge(parts, no, started);
  const { document, keyId, sha256 } = await sign(signer, reportId, text);
  await ground.db.scoped(no, async (tx) => {
    const kept = await completePacket(tx, no, reportId, {
      keyId,
      canonicalSha256: sha256,
      document,
      statusCounts: JSON.stringify(statuses),
      exceptions,
    });
    if (!kept) throw new EvidenceError('packet_failed', 'The packet took too long and was given up; ask again.');
    await ground.recordDeed(tx, no, caller.actor, {
      action: 'CREATE',
      resourceType: 'evidence_packet',
      resourceId: reportId,
      details: {
        ...told(started),
        outcome: 'success',
        key_id: keyId,
        canonical_sha256: sha256,
        statuses: { ...statuses },
      },
    });
  });
  return document;
}

/**
 * The document is made where the packet is signed, so that there is one copy of it. A signature is over the bytes as a
 * whole, and what comes behind them is of it.
 */
async function sign(
  signer: PacketSigner,
  reportId: string,
  text: TextPieces,
): Promise<{ readonly document: Buffer; readonly keyId: string; readonly sha256: string }> {
  const before = beforePacket(reportId);
  const room = Buffer.allocUnsafeSlow(before.length + text.length + MOST_BYTES_AROUND_PACKET);
  room.write(before, 'latin1');
  text.copyTo(room, before.length);
  const end = before.length + text.length;
  const bytes = room.subarray(before.length, end);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { keyId, signature } = await signPacket(signer, bytes);
  const after = afterPacket({ key_id: keyId, value: signature.toString('base64'), canonical_sha256: sha256 });
  return { document: room.subarray(0, end + room.write(after, end, 'latin1')), keyId, sha256 };
}

interface Judged {
  /** The packet's own, to be signed. */
  readonly text: TextPieces;
  readonly statuses: Packet['summary']['statuses'];
  /** For the packet after it: ids of controls. */
  readonly openExceptions: readonly string[];
}

/** The evidence takes more memory than the bytes, and nothing holds it any more when they are there. */
async function judge(parts: PacketParts, organizationNo: number, started: Begun): Promise<Judged> {
  const { ground } = parts;
  const { framework, period, reportId } = started;
  const giveWay = createGiveWay(parts.eventsWait);
  const { organization, evidence } = await gatherEvidence(
    { db: ground.db, clock: ground.clock, zones: parts.zones, flagRules: parts.flagRules, giveWay },
    organizationNo,
    { framework, period },
  );
  const { previous } = evidence;
  const head = {
    schema_version: '1.0',
    report_id: reportId,
    framework,
    generated_at: started.generatedAt,
    period_start: period.start,
    period_end: period.end,
    organization: {
      id: organization.organization_id,
      name: organization.name,
      billing_email: organization.billing_email,
    },
    operator: parts.operatorName,
    previous_packet:
      previous === undefined ? null : { report_id: previous.report_id, canonical_sha256: previous.canonical_sha256 },
  } as const;
  const assessment = await inSlices(assessInSteps(head, evidence), giveWay);
  const packet: Packet = { ...head, ...assessment, evidence };
  const text = createTextPieces();
  await inSlices(formatJcsInSteps(packet), giveWay, (more) => {
    text.add(more);
    insistOnPacketSize(text.length);
  });
  return {
    text,
    statuses: assessment.summary.statuses,
    openExceptions: openExceptions(assessment.controls, previous),
  };
}

/** If this fails too, the lease lapses and the packet is given up then. */
async function recordFailure(parts: PacketParts, caller: Caller, started: Begun, error: unknown): Promise<void> {
  const { ground, diagnostics } = parts;
  const { no } = caller.organization;
  const failure = codeOf(error);
  try {
    await ground.db.scoped(no, async (tx) => {
      if ((await failPacket(tx, no, started.reportId, failure)) === undefined) return;
      await ground.recordDeed(tx, no, caller.actor, {
        action: 'CREATE',
        resourceType: 'evidence_packet',
        resourceId: started.reportId,
        details: { ...told(started), outcome: 'failure', reason: failure },
      });
    });
  } catch (cause) {
    diagnostics.error({ err: cause, report_id: started.reportId }, 'a failed packet could not be recorded as such yet');
  }
}

async function recordLapse(parts: PacketParts, organizationNo: number, reportId: string): Promise<void> {
  const { ground } = parts;
  await ground.db.scoped(organizationNo, async (tx) => {
    const framework = await failPacket(tx, organizationNo, reportId, 'server_went_away');
    if (framework === undefined) return;
    await ground.recordDeed(tx, organizationNo, SERVER, {
      action: 'CREATE',
      resourceType: 'evidence_packet',
      resourceId: reportId,
      details: { framework, outcome: 'failure', reason: 'server_went_away' },
    });
  });
}

function told(started: Begun): Record<string, DeedDetail> {
  return { framework: started.framework, period_start: started.periodStart, period_end: started.periodEnd };
}

/** Of a failure's own code, or `internal`: what is inside stays in the diagnostics. */
export function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[a-z_]{3,40}$/.test(code) ? code : 'internal';
}
