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
KEYS = {"row", "name", "policy", "default", "values", "test", "fault", "out_of_scope"}
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


def check_row(row: dict, cases: dict[str, str], pending: set[int]) -> list[str]:
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
    exists = row.get("test") in cases
    if not exists and row.get("row") not in pending:
        breaches.append(f"no test case is called \"{row.get('test')}\"")
    if exists and row.get("row") in pending:
        breaches.append("has its test and is still pending")
    return breaches


def page(rows: list[dict], cases: dict[str, str]) -> str:
    scoped = [row for row in rows if "out_of_scope" not in row]
    lines = ["# What cameras do wrong, and what Vigie does about it", "",
             "Written by `tests/quirks/check_catalogue.py --write` from `tests/quirks/catalogue.toml`; change that file.", "",
             f"{len(rows)} rows: {len(scoped)} with a policy and a test, {len(rows) - len(scoped)} out of scope with their reason. "
             "A policy in **bold** can be set for a vendor or a camera in `configs/quirks.toml`. Each policy's name is also that of "
             "its counter in a camera's vitals and of the simulator's fault (`vigie-sim fault --fault NAME`) where a live camera can "
             "do it.", ""]
    groups = dict(GROUPS)
    for row in rows:
        if row["row"] in groups:
            lines += [f"## {groups[row['row']]}", "", "| row | the camera | policy | ours | test | fault |",
                      "|---|---|---|---|---|---|"]
        if "out_of_scope" in row:
            cells = [row["name"], "", f"out of scope: {row['out_of_scope']}", "", ""]
        else:
            policy = f"**`{row['policy']}`**" if "values" in row else f"`{row['policy']}`"
            ours = row["default"]
            if "values" in row:
                others = ", ".join(f"`{value}`" for value in row["values"] if value != ours)
                ours = f"`{ours}` (or {others})"
            file = cases.get(row["test"], "").removeprefix("tests/unit/")
            cells = [row["name"], policy, ours, f"{row['test']} ({file})", row.get("fault", "")]
        lines.append("| " + " | ".join([str(row["row"]), *(cell.replace("|", "\\|") for cell in cells)]) + " |")
        if row["row"] + 1 in groups or row["row"] == LAST_ROW:
            lines.append("")
    return "\n".join(lines)


def main() -> int:
    catalogue = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    rows, cases = catalogue["row"], test_cases()
    pending = set(catalogue.get("pending", {}).get("rows", []))
    breaches = []
    if [row.get("row") for row in rows] != list(range(1, LAST_ROW + 1)):
        breaches.append(f"rows are not 1 to {LAST_ROW}, each once, in order")
    values: dict[str, list] = {}
    for row in rows:
        breaches += [f"row {row.get('row')}: {breach}" for breach in check_row(row, cases, pending)]
        if "policy" in row and values.setdefault(row["policy"], row.get("values")) != row.get("values"):
            breaches.append(f"row {row['row']}: {row['policy']} has other values in another row")
    text = page(rows, cases) if not breaches else ""
    if "--write" in sys.argv[1:] and text:
        PAGE.write_text(text, encoding="utf-8")
    elif text and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text):
        breaches.append("docs/quirks.md is stale: run tests/quirks/check_catalogue.py --write")
    print("\n".join(breaches) or f"quirk catalogue holds: {len(rows)} rows")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
