import {
  assess,
  catalogueDigest,
  PACKET_CATALOGUES,
  SERVICE_FACTS,
  type Assessment,
  type Evidence,
  type PacketCatalogue,
  type PacketHead,
} from '@veritrail/controls';
import { FormatError, formatJcs, parseTimestamp, type JsonValue } from '@veritrail/formats';

import { membersOf, quoted } from './input-text.ts';
import { fail, notChecked, pass, type Finding } from './verdict.ts';

/** Rules look through lists for each item of another. Far above what servers make; it would take seconds. */
const MOST_STEPS = 1_000_000_000;

/**
 * Makes the packet's judgement again from the records that it carries, and compares it member by member.
 *
 * The packet may be anything from anyone. Evidence that isn't of the form that is judged fails: nothing can be said to
 * follow from it.
 *
 * @param packet what the signed bytes say
 */
export function judgeAgain(packet: ReadonlyMap<string, JsonValue>): Finding {
  const stated = membersOf(packet.get('catalogue'));
  if (stated === undefined) return notChecked('The packet does not say which catalogue judged.');
  const framework = packet.get('framework');
  const catalogue = catalogueOf(framework);
  const [id, version, digest] = ['id', 'version', 'digest'].map((name) => stated.get(name));
  if (catalogue === undefined || id !== catalogue.id || version !== catalogue.version) {
    const name = typeof id === 'string' && typeof version === 'string' ? `${quoted(id)} ${quoted(version)}` : 'none';
    return notChecked(`This verifier does not have its catalogue: ${name}.`);
  }
  if (digest !== catalogueDigest(catalogue)) {
    return fail('Its catalogue has the name and version of one that is known, and another digest.');
  }
  const wrong = wrongForm(packet);
  if (wrong !== undefined) return fail(wrong);
  if (stepsOf(packet) > MOST_STEPS) return notChecked('Its evidence is too large to be judged again here.');
  try {
    const members = Object.fromEntries(packet) as unknown as PacketHead & { readonly evidence: Evidence };
    return compare(packet, assess(members, members.evidence));
  } catch (error) {
    // What isn't of the form of evidence makes rules fail in their own ways, and none of them is ours to show.
    if (error instanceof TypeError || error instanceof RangeError || error instanceof FormatError) {
      return fail('The evidence is not of the form that its catalogue judges.');
    }
    throw error;
  }
}

function catalogueOf(framework: JsonValue | undefined): PacketCatalogue | undefined {
  const known: Readonly<Record<string, PacketCatalogue>> = PACKET_CATALOGUES;
  return typeof framework === 'string' && Object.hasOwn(known, framework) ? known[framework] : undefined;
}

const MEMBERS = [
  'title',
  'scope_boundary',
  'catalogue',
  'not_covered',
  'statements',
  'summary',
  'provider_annex',
] as const satisfies readonly (keyof Assessment)[];

function compare(packet: ReadonlyMap<string, JsonValue>, again: Assessment): Finding {
  const stated = packet.get('controls');
  if (!Array.isArray(stated)) return fail('The packet lists no controls.');
  for (const [i, control] of again.controls.entries()) {
    if (isSame(stated[i], control)) continue;
    const said = membersOf(stated[i])?.get('status');
    return fail(
      `${control.control_id} is ${control.status} by these records; the packet says ` +
        `${said === control.status ? 'the same with other words or figures' : describe(said)}.`,
    );
  }
  if (stated.length > again.controls.length) return fail('The packet has a control that its catalogue does not have.');
  for (const name of MEMBERS) {
    if (!isSame(packet.get(name), again[name])) return fail(`\`${name}\` does not follow from these records.`);
  }
  return pass(`${again.controls.length} controls come out as the packet says.`);
}

function describe(status: JsonValue | undefined): string {
  return typeof status === 'string' ? quoted(status) : 'nothing';
}

function isSame(stated: JsonValue | undefined, again: unknown): boolean {
  if (stated === undefined || again === undefined) return stated === again;
  return formatJcs(stated) === formatJcs(again);
}

const BASES: readonly unknown[] = ['observed', 'derived', 'declared', 'third_party'];
const HEAD_TIMES = ['generated_at', 'period_start', 'period_end'] as const;

/** Judgement compares times as texts, so each must be one, and in the one spelling. */
function wrongForm(packet: ReadonlyMap<string, JsonValue>): string | undefined {
  for (const name of HEAD_TIMES) if (!isTime(packet.get(name))) return `\`${name}\` is not a time of the format.`;
  if (typeof packet.get('operator') !== 'string') return 'The packet does not say who states its facts.';
  const evidence = membersOf(packet.get('evidence'));
  const services = evidence?.get('services');
  if (evidence === undefined || !Array.isArray(services)) return 'The packet has no evidence about services.';
  const taken = membersOf(evidence.get('samples'))?.get('taken');
  if (!Array.isArray(taken) || !taken.every(isTime)) return 'The samples are not a list of times.';
  for (const [i, service] of services.entries()) {
    const members = membersOf(service);
    if (members === undefined || !isService(members)) return `services[${i}] is not of the form of a service.`;
  }
  for (const [what, times] of Object.entries(timesOf(evidence))) {
    if (!times.every(isTime)) return `${what} has no time of the format.`;
  }
  const declared = [...(membersOf(evidence.get('declarations'))?.values() ?? [])];
  if (!declared.every((records) => Array.isArray(records) && records.every(isDeclaration))) {
    return 'The declarations are not of the form of declarations.';
  }
  return undefined;
}

/** About how often something is looked at, at most: each item of a list, and each sample, for each span or service. */
function stepsOf(packet: ReadonlyMap<string, JsonValue>): number {
  const evidence = membersOf(packet.get('evidence'));
  const services = evidence?.get('services');
  const taken = membersOf(evidence?.get('samples'))?.get('taken');
  const lists = ['events', 'declarations', 'access', 'audit_log'].flatMap((name) => listsOf(evidence?.get(name)));
  const looked = Array.isArray(services) ? services.map(spanCount).reduce((sum, spans) => sum + spans + 1, 1) : 1;
  const each = lists.reduce((most, length) => Math.max(most, length), Array.isArray(taken) ? taken.length : 0);
  return each * Math.max(looked, each);
}

function spanCount(service: JsonValue): number {
  const members = membersOf(service);
  return SERVICE_FACTS.reduce((sum, fact) => {
    const spans = members?.get(fact);
    return sum + (Array.isArray(spans) ? spans.length : 0);
  }, 0);
}

function isService(members: ReadonlyMap<string, JsonValue>): boolean {
  const ended = members.get('ended_at');
  if (!isTime(members.get('created_at')) || (ended !== null && !isTime(ended))) return false;
  return SERVICE_FACTS.every((fact) => {
    const spans = members.get(fact);
    return Array.isArray(spans) && spans.every(isSpan);
  });
}

function isSpan(value: JsonValue): boolean {
  const members = membersOf(value);
  if (members === undefined || !BASES.includes(members.get('basis'))) return false;
  return ['from', 'to', 'collected_at', 'valid_until'].every((name) => isTime(members.get(name)));
}

/** When what is listed happened, was said or began. */
function timesOf(evidence: ReadonlyMap<string, JsonValue>): Record<string, (JsonValue | undefined)[]> {
  const [events, access] = ['events', 'access'].map((name) => membersOf(evidence.get(name)));
  const listed = [...(events?.values() ?? [])].map((list) => membersOf(list)?.get('listed'));
  return {
    'An event': listed.flatMap((list) => membersIn(list, 'occurred_at')),
    'An account': membersIn(access?.get('roles'), 'since'),
  };
}

function membersIn(list: JsonValue | undefined, name: string): (JsonValue | undefined)[] {
  return Array.isArray(list) ? list.map((item) => membersOf(item)?.get(name)) : [];
}

/** Which version is the newest, and when it held, is told by these members. */
function isDeclaration(value: JsonValue): boolean {
  const members = membersOf(value);
  const version = members?.get('version');
  if (members === undefined || typeof members.get('record_id') !== 'string') return false;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) return false;
  if (typeof members.get('withdrawn') !== 'boolean') return false;
  return isTime(members.get('declared_at')) && isTime(members.get('valid_until'));
}

/** How long the lists in a part of the evidence are. */
function listsOf(value: JsonValue | undefined): number[] {
  return [...(membersOf(value)?.values() ?? [])].flatMap((member) => {
    if (Array.isArray(member)) return [member.length];
    const listed = membersOf(member)?.get('listed');
    return Array.isArray(listed) ? [listed.length] : [];
  });
}

function isTime(value: JsonValue | undefined): boolean {
  return (
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) && parseTimestamp(value) !== undefined
  );
}
