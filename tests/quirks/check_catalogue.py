#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the quirk catalogue to the sources: every row has a policy, a default and a test case that exists, or a
reason why it is out of scope. Prints every breach and exits 1 when there is one. `--write` renews docs/quirks.md;
without it a stale page is a breach."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "tests/quirks/catalogue.toml"
PAGE = ROOT / "docs/quirks.md"
GROUPS = [(1, "A: TCP stream and interleaved framing"), (11, "B: messages and headers"), (22, "C: URLs"),
          (31, "D: authentication"), (37, "E: sessions, keep-alive, teardown"), (50, "F: SDP"),
          (60, "G: RTP packets and pictures"), (84, "H: time"), (90, "I: sound"), (94, "J: ONVIF metadata"),
          (98, "K: UDP")]
LAST_ROW = 100
KEYS = {"row", "name", "policy", "default", "values", "counter", "test", "fault", "out_of_scope"}
WORDS = ROOT / "core/base/quirk_words.hpp"
TALLY = ROOT / "core/ingest/quirk_tally.hpp"
BETWEEN_US = {"tls_verify"}  # a policy that no behaviour of a camera asks for
SNAKE = re.compile(r"[a-z][a-z0-9_]*\Z")
CASE = re.compile(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)')
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def test_cases() -> dict[str, str]:
    """Name of each unit test case, and its file."""
    cases = {}
    for path in sorted((ROOT / "tests/unit").rglob("*.test.cpp")):
        for found in CASE.finditer(path.read_text(encoding="utf-8")):
            cases["".join(LITERAL.findall(found.group(1)))] = path.relative_to(ROOT).as_posix()
    return cases


def policy_words() -> dict[str, list[str]]:
    """Policies the configuration knows, and their values."""
    words = {}
    for found in re.finditer(r'\{"(\w+)", \{([^}]*)\}\}', WORDS.read_text(encoding="utf-8")):
        words[found.group(1)] = LITERAL.findall(found.group(2))
    return words


def counter_names() -> set[str]:
    return set(re.findall(r'^ *\{"(\w+)", &', TALLY.read_text(encoding="utf-8"), re.MULTILINE))


def check_policies(rows: list[dict]) -> list[str]:
    """Rows and sources name the same settings and the same counters."""
    words, counters, breaches = policy_words(), counter_names(), []
    for row in rows:
        if "values" in row and sorted(words.get(row["policy"], [])) != sorted(row["values"]):
            breaches.append(f"row {row['row']}: core/base/quirk_words.hpp has other values for {row['policy']}")
        if "values" in row and row["policy"] in words and words[row["policy"]][0] != row["default"]:
            breaches.append(f"row {row['row']}: core/base/quirk_words.hpp has another default for {row['policy']}")
        if "counter" in row and row["counter"] not in counters:
            breaches.append(f"row {row['row']}: core/ingest/quirk_tally.hpp has no counter {row['counter']}")
    settable = {row["policy"] for row in rows if "values" in row}
    return breaches + [f"core/base/quirk_words.hpp: {word} is in no row" for word in words.keys() - settable - BETWEEN_US]


def check_row(row: dict, cases: dict[str, str]) -> list[str]:
    breaches = [f"unknown key {key}" for key in row.keys() - KEYS]
    if not row.get("name"):
        breaches.append("no name")
    if "out_of_scope" in row:
        if len(row["out_of_scope"]) < 20:
            breaches.append("out_of_scope is no reason")
        breaches += [f"out of scope, yet with {key}" for key in ("policy", "default", "test", "fault") if key in row]
        return breaches
    breaches += [f"no {key}" for key in ("policy", "default", "test") if not row.get(key)]
    if not SNAKE.match(row.get("policy", "x")):
        breaches.append(f"policy {row['policy']} is not snake_case")
    if "values" in row and row.get("default") not in row["values"]:
        breaches.append(f"default {row.get('default')} is not one of its values")
    if row.get("test") not in cases:
        breaches.append(f"no test case is called \"{row.get('test')}\"")
    return breaches


def page(rows: list[dict], cases: dict[str, str]) -> str:
    scoped = [row for row in rows if "out_of_scope" not in row]
    lines = ["# What cameras do wrong, and what Vigie does about it", "",
             "Written by `tests/quirks/check_catalogue.py --write` from `tests/quirks/catalogue.toml`; change that file.", "",
             f"{len(rows)} rows: {len(scoped)} with a policy and a test, {len(rows) - len(scoped)} out of scope with their reason. "
             "A policy in **bold** can be set for a vendor or a camera in `configs/quirks.toml`. Its name is also that of the "
             "simulator's fault where a live camera can do it. Counters are in a camera's vitals and, over all cameras, in "
             "`/metrics` (`vigie_quirks_total{policy=\"…\"}`).", ""]
    groups = dict(GROUPS)
    for row in rows:
        if row["row"] in groups:
            lines += [f"## {groups[row['row']]}", "", "| row | the camera | policy | ours | counter | test | fault |",
                      "|---|---|---|---|---|---|---|"]
        if "out_of_scope" in row:
            cells = [row["name"], "", f"out of scope: {row['out_of_scope']}", "", "", ""]
        else:
            policy = f"**`{row['policy']}`**" if "values" in row else f"`{row['policy']}`"
            ours = row["default"]
            if "values" in row:
                others = ", ".join(f"`{value}`" for value in row["values"] if value != ours)
                ours = f"`{ours}` (or {others})"
            file = cases.get(row["test"], "").removeprefix("tests/unit/")
            counter = f"`{row['counter']}`" if "counter" in row else ""
            cells = [row["name"], policy, ours, counter, f"{row['test']} ({file})", row.get("fault", "")]
        lines.append("| " + " | ".join([str(row["row"]), *(cell.replace("|", "\\|") for cell in cells)]) + " |")
        if row["row"] + 1 in groups or row["row"] == LAST_ROW:
            lines.append("")
    return "\n".join(lines)


def main() -> int:
    catalogue = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    rows, cases = catalogue["row"], test_cases()
    breaches = []
    if [row.get("row") for row in rows] != list(range(1, LAST_ROW + 1)):
        breaches.append(f"rows are not 1 to {LAST_ROW}, each once, in order")
    values: dict[str, list] = {}
    for row in rows:
        breaches += [f"row {row.get('row')}: {breach}" for breach in check_row(row, cases)]
        if "policy" in row and values.setdefault(row["policy"], row.get("values")) != row.get("values"):
            breaches.append(f"row {row['row']}: {row['policy']} has other values in another row")
    breaches += check_policies(rows)
    text = page(rows, cases) if not breaches else ""
    if "--write" in sys.argv[1:] and text:
        PAGE.write_text(text, encoding="utf-8")
    elif text and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text):
        breaches.append("docs/quirks.md is stale: run tests/quirks/check_catalogue.py --write")
    print("\n".join(breaches) or f"quirk catalogue holds: {len(rows)} rows")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
