// SPDX-License-Identifier: Apache-2.0
// Reads what the bus says about incidents. A body that is not what it should be gives null, never half an incident.
import { incident_states, type Delivery, type Incident, type IncidentState, type PriorityReason, type Verdict } from "./incident.ts";
import { number, object, objects, parse_object, refuse_errors, text, texts, time, type Json } from "./json.ts";

const states: ReadonlySet<string> = new Set(incident_states);

const read_reason = (body: Json): PriorityReason =>
  ({ fr: text(body["fr"]), en: text(body["en"]), points: number(body["points"]) });

function read_verdict(body: Json | null): Verdict | null {
  if (!body || text(body["verdict"]) === "") return null;
  return { kind: text(body["verdict"]), author: text(body["author"]), reason: text(body["reason"]), at: time(body["at"]) };
}

function read_delivery(body: Json | null): Delivery | null {
  if (!body || text(body["state"]) === "") return null;
  return { state: text(body["state"]), recipient: text(body["recipient"]), attempt: number(body["attempt"]),
    reference: text(body["reference"]), detail: text(body["detail"]) };
}

export function read_incident(body: Json): Incident | null {
  const id = text(body["id"]);
  const state = text(body["state"]);
  const raised_at = time(body["raised_at"]);
  if (id === "" || !states.has(state) || raised_at === null || typeof body["revision"] !== "number") return null;
  const priority = object(body["priority"]) ?? {};
  return {
    id,
    state: state as IncidentState,
    raised_at,
    commune: text(body["commune"]),
    site: text(body["site"]),
    kind: text(body["type"]) || "other",
    origin: text(body["origin"]),
    source: text(body["source"]),
    camera: text(body["camera"]) || null,
    owner: text(body["owner"]),
    revision: number(body["revision"]),
    since: time(body["since"]) ?? raised_at,
    signals: Math.max(1, number(body["signals"])),
    notes: number(body["notes"]),
    escalations: number(body["escalations"]),
    score: number(priority["score"]),
    reasons: objects(priority["reasons"]).map(read_reason),
    verdict: read_verdict(object(body["verdict"])),
    proposed: text(body["proposed"]) || null,
    notification: text(body["notification"]) || null,
    delivery: read_delivery(object(body["delivery"])),
    is_exercise: body["exercise"] === true,
  };
}

/** One line of the incident's logbook. */
export interface LogEntry {
  readonly at: number;
  /** Empty: the centre itself. */
  readonly author: string;
  readonly what: string;
  /** The state it moved to; null when it did not move. */
  readonly state: string | null;
  readonly text: string;
}

/** Who may be told of an incident, as routing has it now. */
export interface RecipientChoice {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly why_fr: string;
  readonly why_en: string;
}

export interface IncidentFile {
  readonly incident: Incident;
  readonly log: readonly LogEntry[];
  readonly recipients: readonly RecipientChoice[];
  /** Why routing leaves the choice to the operator. */
  readonly choose: readonly string[];
}

/** Which number of which store a message or a list stands at; they have no hole within a store. */
export interface Place {
  readonly store: string;
  readonly seq: number;
}
export const read_place = (body: Json): Place => ({ store: text(body["store"]), seq: number(body["seq"]) });

export interface IncidentList {
  readonly place: Place;
  /** Open ones beyond the first were left out, the least urgent. */
  readonly more: boolean;
  readonly incidents: readonly Incident[];
}

export function read_incidents(reply: string): IncidentList {
  const body = refuse_errors(parse_object(reply), "incidents");
  return {
    place: read_place(body),
    more: body["more"] === true,
    incidents: objects(body["incidents"]).map(read_incident).filter((i): i is Incident => i !== null),
  };
}

export function read_incident_file(reply: string): IncidentFile | null {
  const body = refuse_errors(parse_object(reply), "incident_file");
  const incident = read_incident(object(body["incident"]) ?? {});
  return incident && {
    incident,
    log: objects(body["log"]).map((e) => ({
      at: time(e["at"]) ?? 0,
      author: text(e["author"]),
      what: text(e["what"]),
      state: text(e["to"]) || null,
      text: text(e["text"]),
    })),
    choose: texts(body["choose"]),
    recipients: objects(body["recipients"]).map((r) => ({
      id: text(r["id"]),
      kind: text(r["kind"]),
      name: text(r["name"]),
      why_fr: text(r["fr"]),
      why_en: text(r["en"]),
    })),
  };
}
