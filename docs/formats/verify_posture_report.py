#!/usr/bin/env python3
"""Verifies a signed posture report with the verification key, offline. Needs Python 3.9 or later and nothing else.

    python3 verify_posture_report.py report.json KEY
    python3 verify_posture_report.py report.json --key-file key.json

report.json is the response or download as it came: not re-saved by an editor that changes white space.
Exit code: 0 valid, 1 invalid, 2 called wrongly. Format: docs/formats/posture-report.md
"""
import argparse
import hashlib
import hmac
import json
import sys

START, END = b'"report":', b',"signature"'


class Invalid(Exception):
    """Why the document proves nothing; the sentence is for the reader."""


def without_duplicates(pairs):
    """A name that stands twice could be shown to a reader with one value and checked with the other."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Invalid("a member stands in it twice")
    return members


def read_json(raw):
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=without_duplicates)
    except (ValueError, RecursionError):
        raise Invalid("it is not a JSON document") from None


def verify(raw, key):
    """Returns (report, key_id) of a valid document, and raises Invalid for any other."""
    document = read_json(raw)
    if not isinstance(document, dict) or list(document) != ["report", "signature"]:
        raise Invalid("it does not consist of a report and a signature")
    signature = document["signature"]
    if not isinstance(signature, dict) or signature.get("algorithm") != "HMAC-SHA256":
        raise Invalid("its signature is not HMAC-SHA256")
    value = signature.get("value")
    if not isinstance(value, str) or not value.isascii():
        raise Invalid("its signature has no value")

    start = raw.find(START)
    end = raw.find(END, start)
    if start < 0 or end < 0:
        raise Invalid("the signed bytes can't be found in it; was it re-formatted?")
    signed = raw[start + len(START) : end]
    expected = hmac.new(key, signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, value):
        raise Invalid("the report was modified, or the key is another one")
    # What the bytes say, and what a reader of the whole document sees, must be one thing.
    if read_json(signed) != document["report"]:
        raise Invalid("the signed report is not the one that the document shows")
    return document["report"], signature.get("key_id")


def key_in(raw):
    """The key alone, with or without a line end, or {"key_id": …, "verification_key": …} as the server answers."""
    try:
        return json.loads(raw)["verification_key"].encode("utf-8")
    except (ValueError, KeyError, TypeError, AttributeError):
        return raw.rstrip(b"\r\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", help="the file")
    parser.add_argument("key", nargs="?", help="the verification key, used as it is written")
    parser.add_argument("--key-file", help="a file that holds the key, or the answer that gave it")
    options = parser.parse_args()
    if (options.key is None) == (options.key_file is None):
        parser.error("give the key either as an argument or with --key-file")
    try:
        with open(options.report, "rb") as file:
            raw = file.read()
        if options.key_file is None:
            key = options.key.encode("utf-8")
        else:
            with open(options.key_file, "rb") as file:
                key = key_in(file.read())
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")

    try:
        report, key_id = verify(raw, key)
    except Invalid as reason:
        print(f"INVALID: {reason}.")
        return 1
    print("Signature valid: the report is authentic and unmodified.")
    for label, text in (
        ("organization", report.get("organization_id")),
        ("generated at", report.get("generated_at")),
        ("services", report.get("service_count")),
        ("key", key_id),
    ):
        print(f"  {label}: {json.dumps(text)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
