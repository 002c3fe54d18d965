#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges a journal by docs/adr/0009-a-journal-that-shows-tampering.md alone: sqlite3, hashlib and the
openssl command, no code of core.

  journal_check.py FOLDER [--key PUB] [--anchors FILE]

Prints one JSON document: {"ok", "entries", "last", "sequence", "anchor", "text"}; `sequence` or `anchor`
is the first bad one. Exit code 0: whole. 1: not. 2: could not be read."""

import argparse
import datetime
import hashlib
import json
import re
import sqlite3
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ZERO = bytes(32)
HEX = r"[0-9a-f]"
NUMBER = r"(0|-?[1-9][0-9]*)"
ANCHOR = re.compile(rf"vigie-anchor 1 {NUMBER} (seal|prune) {NUMBER} {NUMBER} {NUMBER} {NUMBER} ({HEX}{{64}}) "
                    rf"({HEX}{{64}}) ({HEX}{{64}}) {NUMBER} ({HEX}{{16}}) ({HEX}{{128}})")
HEAD = re.compile(rf"vigie-head 1 {NUMBER} ({HEX}{{64}}) {NUMBER} ({HEX}{{64}}) ({HEX}{{16}}) ({HEX}{{128}})")
PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----\n?", re.S)


class Bad(Exception):
    def __init__(self, text, sequence=None, anchor=None):
        super().__init__(text)
        self.sequence, self.anchor = sequence, anchor


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Keys:
    """Public keys, asked through the openssl command; an answer once given is remembered."""

    def __init__(self, pem):
        self.folder = tempfile.TemporaryDirectory()
        self.files, self.known = {}, {}
        for block in PEM.findall(pem):
            der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=block, capture_output=True, check=True).stdout
            name = hashlib.sha256(der[-32:]).hexdigest()[:16]  # the raw key ends the 44 bytes of RFC 8410
            path = Path(self.folder.name, name)
            path.write_bytes(block)
            self.files[name] = path
        if not self.files:
            raise OSError("no public key")

    def accept(self, message, made, key_id=None):
        return any(self._ask(path, message, made) for name, path in self.files.items() if key_id in (None, name))

    def _ask(self, path, message, made):
        asked = (path, message, made)
        if asked not in self.known:
            text, signature = Path(self.folder.name, "message"), Path(self.folder.name, "signature")
            text.write_bytes(message)
            signature.write_bytes(made)
            self.known[asked] = subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", path, "-rawin", "-in", text, "-sigfile", signature],
                capture_output=True, check=False).returncode == 0
        return self.known[asked]


def line_is_signed(line, key_id, keys):
    body, _, made = line.rpartition(" ")
    return keys.accept(body.encode(), bytes.fromhex(made), key_id)


def text(value):
    return struct.pack(">I", len(value)) + value


def maybe(value):
    return b"\0" if value is None else struct.pack(">Bq", 1, value)


def entry_hash(previous, row):
    canonical = (struct.pack(">Bqqq", 1, row["origin"], row["sequence"], row["at_us"])
                 + b"".join(text(row[name]) for name in ("verb", "author", "authority", "camera", "purpose", "reason"))
                 + maybe(row["from_us"]) + maybe(row["to_us"]) + text(row["recipient"]) + text(row["detail"]))
    return sha256(b"\x02", previous, sha256(canonical))


def tree_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01", tree_root(leaves[:split]), tree_root(leaves[split:]))


def three_years_later(us):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return (moment.replace(year=moment.year + 3, day=day) - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)


def read_anchors(db, keys):
    """The anchors in order; raises at the first that is not what it should be."""
    anchors, previous, sealed_to = [], ZERO, 0
    for number, kind, first, last, line in db.execute("SELECT number, kind, first_sequence, last_sequence, line FROM anchor ORDER BY number"):
        line = line.decode("latin-1")
        if number != len(anchors) + 1:
            raise Bad("an anchor is missing", anchor=len(anchors) + 1)
        found = ANCHOR.fullmatch(line)
        if not found or not line_is_signed(line, found[11], keys):
            raise Bad("an anchor is not signed by a trusted key", anchor=number)
        one = {"number": int(found[1]), "kind": found[2], "first": int(found[3]), "last": int(found[4]), "oldest": int(found[5]),
               "root": bytes.fromhex(found[7]), "head": bytes.fromhex(found[8]), "at": int(found[10]), "line": line}
        if (one["number"], one["kind"], one["first"], one["last"]) != (number, kind.decode(), first, last):
            raise Bad("an anchor lies under another number", anchor=number)
        if bytes.fromhex(found[9]) != previous:
            raise Bad("an anchor does not follow the one before", anchor=number)
        if one["kind"] == "seal":
            if one["first"] != sealed_to + 1:
                raise Bad("seals leave something out", anchor=number)
            sealed_to = one["last"]
        elif any(three_years_later(s["oldest"]) > one["at"] for s in anchors
                 if s["kind"] == "seal" and one["first"] <= s["first"] and s["last"] <= one["last"]):
            raise Bad("entries were erased before their three years", anchor=number)
        previous = sha256(b"\x03", line.encode("latin-1"))
        anchors.append(one)
    return anchors, previous


def walk(db, anchors, head, keys):
    pruned_to, previous, count = 0, ZERO, 0
    for a in anchors:
        if a["kind"] == "prune":
            pruned_to, previous = a["last"], a["head"]
    seals = [a for a in anchors if a["kind"] == "seal" and a["first"] > pruned_to]
    last, batch = pruned_to, []

    def signed(row):
        return keys.accept(f"vigie-entry 1 {row['sequence']} {row['hash'].hex()}".encode(), row["signature"])

    def blame(sequence, why):
        for row in batch:  # a row rewritten with its hash shows in the chain only one row later
            if not signed(row):
                raise Bad("an entry is not signed by a trusted key", row["sequence"])
        raise Bad(why, sequence)

    rows = db.execute("SELECT * FROM entry ORDER BY sequence")
    names = [column[0] for column in rows.description]
    for values in rows:
        row = dict(zip(names, values))
        count += 1
        sequence = row["sequence"]
        if sequence <= pruned_to:
            raise Bad("an entry that was erased is there", sequence)
        if sequence != last + 1:
            blame(last + 1, "an entry is missing")
        if head and sequence > head["sequence"]:
            blame(sequence, "an entry lies behind the end of the log")
        if entry_hash(previous, row) != row["hash"]:
            blame(sequence, "an entry does not give its hash")
        while seals and seals[0]["last"] < sequence:
            seals.pop(0)
        if seals and sequence >= seals[0]["first"]:
            batch.append(row)
        elif not signed(row):
            raise Bad("an entry is not signed by a trusted key", sequence)
        last, previous = sequence, row["hash"]
        if seals and sequence == seals[0]["last"]:
            leaves = [sha256(b"\0", r["hash"], r["signature"]) for r in batch]
            if tree_root(leaves) != seals[0]["root"] or previous != seals[0]["head"]:
                blame(seals[0]["first"], "a batch is not the one that was sealed")
            batch.clear()
    end = max([head["sequence"] if head else 0] + [a["last"] for a in anchors])
    if last < end:
        blame(last + 1, "an entry is missing at the end")
    if head and previous != head["hash"]:
        raise Bad("the last entry is not the one the log ended with", last)
    return count, last


def check(db, keys, copy):
    line = db.execute("SELECT line FROM head").fetchone()
    line = line[0].decode("latin-1") if line else ""
    found = HEAD.fullmatch(line)
    head = {"sequence": int(found[1]), "hash": bytes.fromhex(found[2]), "anchors": int(found[3]),
            "anchor_hash": bytes.fromhex(found[4])} if found and line_is_signed(line, found[5], keys) else None
    anchor_trouble, anchors = None, []
    try:
        anchors, last_hash = read_anchors(db, keys)
        if head and (len(anchors) != head["anchors"] or last_hash != head["anchor_hash"]):
            raise Bad("the anchors do not end where the log says", anchor=min(len(anchors), head["anchors"]) + 1)
        for number, kept in enumerate(copy, 1):
            if number > len(anchors) or anchors[number - 1]["line"] != kept:
                raise Bad("anchors kept elsewhere tell another story", anchor=number)
    except Bad as trouble:
        anchor_trouble = trouble
    if anchor_trouble:
        raise anchor_trouble
    count, last = walk(db, anchors, head, keys)
    if not head:
        raise Bad("the end of the log is not signed by a trusted key", last + 1)
    return count, last


def main():
    parser = argparse.ArgumentParser(description="An independent verifier of Vigie's journal")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--anchors", type=Path)
    given = parser.parse_args()
    answer = {"ok": True, "entries": 0, "last": 0, "sequence": None, "anchor": None, "text": ""}
    try:
        keys = Keys((given.key or given.folder / "journal.pub").read_bytes())
        kept = given.anchors or given.folder / "journal.anchors"
        copy = kept.read_text("latin-1").rpartition("\n")[0].split("\n") if kept.exists() and kept.stat().st_size else []
        if not (given.folder / "journal.db").exists():
            raise OSError("no journal.db")
        db = sqlite3.connect(f"file:{given.folder / 'journal.db'}?mode=ro", uri=True, isolation_level=None)
        db.text_factory = bytes
        db.execute("BEGIN")
        answer["entries"], answer["last"] = check(db, keys, copy)
    except Bad as trouble:
        answer.update(ok=False, sequence=trouble.sequence, anchor=trouble.anchor, text=str(trouble))
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as trouble:
        print(f"journal_check: {trouble}", file=sys.stderr)
        return 2
    print(json.dumps(answer))
    return 0 if answer["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
