// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { acts_of, comes_before, incident_states, type Incident } from "../src/model/incident.ts";
import { read_incident, read_incident_file, read_incidents, type IncidentList } from "../src/model/incident_decode.ts";
import { IncidentQueue, most_closed, neighbour } from "../src/model/incident_queue.ts";
import { Refusal } from "../src/model/types.ts";
import { languages } from "../src/strings.ts";

const at = "2026-11-21T20:00:00.000Z";
const body = (id: string, more: Record<string, unknown> = {}) => ({
  id, commune: "95018", site: "college", type: "intrusion", origin: "alarm_panel", source: "panel-1", state: "queued", owner: "",
  revision: 2, raised_at: at, since: at, signals: 1, priority: { score: 75, reasons: [{ fr: "intrusion", en: "intrusion", points: 60 },
    { fr: "une centrale d'alarme le signale", en: "an alarm panel signals it", points: 15 }] }, ...more,
});
const incident = (id: string, more: Record<string, unknown> = {}): Incident => read_incident(body(id, more))!;
const reply = (kind: string, more: Record<string, unknown>) => JSON.stringify({ v: 1, kind, correlation: "x", ...more });

const list = (...incidents: Incident[]): IncidentList => ({ place: { store: "s", seq: 10 }, more: false, incidents });

test("an incident is read whole, its rank with the reasons that sum to it", () => {
  const read = incident("i1", { camera: "cam-1", exercise: true,
    verdict: { verdict: "confirmed", author: "a.durand", reason: "seen", at } });
  assert.equal(read.score, read.reasons.reduce((sum, r) => sum + r.points, 0));
  assert.equal(read.verdict?.author, "a.durand");
  assert.equal(read.camera, "cam-1");
  assert.equal(read.is_exercise, true);
});

test("a body that lacks what an incident is made of gives nothing", () => {
  for (const part of ["id", "state", "revision", "raised_at"]) assert.equal(read_incident(body("i1", { [part]: undefined })), null, part);
  assert.equal(read_incident(body("i1", { state: "solved_by_machine" })), null);
  assert.equal(read_incident({}), null);
});

test("the queue stands in the centre's order: score, then age, then id", () => {
  const older = incident("b", { raised_at: "2026-11-21T19:00:00.000Z" });
  const loud = incident("c", { priority: { score: 105, reasons: [] } });
  const sorted = [incident("z"), incident("a"), older, loud].sort(comes_before).map((i) => i.id);
  assert.deepEqual(sorted, ["c", "b", "a", "z"]);
});

test("waiting, mine, others' and closed ones stand apart", () => {
  const queue = new IncidentQueue();
  for (const one of [incident("w"), incident("e", { state: "escalated" }), incident("m", { state: "verifying", owner: "me" }),
    incident("o", { state: "claimed", owner: "other" }), incident("c", { state: "closed" })]) queue.apply(one, 0);
  const parts = queue.parts("me");
  assert.deepEqual([parts.waiting, parts.mine, parts.others, parts.closed].map((p) => p.map((i) => i.id)), [["e", "w"], ["m"], ["o"], ["c"]]);
});

test("an older word about an incident changes nothing, a newer one does", () => {
  const queue = new IncidentQueue();
  assert.equal(queue.apply(incident("i"), 0), true, "it is new");
  queue.apply(incident("i", { revision: 5, state: "verifying", owner: "me" }), 1);
  assert.equal(queue.apply(incident("i", { revision: 3 }), 2), false);
  assert.equal(queue.get("i")?.state, "verifying");
  queue.apply(incident("i", { revision: 5, state: "verifying", owner: "me", signals: 40 }), 3);
  assert.equal(queue.get("i")?.signals, 40);
  queue.apply(incident("i", { revision: 5, state: "verifying", owner: "me", signals: 7 }), 4);
  assert.equal(queue.get("i")?.signals, 40);
});

test("a list replaces what it was asked after, not what the bus told meanwhile", () => {
  const queue = new IncidentQueue();
  queue.apply(incident("gone"), 5);
  queue.apply(incident("told-meanwhile"), 12);
  queue.apply_list(list(incident("listed")), 10, 15);
  assert.equal(queue.needs_list, false);
  assert.deepEqual(queue.parts("me").waiting.map((i) => i.id).sort(), ["listed", "told-meanwhile"]);
  queue.request_list();
  assert.equal(queue.needs_list, true);
  assert.equal(queue.size, 2, "what is known stays in sight until the list comes");
});

test("a list that was slow does not undo what the bus told since", () => {
  const queue = new IncidentQueue();
  queue.apply(incident("i", { revision: 9, state: "closed" }), 12);
  queue.apply_list(list(incident("i", { revision: 4 })), 10, 15);
  assert.equal(queue.get("i")?.state, "closed");
});

test("of closed incidents only the last ones stay", () => {
  const queue = new IncidentQueue();
  for (let i = 0; i < most_closed + 20; i++)
    queue.apply(incident(`c${i}`, { state: "closed", since: new Date(Date.parse(at) + i * 1000).toISOString() }), i);
  const { closed } = queue.parts("me");
  assert.equal(closed.length, most_closed);
  assert.equal(closed[0]?.id, `c${most_closed + 19}`);
});

test("a centre without alarm desk is not a centre without alarms", () => {
  const queue = new IncidentQueue();
  queue.note_refused(new Refusal("bus_unknown", null, "no such request", "cette demande n'existe pas", null), 0);
  assert.deepEqual([queue.has_desk, queue.needs_list], [false, false]);
  queue.request_list();
  queue.apply_list(list(), 0, 0);
  assert.equal(queue.has_desk, true);
});

test("a refused list is told, and asked for again", () => {
  const queue = new IncidentQueue();
  queue.note_refused(new Refusal("access_denied", "LEG-02", "unknown", "inconnu", null), 0);
  assert.equal(queue.has_desk, true);
  assert.equal(queue.refusal?.rule, "LEG-02");
  queue.check(40_000);
  assert.equal(queue.needs_list, true);
  queue.apply_list(list(), 40_000, 40_000);
  assert.equal(queue.refusal, null);
});

test("the answer to an act does not take back what the bus told of the delivery", () => {
  const queue = new IncidentQueue();
  queue.apply(incident("i", { revision: 7, state: "notification_approved", owner: "me", delivery: { state: "sent", recipient: "cic" } }), 0);
  queue.apply(incident("i", { revision: 7, state: "notification_approved", owner: "me", delivery: null }), 1);
  assert.equal(queue.get("i")?.delivery?.state, "sent");
  queue.apply(incident("i", { revision: 8, state: "closed" }), 2);
  assert.equal(queue.get("i")?.delivery, null);
});

test("arrow keys walk through all parts and stop at the ends", () => {
  const queue = new IncidentQueue();
  for (const one of [incident("a"), incident("m", { state: "claimed", owner: "me" }), incident("z", { state: "closed" })]) queue.apply(one, 0);
  const parts = queue.parts("me");
  assert.equal(neighbour(parts, null, 1), "a");
  assert.equal(neighbour(parts, "a", 1), "m");
  assert.equal(neighbour(parts, "m", 1), "z");
  assert.equal(neighbour(parts, "z", 1), "z");
  assert.equal(neighbour(parts, "a", -1), "a");
  assert.equal(neighbour(parts, "unknown", 1), "a");
  assert.equal(neighbour(new IncidentQueue().parts("me"), null, 1), null);
});

const verbs = (state: string, owner: string) => acts_of(incident("i", { state, owner }), "me").map((a) => a.verb);

test("who does not own an incident may take a waiting one and note, no more", () => {
  assert.deepEqual(verbs("queued", ""), ["claim", "note"]);
  assert.deepEqual(verbs("escalated", ""), ["claim", "note"]);
  for (const state of incident_states.filter((s) => !["raised", "queued", "escalated", "reopened", "closed"].includes(s)))
    assert.deepEqual(verbs(state, "other"), ["note"], state);
});

test("the usual way is one next step after the other, and no notification without a verdict", () => {
  const way = ["queued", "claimed", "verifying", "confirmed", "notification_proposed", "acknowledged", "under_intervention"];
  const steps = way.map((state) => acts_of(incident("i", { state, owner: state === "queued" ? "" : "me" }), "me").find((a) => a.is_next)?.verb);
  assert.deepEqual(steps, ["claim", "verify", "verdict", "propose", "approve", "intervene", "close"]);
  for (const state of incident_states.filter((s) => s !== "notification_proposed")) assert.ok(!verbs(state, "me").includes("approve"), state);
});

test("a closed incident can only be reopened, with a reason", () => {
  assert.deepEqual(acts_of(incident("i", { state: "closed" }), "me").map((a) => [a.verb, a.input, a.is_next]), [["reopen", "reason", false]]);
});

test("keys of one incident's acts never collide, and every act, state and input has its words", () => {
  for (const state of incident_states)
    for (const owner of ["", "me"]) {
      const acts = acts_of(incident("i", { state, owner }), "me");
      assert.equal(new Set(acts.map((a) => a.key)).size, acts.length, state);
      for (const { incidents } of Object.values(languages)) {
        assert.ok(incidents.states[state], state);
        for (const act of acts) {
          assert.ok(incidents.acts[act.verb], act.verb);
          if (act.input) assert.ok(incidents.inputs[act.input], act.input);
        }
      }
    }
});

test("a file holds the log and whom routing opens; a refusal comes as one", () => {
  const file = read_incident_file(reply("incident_file", { incident: body("i"), log: [{ at, author: "", what: "moved", to: "queued", text: "" }],
    recipients: [{ id: "cic-95", kind: "national_police_cic", name: "CIC", fr: "zone police", en: "police zone" }] }))!;
  assert.equal(file.log[0]?.state, "queued");
  assert.equal(file.recipients[0]?.why_fr, "zone police");
  assert.equal(read_incidents(reply("incidents", { incidents: [body("a"), { id: "broken" }] })).incidents.length, 1);
  assert.throws(() => read_incidents(reply("error", { error: { code: "access_denied", rule: "LEG-02", en: "no", fr: "non", who: "le préfet" } })),
    (error: unknown) => error instanceof Refusal && error.rule === "LEG-02" && error.fr === "non");
});

test("a missing number asks for the list, and the list comes again by itself, but not all the time", () => {
  const queue = new IncidentQueue();
  queue.apply_list(list(), 0, 0);
  queue.note_place({ store: "s", seq: 11 });
  queue.note_place({ store: "s", seq: 11 });
  queue.check(12_000);
  assert.equal(queue.needs_list, false, "no number is missing");
  queue.note_place({ store: "s", seq: 14 });
  queue.check(5_000);
  assert.equal(queue.needs_list, false, "lists are not asked for at every gap");
  queue.check(12_000);
  assert.equal(queue.needs_list, true);
  queue.apply_list(list(), 12_000, 12_000);
  queue.note_place({ store: "another", seq: 1 });
  queue.check(23_000);
  assert.equal(queue.needs_list, true, "another store is another count");
  queue.apply_list(list(), 23_000, 23_000);
  queue.check(60_000);
  assert.equal(queue.needs_list, true, "ranks grow with waiting");
});

test("a recipient that no machine reaches is called next", () => {
  const waiting = incident("i", { state: "notification_approved", owner: "me", delivery: { state: "sent", recipient: "cic" } });
  assert.equal(acts_of(waiting, "me").some((a) => a.is_next), false);
  const to_call = incident("i", { state: "notification_approved", owner: "me", delivery: { state: "needs_human", recipient: "cic", detail: "17" } });
  assert.equal(acts_of(to_call, "me").find((a) => a.is_next)?.verb, "call");
});
