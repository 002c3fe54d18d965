// SPDX-License-Identifier: Apache-2.0
// One incident as the bus tells it, and what the person at this desk may try with it. The centre decides;
// a button that is not there only spares a refusal.

export const incident_states = [
  "raised", "queued", "claimed", "verifying", "false_alarm", "inconclusive", "monitored", "confirmed",
  "notification_proposed", "notification_approved", "notified", "acknowledged", "under_intervention",
  "escalated", "closed", "reopened",
] as const;
export type IncidentState = (typeof incident_states)[number];

export interface PriorityReason {
  readonly fr: string;
  readonly en: string;
  readonly points: number;
}

export interface Verdict {
  readonly kind: string;
  readonly author: string;
  readonly reason: string;
  readonly at: number | null;
}

/** The notification on its way. */
export interface Delivery {
  readonly state: string;
  /** Id of the recipient's line in the configuration. */
  readonly recipient: string;
  readonly attempt: number;
  /** The recipient's own number. */
  readonly reference: string;
  /** What was last said of it: an error, or the words to read on the telephone. */
  readonly detail: string;
}

export interface Incident {
  readonly id: string;
  readonly commune: string;
  readonly site: string;
  readonly kind: string;
  readonly origin: string;
  /** Who signalled first: a camera's, panel's or person's id. */
  readonly source: string;
  readonly camera: string | null;
  readonly state: IncidentState;
  /** Empty: nobody's. */
  readonly owner: string;
  /** An act names the revision it answers to. */
  readonly revision: number;
  readonly raised_at: number;
  /** When it came to its present state. */
  readonly since: number;
  readonly signals: number;
  readonly notes: number;
  readonly escalations: number;
  readonly score: number;
  /** The score is their sum. */
  readonly reasons: readonly PriorityReason[];
  readonly verdict: Verdict | null;
  readonly proposed: string | null;
  readonly notification: string | null;
  readonly delivery: Delivery | null;
  /** Of a simulated centre: nobody is told in earnest. */
  readonly is_exercise: boolean;
}

export const is_waiting = (i: Incident): boolean =>
  i.state === "raised" || i.state === "queued" || i.state === "escalated" || i.state === "reopened";
export const is_closed = (i: Incident): boolean => i.state === "closed";
export const is_mine = (i: Incident, me: string): boolean => !is_waiting(i) && !is_closed(i) && i.owner === me;

/** Higher score first, then the older one, then the id: the queue's order of the centre. */
export function comes_before(a: Incident, b: Incident): number {
  return b.score - a.score || a.raised_at - b.raised_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export type ActVerb =
  | "claim" | "release" | "verify" | "verdict" | "monitor" | "escalate" | "propose" | "approve" | "call"
  | "intervene" | "close" | "reopen" | "note";

/** What an act wants besides a click. */
export type ActInput = "verdict" | "recipient" | "reason" | "answer" | "report" | "text";

export interface Act {
  readonly verb: ActVerb;
  readonly input: ActInput | null;
  /** The key that starts it while the incident has the keyboard. */
  readonly key: string;
  /** The next step of the usual way. */
  readonly is_next: boolean;
}

const keys: Record<ActVerb, string> = {
  claim: "p", release: "r", verify: "v", verdict: "d", monitor: "s", escalate: "e", propose: "t", approve: "a",
  call: "l", intervene: "i", close: "c", reopen: "o", note: "n",
};
const inputs: Partial<Record<ActVerb, ActInput>> = {
  verdict: "verdict", propose: "recipient", escalate: "reason", reopen: "reason", call: "answer", close: "report", note: "text",
};

/** The owner's acts in each state, the usual next step first: the arrows of the centre's life cycle. */
const owner_acts: Partial<Record<IncidentState, readonly ActVerb[]>> = {
  claimed: ["verify", "release"],
  verifying: ["verdict", "release"],
  false_alarm: ["close"],
  inconclusive: ["monitor", "escalate"],
  monitored: ["close"],
  confirmed: ["propose"],
  notification_proposed: ["approve"],
  notification_approved: ["call"],
  notified: ["call"],
  acknowledged: ["intervene"],
  under_intervention: ["close"],
};

export function acts_of(incident: Incident, me: string): readonly Act[] {
  const verbs: ActVerb[] = [];
  if (is_waiting(incident) && incident.state !== "raised") verbs.push("claim");
  else if (is_closed(incident)) verbs.push("reopen");
  else if (incident.owner === me) verbs.push(...(owner_acts[incident.state] ?? []));
  if (!is_closed(incident) && incident.state !== "raised") verbs.push("note");
  return verbs.map((verb, at) => ({
    verb,
    input: inputs[verb] ?? null,
    key: keys[verb],
    is_next: at === 0 && verb !== "note" && verb !== "reopen" && (verb !== "call" || incident.delivery?.state === "needs_human"),
  }));
}
