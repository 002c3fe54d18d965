#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A vendor's first day, from an empty folder: does what sdk/README.md says, command by command, then builds
a plugin of each kind with the installed SDK and looks at what came out.
Usage: first_plugin.py SOURCE_TREE VIGIE_PROGRAM"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

FLAGS = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fvisibility=hidden"]
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


def run(command, **where) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, **where)
    if done.returncode != 0:
        sys.exit(f"failed: {command}\n{done.stdout}{done.stderr}")
    return done.stdout


def tutorial(readme: str, work: Path, environment: dict) -> None:
    """Shell blocks and files of the page become one script, in their order; other listings compile alone."""
    script = ["set -euo pipefail"]
    for number, (language, file, text) in enumerate(BLOCK.findall(readme)):
        if language == "sh":
            script.append(text)
        elif file:
            script.append(f"cat > {file} <<'END_OF_LISTING'\n{text}END_OF_LISTING\n")
        elif language == "toml":
            tomllib.loads(text)
        elif language in ("c", "cpp"):
            alone = work / f"listing_{number}.{language}"
            alone.write_text(text)
            script.append(f'"$CC_{language.upper()}" -I"$HOME/vigie-sdk/include" {" ".join(FLAGS)} '
                          f'{"-std=c11" if language == "c" else "-std=c++20"} -fsyntax-only {alone}')
    for wanted in ("vigie plugin new", "vigie plugin check", "vigie plugin list", "vigie check centre.toml",
                   "src/plugin.cpp <<", "listing_"):
        assert wanted in "\n".join(script), f"the tutorial lost its {wanted}"
    run(["bash", "-c", "\n".join(script)], cwd=work, env=environment | {"CC_C": "gcc", "CC_CPP": "g++"})


def check_product(folder: Path, name: str, kind: str) -> None:
    manifest = tomllib.loads((folder / "plugin.toml").read_text())
    library = folder / manifest["library"]
    assert manifest["id"] == f"org.example.{name}" and manifest["kind"] == kind, manifest
    digest = hashlib.sha256(library.read_bytes()).hexdigest()
    assert manifest["sha256"] == digest, f"{library}: manifest says {manifest['sha256']}, file has {digest}"
    symbols = [line.split()[-1] for line in run(["nm", "-D", "--defined-only", library]).splitlines()]
    assert symbols == ["vigie_plugin_entry"], f"{library} exports {symbols}"


def build(kind: str, work: Path, environment: dict) -> None:
    name = f"first_{kind}"
    run(["vigie", "plugin", "new", name, "--kind", kind], cwd=work, env=environment)
    run(["cmake", "-S", name, "-B", f"{name}/build", "-DCMAKE_CXX_FLAGS=-Werror"], cwd=work, env=environment)
    run(["cmake", "--build", f"{name}/build"], cwd=work, env=environment)
    product = work / name / "build" / name
    check_product(product, name, kind)
    # Every case of its kind is run and held: nothing was skipped for want of a configuration.
    report = json.loads(run(["vigie", "plugin", "check", product, "--json", "--seed", "15"], env=environment))
    assert report["conforms"] and report["passed"] == len(report["cases"]) >= 20, report
    # A changed manifest is written anew, a changed source gets a new hash.
    source = work / name / "src" / "plugin.cpp"
    source.write_text(source.read_text().replace('"Example"', '"Somebody"'))
    before = (product / "plugin.toml").read_text()
    run(["cmake", "--build", f"{name}/build"], cwd=work, env=environment)
    assert (product / "plugin.toml").read_text() != before, "the hash did not follow the library"
    check_product(product, name, kind)


def main() -> None:
    tree, vigie = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory(prefix="vigie_sdk_") as folder:
        work = Path(folder)
        (work / "vigie").symlink_to(tree)
        environment = os.environ | {"HOME": folder, "PATH": f"{vigie.parent}:{os.environ['PATH']}"}
        tutorial((tree / "sdk/README.md").read_text(), work, environment)
        check_product(work / "gate/build/gate", "gate", "protocol")
        environment["CMAKE_PREFIX_PATH"] = str(work / "vigie-sdk")
        for kind in ("protocol", "analytics", "notifier"):
            build(kind, work, environment)
    print("tutorial and three kinds: built, one symbol each, hashes right")


if __name__ == "__main__":
    main()
