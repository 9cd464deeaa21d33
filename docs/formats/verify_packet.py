#!/usr/bin/env python3
"""Verifies a signed evidence packet against published keys, offline. Needs Python 3.9 or later and nothing else.

    python3 verify_packet.py report.json --keys keys.json
    python3 verify_packet.py report.json --keys keys.json --trust FINGERPRINT

report.json is the response or download as it came; keys.json is what /.well-known/compliance-signing-keys answered.
FINGERPRINT is the SHA-256 of a raw public key in hex, got by another way than the keys. Without it the packet is only
as trustworthy as the place that keys.json came from.
Exit code: 0 valid, 1 invalid, 2 called wrongly. Format: docs/formats/evidence-packet.md
"""
import argparse
import base64
import hashlib
import json
import math
import re
import sys

START, END = b'"packet":', b',"signature":'
HEAD = re.compile(rb'\{"report_id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",')
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
# What stands before the 32 bytes in a key that was exported as SPKI.
SPKI = bytes.fromhex("302a300506032b6570032100")


class Invalid(Exception):
    """Why the document proves nothing; the sentence is for the reader."""


# --- Ed25519, RFC 8032, section 5.1.7 ---

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def decompress(raw):
    """The point, or None for bytes that are not the one encoding of a point."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE = decompress(bytes.fromhex("5866666666666666666666666666666666666666666666666666666666666666"))


def ed25519_verify(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, r = decompress(public_key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L:
        return False
    # A key of small order: one signature under it would fit every message.
    if same(multiply(8, key), (0, 1, 1, 0)):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return same(multiply(s, BASE), add(r, multiply(h, key)))


# --- the document ---


def without_duplicates(pairs):
    """A name that stands twice could be shown to a reader with one value and checked with the other."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Invalid("a member stands in it twice")
    return members


def read_json(raw, what):
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=without_duplicates, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise Invalid(f"{what} is not a JSON document") from None


def refuse_constant(name):
    raise ValueError(name)


def number(value):
    """RFC 8785, section 3.2.2.3: as ECMAScript prints a double."""
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise Invalid("a whole number in the packet is beyond 2^53 - 1")
        return str(value)
    if not math.isfinite(value):
        raise Invalid("a number in the packet is too large")
    if value == 0:
        return "0"
    sign, text = ("-", repr(-value)) if value < 0 else ("", repr(value))
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    power = f"e{point - 1:+d}"
    return sign + digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + power


def canonical(value):
    """RFC 8785: members in the order of their names' UTF-16 code units."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False)


def decode64(text, length):
    """Base64 of exactly that many bytes in its one spelling, or None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return None
    return raw if len(raw) == length and base64.b64encode(raw).decode("ascii") == text else None


def take_apart(raw):
    """(packet, its bytes, signature) of a document that is nothing else besides."""
    document = read_json(raw, "it")
    if not isinstance(document, dict) or list(document) != ["report_id", "packet", "signature"]:
        raise Invalid("it does not consist of a report_id, a packet and a signature")
    start, end = raw.find(START), raw.rfind(END)
    if start < 0 or end < start or not HEAD.fullmatch(raw[:start]):
        raise Invalid("the signed bytes can't be found in it; was it re-formatted?")
    signed, signature = raw[start + len(START) : end], document["signature"]
    if not isinstance(signature, dict) or list(signature) != ["algorithm", "key_id", "value", "canonical_sha256"]:
        raise Invalid("its signature does not have the members of the format")
    if signature["algorithm"] != "Ed25519":
        raise Invalid("its signature is not Ed25519")
    compact = json.dumps(signature, separators=(",", ":")).encode("utf-8")
    if raw[end + len(END) :] != compact + b"}":
        raise Invalid("its signature is not in the format's one spelling, or something follows it")
    packet = document["packet"]
    if not isinstance(packet, dict):
        raise Invalid("its packet is not an object")
    if packet.get("report_id", document["report_id"]) != document["report_id"]:
        raise Invalid("the document has another report_id than the packet that was signed")
    try:
        again = canonical(packet).encode("utf-8")
    except (RecursionError, UnicodeEncodeError):
        raise Invalid("its packet has no canonical form") from None
    if again != signed:
        raise Invalid("the packet's bytes are not canonical; was it re-formatted?")
    return packet, signed, signature


def find_key(raw, key_id):
    document = read_json(raw, "the document of keys")
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise Invalid("the document of keys does not list any")
    found = [key for key in keys if key.get("key_id") == key_id]
    if len(found) != 1:
        raise Invalid("the key that it names is not published, or more than once")
    entry = found[0]
    if entry.get("algorithm") != "Ed25519":
        raise Invalid("the key that it names is not an Ed25519 key")
    text = entry.get("public_key")
    spki = decode64(text, 44)
    public_key = spki[12:] if spki and spki.startswith(SPKI) else decode64(text, 32)
    if public_key is None:
        raise Invalid("the published key is not the base64 of 32 bytes")
    return public_key, entry


def verify(raw, keys, trusted):
    """Returns what may be told of a valid document, and raises Invalid for any other."""
    packet, signed, signature = take_apart(raw)
    if hashlib.sha256(signed).hexdigest() != signature["canonical_sha256"]:
        raise Invalid("the packet's bytes do not have the digest that is stated")
    public_key, entry = find_key(keys, signature["key_id"])
    value = decode64(signature["value"], 64)
    if value is None:
        raise Invalid("its signature is not the base64 of 64 bytes")
    if not ed25519_verify(public_key, signed, value):
        raise Invalid("the packet was modified, or the key is another one")
    retired, made = entry.get("retired_at"), packet.get("generated_at")
    for time in (retired, made):
        if time is not None and not (isinstance(time, str) and TIME.fullmatch(time)):
            raise Invalid("a time in it or in the document of keys is not RFC 3339 in UTC")
    # As texts, without the Z, which would sort after a fraction's point.
    if retired is not None and (made is None or made[:-1] > retired[:-1]):
        raise Invalid("its key was retired before it was generated")
    fingerprint = hashlib.sha256(public_key).hexdigest()
    if trusted and fingerprint not in trusted:
        raise Invalid(f"its key has the fingerprint {fingerprint}, which is none of those to be trusted")
    return packet, signature["key_id"], fingerprint


def fingerprint_argument(text):
    plain = text.lower().replace(":", "")
    if not re.fullmatch("[0-9a-f]{64}", plain):
        raise argparse.ArgumentTypeError("a fingerprint is a SHA-256 as 64 hexadecimal digits")
    return plain


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", help="the file")
    parser.add_argument("--keys", required=True, help="what /.well-known/compliance-signing-keys answered")
    parser.add_argument("--trust", action="append", type=fingerprint_argument, default=[], metavar="FINGERPRINT")
    options = parser.parse_args()
    try:
        with open(options.report, "rb") as file:
            raw = file.read()
        with open(options.keys, "rb") as file:
            keys = file.read()
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")

    try:
        packet, key_id, fingerprint = verify(raw, keys, options.trust)
    except Invalid as reason:
        print(f"INVALID: {reason}.")
        return 1
    print("Signature valid: the packet is authentic and unmodified.")
    organization = packet.get("organization")
    for label, text in (
        ("framework", packet.get("framework")),
        ("organization", organization.get("id") if isinstance(organization, dict) else None),
        ("generated at", packet.get("generated_at")),
        ("key", key_id),
        ("fingerprint", fingerprint),
    ):
        print(f"  {label}: {json.dumps(text)}")
    if not options.trust:
        print("NOT CHECKED: whose key that is. Compare the fingerprint with one that you got by another way (--trust).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
