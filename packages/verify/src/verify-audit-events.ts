import { createEventFindings } from './event-findings.ts';
import { InputError } from './input-text.ts';
import {
  judgeKeyIds,
  judgeMacs,
  judgeOrder,
  judgePrintedForm,
  judgeResponseSignature,
  judgeSequence,
  judgeShape,
  judgeUncovered,
  type WholeTrail,
} from './judge-events.ts';
import { openMacKeys, type AuditSecrets } from './mac-keys.ts';
import { judgePage } from './read-envelope.ts';
import { createEventReader, type EventsInput } from './read-events.ts';
import { conclude, fail, notChecked, pass, type Check, type Finding, type Verdict } from './verdict.ts';

export interface AuditEventsOptions {
  /** Without secrets no MAC is checked. */
  readonly secrets?: AuditSecrets | undefined;
  /** The header or trailer X-Audit-Signature that came with the input, or `signature` of GET …/exports/{id}. */
  readonly responseSignature?: string | undefined;
  /** Set if no event may be missing. A filtered list has gaps by its nature. */
  readonly whole?: WholeTrail | undefined;
}

export type EventsCheckId =
  | 'document'
  | 'event_shape'
  | 'event_macs'
  | 'key_ids'
  | 'printed_form'
  | 'order'
  | 'page'
  | 'sequence'
  | 'response_signature'
  | 'uncovered_members';

export interface AuditEventsVerdict extends Verdict<EventsCheckId> {
  readonly kind: 'audit_events';
  /** Undefined if the input could not be read to its end. */
  readonly form: EventsInput['kind'] | undefined;
  /** How many were read. */
  readonly events: number;
}

export interface EventStreamVerifier {
  /** Takes the next bytes, cut anywhere; their memory may be used again afterwards. */
  push(chunk: Uint8Array): void;
  readonly progress: { readonly bytes: number; readonly events: number };
  /** To be called once, after the last byte. */
  finish(): AuditEventsVerdict;
}

/**
 * Checks audit events, offline: one event, an answer, a page, or an export as JSON, NDJSON or CSV.
 *
 * @param input the bytes as they came. They may be anything, from anyone
 * @throws {TypeError} if it was called wrongly, never for what stands in `input`
 */
export function verifyAuditEvents(input: Uint8Array, options: AuditEventsOptions = {}): AuditEventsVerdict {
  const verifier = createEventStreamVerifier(options);
  verifier.push(input);
  return verifier.finish();
}

/**
 * The same for an input of any size, piece by piece. Memory doesn't grow with it: one event is held, and some 16 MiB at
 * most to remember sequences.
 *
 * @throws {TypeError} if it was called wrongly
 */
export function createEventStreamVerifier(options: AuditEventsOptions = {}): EventStreamVerifier {
  const { responseSignature, whole } = options;
  const keys = openMacKeys(options.secrets);
  checkCall(responseSignature, whole);
  const found = createEventFindings(keys);
  const reader = createEventReader(found.judge);
  const responseMacs =
    responseSignature === undefined ? [] : keys.all.map((key) => ({ keyId: key.id, mac: key.begin() }));
  let problem: string | undefined;
  let bytes = 0;
  let finished = false;

  const unlessUnreadable = <T>(read: () => T): T | undefined => {
    try {
      return problem === undefined ? read() : undefined;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problem = found.events === 0 ? error.message : `After ${found.events} events: ${error.message}`;
      return undefined;
    }
  };
  return {
    push(chunk) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('Give the input as the bytes that came: a Uint8Array.');
      if (finished) throw new TypeError('Nothing can be added after finish().');
      bytes += chunk.length;
      for (const { mac } of responseMacs) mac.update(chunk);
      unlessUnreadable(() => reader.push(chunk));
    },
    get progress() {
      return { bytes, events: found.events };
    },
    finish() {
      if (finished) throw new TypeError('finish() was called before.');
      finished = true;
      const input = unlessUnreadable(() => reader.finish());
      const response = judgeResponseSignature(
        responseSignature,
        responseMacs.map(({ keyId, mac }) => ({ keyId, mac: mac.digest() })),
      );
      const isSigned = response.outcome === 'pass';
      // A page without events shows nothing by itself; signed as a whole, it shows that there were none.
      const ofEvents = found.events > 0 || !isSigned;
      const read = (finding: Finding): Finding =>
        input === undefined && finding.outcome === 'pass'
          ? notChecked(`Only as far as the input could be read: ${finding.detail}`)
          : finding;
      const checks: Check<EventsCheckId>[] = [
        check('document', 'The input can be read to its end', true, judgeInput(input, problem, found.events)),
        check('event_shape', 'Events are as their format has them', ofEvents, read(judgeShape(found))),
        check('event_macs', 'The MAC of each event holds', ofEvents, read(judgeMacs(found, keys))),
        check('key_ids', 'Each event names the key of its MAC', ofEvents, read(judgeKeyIds(found, keys))),
        check('printed_form', 'Events stand as the server prints them', false, read(judgePrintedForm(found))),
        check('order', 'Events stand in the order that the server gives', ofEvents, judgeOrder(found, input, isSigned)),
      ];
      if (input?.kind === 'page') {
        checks.push(
          check('page', 'The numbers of the page agree with each other', true, judgePage(input.page, found.events)),
        );
      }
      checks.push(
        check(
          'sequence',
          whole === undefined
            ? 'No place in the trail is taken twice'
            : 'No event of the trail is missing, none is there twice',
          whole !== undefined,
          read(judgeSequence(found, input, whole)),
        ),
        check(
          'response_signature',
          'X-Audit-Signature holds over the very bytes',
          responseSignature !== undefined,
          response,
        ),
        check('uncovered_members', 'What the MACs of events leave out is covered too', false, judgeUncovered(isSigned)),
      );
      return { kind: 'audit_events', outcome: conclude(checks), checks, form: input?.kind, events: found.events };
    },
  };
}

function check(id: EventsCheckId, title: string, required: boolean, finding: Finding): Check<EventsCheckId> {
  return { id, title, required, ...finding };
}

const FORMS: Readonly<Record<EventsInput['kind'], string>> = {
  event: 'One event.',
  answer: 'An answer to events that were recorded',
  page: 'A page of the list of events',
  array: 'An export as JSON',
  lines: 'One event after the other',
  csv: 'An export as CSV',
};

function judgeInput(input: EventsInput | undefined, problem: string | undefined, events: number): Finding {
  if (input === undefined) return fail(problem ?? '');
  return pass(input.kind === 'event' ? FORMS.event : `${FORMS[input.kind]}; events: ${events}.`);
}

function checkCall(responseSignature: unknown, whole: unknown): void {
  if (responseSignature !== undefined && typeof responseSignature !== 'string') {
    throw new TypeError('responseSignature must be a text.');
  }
  if (whole === undefined || whole === true) return;
  const { first, last } = (whole ?? {}) as { first?: unknown; last?: unknown };
  if (!isPlace(first) || !isPlace(last) || first > last) {
    throw new TypeError('whole must be true, or the first and last sequence of a stretch of the trail.');
  }
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
