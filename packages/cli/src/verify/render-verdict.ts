import { styleText } from 'node:util';

import type { Check, Outcome, PacketVerdict, PostureReportVerdict, Verdict } from '@veritrail/verify';

/** Any verdict, by its kind. */
export type AnyVerdict = Verdict & { readonly kind: string };

const LOOKS = {
  pass: { sign: '✓', word: 'pass', color: 'green' },
  fail: { sign: '✗', word: 'FAIL', color: 'red' },
  not_checked: { sign: '–', word: 'not checked', color: 'yellow' },
} as const;

const KINDS: Readonly<Record<string, string>> = {
  evidence_packet: 'Evidence packet',
  posture_report: 'Posture report',
  audit_events: 'Audit events',
};

const INDENT = ' '.repeat(17);
const WIDEST = 110;

/**
 * A verdict for people: each check, what was found, and the outcome in the last line. Colours only where `stream` shows
 * them and NO_COLOR isn't set; the signs and words say the same.
 */
export function renderVerdict(verdict: AnyVerdict, file: string, stream: NodeJS.WriteStream): string {
  const paint = (color: (typeof LOOKS)[Outcome]['color'] | 'bold' | 'dim', text: string): string =>
    styleText(color, text, { stream });
  const width = Math.min(stream.columns ?? WIDEST, WIDEST);
  const lines = [`${paint('bold', KINDS[verdict.kind] ?? 'Unknown document')}  ${printable(file)}`, ''];
  for (const { outcome, title, detail } of verdict.checks) {
    const { sign, word, color } = LOOKS[outcome];
    lines.push(`  ${paint(color, `${sign} ${word.padEnd(12)}`)} ${title}`);
    lines.push(...wrap(detail, width - INDENT.length).map((line) => INDENT + paint('dim', line)));
  }
  lines.push('', ...facts(verdict), paint(LOOKS[verdict.outcome].color, summary(verdict)), '');
  return lines.join('\n');
}

function summary({ outcome, checks }: Verdict): string {
  const named = (wanted: (check: Check) => boolean): string =>
    checks
      .filter(wanted)
      .map((check) => check.id)
      .join(', ');
  if (outcome === 'fail') return `FAIL: ${named((check) => check.outcome === 'fail')}.`;
  if (outcome === 'not_checked') {
    return `NOT CHECKED: ${named((check) => check.required && check.outcome === 'not_checked')}.`;
  }
  const others = named((check) => check.outcome === 'not_checked');
  return others === '' ? 'PASS.' : `PASS. Not checked, and not needed for this: ${others}.`;
}

/** What a report or packet says that may be believed, so that nobody reads it from the file instead. */
function facts(verdict: AnyVerdict): string[] {
  if (verdict.outcome !== 'pass') return [];
  if (verdict.kind === 'evidence_packet') return packetFacts(verdict as PacketVerdict);
  return verdict.kind === 'posture_report' ? reportFacts(verdict as PostureReportVerdict) : [];
}

function packetFacts({ packet, keyFingerprint }: PacketVerdict): string[] {
  if (packet === null) return [];
  const said = (value: unknown): string => (typeof value === 'string' ? printable(value) : 'not stated');
  const organization = packet['organization'] as { readonly id?: unknown } | null | undefined;
  return [
    `The packet says: framework ${said(packet['framework'])}, organization ${said(organization?.id)}, ` +
      `period ${said(packet['period_start'])} to ${said(packet['period_end'])}, generated at ${said(packet['generated_at'])}.`,
    `Fingerprint of its key: ${keyFingerprint}`,
    '',
  ];
}

function reportFacts({ report }: PostureReportVerdict): string[] {
  if (report === null) return [];
  const { organization_id, generated_at, service_count, all_services_eu_residency: eu } = report;
  return [
    `The report says: organization ${printable(organization_id)}, generated at ${generated_at}, ` +
      `${service_count} services, all resident in the EU: ${eu ? 'yes' : 'no'}.`,
    '',
  ];
}

/** Without what could steer a terminal or turn the direction of the text. */
function printable(text: string): string {
  return text.replace(/\p{C}|(?! )\p{Z}/gu, '?');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
