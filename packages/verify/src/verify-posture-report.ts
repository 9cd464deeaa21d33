import {
  FormatError,
  formatPostureReport,
  formatSignedPostureReport,
  postureReportMac,
  reportSlice,
  type JsonValue,
  type PostureReport,
} from '@veritrail/formats';
import { utf8ToBytes } from '@noble/hashes/utils.js';

import { decodeUtf8, InputError, membersOf, quoted, readJson } from './input-text.ts';
import { isSameMac } from './mac-keys.ts';
import { judgeResidency, judgeServiceCount, judgeTimes } from './posture-consistency.ts';
import { readPostureDocument, readPostureReport } from './read-posture-document.ts';
import { conclude, fail, notChecked, pass, type Check, type Finding, type Verdict } from './verdict.ts';

export interface PostureReportOptions {
  /** As GET …/compliance-report/verification-key gives it; used as its own bytes. Without it the MAC is not checked. */
  readonly verificationKey?: string | undefined;
  /** The key's id, if known. */
  readonly keyId?: string | undefined;
  /** Whose report it should be, if known. */
  readonly organizationId?: string | undefined;
}

export type PostureCheckId =
  | 'document'
  | 'signed_bytes'
  | 'mac'
  | 'algorithm'
  | 'key_id'
  | 'organization'
  | 'service_count'
  | 'residency'
  | 'times';

export interface PostureReportVerdict extends Verdict<PostureCheckId> {
  readonly kind: 'posture_report';
  /** What the signed bytes say, and nothing else of the document; null unless the MAC over them holds. */
  readonly report: PostureReport | null;
}

/** Some 100,000 services. Reading takes about ten times the memory. */
const MAX_BYTES = 64 * 1024 * 1024;

const DOCUMENT_START = '{"report":'.length;

/**
 * Checks a signed posture report, offline.
 *
 * @param document the bytes of the response or download, as they came. They may be anything, from anyone
 * @throws {TypeError} if it was called wrongly, never for what stands in `document`
 */
export function verifyPostureReport(document: Uint8Array, options: PostureReportOptions = {}): PostureReportVerdict {
  checkCall(document, options);
  const whole = attempt(() => readJson(decodeUtf8(ofBearableSize(document))));
  const signed = attempt(() => findSignedBytes(ofBearableSize(document)));
  const signature = 'value' in whole ? membersOf(membersOf(whole.value)?.get('signature')) : undefined;
  const mac = judgeMac('value' in signed ? signed.value.bytes : undefined, signature?.get('value'), options);
  // Everything else is asked of the signed bytes alone: what else a document shows as its report, nobody vouches for.
  const json = 'value' in signed ? signed.value.json : undefined;
  const read = attempt(() => readPostureReport(json));
  const report = 'value' in read ? read.value : undefined;
  const ofReport = (judge: (report: PostureReport) => Finding): Finding =>
    report === undefined ? notChecked('The signed bytes are not a report that can be read.') : judge(report);
  const { keyId, organizationId } = options;

  const checks = [
    check(
      'document',
      'The document is as published: complete, in order, compact, with nothing after it',
      true,
      judgeDocument(document, whole),
    ),
    check(
      'signed_bytes',
      'The signed bytes stand where the format puts them',
      true,
      'value' in signed
        ? pass(`${signed.value.bytes.length} bytes, from after "report": to before ,"signature".`)
        : fail(signed.problem),
    ),
    check('mac', 'The MAC over the signed bytes holds', true, mac),
    check('algorithm', 'The algorithm is HMAC-SHA256', true, judgeStated(signature?.get('algorithm'), 'HMAC-SHA256')),
    check(
      'key_id',
      'The report names the key that was given',
      keyId !== undefined,
      keyId === undefined
        ? notChecked('The id of the key is not known. The MAC does not cover key_id.')
        : judgeStated(signature?.get('key_id'), keyId),
    ),
    check(
      'organization',
      'The report is of the expected organization',
      organizationId !== undefined,
      organizationId === undefined
        ? notChecked('No organization was named.')
        : ofReport(({ organization_id }) => judgeStated(organization_id, organizationId)),
    ),
    check('service_count', 'As many services are listed as are counted', true, ofReport(judgeServiceCount)),
    check('residency', 'Regions and EU residency agree with each other', true, ofReport(judgeResidency)),
    check('times', 'Times are valid and not later than the report', true, ofReport(judgeTimes)),
  ];
  return {
    kind: 'posture_report',
    outcome: conclude(checks),
    checks,
    report: mac.outcome === 'pass' && report !== undefined ? report : null,
  };
}

type Attempt<T> = { readonly value: T } | { readonly problem: string };

function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof InputError || error instanceof FormatError) return { problem: error.message };
    throw error;
  }
}

function ofBearableSize(document: Uint8Array): Uint8Array {
  if (document.length <= MAX_BYTES) return document;
  throw new InputError(`It has more than ${MAX_BYTES} bytes, which no posture report has.`);
}

function check(id: PostureCheckId, title: string, required: boolean, finding: Finding): Check<PostureCheckId> {
  return { id, title, required, ...finding };
}

/** Reads it, prints it again as the server does, and compares: no other order, spelling or white space has the same bytes. */
function judgeDocument(document: Uint8Array, whole: Attempt<JsonValue>): Finding {
  if ('problem' in whole) return fail(whole.problem);
  const printed = attempt(() => {
    const { report, value, keyId } = readPostureDocument(whole.value);
    return utf8ToBytes(formatSignedPostureReport(formatPostureReport(report), { value, key_id: keyId }));
  });
  if ('problem' in printed) return fail(printed.problem);
  const expected = printed.value;
  const end = Math.min(document.length, expected.length);
  for (let at = 0; at < end; at++) {
    if (document[at] !== expected[at]) {
      return fail(`From byte ${at} on it is not what the server prints: it was re-formatted, re-ordered or modified.`);
    }
  }
  if (document.length > end) return fail(`After the document, from byte ${end} on, something follows. Remove it.`);
  return pass(`${end} bytes, each as the server prints it.`);
}

/**
 * The search as published finds the first such bytes anywhere, so they must also be where the document's own report is:
 * a genuine report hidden under another name would vouch for an invented one.
 */
function findSignedBytes(document: Uint8Array): { bytes: Uint8Array; json: JsonValue } {
  const bytes = reportSlice(document);
  if (bytes.byteOffset - document.byteOffset !== DOCUMENT_START) {
    throw new InputError('The bytes that the search finds are not those of the report that the document shows.');
  }
  const json = readJson(decodeUtf8(bytes));
  if (membersOf(json) === undefined) throw new InputError('The signed bytes are not a JSON object.');
  return { bytes, json };
}

function judgeMac(bytes: Uint8Array | undefined, value: JsonValue | undefined, options: PostureReportOptions): Finding {
  if (options.verificationKey === undefined) return notChecked('No verification key was given.');
  if (bytes === undefined) return notChecked('There are no signed bytes to check.');
  if (typeof value !== 'string') return notChecked('The document has no signature value that can be read.');
  return isSameMac(postureReportMac(bytes, options.verificationKey), value)
    ? pass('HMAC-SHA256 under the verification key. Whoever holds that key could have made it.')
    : fail('The report was modified, or the key is another one.');
}

function judgeStated(stated: JsonValue | undefined, expected: string): Finding {
  if (typeof stated !== 'string') return notChecked('The document does not say it where it can be read.');
  return stated === expected
    ? pass(`It says ${quoted(stated)}.`)
    : fail(`It says ${quoted(stated)} and should say ${quoted(expected)}.`);
}

function checkCall(document: unknown, options: PostureReportOptions): void {
  if (!(document instanceof Uint8Array)) throw new TypeError('Give the document as the bytes that came: a Uint8Array.');
  for (const name of ['verificationKey', 'keyId', 'organizationId'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new TypeError(`${name} must be a text that is not empty.`);
    }
  }
}
