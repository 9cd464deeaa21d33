#!/usr/bin/env python3
"""Verifies the signatures of audit events, offline. Needs Python 3.9 or later and nothing else.

    AUDIT_HMAC_SECRET=... python3 verify_audit_events.py events.json
    python3 verify_audit_events.py export.json --secret-file secret.txt
    python3 verify_audit_events.py export.json --secret-file audit-q1=old.txt --secret-file audit-q2=new.txt

The file is a response, one event, an export (an array of any size), or one event a line; `-` reads standard input.
A secret given with a key id checks the events of that signature_key_id, one without checks all others.
Exit code: 0 every event is valid, 1 not so or there is none, 2 called wrongly. Format: docs/formats/audit-event.md
"""
import argparse
import hashlib
import hmac
import json
import os
import sys

SIGNED = ("id", "action", "resource_type", "resource_id", "actor_id", "timestamp", "details")
CHUNK = 1 << 20
LISTED = 20


class Unreadable(Exception):
    """Why the file can't be read to its end; the sentence is for the reader."""


def without_duplicates(pairs):
    """A name that stands twice could be shown to a reader with one value and checked with the other."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("a name stands twice in one object")
    return members


class Source:
    """JSON objects from a file of any size; holds one of them and a chunk of text."""

    def __init__(self, file):
        self.file, self.text, self.position, self.ended = file, "", 0, False
        self.decode = json.JSONDecoder(object_pairs_hook=without_duplicates).raw_decode

    def read_more(self):
        rest = self.text[self.position :]
        # As much again as there is, so that a long object is tried a few times only.
        piece = self.file.read(max(CHUNK, len(rest)))
        self.text, self.position, self.ended = rest + piece, 0, piece == ""

    def peek(self):
        """The next character that is not white space, or '' at the end."""
        while True:
            while self.position < len(self.text) and self.text[self.position] in " \t\r\n":
                self.position += 1
            if self.position < len(self.text):
                return self.text[self.position]
            if self.ended:
                return ""
            self.read_more()

    def take_object(self):
        if self.peek() != "{":
            raise Unreadable("where an event should start, there is none")
        while True:
            try:
                value, self.position = self.decode(self.text, self.position)
                return value
            except (ValueError, RecursionError):
                if self.ended:
                    raise Unreadable("it is not JSON to its end: cut off or modified") from None
                self.read_more()


def read_events(file):
    source = Source(file)
    if source.peek() == "[":
        source.position += 1
        while source.peek() != "]":
            yield source.take_object()
            if source.peek() == ",":
                source.position += 1
            elif source.peek() != "]":
                raise Unreadable("the array has no end: the export broke off, or the file was modified")
        source.position += 1
        if source.peek():
            raise Unreadable("something follows after the array")
    elif source.peek():
        value = source.take_object()
        items = value.get("items")
        yield from items if isinstance(items, list) else [value]
        while source.peek():
            yield source.take_object()


def judge(event, secrets):
    """Returns None for a valid event, else the reason."""
    if not isinstance(event, dict):
        return "is not an object"
    for name in (*SIGNED, "signature"):
        if name not in event:
            return f"has no member {name}"
    if not isinstance(event["signature"], str):
        return "has a signature that is not text"
    key_id = event.get("signature_key_id")
    secret = secrets.get(key_id if isinstance(key_id, str) else None, secrets.get(None))
    if secret is None:
        return f"was not checked: no secret for signature_key_id {json.dumps(key_id)}"
    payload = json.dumps({name: event[name] for name in SIGNED}, separators=(",", ":"))
    expected = "sha256=" + hmac.new(secret, payload.encode("ascii"), hashlib.sha256).hexdigest()
    if hmac.compare_digest(expected.encode("ascii"), event["signature"].encode("utf-8", "replace")):
        return None
    return "was modified, or the secret is another one"


def read_secrets(arguments):
    secrets = {}
    for argument in arguments:
        key_id, separator, path = argument.partition("=")
        with open(path if separator else argument, "rb") as file:
            secrets[key_id if separator else None] = file.read().rstrip(b"\r\n")
    if not arguments and os.environ.get("AUDIT_HMAC_SECRET"):
        secrets[None] = os.fsencode(os.environ["AUDIT_HMAC_SECRET"])
    return secrets


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", help="the file")
    parser.add_argument("--secret-file", action="append", default=[], metavar="[KEY_ID=]PATH", help="a line end after the secret is dropped")
    options = parser.parse_args()
    valid, findings = 0, 0

    def report(finding):
        nonlocal findings
        findings += 1
        if findings <= LISTED:
            print(f"  {finding}")

    try:
        secrets = read_secrets(options.secret_file)
        if not secrets:
            parser.error("set AUDIT_HMAC_SECRET or give --secret-file")
        with open(0 if options.events == "-" else options.events, encoding="utf-8") as file:
            for number, event in enumerate(read_events(file), 1):
                reason = judge(event, secrets)
                if reason is None:
                    valid += 1
                else:
                    event_id = event.get("id") if isinstance(event, dict) else None
                    report(f"event {number}, id {json.dumps(event_id)}, {reason}")
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")
    except Unreadable as reason:
        report(f"the file: {reason}")
    except UnicodeDecodeError:
        report("the file: it is not UTF-8")

    if findings == 0 and valid == 0:
        report("the file: there is no event in it, so nothing was checked")
    if findings:
        print(f"INVALID: {findings} findings; {valid} events are valid.")
        return 1
    print(f"Signatures valid: {valid} events are authentic and unmodified in their seven signed members.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
