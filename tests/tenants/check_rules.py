#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds tests/tenants/rules.yaml against what there is: every channel of docs/asyncapi.yaml, every request that
core answers, every path of the gateway has a rule, and every rule has something it is about. Prints every breach
and exits 1 when there is one. With --json: prints the rules as the tenant matrix wants them."""

import fnmatch
import json
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def requests_of(path: Path, pattern: str) -> set[str]:
    return {f"{service}.{verb or '*'}" for service, verb in re.findall(pattern, path.read_text(encoding="utf-8"))}


def main() -> int:
    rules = yaml.safe_load((ROOT / "tests/tenants/rules.yaml").read_text(encoding="utf-8"))
    document = yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text(encoding="utf-8"))
    channels, patterns = set(document["channels"]), set(rules["channels"])
    breaches = [f"{name}: a channel of docs/asyncapi.yaml without a rule in tests/tenants/rules.yaml"
                for name in sorted(channels) if not any(fnmatch.fnmatchcase(name, p) for p in patterns)]
    # A pattern may wait for its channels; a name that is written out may not.
    breaches += [f"{name}: a rule about no channel of docs/asyncapi.yaml"
                 for name in sorted(patterns) if "*" not in name and name not in channels]

    prefix = "vigie.v1.request.{user}."
    ruled = {p.removeprefix(prefix) for p in patterns if p.startswith(prefix)}
    answered = requests_of(ROOT / "core/app/request_rules.cpp", r'request_rule\{"(\w+)", "(\w*)"')
    breaches += [f"{name}: core/app/request_rules.cpp answers it, the rules do not know it"
                 for name in sorted(answered - ruled)]
    breaches += [f"{name}: the rules know it, core/app/request_rules.cpp does not"
                 for name in sorted(ruled - answered)]

    header = (ROOT / "core/gateway/route.hpp").read_text(encoding="utf-8")
    kinds = re.search(r"enum class route_kind[^{]*\{(.*?)\};", header, re.S).group(1)
    doors = set(re.findall(r"^\s*(\w+)(?: = 1)?,", kinds, re.M))
    breaches += [f"{kind}: a path of the gateway without a rule" for kind in sorted(doors - set(rules["paths"]))]
    breaches += [f"{kind}: a rule about no path of the gateway" for kind in sorted(set(rules["paths"]) - doors)]

    roles = set(rules["roles"])
    known = set(document["components"]["schemas"]["role"]["enum"])
    breaches += [f"{role}: roles differ between rules and document" for role in sorted(roles ^ known)]
    for name, rule in rules["channels"].items():
        for kind in ("subscribe", "request"):
            for role in rule.get(kind, []) if rule.get(kind) != "all" else []:
                if role not in roles:
                    breaches.append(f"{name}: {role} is no role")
        if not {"subscribe", "request"} & set(rule):
            breaches.append(f"{name}: the rule says nothing")
    if breaches:
        print("\n".join(breaches), file=sys.stderr)
        return 1
    if "--json" in sys.argv:
        rules["documented"] = sorted(channels)
        print(json.dumps(rules))
    else:
        print(f"{len(channels)} channels and {len(doors)} paths have rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
