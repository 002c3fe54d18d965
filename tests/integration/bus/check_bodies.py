#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges what travelled on the bus by docs/asyncapi.yaml, and nothing else.

Reads JSON lines {"subject", "direction", "body"} from standard input. `direction` is that of the
document: "subscribe" for what Vigie sends, also in reply to a request on `subject`; "publish" for what it
receives. Exits 1 with every breach: an unknown subject, a body that its schema refuses, or (with
--all-channels) a message of the document that nobody sent.
"""

import json
import re
import sys

import jsonschema
import yaml


def load(path):
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    channels = []
    for name, channel in document["channels"].items():
        tokens = []
        for token in name.split("."):
            parameter = re.fullmatch(r"\{(\w+)\}", token)
            # A literal wins over a parameter, so the more precise channel is tried first.
            tokens.append(("[a-zA-Z0-9_-]+", 1) if parameter else (re.escape(token), 0))
        pattern = re.compile(r"\.".join(text for text, _ in tokens))
        channels.append((sum(loose for _, loose in tokens), name, pattern, channel))
    channels.sort(key=lambda entry: entry[0])
    return document, channels


def messages_of(channel, direction):
    message = channel.get(direction, {}).get("message", {})
    return [option["$ref"] for option in message.get("oneOf", [message]) if "$ref" in option]


def main():
    document, channels = load(sys.argv[1])
    validators = {}
    for name, message in document["components"]["messages"].items():
        schema = {"components": document["components"], **message["payload"]}
        jsonschema.Draft202012Validator.check_schema(schema)
        validators["#/components/messages/" + name] = jsonschema.Draft202012Validator(schema)
    breaches, seen, lines = [], set(), 0
    for line in sys.stdin:
        lines += 1
        sent = json.loads(line)
        found = next((c for c in channels if c[2].fullmatch(sent["subject"])), None)
        if found is None:
            breaches.append(f'{sent["subject"]}: no such channel in the document')
            continue
        _, name, _, channel = found
        refusals = []
        for reference in messages_of(channel, sent["direction"]):
            errors = list(validators[reference].iter_errors(sent["body"]))
            if not errors:
                seen.add((name, sent["direction"], reference))
                break
            refusals.append(f'{reference}: {errors[0].json_path}: {errors[0].message}')
        else:
            breaches.append(f'{sent["subject"]}: {sent["direction"]}: ' + ("; ".join(refusals) or "not allowed"))
    if "--all-channels" in sys.argv:
        for _, name, _, channel in channels:
            for direction in ("publish", "subscribe"):
                for reference in messages_of(channel, direction):
                    if (name, direction, reference) not in seen:
                        breaches.append(f"{name}: {direction}: {reference} was never sent")
    print("\n".join(breaches) or f"{lines} bodies hold")
    return 1 if breaches or lines == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
