import type { Framework } from '@veritrail/formats';

import { beforeApplication } from './before-application.ts';
import { catalogueDigest } from './catalogue-digest.ts';
import { aiActPacket } from './catalogues/ai-act.ts';
import { doraPacket } from './catalogues/dora.ts';
import { gdprPacket } from './catalogues/gdpr.ts';
import { soc2Packet } from './catalogues/soc2.ts';
import { decide } from './decide.ts';
import type { Evidence } from './evidence.ts';
import type { Assessment, ControlFinding, PacketHead } from './packet.ts';
import type { JudgeContext, PacketCatalogue } from './rule.ts';
import { scopeBoundary, servicesInScope } from './scope.ts';
import { statementsOf } from './statements.ts';
import { summarize } from './summary.ts';

/** The catalogue in force of each framework. */
export const PACKET_CATALOGUES: Readonly<Record<Framework, PacketCatalogue>> = {
  soc2: soc2Packet,
  gdpr_ropa: gdprPacket,
  dora: doraPacket,
  eu_ai_act: aiActPacket,
};

/**
 * Everything that follows from what was recorded, and from nothing else: the same head and evidence give the same
 * assessment anywhere, whatever the order of what is listed in them.
 */
export function assess(head: PacketHead, evidence: Evidence): Assessment {
  const steps = assessInSteps(head, evidence);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, with a pause after each control: judging hundreds of services over a year takes a while. */
export function* assessInSteps(head: PacketHead, evidence: Evidence): Generator<undefined, Assessment> {
  const catalogue = PACKET_CATALOGUES[head.framework];
  const context: JudgeContext = { head, evidence, services: servicesInScope(head, evidence) };
  const pending = catalogue.pending?.(context);
  const controls: ControlFinding[] = [];
  for (const control of catalogue.controls) {
    const finding = decide(control, head, evidence);
    controls.push(pending === undefined ? finding : beforeApplication(finding, pending));
    yield;
  }
  const { id, version, name } = catalogue;
  const identity = { id, version, digest: catalogueDigest(catalogue), name };
  const summary = summarize(head, evidence, controls, catalogue.notCovered.length);
  const annex = catalogue.annex?.(context);
  return {
    title: catalogue.title(context),
    scope_boundary: scopeBoundary(head, evidence),
    catalogue: identity,
    controls,
    not_covered: catalogue.notCovered.map(({ id: control_id, title, why }) => ({ control_id, title, why })),
    statements: [...statementsOf(context, identity, summary), ...catalogue.statements(context)],
    summary,
    ...(annex === undefined ? {} : { provider_annex: annex }),
  };
}
