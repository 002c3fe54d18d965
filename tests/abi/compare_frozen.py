#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds today's headers against the frozen ones: constants, members with their types in their order, sizes and
places as a compiler sees them. Then bends a copy of today's headers in every forbidden way and checks that
each is noticed. Usage: compare_frozen.py SDK_INCLUDE FROZEN_FOLDER"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STRUCT = re.compile(r"typedef struct (\w+) \{(.*?)\} (\w+);", re.S)
CONSTANT = re.compile(r"^#define (VIGIE_\w+)[ \t]+(.+?)\s*(?:/\*.*)?$", re.M)
# Not promises: how the compiler is spoken to, and versions, which grow.
OTHER = re.compile(r"VIGIE_(EXTERN_C_|EXPORT|ABI_(MINOR|REVISION|VERSION)|\w+_H$)")


def compile_c(include: Path, source: str, *options: str) -> str:
    done = subprocess.run(["gcc", "-std=c11", f"-I{include}", "-x", "c", "-", *options],
                          input=source, capture_output=True, text=True)
    if done.returncode != 0:
        raise ValueError(f"{include} does not compile: {done.stderr}")
    return done.stdout


def structs(include: Path) -> dict[str, list[str]]:
    text = compile_c(include, '#include "vigie/sdk.h"\n', "-E", "-P")
    return {name: [" ".join(member.split()) for member in body.split(";") if member.strip()]
            for _, body, name in STRUCT.findall(text)}


def constants(include: Path) -> dict[str, str]:
    found = {}
    for header in sorted(include.rglob("*.h")):
        for name, value in CONSTANT.findall(header.read_text()):
            if not OTHER.match(name):
                found[name] = value
    return found


def name_of(member: str) -> list[str]:
    pointer = re.search(r"\(\*(\w+)\)", member)
    if pointer:
        return [pointer.group(1)]
    return [re.search(r"(\w+)\s*(\[.*\])?$", part).group(1) for part in member.split(",")]


def layout(include: Path, of: dict[str, list[str]]) -> dict[str, int]:
    lines = []
    for struct, members in of.items():
        lines.append(f'printf("{struct} %zu\\n", sizeof({struct}));')
        for name in (n for member in members for n in name_of(member)):
            lines.append(f'printf("{struct}.{name} %zu\\n", offsetof({struct}, {name}));')
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/layout"
        compile_c(include, '#include <stdio.h>\n#include "vigie/sdk.h"\nint main(void) {' + "".join(lines) + "}",
                  "-o", program)
        printed = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    return {what: int(value) for what, value in (line.split() for line in printed.splitlines())}


def complaints(today: Path, frozen: Path) -> list[str]:
    found = []
    old_constants, new_constants = constants(frozen), constants(today)
    for name, value in old_constants.items():
        if new_constants.get(name) != value:
            found.append(f"{name} was {value}, is {new_constants.get(name)}")
    old, new = structs(frozen), structs(today)
    is_sized = {name: bool(members) and members[0] == "uint32_t size" for name, members in old.items()}
    for name, members in old.items():
        if name not in new:
            found.append(f"{name} is gone")
        elif new[name][:len(members)] != members:
            found.append(f"{name} does not begin with its members of then")
        elif not is_sized[name] and new[name] != members:
            found.append(f"{name} has no size and may not grow")
    if found:
        return found
    old_layout, new_layout = layout(frozen, old), layout(today, old)
    for what, value in old_layout.items():
        may_grow = "." not in what and is_sized[what]
        if new_layout[what] < value or (new_layout[what] != value and not may_grow):
            found.append(f"{what} was at {value}, is at {new_layout[what]}")
    return found


# What nobody may do to a header, and what everybody may: file, before, after, is it forbidden?
BENDS = [
    ("analytics.h", "#define VIGIE_EVENT_FIRE 47", "#define VIGIE_EVENT_FIRE 48", True),
    ("protocol.h", "#define VIGIE_STREAM_PUSHED 2", "", True),
    ("frame.h", "  uint32_t width;\n  uint32_t height;\n", "  uint32_t height;\n  uint32_t width;\n", True),
    ("packet.h", "  int64_t media_pts_us", "  uint64_t media_pts_us", True),
    ("types.h", "  uint64_t length;\n} vigie_str_t", "  uint64_t length;\n  uint64_t more;\n} vigie_str_t", True),
    ("notifier.h", "  uint32_t attempt;", "  uint32_t tries;", True),
    ("entry.h", "vigie_str_t id);", "vigie_str_t id, int flags);", True),
    ("types.h", "char text[248]", "char text[252]", True),
    ("frame.h", "  vigie_plane_t planes[3];\n", "  vigie_plane_t planes[3];\n  uint64_t rotation;\n", False),
    ("ext/log.h", "#define VIGIE_LOG_ERROR 4", "#define VIGIE_LOG_ERROR 4\n#define VIGIE_LOG_MORE 9", False),
]


def check_bends(today: Path, frozen: Path) -> None:
    for file, before, after, is_forbidden in BENDS:
        with tempfile.TemporaryDirectory() as folder:
            bent = Path(folder) / "include"
            shutil.copytree(today, bent)
            header = bent / "vigie" / file
            text = header.read_text()
            assert before in text, f"{file} has no {before!r}: bend something else"
            header.write_text(text.replace(before, after))
            if bool(complaints(bent, frozen)) != is_forbidden:
                sys.exit(f"{file}: {before!r} to {after!r} is {'not noticed' if is_forbidden else 'refused'}")


def check_untouched(folder: Path) -> None:
    listed = {}
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split(maxsplit=1)
        listed[name] = digest
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    if present != set(listed):
        sys.exit(f"frozen files came or went: {sorted(present ^ set(listed))}")
    for name, digest in listed.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{folder / name} was changed; it is frozen")


def main() -> int:
    today, frozen = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    check_untouched(frozen)
    found = complaints(today, frozen)
    if found:
        print("\n".join(found))
        return 1
    check_bends(today, frozen)
    members = sum(len(m) for m in structs(frozen).values())
    print(f"{len(structs(frozen))} structs, {members} members, {len(constants(frozen))} constants are as they were; "
          f"{len(BENDS)} bends judged right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
