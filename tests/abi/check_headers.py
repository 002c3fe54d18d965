#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles every header of the SDK alone: the C ABI as C11, C++17 and C++20, the C++ layer as C++20, the
layout table in all of them; with gcc and clang, warnings and hidden padding being errors.
Usage: check_headers.py SDK_FOLDER"""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

WARNINGS = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-Wshadow", "-fsyntax-only"]
C_MODES = [["-x", "c", "-std=c11"], ["-x", "c++", "-std=c++17"], ["-x", "c++", "-std=c++20"]]


def compilers() -> list[str]:
    found = [[name for name in names if shutil.which(name)] for names in (["gcc"], ["clang-14", "clang"])]
    for names, wanted in zip(found, ("gcc", "clang")):
        if not names:
            sys.exit(f"check_headers: no {wanted} here; run ./scripts/bootstrap")
    return [names[0] for names in found]


def cases(sdk: Path):
    c_root, cpp_root = sdk / "include", sdk / "cpp"
    layout = Path(__file__).with_name("layout.h")
    for compiler in compilers():
        includes = [f"-I{c_root}", f"-I{cpp_root}"]
        for mode in C_MODES:
            for header in sorted(c_root.rglob("*.h")):
                name = header.relative_to(c_root).as_posix()
                yield name, [compiler, *mode, *WARNINGS, "-Wpadded", *includes, "-"], f'#include "{name}"\n'
            yield "layout.h", [compiler, *mode, *WARNINGS, *includes, "-"], f'#include "{layout}"\n'
        for header in sorted(cpp_root.rglob("*.hpp")):
            name = header.relative_to(cpp_root).as_posix()
            yield name, [compiler, *C_MODES[2], *WARNINGS, *includes, "-"], f'#include "{name}"\n'


def run(case):
    name, command, source = case
    done = subprocess.run(command, input=source, capture_output=True, text=True)
    return name, command, done


def main() -> int:
    failed = count = 0
    with ThreadPoolExecutor(2) as pool:
        for name, command, done in pool.map(run, cases(Path(sys.argv[1]).resolve())):
            count += 1
            if done.returncode != 0:
                failed += 1
                print(f"{name} fails: {' '.join(command)}\n{done.stderr}")
    print(f"{count} compilations, {failed} failed")
    return 1 if failed or count < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
