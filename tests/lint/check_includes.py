#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the arrows of docs/architecture.md: which folder may include which, and which third party
lives where. Prints every breach as file:line and exits 1 when there is one."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What a folder of core/ may include besides itself and base.
ARROWS = {
    "base": set(),
    "domain": set(),
    "media": set(),
    "rtp": {"media"},
    "rtsp": {"rtp", "media"},
    "ingest": {"rtsp", "rtp", "media"},
    "storage": set(),
    "recording": {"ingest", "media", "storage"},
    "journal": {"storage", "domain"},
    "people": {"storage", "domain"},
    "plugin_host": set(),
    "analytics": {"ingest", "media", "plugin_host"},
    "config": {"domain"},
    "bus": {"storage"},
    "incidents": {"storage", "domain"},
    "control": {"domain"},
    "gateway": {"recording", "ingest", "media", "domain"},
    "app": None,  # the roof knows everything
}

# Headers that only some files may name: the way round a type's own constructor.
KEPT_TO = {
    r"domain/incident_archive\.hpp": {"core/domain/incident_archive.cpp", "core/incidents/incident_rows.cpp", "tests/unit/domain", "tests/unit/incidents"},
}

# Third parties by include pattern, and the only folders that may name them. The simulated operators speak nats.c
# themselves (simulators/centre_line): with the centre's own connection they would prove nothing about the bus.
THIRD_PARTIES = {
    r"caf/": {"core/control", "core/app", "tests/actors", "tests/support", "tests/simulation"},
    r"boost/(asio|beast)": {"core/ingest", "core/gateway", "simulators", "tests/support", "tests/integration"},
    r"lib(av|sw)\w+/": {"core/analytics/child", "plugins/libav_source", "simulators", "tests/integration", "tests/unit"},
    r"tbb/": {"core/analytics/child"},
    r"nats/|nats\.h": {"core/bus", "simulators/centre_line", "tests/integration/bus"},
    r"crypt\.h": {"core/people"},
    r"sqlite3\.h": {"core/storage", "tests/unit/storage"},
    r"toml\+\+|toml\.hpp": {"core/config", "core/plugin_host", "simulators"},
    r"seccomp\.h": {"core/plugin_host"},
    r"boost/dll": {"core/plugin_host"},
    r"openssl/": {"core/rtsp", "core/ingest", "core/gateway", "core/app", "core/plugin_host", "core/journal", "plugins", "simulators", "tests/support", "tests/unit", "tests/integration", "tests/bench"},
    r"curl/": {"plugins"},
    r"pugixml": {"plugins", "simulators"},
    r"spdlog/": {"core/base"},
    r"nlohmann/": {"core/bus", "core/gateway", "core/app", "simulators", "tests", "plugins"},
    r"CLI/": {"core/app", "simulators", "tests/verify", "tests/bench", "tests/simulation"},
}

# What a plugin has no business with: the runtime's engines.
PLUGINS_NEVER = {r"caf/", r"boost/", r"nats", r"sqlite3", r"tbb/", r"spdlog/", r"CLI/", r"toml"}

# Public headers stay free of third parties (fmt and tl::expected are part of base's language).
HEADER_FREE_OF = {"boost/", "nats", "sqlite3.h", "toml", "openssl/", "nlohmann/", "libav", "tbb/", "spdlog/"}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "core").parts[0]


def check_file(path: Path) -> list[str]:
    breaches = []
    relative = path.relative_to(ROOT).as_posix()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        where = f"{relative}:{number}"
        if relative.startswith("core/"):
            room, other = room_of(path), target.split("/")[0]
            allowed = ARROWS[room]
            if allowed is not None and other in ARROWS and other not in allowed | {room, "base"}:
                breaches.append(f"{where}: {room} must not include {other} ({target})")
            if path.suffix == ".hpp" and room not in {"control", "app"} and "/child/" not in relative:
                internal = path.stem.endswith("_internal") or "/detail/" in relative
                for third in HEADER_FREE_OF:
                    if target.startswith(third) and not internal:
                        breaches.append(f"{where}: a public header must not show {target}")
        if relative.startswith("plugins/") and "/" in target and target.split("/")[0] in set(ARROWS) | {
            "simulators", "support"}:
            breaches.append(f"{where}: plugins include the SDK only ({target})")
        if relative.startswith(("plugins/", "sdk/")):
            home = relative.split("/")[1]
            if "/" in target and (ROOT / "plugins" / target.split("/")[0]).is_dir() and target.split("/")[0] not in {
                home, "common_notifier"}:
                breaches.append(f"{where}: a plugin includes no other plugin ({target})")
            for pattern in PLUGINS_NEVER:
                if re.match(pattern, target):
                    breaches.append(f"{where}: plugins do without {target}")
        if relative.startswith("simulators/") and target.split("/")[0] in set(ARROWS) - {
            "rtsp", "rtp", "media", "base"}:
            breaches.append(f"{where}: simulators use rtsp, rtp, media and base only ({target})")
        if relative.startswith("tests/verify/") and target.split("/")[0] in ARROWS:
            breaches.append(f"{where}: the checker shares no code with the runtime ({target})")
        for pattern, homes in KEPT_TO.items():
            if re.match(pattern, target) and not any(relative.startswith(home) for home in homes):
                breaches.append(f"{where}: {target} is kept to {', '.join(sorted(homes))}")
        for pattern, homes in THIRD_PARTIES.items():
            if re.match(pattern, target) and not any(relative.startswith(home + "/") for home in homes):
                breaches.append(f"{where}: {target} belongs to {', '.join(sorted(homes))}")
    return breaches


def main() -> int:
    files = [p for top in ("core", "simulators", "tests", "plugins", "sdk") for p in (ROOT / top).rglob("*")
             if p.suffix in {".hpp", ".cpp", ".h", ".c"} and "node_modules" not in p.parts]
    breaches = [breach for path in sorted(files) for breach in check_file(path)]
    print("\n".join(breaches) or f"{len(files)} files keep the arrows")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
