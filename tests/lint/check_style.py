#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""House rules a formatter cannot hold: licence line, file length, marks of unfinished work, local time,
sleeping tests, links between documents. Prints every breach and exits 1 when there is one."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {".hpp", ".cpp", ".h", ".c", ".ts", ".tsx", ".mjs", ".py"}
LONGEST = 800
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
LOCAL_TIME = re.compile(r"\b(localtime|localtime_r|mktime)\s*\(")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|waitForTimeout)\s*\(")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def tracked() -> list[Path]:
    out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in out.decode().split("\0") if name and (ROOT / name).is_file()]


def check_source(path: Path, text: str) -> list[str]:
    name = path.relative_to(ROOT).as_posix()
    lines = text.splitlines()
    breaches = []
    if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
        breaches.append(f"{name}:1: no SPDX licence line")
    if len(lines) > LONGEST:
        breaches.append(f"{name}: {len(lines)} lines; past {LONGEST} a file is split")
    if name.startswith("tests/lint/"):
        return breaches
    for number, line in enumerate(lines, 1):
        if MARKS.search(line):
            breaches.append(f"{name}:{number}: a mark of unfinished work")
        if name.startswith(("core/", "simulators/")) and LOCAL_TIME.search(line):
            breaches.append(f"{name}:{number}: local time exists in the console only")
        if name.startswith("tests/") and name != "tests/support/eventually.hpp" and SLEEP.search(line):
            breaches.append(f"{name}:{number}: a test waits for the thing itself, it does not sleep")
    return breaches


def check_page(path: Path, text: str) -> list[str]:
    name = path.relative_to(ROOT).as_posix()
    return [f"{name}: link to {target}, which is not there"
            for target in LINK.findall(text) if not (path.parent / target).exists()]


def main() -> int:
    breaches = []
    for path in tracked():
        if path.suffix in SOURCES:
            breaches += check_source(path, path.read_text(encoding="utf-8"))
        elif path.suffix == ".md":
            breaches += check_page(path, path.read_text(encoding="utf-8"))
    print("\n".join(breaches) or "house rules hold")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
