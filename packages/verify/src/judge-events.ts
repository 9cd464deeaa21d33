import type { EventFindings, Tally } from './event-findings.ts';
import { quoted } from './input-text.ts';
import { isSameMac, type MacKeys } from './mac-keys.ts';
import type { EventsInput } from './read-events.ts';
import { fail, notChecked, pass, type Finding } from './verdict.ts';

/** From which place of the trail to which the input claims to be whole; true: from its lowest to its highest. */
export type WholeTrail = true | { readonly first: number; readonly last: number };

const NO_EVENTS = notChecked('There is no event in it.');

export function judgeShape(found: EventFindings): Finding {
  const { events, misshapen } = found;
  if (misshapen.count > 0) return fail(`${spot(misshapen, events)}, is not as its format has it. ${misshapen.reason}`);
  return events === 0
    ? NO_EVENTS
    : pass(`Each has the fourteen members of its format and no other. Events: ${events}.`);
}

export function judgeMacs(found: EventFindings, keys: MacKeys): Finding {
  const { events, validMacs, invalidMacs, unknownKeys, misshapen } = found;
  if (events === 0) return NO_EVENTS;
  if (keys.all.length === 0) return notChecked('No secret was given.');
  if (invalidMacs.count > 0) {
    return fail(
      `${spot(invalidMacs, events)}, was modified, or its secret is another one. The MACs of ${validMacs} events hold.`,
    );
  }
  if (unknownKeys.count > 0) {
    const named = [...unknownKeys.keyIds].map(quoted).join(', ');
    const given = keys.all.map((key) => key.id).join(', ');
    return notChecked(
      `${spot(unknownKeys, events)}, names a key that was not given. Such keys: ${named}; given: ${given}. ` +
        `The MACs of ${validMacs} events hold.`,
    );
  }
  if (misshapen.count > 0) {
    return notChecked(`The MACs of ${validMacs} events hold. Those of misshapen events were not checked.`);
  }
  return pass('HMAC-SHA256 over seven members of each event. Whoever holds the secret could have made it.');
}

export function judgeKeyIds(found: EventFindings, keys: MacKeys): Finding {
  const { events, validMacs, misnamedKeys } = found;
  if (events === 0) return NO_EVENTS;
  if (keys.all.length === 0) return notChecked('No secret was given.');
  if (misnamedKeys.count > 0) {
    return fail(`${spot(misnamedKeys, events)}, has a MAC of another key than its signature_key_id names.`);
  }
  return validMacs === events
    ? pass('Each event names the key that made its MAC.')
    : notChecked('Which key made a MAC shows only where the MAC holds.');
}

export function judgePrintedForm(found: EventFindings): Finding {
  const { events, reprinted } = found;
  if (events === 0) return NO_EVENTS;
  return reprinted.count === 0
    ? pass('Each event stands as the server prints it.')
    : notChecked(
        `${spot(reprinted, events)}, was printed again by an editor or another tool. MACs are over values, so they hold ` +
          'all the same; whatever is over bytes (X-Audit-Signature, leaf hashes) does not.',
      );
}

/** @param input undefined if the input could not be read to its end */
export function judgeOrder(
  found: EventFindings,
  input: EventsInput | undefined,
  isWholeAnswerSigned: boolean,
): Finding {
  const { oldestFirst, newestFirst, asRecorded } = found.order;
  if (found.events === 0) return NO_EVENTS;
  if (found.events === 1 && input !== undefined) return pass('There is only one.');
  if (input === undefined) return notChecked('Which order it should have shows only at its end.');
  if (input.kind === 'answer') {
    if (asRecorded === undefined) return pass('In the order in which they were recorded.');
    return isWholeAnswerSigned
      ? pass('In the order in which they were sent: X-Audit-Signature covers it.')
      : notChecked(
          `Event ${asRecorded} was recorded before the one above it, as when an earlier request was repeated.`,
        );
  }
  if (input.kind === 'page') {
    return newestFirst === undefined
      ? pass('Newest first, as a page is.')
      : fail(`Event ${newestFirst} is not older than the one above it: a page is newest first by time, then sequence.`);
  }
  if (oldestFirst === undefined) return pass('Oldest first, as an export is.');
  return newestFirst === undefined
    ? notChecked('Newest first: not as an export is, but as items that were taken from a page.')
    : fail(
        `Event ${oldestFirst} is not later than the one above it: an export is oldest first by time, then sequence.`,
      );
}

export function judgeSequence(
  found: EventFindings,
  input: EventsInput | undefined,
  whole: WholeTrail | undefined,
): Finding {
  const { events, repeated, sequences } = found;
  if (events === 0 && (whole === undefined || whole === true)) return NO_EVENTS;
  if (repeated.count > 0) {
    const double = `${spot(repeated, events)}, has a sequence that stood before`;
    // An answer repeats an event that was sent twice under its own id.
    return input?.kind === 'answer' ? notChecked(`${double}, as when a request was repeated.`) : fail(`${double}.`);
  }
  if (!sequences.complete) {
    return notChecked('The sequences are scattered too widely to be compared in bounded memory.');
  }
  if (whole === undefined) {
    return notChecked('No sequence stands twice. The input does not claim to be whole, so gaps were not looked for.');
  }
  const { first, last } = whole === true ? { first: sequences.lowest, last: sequences.highest } : whole;
  const missing = sequences.firstMissing(first, last);
  if (missing !== undefined) return fail(`From ${first} to ${last}, the event with sequence ${missing} is missing.`);
  if (sequences.lowest < first || sequences.highest > last) {
    return fail(`An event lies outside of the sequences ${first} to ${last}.`);
  }
  return pass(`Each sequence from ${first} to ${last} is there once. No MAC covers sequence; the trail's tree does.`);
}

export function judgeResponseSignature(
  given: string | undefined,
  candidates: readonly { readonly keyId: string; readonly mac: string }[],
): Finding {
  if (given === undefined) return notChecked('No X-Audit-Signature was given.');
  if (!/^sha256=[0-9a-f]{64}$/.test(given)) {
    return fail('X-Audit-Signature is not sha256= and 64 lower-case hexadecimal digits.');
  }
  if (candidates.length === 0) return notChecked('No secret was given.');
  const fitting = candidates.filter(({ mac }) => isSameMac(`sha256=${mac}`, given));
  return fitting.length > 0
    ? pass(`HMAC-SHA256 over every byte, under ${fitting.map(({ keyId }) => keyId).join(', ')}.`)
    : fail('The bytes were changed after they were sent, or X-Audit-Signature is under another secret.');
}

export function judgeUncovered(isWholeInputSigned: boolean): Finding {
  return isWholeInputSigned
    ? pass('X-Audit-Signature covers them here, as it does every byte.')
    : notChecked(
        'No MAC of an event covers actor_username, ip_address, user_agent, recorded_at, sequence and signature_key_id, ' +
          'nor which events are there: give X-Audit-Signature to check them.',
      );
}

/** Such as `Event 3, id "…", the first of 2 such among 10`. */
function spot(tally: Tally, events: number): string {
  if (events === 1) return tally.first;
  const others = tally.count === 1 ? 'the only one' : `the first of ${tally.count} such`;
  return `${tally.first}, ${others} among ${events}`;
}
