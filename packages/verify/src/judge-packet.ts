import type { JsonValue } from '@veritrail/formats';

import { membersOf, quoted } from './input-text.ts';
import { judgeAgain } from './judge-again.ts';
import { fail, notChecked, pass, type Finding } from './verdict.ts';

export type PacketMembers = ReadonlyMap<string, JsonValue>;

/** What is asked of a packet's content, once its signature held: of no other content is anything said. */
export interface PacketContentCheck<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly required: boolean;
  judge(packet: PacketMembers): Finding;
}

export type PacketContentCheckId = 'evidence_refs' | 'judged_again';

/** In the order of the verdict. */
export const PACKET_CONTENT_CHECKS: readonly PacketContentCheck<PacketContentCheckId>[] = [
  {
    id: 'evidence_refs',
    title: 'Each control names records that are in the packet',
    required: true,
    judge: judgeEvidenceRefs,
  },
  {
    id: 'judged_again',
    title: 'What it says of each control follows from those records',
    required: false,
    judge: judgeAgain,
  },
];

/** A control that is attested names a record, and what any control names is there. */
function judgeEvidenceRefs(packet: PacketMembers): Finding {
  const controls = packet.get('controls');
  if (!Array.isArray(controls)) return fail('The packet lists no controls.');
  const evidence = packet.get('evidence');
  let count = 0;
  for (const [i, control] of controls.entries()) {
    const members = membersOf(control);
    const id = members?.get('control_id');
    const name = typeof id === 'string' ? quoted(id) : `number ${i + 1}`;
    const refs = members?.get('evidence_refs');
    if (!Array.isArray(refs)) return fail(`The control ${name} has no list of evidence_refs.`);
    for (const ref of refs) {
      if (typeof ref !== 'string') return fail(`The control ${name} has an evidence ref that is no text.`);
      if (!resolves(ref, evidence))
        return fail(`The control ${name} names ${quoted(ref)}, which is not in the evidence.`);
      count++;
    }
    if (refs.length === 0 && members?.get('status') === 'attested') {
      return fail(`The control ${name} is attested and names no record.`);
    }
  }
  return controls.length === 0
    ? notChecked('The packet has no control.')
    : pass(`${count} refs of ${controls.length} controls.`);
}

/** Whether a path such as `services[*].tls_enabled` leads to something: behind `[*]`, in each item of the array. */
function resolves(ref: string, evidence: JsonValue | undefined): boolean {
  let nodes: JsonValue[] = evidence === undefined ? [] : [evidence];
  if (nodes.length === 0) return false;
  for (const part of ref.replaceAll('[*]', '.*').split('.')) {
    const following: JsonValue[] = [];
    for (const node of nodes) {
      if (part === '*') {
        if (!Array.isArray(node)) return false;
        for (const item of node) following.push(item);
        continue;
      }
      const object = typeof node === 'object' && node !== null && !Array.isArray(node) ? node : undefined;
      if (object === undefined || !Object.hasOwn(object, part)) return false;
      following.push((object as { [name: string]: JsonValue })[part] as JsonValue);
    }
    nodes = following;
  }
  return true;
}
