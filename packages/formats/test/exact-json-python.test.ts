import { describe, expect, test } from 'vitest';
import {
  auditEventMac,
  auditEventPayload,
  canonicalJson,
  checkAuditEventMac,
  ExactJson,
  formatAuditEvent,
  FormatError,
  parseAuditEvent,
  parseExactJson,
  toAsciiJson,
  type JsonValue,
} from '../src/index.ts';
import { numberText, randomObjectText } from './support/json-text.ts';
import { askPython } from './support/python.ts';
import { Random } from './support/random.ts';
import { readVector, type AuditEventVector } from './support/vectors.ts';

/** Why a document must be refused, found with Python's own reader. */
const REASONS = `
    text, reasons = value["text"], set()
    def pairs(members):
        if len(dict(members)) != len(members):
            reasons.add("json_duplicate_key")
        return dict(members)
    def number(literal):
        if math.isinf(float(literal)):
            reasons.add("json_number_range")
        return float(literal)
    def integer(literal):
        try:
            return int(literal)
        except ValueError:
            reasons.add("json_number_range")
            return 0
    def walk(node, depth):
        if isinstance(node, str) and re.search("[\\ud800-\\udfff]", node):
            reasons.add("json_lone_surrogate")
        if isinstance(node, (dict, list)):
            if depth == 65:
                reasons.add("json_depth")
            for child in (list(node) + list(node.values()) if isinstance(node, dict) else node):
                walk(child, depth + 1)
    try:
        walk(json.loads(text, object_pairs_hook=pairs, parse_float=number, parse_int=integer,
            parse_constant=lambda constant: reasons.add("json_syntax")), 1)
    except ValueError:
        reasons.add("json_syntax")
    if reasons:
        return {"reasons": sorted(reasons)}
    document = json.loads(text)
`;

function refusalCode(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

describe('what a stranger sends as details', () => {
  const secret = 'sécret';
  const scalars = readVector<AuditEventVector>('valid/audit-event', 'unicode').event;

  interface Verdict {
    readonly reasons: readonly string[];
    readonly canonical?: string;
    readonly payload?: string;
    readonly verified?: boolean;
    readonly same?: boolean;
  }

  test("verifies with Python's published function, or is refused for a documented reason", () => {
    const random = new Random(20260115);
    const cases = random.times(2000, () => {
      const text = randomObjectText(random, random.chance(0.3) ? 0.03 : 0);
      let details: JsonValue | undefined;
      const code = refusalCode(() => {
        details = (parseExactJson(`{"details":${text}}`, { exactMember: 'details' }) as { [name: string]: JsonValue })[
          'details'
        ];
      });
      if (!(details instanceof ExactJson)) return { text, item: '', payload: '', canonical: '', code };
      const unsigned = { ...scalars, detailsText: details.text };
      const payload = auditEventPayload(unsigned);
      const item = formatAuditEvent({ ...unsigned, signature: auditEventMac(payload, secret) });
      return { text, item, payload, canonical: details.text, code };
    });

    const verdicts = askPython<object, Verdict>(
      `${REASONS}
    event = json.loads(value["item"]) if value["item"] else {}
    if not event:
        return {"reasons": []}
    payload = json.dumps({name: event[name] for name in
        ("id", "action", "resource_type", "resource_id", "actor_id", "timestamp", "details")},
        separators=(",", ":"), sort_keys=False)
    expected = hmac.new(value["secret"].encode("utf-8"), payload.encode("utf-8"), hashlib.sha256).hexdigest()
    return {"reasons": [], "payload": payload,
        "canonical": json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        "verified": hmac.compare_digest(expected, event["signature"].removeprefix("sha256=")),
        "same": event["details"] == document}`,
      cases.map(({ text, item }) => ({ text, item, secret })),
    );

    const seen = new Map<string, number>();
    const wrong = cases.filter(({ payload, canonical, code, item }, i) => {
      const verdict = verdicts[i]!;
      seen.set(code ?? 'accepted', (seen.get(code ?? 'accepted') ?? 0) + 1);
      if (code !== undefined) return !verdict.reasons.includes(code);
      const read = parseAuditEvent(parseExactJson(item, { exactMember: 'details' }));
      return !(
        verdict.reasons.length === 0 &&
        verdict.payload === payload &&
        verdict.canonical === canonical &&
        verdict.verified === true &&
        verdict.same === true &&
        formatAuditEvent(read) === item &&
        checkAuditEventMac(read, secret)
      );
    });
    expect(wrong).toEqual([]);
    expect(seen.get('accepted')).toBeGreaterThan(1500);
    for (const code of ['json_duplicate_key', 'json_lone_surrogate', 'json_number_range', 'json_depth']) {
      expect(seen.get(code), code).toBeGreaterThan(5);
    }
  });

  test('is refused where a changed character makes it something that Python could not read back', () => {
    const random = new Random(7);
    const alphabet = [...'{}[]:,"\\ 0123456789.-+eEtrufalsnNI', '\u0001', '\u007f', 'é', '\ud83d', '\ude00', '\ufeff'];
    const texts = random.times(1500, () => {
      const text = randomObjectText(random, 0.01);
      const at = random.below(text.length);
      return text.slice(0, at) + random.pick(alphabet) + text.slice(at + random.below(2));
    });
    const verdicts = askPython<object, Verdict>(
      `${REASONS}
    return {"reasons": [], "canonical": json.dumps(document, ensure_ascii=False, separators=(",", ":"))}`,
      texts.map((text) => ({ text })),
    );
    let accepted = 0;
    const wrong = texts.filter((text, i) => {
      const { reasons, canonical } = verdicts[i]!;
      const code = refusalCode(() => canonicalJson(text));
      if (reasons.length === 0) {
        accepted++;
        return code !== undefined || canonicalJson(text) !== canonical;
      }
      // Python says nothing but `json_syntax` for such a text; something else may have been wrong before that place.
      return code === undefined || (!reasons.includes(code) && !reasons.includes('json_syntax'));
    });
    expect(wrong).toEqual([]);
    expect(accepted).toBeGreaterThan(300);
  });
});

test('numbers of every kind are printed as Python prints them', () => {
  const random = new Random(3);
  const literals = random.times(20_000, () => numberText(random, 0));
  for (let exponent = -1074; exponent <= 1023; exponent++) {
    const power = 2 ** exponent;
    literals.push(
      power.toExponential(),
      String(-power),
      String(power * (1 - 2 ** -53)),
      String(power * (1 + 2 ** -52)),
    );
  }
  for (let exponent = -340; exponent <= 308; exponent++) {
    literals.push(
      `1e${exponent}`,
      `9.999999999999999e${exponent - 1}`,
      `-5E${exponent - 1}`,
      `${random.below(1e9)}e${exponent - 9}`,
    );
  }
  for (let digits = 1; digits <= 25; digits++)
    literals.push('1'.repeat(digits), '9'.repeat(digits) + '.0', `0.${'0'.repeat(digits)}1`);
  for (let i = 0; i < 20_000; i++) literals.push(random.double().toExponential());

  const [printed] = askPython<string, string>(`    return json.dumps(json.loads(value), separators=(",", ":"))`, [
    `[${literals.join()}]`,
  ]);
  const wanted = printed!.slice(1, -1).split(',');
  const seen = canonicalJson(`[${literals.join(' , ')}]`)
    .slice(1, -1)
    .split(',');
  expect(seen).toHaveLength(literals.length);
  const wrong = seen.flatMap((text, i) =>
    text === wanted[i] ? [] : [{ literal: literals[i], text, wanted: wanted[i] }],
  );
  expect(wrong).toEqual([]);
});

test('every character is escaped as Python escapes it, raw and in ASCII', () => {
  const texts: string[] = [];
  const characters: string[] = [];
  for (let code = 0; code < 0x10000; code++)
    if (code < 0xd800 || code > 0xdfff) characters.push(String.fromCharCode(code));
  for (let plane = 1; plane <= 0x10; plane++) {
    for (let code = 0; code < 0x10000; code += 257) characters.push(String.fromCodePoint(plane * 0x10000 + code));
    characters.push(String.fromCodePoint(plane * 0x10000 + 0xffff));
  }
  for (let i = 0; i < characters.length; i += 512) texts.push(characters.slice(i, i + 512).join(''));

  const printed = askPython<string, [string, string]>(
    `    return [json.dumps(value, ensure_ascii=False), json.dumps(value)]`,
    texts,
  );
  texts.forEach((text, i) => {
    const [raw, ascii] = printed[i]!;
    const escaped = text.split('').map((unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
    const canonical = canonicalJson(`"${escaped.join('')}"`);
    expect(canonical).toBe(raw);
    expect(toAsciiJson(canonical)).toBe(ascii);
  });
});
