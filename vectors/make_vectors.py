#!/usr/bin/env python3
"""Makes the vectors in valid/ and invalid/, with Python's standard library alone.

    python3 make_vectors.py            write the files
    python3 make_vectors.py --check    write nothing; exit 1 if a file differs, is missing or is left over

The expected bytes, MACs and hashes come from Python's json, hmac and hashlib, and signatures from RFC 8032 in plain Python
(ed25519.py), so they don't lean on the code that they test. The formats are specified in docs/formats/.
"""
import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path

import ed25519

HERE = Path(__file__).resolve().parent


def compact(value):
    """Compact JSON with raw Unicode: what is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def mac(key, message):
    return hmac.new(key.encode("utf-8"), message, hashlib.sha256).hexdigest()


# --- audit events ---

SECRET = "an-audit-secret-for-test-vectors-only"

WORKED_EXAMPLE = {
    "id": "ae1c3f22-7b4d-4e1a-9b2c-0f3d5e6a7b8c",
    "action": "DELETE",
    "resource_type": "experiment",
    "resource_id": "exp-4711",
    "actor_id": "0c6f1a52-9d3e-4b7f-8a10-5e2d7c9b1f34",
    "actor_username": "zoë.müller",
    "timestamp": "2026-01-15T10:30:00Z",
    "ip_address": "203.0.113.45",
    "user_agent": "Mozilla/5.0",
    "recorded_at": "2026-01-15T10:30:00.123Z",
    "sequence": 41,
    "signature_key_id": "audit-2026-q1",
}


def audit_event(description, details, secret=SECRET, **changes):
    """`details` is JSON text as a sender writes it."""
    event = {**WORKED_EXAMPLE, **changes}
    value = json.loads(details)
    payload = json.dumps(
        {
            "id": event["id"],
            "action": event["action"],
            "resource_type": event["resource_type"],
            "resource_id": event["resource_id"],
            "actor_id": event["actor_id"],
            "timestamp": event["timestamp"],
            "details": value,
        },
        separators=(",", ":"),
        sort_keys=False,
    )
    signature = "sha256=" + mac(secret, payload.encode("utf-8"))
    names = "id action resource_type resource_id actor_id actor_username timestamp ip_address user_agent".split()
    item = {name: event[name] for name in names}
    item.update(details=value, signature=signature)
    item.update({name: event[name] for name in ("recorded_at", "sequence", "signature_key_id")})
    text = compact(item)
    return {
        "description": description,
        "secret": secret,
        "event": event,
        "details": details,
        "details_canonical": compact(value),
        "payload": payload,
        "signature": signature,
        "item": text,
        "leaf_hash": hashlib.sha256(b"\x00" + text.encode("utf-8")).hexdigest(),
    }


EVERY_CONTROL = "".join(f"\\u{code:04X}" for code in range(0x20))

AUDIT_EVENTS = {
    "worked-example": audit_event(
        "The worked example of docs/formats/audit-event.md.",
        '{ "experiment_name": "B\\u00fctton Color Test", "previous_status": "DRAFT", "traffic": 1.0 }',
    ),
    "empty-details": audit_event("No details, and no optional member.", "{}", actor_username=None, ip_address=None, user_agent=None),
    "first-of-a-trail": audit_event(
        "Sequence 0, and a time to the microsecond.",
        "{}",
        id="0198a6c0-0000-7000-8000-000000000001",
        action="CREATE",
        timestamp="2026-01-15T10:29:00.000001Z",
        recorded_at="2026-01-15T10:29:00.005Z",
        sequence=0,
    ),
    "second-of-a-trail": audit_event("Sequence 1.", '{"step":2}', action="UPDATE", sequence=1),
    "largest-sequence": audit_event("The largest sequence that a double holds exactly.", "{}", sequence=2**53 - 1),
    "floats": audit_event(
        "Floats as Python prints them, whatever way they were written.",
        '{"n":[1.0,1.50,-0.0,0e5,0.1,1E16,1e15,123456789012345680.0,0.0001,0.00001,1e-7,5e-324,1.7976931348623157e308,'
        "2.2250738585072014e-308,1e23,9007199254740993.0,0.30000000000000004,1e-400,4.35,100E-2]}",
    ),
    "integers": audit_event(
        "Integers keep every digit; minus zero becomes zero.",
        '{"n":[0,-0,1,-1,9007199254740993,12345678901234567890,-98765432109876543210,' + "9" * 400 + "," + "7" * 4300 + ",-" + "8" * 4300 + "]}",
    ),
    "controls": audit_event("Every control character, DEL, quotes, backslash and slash.", f'{{"s":"{EVERY_CONTROL}\\u007F\x7f\\"\\\\\\/"}}'),
    "unicode": audit_event(
        "Characters of every plane, raw and escaped, in names too.",
        '{"ключ":"значение","\\u4e2d":"中","emoji":"\U0001f600\\ud83d\\ude00","line":"\u2028\u2029","edge":"\ud7ff\ue000\ufffd\uffff\U00010000\U0010ffff"}',
        resource_id="ресурс-中-\U0001f600",
        actor_username='jane "x" \\ \x7f',
    ),
    "key-order": audit_event(
        "Names keep their order, also those that look like integers, and __proto__ is a name.",
        '{"b":1,"10":"ten","2":"two","__proto__":{"x":1},"constructor":{"prototype":1},"":0,"a":[{"1":1,"0":0}]}',
    ),
    "white-space": audit_event("White space between tokens is dropped.", ' { "a" :\t[ 1 , 2.0\r\n, [ ] , { } ] ,\n"b" : true } '),
    "nesting": audit_event("Sixty-four levels, the object itself included.", '{"x":' + "[" * 63 + "]" * 63 + "}"),
    "words": audit_event("True, false and null.", '{"t":true,"f":false,"n":null,"l":[true,[false],null]}'),
    "secret-not-ascii": audit_event("The secret's UTF-8 bytes are the key.", '{"a":1}', secret="sécrèt-中-\U0001f600"),
    "long-secret": audit_event("A secret longer than a block of SHA-256.", '{"a":1}', secret="0123456789abcdef" * 5),
}

# --- exact JSON ---


def exact_json(description, text):
    value = json.loads(text)
    return {"description": description, "json": text, "canonical": compact(value), "ascii": json.dumps(value, separators=(",", ":"))}


EXACT_JSON = {
    "worked-example": exact_json(
        "The worked example of docs/formats/exact-json.md.",
        r'{ "b": 1.50, "10": 1E16, "2": -0, "n": 12345678901234567890, "s": "\u0042\u00fc\/\u001F \uD83D\uDE00" }',
    ),
    "array": exact_json("A value that is no object.", ' [1.0, "\\u007f\x7f", {"a":[]}] '),
    "string": exact_json("A string alone.", '"\\u005c\\t\\u2028"'),
    "number": exact_json("A number alone.", "-12.30e-10"),
}

# --- posture reports ---

KEY = "vk_an-example-verification-key-0001"
KEY_ID = "posture-key-1"

ORDERS = {
    "service_id": "d4e5f6a7-8b9c-0d1e-2f3a-4b5c6d7e8f90",
    "name": "orders-prod",
    "database_type": "postgresql",
    "zones": ["se-sto1"],
    "regions": ["europe"],
    "eu_residency": True,
    "storage_encrypted_at_rest": True,
    "backup_encryption": "AES-256-GCM",
    "tls_enabled": True,
    "last_backup_at": "2026-06-07T02:00:14Z",
    "last_backup_type": "automated",
    "backup_schedule": "daily",
    "backup_retention_days": 14,
}
SESSIONS = {
    **ORDERS,
    "service_id": "1f2a3b4c-5d6e-7f8a-9b0c-1d2e3f4a5b6c",
    "name": "sessions-cache",
    "database_type": "valkey",
    "zones": ["fi-hel1"],
    "last_backup_at": "2026-06-07T02:05:33Z",
    "backup_retention_days": 7,
}
AUDIT_LOG = {"retention_policy_days": 365, "entry_count": 48213, "oldest_entry_at": "2025-06-12T08:41:09Z"}


def posture_report(description, services, all_eu, audit_log=AUDIT_LOG, key=KEY):
    report = {
        "organization_id": "9a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d",
        "generated_at": "2026-06-07T10:30:00Z",
        "service_count": len(services),
        "all_services_eu_residency": all_eu,
        "services": services,
        "audit_log": audit_log,
    }
    # The one exception to compact(): in an array, "signature" is written with its first letter escaped.
    marked = json.loads(json.dumps(report))
    for service in marked["services"]:
        for name in ("zones", "regions"):
            service[name] = ["\ue000" if value == "signature" else value for value in service[name]]
    text = compact(marked).replace("\ue000", "\\u0073ignature")
    assert json.loads(text) == report and ',"signature"' not in text
    value = mac(key, text.encode("utf-8"))
    signature = {"algorithm": "HMAC-SHA256", "value": value, "key_id": KEY_ID}
    return {
        "description": description,
        "key": key,
        "key_id": KEY_ID,
        "report": report,
        "report_text": text,
        "value": value,
        "document": '{"report":' + text + ',"signature":' + compact(signature) + "}",
    }


POSTURE_REPORTS = {
    "worked-example": posture_report("The worked example of docs/formats/posture-report.md.", [ORDERS, SESSIONS], True),
    "no-services": posture_report(
        "Nothing to show: no service, no end of retention, no entry.",
        [],
        False,
        {"retention_policy_days": None, "entry_count": 0, "oldest_entry_at": None},
    ),
    "awkward-names": posture_report(
        "Names that look like the markers, and characters that need care.",
        [
            {**ORDERS, "name": 'x,"signature":{} \\ é中\U0001f600\x7f\x01\u2028', "database_type": '{"report":'},
            {**ORDERS, "name": "signature", "zones": ["a", "signature", 'b,"signature"'], "regions": ["signature", "signature", "unknown"]},
        ],
        False,
    ),
    "never-backed-up": posture_report(
        "A service without backups, encryption and zones.",
        [
            {
                **ORDERS,
                "zones": [],
                "regions": [],
                "eu_residency": False,
                "storage_encrypted_at_rest": False,
                "backup_encryption": None,
                "tls_enabled": False,
                "last_backup_at": None,
                "last_backup_type": None,
                "backup_schedule": "none",
                "backup_retention_days": 0,
            }
        ],
        False,
        key="a key with spaces, é and 中",
    ),
}

# --- canonical JSON, as RFC 8785 publishes it ---

JCS = {
    "rfc8785-3.2.2": {
        "source": "RFC 8785, sections 3.2.2 to 3.2.4: sample input, its serialization and the bytes of that.",
        "json": r"""{
  "numbers": [333333333.33333329, 1E30, 4.50,
              2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}""",
        "utf8_hex": (
            "7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a "
            "5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37 "
            "5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d"
        ),
    },
    "rfc8785-3.2.3": {
        "source": "RFC 8785, section 3.2.3: the order of members is that of their names' UTF-16 code units.",
        "json": r"""{
  "\u20ac": "Euro Sign",
  "\r": "Carriage Return",
  "\ufb33": "Hebrew Letter Dalet With Dagesh",
  "1": "One",
  "\ud83d\ude00": "Emoji: Grinning Face",
  "\u0080": "Control",
  "\u00f6": "Latin Small Letter O With Diaeresis"
}""",
        "values": [
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh",
        ],
    },
    "rfc8785-appendix-b": {
        "source": "RFC 8785, appendix B: IEEE 754 doubles in hex and what is printed for them; null is refused.",
        "numbers": {
            "0000000000000000": "0",
            "8000000000000000": "0",
            "0000000000000001": "5e-324",
            "8000000000000001": "-5e-324",
            "7fefffffffffffff": "1.7976931348623157e+308",
            "ffefffffffffffff": "-1.7976931348623157e+308",
            "4340000000000000": "9007199254740992",
            "c340000000000000": "-9007199254740992",
            "4430000000000000": "295147905179352830000",
            "7fffffffffffffff": None,
            "7ff0000000000000": None,
            "44b52d02c7e14af5": "9.999999999999997e+22",
            "44b52d02c7e14af6": "1e+23",
            "44b52d02c7e14af7": "1.0000000000000001e+23",
            "444b1ae4d6e2ef4e": "999999999999999700000",
            "444b1ae4d6e2ef4f": "999999999999999900000",
            "444b1ae4d6e2ef50": "1e+21",
            "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
            "3eb0c6f7a0b5ed8d": "0.000001",
            "41b3de4355555553": "333333333.3333332",
            "41b3de4355555554": "333333333.33333325",
            "41b3de4355555555": "333333333.3333333",
            "41b3de4355555556": "333333333.3333334",
            "41b3de4355555557": "333333333.33333343",
            "becbf647612f3696": "-0.0000033333333333333333",
            "43143ff3c1cb0959": "1424953923781206.2",
        },
    },
}

# --- evidence packets ---

SEED = hashlib.sha256(b"a signing key for test vectors only").digest()
REPORT_ID = "7d1f8a52-6c3e-4b0d-9a14-2f5b8c7e6d90"

PACKET = {
    "report_id": REPORT_ID,
    "schema_version": "1.0",
    "framework": "soc2",
    "generated_at": "2026-06-22T10:00:00Z",
    "period_start": "2026-05-22T10:00:00Z",
    "period_end": "2026-06-22T10:00:00Z",
    "organization": {"id": "9a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d", "name": "Åcme \"Engineering\""},
    "controls": [{"control_id": "CC6.1", "status": "insufficient_evidence", "evidence_refs": ["services[*].tls_enabled"]}],
    "evidence": {"services": [{"service_id": "d4e5f6a7-8b9c-0d1e-2f3a-4b5c6d7e8f90", "tls_enabled": None}]},
}


def canonical(value):
    """RFC 8785 for values without floats: Python sorts names by code point, which is the RFC's order below U+D800."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def signing_keys(*keys):
    entries = [
        {
            "key_id": key_id,
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(ed25519.public_key(seed)).decode("ascii"),
            "active": retired_at is None,
            "retired_at": retired_at,
            "created_at": created_at,
        }
        for key_id, seed, created_at, retired_at in keys
    ]
    return compact({"algorithm": "Ed25519", "keys": entries})


def evidence_packet(description, packet, key_id="key-2026-06", created_at="2026-06-01T00:00:00Z", retired_at=None):
    text = canonical(packet)
    signed = text.encode("utf-8")
    value = base64.b64encode(ed25519.sign(SEED, signed)).decode("ascii")
    sha256 = hashlib.sha256(signed).hexdigest()
    signature = {"algorithm": "Ed25519", "key_id": key_id, "value": value, "canonical_sha256": sha256}
    return {
        "description": description,
        "seed": SEED.hex(),
        "public_key": ed25519.public_key(SEED).hex(),
        "fingerprint": hashlib.sha256(ed25519.public_key(SEED)).hexdigest(),
        "report_id": REPORT_ID,
        "packet": packet,
        "packet_text": text,
        "key_id": key_id,
        "value": value,
        "canonical_sha256": sha256,
        "document": '{"report_id":"' + REPORT_ID + '","packet":' + text + ',"signature":' + compact(signature) + "}",
        "keys": signing_keys(
            ("key-2026-07", hashlib.sha256(SEED).digest(), "2026-07-01T00:00:00Z", None),
            (key_id, SEED, created_at, retired_at),
        ) if retired_at else signing_keys((key_id, SEED, created_at, None)),
    }


EVIDENCE_PACKETS = {
    "worked-example": evidence_packet("The worked example of docs/formats/evidence-packet.md.", PACKET),
    "retired-key": evidence_packet("Signed before its key was retired.", PACKET, retired_at="2026-07-01T00:00:00Z"),
    "awkward-names": evidence_packet(
        "Names and texts that look like the markers, and characters that need care.",
        {
            **PACKET,
            "packet": {"signature": {"packet": []}},
            "signature": {"algorithm": "none"},
            "scope_boundary": 'x,"signature":{},"packet":{} \\ é中\U0001f600\x7f\x01\u2028',
        },
    ),
}

# --- the trail's tree ---


def tree_hash(entries):
    """RFC 6962, 2.1."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\x01" + tree_hash(entries[:split]) + tree_hash(entries[split:])).digest()


def audit_leaf(description, entries):
    return {
        "description": description,
        "entries": [entry.hex() for entry in entries],
        "leaf_hashes": [tree_hash([entry]).hex() for entry in entries],
        "roots": [tree_hash(entries[:size]).hex() for size in range(len(entries) + 1)],
    }


AUDIT_LEAVES = {
    "two-events": audit_leaf(
        "The worked example of docs/formats/audit-leaf.md: two entries and their roots.",
        [AUDIT_EVENTS[name]["item"].encode("utf-8") for name in ("first-of-a-trail", "second-of-a-trail")],
    ),
    "certificate-transparency": audit_leaf(
        "The eight entries with which Certificate Transparency's own implementations are tested.",
        [bytes.fromhex(entry) for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")],
    ),
}

# --- JSON that is refused ---


def refused(code, description, *pieces):
    """Each piece is a text, or a text and how often it is repeated. `python`: what json.loads does with it."""
    pieces = [piece if isinstance(piece, tuple) else (piece, 1) for piece in pieces]
    try:
        json.loads("".join(text * times for text, times in pieces))
        python = "reads"
    except (ValueError, RecursionError):
        python = "refuses"
    return {"description": description, "code": code, "pieces": pieces, "python": python}


REFUSED_JSON = {
    "empty": refused("json_syntax", "Nothing at all.", ""),
    "only-space": refused("json_syntax", "Nothing but white space.", " \r\n\t"),
    "byte-order-mark": refused("json_syntax", "A byte order mark.", '\ufeff{"details":{}}'),
    "trailing-text": refused("json_syntax", "Something after the value.", '{"details":{}} {}'),
    "trailing-comma-object": refused("json_syntax", "A comma before the end of an object.", '{"details":{"a":1,}}'),
    "trailing-comma-array": refused("json_syntax", "A comma before the end of an array.", '{"details":{"a":[1,]}}'),
    "leading-comma": refused("json_syntax", "A comma after the start of an array.", '{"details":{"a":[,1]}}'),
    "missing-colon": refused("json_syntax", "No colon after a name.", '{"details":{"a" 1}}'),
    "missing-value": refused("json_syntax", "No value after a colon.", '{"details":{"a":}}'),
    "missing-comma": refused("json_syntax", "No comma between elements.", '{"details":{"a":[1 2]}}'),
    "name-without-quotes": refused("json_syntax", "A name that is not a string.", "{details:{}}"),
    "single-quotes": refused("json_syntax", "Single quotes.", "{'details':{}}"),
    "wrong-bracket": refused("json_syntax", "An array closed as an object.", '{"details":{"a":[1}}'),
    "comment": refused("json_syntax", "A comment.", '{"details":{}/* x */}'),
    "cut-in-object": refused("json_syntax", "The text ends inside an object.", '{"details":{"a":1'),
    "cut-in-string": refused("json_syntax", "The text ends inside a string.", '{"details":{"a":"x'),
    "cut-in-escape": refused("json_syntax", "The text ends after a backslash.", '{"details":{"a":"\\'),
    "cut-in-word": refused("json_syntax", "The text ends inside a word.", '{"details":{"a":tru'),
    "capital-word": refused("json_syntax", "A word in capitals.", '{"details":{"a":True}}'),
    "not-a-number": refused("json_syntax", "NaN.", '{"details":{"a":NaN}}'),
    "infinity": refused("json_syntax", "Infinity.", '{"details":{"a":-Infinity}}'),
    "leading-zero": refused("json_syntax", "A leading zero.", '{"details":{"a":01}}'),
    "leading-zero-negative": refused("json_syntax", "A leading zero after a minus.", '{"details":{"a":-01}}'),
    "leading-plus": refused("json_syntax", "A plus.", '{"details":{"a":+1}}'),
    "only-minus": refused("json_syntax", "A minus alone.", '{"details":{"a":-}}'),
    "point-first": refused("json_syntax", "A number that starts with a point.", '{"details":{"a":.5}}'),
    "point-last": refused("json_syntax", "A number that ends with a point.", '{"details":{"a":5.}}'),
    "exponent-empty": refused("json_syntax", "An exponent without digits.", '{"details":{"a":5e+}}'),
    "hexadecimal": refused("json_syntax", "A hexadecimal number.", '{"details":{"a":0x10}}'),
    "digit-not-ascii": refused("json_syntax", "A digit of another script.", '{"details":{"a":1\u0663}}'),
    "raw-control": refused("json_syntax", "A raw line feed inside a string.", '{"details":{"a":"x\ny"}}'),
    "raw-nul": refused("json_syntax", "A raw NUL inside a string.", '{"details":{"a":"\x00"}}'),
    "raw-unit-separator": refused("json_syntax", "The last control character, raw.", '{"details":{"a":"\x1f"}}'),
    "escape-unknown": refused("json_syntax", "An escape that JSON doesn't have.", '{"details":{"a":"\\x41"}}'),
    "escape-vertical-tab": refused("json_syntax", "An escape that JavaScript has.", '{"details":{"a":"\\v"}}'),
    "escape-capital": refused("json_syntax", "An escape in capitals.", '{"details":{"a":"\\U0041"}}'),
    "escape-short": refused("json_syntax", "Three hexadecimal digits.", '{"details":{"a":"\\u12g4"}}'),
    "space-not-ascii": refused("json_syntax", "A no-break space between tokens.", '{"details":\u00a0{}}'),
    "space-form-feed": refused("json_syntax", "A form feed between tokens.", '{"details":\f{}}'),
    "space-vertical-tab": refused("json_syntax", "A vertical tab between tokens.", '{"details":{"a":\v1}}'),
    "space-line-separator": refused("json_syntax", "A line separator between tokens.", '{"details":{"a":1\u2028}}'),
    "duplicate-outside": refused("json_duplicate_key", "A name twice, outside details.", '{"action":"READ","action":"DELETE","details":{}}'),
    "duplicate-inside": refused("json_duplicate_key", "A name twice, inside details.", '{"details":{"a":1,"b":[{"c":1,"c":2}]}}'),
    "duplicate-equal": refused("json_duplicate_key", "The same member twice.", '{"details":{"a":1,"a":1}}'),
    "duplicate-escaped": refused("json_duplicate_key", "A name twice, once with an escape.", '{"details":{"role":"a","r\\u006fle":"b"}}'),
    "duplicate-details": refused("json_duplicate_key", "The exact member itself twice.", '{"details":{},"d\\u0065tails":{}}'),
    "duplicate-proto": refused("json_duplicate_key", "The name __proto__ twice.", '{"details":{"__proto__":1,"__proto__":2}}'),
    "duplicate-far": refused(
        "json_duplicate_key",
        "The first of many names again as the last.",
        '{"details":{' + ",".join(f'"k{i}":{i}' for i in range(200)) + ',"k0":0}}',
    ),
    "depth-65": refused("json_depth", "One level too many.", '{"details":{"x":', ("[", 64), ("]", 64), "}}"),
    "depth-100000": refused("json_depth", "A hundred thousand levels.", ("[", 100_000), ("]", 100_000)),
    "depth-100000-inside": refused("json_depth", "A hundred thousand levels inside details.", '{"details":', ('{"a":', 100_000), "1", ("}", 100_000), "}"),
    "surrogate-high": refused("json_lone_surrogate", "A high surrogate alone.", '{"details":{"a":"\\ud800"}}'),
    "surrogate-low": refused("json_lone_surrogate", "A low surrogate alone.", '{"details":{"a":"x\\udfff"}}'),
    "surrogate-swapped": refused("json_lone_surrogate", "A pair the wrong way round.", '{"details":{"a":"\\ude00\\ud83d"}}'),
    "surrogate-high-high": refused("json_lone_surrogate", "Two high surrogates, then a low one.", '{"details":{"a":"\\ud83d\\ud83d\\ude00"}}'),
    "surrogate-low-low": refused("json_lone_surrogate", "Two low surrogates.", '{"details":{"a":"\\udc00\\udc00"}}'),
    "surrogate-low-low-outside": refused("json_lone_surrogate", "The same outside details.", '{"a":"\\udc00\\udc00","details":{}}'),
    "surrogate-raw-low-low": refused("json_lone_surrogate", "Two raw low surrogates.", '{"details":{"a":"\udc00\udc00"}}'),
    "surrogate-raw-high-high": refused("json_lone_surrogate", "Two raw high surrogates.", '{"details":{"a":"\ud83d\ud83d"}}'),
    "surrogate-at-end": refused("json_lone_surrogate", "The text ends after a raw high surrogate.", '{"details":{"a":"\ud83d'),
    "surrogate-split": refused("json_lone_surrogate", "A character between the two.", '{"details":{"a":"\\ud83d \\ude00"}}'),
    "surrogate-name": refused("json_lone_surrogate", "A lone surrogate in a name.", '{"details":{"\\udc00":1}}'),
    "surrogate-raw": refused("json_lone_surrogate", "A raw one, which no UTF-8 text has.", '{"details":{"a":"\ud800"}}'),
    "surrogate-mixed": refused("json_lone_surrogate", "An escaped half and a raw one.", '{"details":{"a":"\\ud83d\ude00"}}'),
    "number-overflow": refused("json_number_range", "More than a double holds.", '{"details":{"a":1e400}}'),
    "number-overflow-negative": refused("json_number_range", "Less than a double holds.", '{"details":{"a":[-1E+309]}}'),
    "number-overflow-rounding": refused("json_number_range", "The smallest number that rounds to infinity.", '{"details":{"a":1.797693134862315808e308}}'),
    "integer-4301-digits": refused("json_number_range", "One digit more than Python's int() reads.", '{"details":{"a":', ("1", 4301), "}}"),
    "integer-4301-digits-negative": refused("json_number_range", "The same, negative.", '{"details":{"a":-', ("1", 4301), "}}"),
    "integer-outside": refused("json_number_range", "An integer outside details that is more than a double holds.", '{"a":', ("1", 310), "}"),
}

FOLDERS = {
    "valid/exact-json": EXACT_JSON,
    "valid/audit-event": AUDIT_EVENTS,
    "valid/posture-report": POSTURE_REPORTS,
    "valid/audit-leaf": AUDIT_LEAVES,
    "valid/jcs": JCS,
    "valid/evidence-packet": EVIDENCE_PACKETS,
    "invalid/exact-json": REFUSED_JSON,
}


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    different = []
    for folder, vectors in FOLDERS.items():
        directory = HERE / folder
        wanted = {directory / f"{name}.json": json.dumps(vector, indent=2) + "\n" for name, vector in vectors.items()}
        for path in directory.glob("*.json"):
            if path not in wanted:
                different.append(path)
        for path, text in wanted.items():
            if path.exists() and path.read_text(encoding="ascii") == text:
                continue
            different.append(path)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="ascii")
    for path in different:
        print("differs:" if check else "written or left over:", path.relative_to(HERE))
    sys.exit(1 if check and different else 0)


if __name__ == "__main__":
    main()
