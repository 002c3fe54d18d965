// SPDX-License-Identifier: Apache-2.0
// Who is signed in, as `people.me` tells it.
import { object, parse_object, refuse_errors, text, texts } from "./json.ts";

export interface Person {
  readonly name: string;
  readonly full_name: string;
  readonly role: string;
  readonly is_on_duty: boolean;
  readonly has_live_right: boolean;
  readonly has_replay_right: boolean;
  readonly communes: readonly string[];
  /** What the role includes: "view_live", "handle_incident", … */
  readonly acts: ReadonlySet<string>;
  /** What the bus lets this person listen to. */
  readonly subjects: readonly string[];
}

/** Reads the reply to `people.me` or `people.duty`; a refusal is thrown. */
export function read_person(reply: string): Person {
  const body = refuse_errors(parse_object(reply), "me");
  const person = object(body["person"]) ?? {};
  return {
    name: text(person["name"]),
    full_name: text(person["full_name"]),
    role: text(person["role"]),
    is_on_duty: person["on_duty"] === true,
    has_live_right: person["live"] === true,
    has_replay_right: person["replay"] === true,
    communes: texts(person["communes"]),
    acts: new Set(texts(body["acts"])),
    subjects: texts(body["subjects"]),
  };
}
