import { fileURLToPath } from 'node:url';

import { askPython, runPython } from '../../../formats/test/support/python.ts';

/** Documents as a server would send them, made by Python's standard library from the published rules alone. */

export const SECRET = 'an-audit-secret-for-the-tests-of-verify';
export const FORMER_SECRET = 'the-audit-secret-before-it';
export const KEY = 'vvk_a-verification-key-for-tests';

/** What is sent in, and the secret under which it is recorded: SECRET unless given. */
export interface EventSpec {
  readonly sequence: number;
  readonly timestamp: string;
  readonly details?: unknown;
  readonly resource_id?: string;
  readonly actor_username?: string | null;
  readonly user_agent?: string | null;
  readonly secret?: string;
}

const PYTHON = `
import csv, hashlib, hmac, io, json, sys
def mac(message, secret):
    return "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
def key_id(secret):
    return "audit-" + mac(b"veritrail audit key id v1", secret)[7:23]
def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
def sign(spec):
    secret = spec.get("secret", ${JSON.stringify(SECRET)})
    payload = {"id": "0198a6c0-0000-7000-8000-%012d" % spec["sequence"], "action": "UPDATE", "resource_type": "flag",
        "resource_id": spec.get("resource_id", "flag-%d" % spec["sequence"]), "actor_id": "usr-1",
        "timestamp": spec["timestamp"], "details": spec.get("details", {"from": "off", "to": "on"})}
    signed = json.dumps(payload, separators=(",", ":")).encode("ascii")
    rest = {"actor_username": spec.get("actor_username", "jane"), "ip_address": "203.0.113.45",
        "user_agent": spec.get("user_agent", "curl/8"), "signature": mac(signed, secret),
        "recorded_at": "2026-03-02T00:00:00.125Z", "sequence": spec["sequence"], "signature_key_id": key_id(secret)}
    order = ("id action resource_type resource_id actor_id actor_username timestamp ip_address user_agent details "
        "signature recorded_at sequence signature_key_id").split()
    return {name: {**payload, **rest}[name] for name in order}
`;

/** The text of each event as it is given out. */
export function makeEvents(specs: readonly EventSpec[]): string[] {
  return askPython<EventSpec, string>(`${indent(PYTHON)}\n    return compact(sign(value))`, specs);
}

/** An export as CSV. */
export function makeCsv(specs: readonly EventSpec[]): string {
  const body = `
rows = [sign(spec) for spec in value]
out = io.StringIO(newline="")
out.write(",".join(rows[0]) + "\\r\\n")
for row in rows:
    cells = []
    for name, cell in row.items():
        if cell is None:
            cells.append("")
            continue
        text = compact(cell) if name == "details" else str(cell)
        if text[:1] in tuple("=+-@|%\\t\\r\\n'"):
            text = "'" + text
        quote = text == "" or any(c in text for c in '",\\r\\n') or text != text.strip()
        cells.append('"' + text.replace('"', '""') + '"' if quote else text)
    out.write(",".join(cells) + "\\r\\n")
return out.getvalue()`;
  return askPython<readonly EventSpec[], string>(indent(PYTHON + body), [specs])[0]!;
}

/** A MAC as X-Audit-Signature has it. */
export function macOf(text: string, secret: string): string {
  const { stdout } = runPython(
    [
      '-c',
      'import hashlib,hmac,sys\nprint("sha256="+hmac.new(sys.argv[1].encode(),sys.stdin.buffer.read(),hashlib.sha256).hexdigest())',
      secret,
    ],
    { input: text },
  );
  return stdout.trim();
}

/** A signed posture report, whatever the report says. */
export function makeReports(reports: readonly object[]): string[] {
  const body = `
text = compact(value)
signature = {"algorithm": "HMAC-SHA256", "value": mac(text.encode(), ${JSON.stringify(KEY)})[7:], "key_id": "posture-1"}
return '{"report":' + text + ',"signature":' + compact(signature) + '}'`;
  return askPython<object, string>(indent(PYTHON + body), reports);
}

function indent(program: string): string {
  return program.replace(/^(?=.)/gm, '    ');
}

const VECTORS = fileURLToPath(new URL('../../../../vectors/', import.meta.url));

/** A signed evidence packet, whatever the packet says, under the key of the vectors; canonical by Python. */
export function makePackets(packets: readonly object[]): string[] {
  const body = `
import base64, sys
sys.path.insert(0, ${JSON.stringify(VECTORS)})
import ed25519
seed = hashlib.sha256(b"a signing key for test vectors only").digest()
text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
signature = {"algorithm": "Ed25519", "key_id": "key-2026-06",
    "value": base64.b64encode(ed25519.sign(seed, text.encode())).decode(),
    "canonical_sha256": hashlib.sha256(text.encode()).hexdigest()}
envelope = '{"report_id":"7d1f8a52-6c3e-4b0d-9a14-2f5b8c7e6d90","packet":'
return envelope + text + ',"signature":' + json.dumps(signature, separators=(",", ":")) + '}'`;
  return askPython<object, string>(indent(body), packets);
}
