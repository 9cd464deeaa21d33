import { declaredAt } from '../declared-at.ts';
import type { DeclarationData } from '../declarations.ts';
import type { Rule } from '../rule.ts';
import { addDays, blank } from './gdpr-duties.ts';
import { openTally, serviceItem } from './open-tally.ts';
import { firstGap, lifeIn } from './span-cover.ts';
import { noteRemoval } from './storage-limitation.ts';

const TRAIL = 'audit trail';

/** RTS 12(2)(a): how long logs are kept, with the reason, and what is expected in them. No number of days is asked for. */
export function loggingPlanned(parameters: { readonly slackDays: number }): Rule {
  return ({ evidence, head }) => {
    const tally = openTally();
    tally.rests('observed');
    const reason = declaredAt(evidence.declarations.retention_reason, head.period_end).at(-1)?.data;
    if (reason === undefined || blank(reason.reason)) tally.unknown(TRAIL, TRAIL, 'why it is kept as long as it is');
    else tally.rests('declared');
    const sources = declaredAt(evidence.declarations.audit_source, head.period_end);
    if (!sources.some(({ data }) => data.expected_actions.length > 0)) {
      tally.unknown(TRAIL, TRAIL, 'which actions are expected in it');
    } else tally.rests('declared');
    if (evidence.audit_log.entry_count === 0) tally.unknown(TRAIL, TRAIL, 'the trail holds no entry', 'vacuous_scope');
    noteRemoval(evidence.audit_log, head.generated_at, tally, parameters.slackDays);
    return tally.close(1);
  };
}

type Kind = DeclarationData['log_held_elsewhere']['kind'];
const KINDS: Readonly<Record<Kind, string>> = {
  access: 'access and identity',
  capacity: 'capacity',
  change: 'change',
  operations: 'operations',
  network: 'network traffic',
};

/** RTS 12(2)(c): for each kind of event a source that reports, or the declared place where it is kept instead. */
export function kindsAnswered(): Rule {
  return ({ evidence, head }) => {
    const tally = openTally();
    const sources = declaredAt(evidence.declarations.audit_source, head.period_end);
    const elsewhere = declaredAt(evidence.declarations.log_held_elsewhere, head.period_end);
    tally.rests('declared', 'derived');
    for (const [kind, name] of Object.entries(KINDS)) {
      const item = `events of ${name}`;
      const held = sources.filter(({ data }) => data.kinds.some((one) => one === kind));
      if (held.length === 0 && !elsewhere.some(({ data }) => data.kind === kind)) {
        tally.unknown(kind, item, 'no source is declared, nor where they are kept instead');
      }
      for (const { record_id, data } of held) {
        const seen = evidence.audit_log.sources.find(({ source_id }) => source_id === record_id);
        if (seen === undefined) tally.unknown(kind, item, `what source ${data.name} sent`);
        else if (seen.longest_silence_days > data.max_silence_days) {
          const what = `source ${data.name} was silent for ${seen.longest_silence_days} days, its limit is ${data.max_silence_days}`;
          tally.fail(kind, item, what, seen.last_event_at);
        }
      }
    }
    return tally.close(Object.keys(KINDS).length);
  };
}

/** RTS 12(2)(e): writes that failed are counted. Whether anybody was alerted is on no record. */
export function writeFailuresCounted(): Rule {
  return ({ evidence, head }) => {
    const tally = openTally();
    const gap = firstGap(evidence.audit_log.write_failures, head.period_start, head.period_end);
    if (gap === undefined) tally.rests('observed');
    else tally.unknown(TRAIL, TRAIL, `failed writes from ${gap.from} to ${gap.to}`);
    tally.missing('a record that the alert for failed writes was tested');
    return tally.close(1);
  };
}

/** RTS 12(2)(f): which clock the trail goes by, and how far it was off. */
export function clockInLimit(parameters: { readonly maxSkewMs: number }): Rule {
  return ({ evidence, head }) => {
    const tally = openTally();
    const { clock } = evidence.audit_log;
    const last = clock.findLast(({ from, to }) => from <= head.period_end && to >= head.period_end);
    const item = last === undefined ? 'clock of the audit trail' : `clock of the audit trail (${last.value.source})`;
    if (last === undefined) tally.unknown('clock', item, 'its source and how far it is off');
    else tally.rests('observed');
    for (const span of clock) {
      if (span.value.max_skew_ms <= parameters.maxSkewMs) continue;
      const what = `${span.value.max_skew_ms} ms off, the limit is ${parameters.maxSkewMs} ms`;
      tally.fail('clock', item, what, span.from, span.to);
    }
    return tally.close(1);
  };
}

/** RTS 7: keys rotated inside a limit, certificates that had not run out. */
export function keysAndCertificates(parameters: { readonly maxKeyAgeDays: number }): Rule {
  return (context) => {
    const { evidence, head, services } = context;
    const tally = openTally();
    tally.rests('observed');
    const register = evidence.access.keys_register.findLast(
      ({ from, to }) => from <= head.period_end && to >= head.period_end,
    );
    const keys = (register?.value ?? []).filter(({ retired_at }) => retired_at === null);
    if (register === undefined) tally.missing('the register of keys');
    else if (keys.length === 0) tally.missing('the keys in use: the register names none');
    const due = addDays(head.period_end, -parameters.maxKeyAgeDays);
    for (const key of keys) {
      const since = key.rotated_at ?? key.created_at;
      if (since >= due) continue;
      const what = `not rotated for more than ${parameters.maxKeyAgeDays} days`;
      tally.fail(`key ${key.key_id}`, `key ${key.key_id} (${key.purpose})`, what, since);
    }
    let population = keys.length;
    for (const service of services) {
      const life = lifeIn(context, service);
      if (life === undefined) continue;
      population++;
      const gap = firstGap(service.tls_certificate_not_after, life.from, life.to);
      if (gap !== undefined) {
        const what = `until when its certificate is valid, from ${gap.from} to ${gap.to}`;
        tally.unknown(service.service_id, serviceItem(service), what);
      }
      for (const span of service.tls_certificate_not_after) {
        if (span.value >= span.to) continue;
        tally.fail(service.service_id, serviceItem(service), 'its certificate had run out', span.value, span.to);
      }
    }
    return tally.close(population);
  };
}
