// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { read_events, read_live_grant, read_replay_grant, read_snapshot } from "../src/model/decode.ts";
import { parse_object } from "../src/model/json.ts";
import { LiveClock } from "../src/model/live_clock.ts";
import { SequenceWatch } from "../src/model/sequence.ts";
import { whole_snapshot } from "../src/model/snapshot.ts";
import { Store } from "../src/model/store.ts";
import { gaps, position_at, recorded_spans, ticks } from "../src/model/timeline.ts";
import { Refusal } from "../src/model/types.ts";

const at = "2026-11-21T20:00:00.000Z";
const head = (kind: string, seq: number, epoch = "e1") => ({ v: 1, kind, epoch, seq, at });
const camera = (id: string, state = "live", cause = "none") => ({
  commune: "95018", site: "college", camera: id, name: `Camera ${id}`, state, rung: "recorded", cause, since: at, detail: "",
  fps: 12, kbps: 400, width: 640, height: 360, lost_packets: 0, last_frame_at: at, clock_offset_ms: null,
});
const snapshot = (seq = 10, epoch = "e1") => read_snapshot({
  ...head("snapshot", seq, epoch), correlation: "x", centre: { id: "demo", name: "Démo", department: "95" },
  communes: [{ commune: "95018", name: "Argenteuil", sites: [{
    site: "college", name: "Collège", site_kind: "school", state: "live", since: at, cause: "none", live: 2, total: 2,
    cameras: [{ ...camera("cam-1"), purposes: ["rescue_and_fire"], authority: "95018" }, camera("cam-2")] }] }],
}, 0)!;
const ready = () => {
  const store = new Store();
  store.connected(true, 0);
  store.apply_snapshot(snapshot(), 0);
  store.apply(JSON.stringify(head("heartbeat", 11)), 0);
  return store;
};
const send = (store: Store, body: object, now = 100) => store.apply(JSON.stringify(body), now);

test("store: a state after the snapshot changes its camera and keeps what only the snapshot told", () => {
  const store = ready();
  send(store, { ...head("camera_state", 12), ...camera("cam-1", "down", "reset") });
  assert.equal(store.camera("cam-1")?.state, "down");
  assert.deepEqual(store.camera("cam-1")?.purposes, ["rescue_and_fire"]);
  assert.equal(store.camera("cam-2")?.state, "live");
});

test("store: an older state that comes late does not undo a newer one", () => {
  const store = ready();
  send(store, { ...head("camera_state", 13), ...camera("cam-1", "down", "reset") });
  send(store, { ...head("camera_state", 12), ...camera("cam-1") });
  assert.equal(store.camera("cam-1")?.state, "down");
});

test("store: what arrives before the snapshot is applied after it, unless the snapshot has it", () => {
  const store = new Store();
  store.connected(true, 0);
  send(store, { ...head("camera_state", 9), ...camera("cam-1", "down", "reset") });
  send(store, { ...head("camera_state", 11), ...camera("cam-2", "down", "silence") });
  store.apply_snapshot(snapshot(10), 0);
  assert.equal(store.camera("cam-1")?.state, "live");
  assert.equal(store.camera("cam-2")?.state, "down");
});

test("store: a number that stays away asks for a snapshot, one that comes late does not", () => {
  const store = ready();
  send(store, head("heartbeat", 13), 1000);
  store.check(2000);
  assert.equal(store.needs_snapshot, false);
  send(store, { ...head("camera_state", 12), ...camera("cam-1") }, 2100);
  store.check(9000);
  assert.equal(store.needs_snapshot, false);
  send(store, head("heartbeat", 15), 10_000);
  store.check(12_000);
  assert.equal(store.needs_snapshot, true);
});

test("store: another start of the node is not current until its snapshot is here", () => {
  const store = ready();
  assert.equal(store.is_current(500), true);
  send(store, head("heartbeat", 1, "e2"), 500);
  assert.equal(store.needs_snapshot, true);
  assert.equal(store.is_current(600), false);
  assert.equal(store.shown_state(store.camera("cam-1")!, 600), "unknown");
  store.apply_snapshot(snapshot(1, "e2"), 700);
  assert.equal(store.is_current(700), true);
});

test("store: without heartbeat or bus nothing is shown as live", () => {
  const store = ready();
  const cam = store.camera("cam-1")!;
  assert.equal(store.shown_state(cam, 4000), "live");
  assert.equal(store.shown_state(cam, 4001), "unknown");
  send(store, head("heartbeat", 12), 5000);
  assert.equal(store.shown_state(cam, 5001), "live");
  store.connected(false, 5002);
  assert.equal(store.shown_state(cam, 5003), "unknown");
  assert.equal(store.counts(store.cameras, 5003).unknown, 2);
});

test("store: a state that is no longer repeated is unknown although the node lives", () => {
  const store = ready();
  for (let seq = 12; seq < 40; seq++) send(store, head("heartbeat", seq), seq * 1000);
  assert.equal(store.shown_state(store.camera("cam-1")!, 39_500), "unknown");
});

const event = (id: string, type: string, more: object, seq: number) =>
  ({ ...head("event", seq), id, type, commune: "95018", site: "college", camera: null, cause: "silence", since: at, detail: "", cameras: [], ...more });

test("store: a site outage takes in the failures it explains, before and after it", () => {
  const store = ready();
  send(store, event("a", "camera_down", { camera: "cam-1" }, 12));
  send(store, event("b", "site_outage", { cameras: ["cam-1", "cam-2"] }, 13));
  send(store, event("c", "camera_down", { camera: "cam-2" }, 14));
  send(store, event("d", "camera_down", { camera: "cam-9" }, 15));
  assert.deepEqual(store.events.map((e) => [e.event.id, e.explained.length]), [["d", 0], ["b", 2]]);
});

test("store: an event sent twice is shown once, and an old start's event asks for nothing", () => {
  const store = ready();
  send(store, event("a", "camera_down", { camera: "cam-1" }, 12));
  send(store, event("a", "camera_down", { camera: "cam-1" }, 12));
  send(store, { ...event("old", "camera_down", { camera: "cam-1" }, 3), epoch: "e0" });
  assert.equal(store.events.length, 2);
  assert.equal(store.needs_snapshot, false);
});

const page = (...events: object[]) => read_events(JSON.stringify({ ...head("events", 0), correlation: "x", events, more: false }));
const later = (seconds: number) => ({ at: new Date(Date.parse(at) + seconds * 1000).toISOString() });

test("store: recent events and those of the bus make one feed, newest first, each once", () => {
  const store = ready();
  assert.equal(store.needs_events, true);
  const known = { ...event("b", "camera_down", { camera: "cam-1" }, 12), ...later(60) };
  send(store, known);
  store.apply_events(page(
    { ...event("c", "camera_restored", { camera: "cam-1" }, 13), ...later(120) }, known,
    { ...event("a", "camera_down", { camera: "cam-2" }, 3), epoch: "e0" }));
  assert.deepEqual(store.events.map((e) => e.event.id), ["c", "b", "a"]);
  assert.equal(store.needs_events, false);
  assert.equal(store.needs_snapshot, false);
});

test("store: a remembered site outage takes in its failures whatever the way they came", () => {
  const store = ready();
  send(store, event("a", "camera_down", { camera: "cam-1" }, 12));
  store.apply_events(page(event("c", "camera_down", { camera: "cam-2" }, 14),
    event("b", "site_outage", { cameras: ["cam-1", "cam-2"] }, 13), event("a", "camera_down", { camera: "cam-1" }, 12)));
  assert.deepEqual(store.events.map((e) => [e.event.id, e.explained.length]), [["b", 2]]);
});

test("store: events are asked for anew after a gap and after a lost bus", () => {
  const store = ready();
  store.apply_events([]);
  send(store, head("heartbeat", 20), 1000);
  store.check(4000);
  assert.equal(store.needs_events, true);
  store.apply_events([]);
  store.connected(false, 5000);
  store.connected(true, 6000);
  assert.equal(store.needs_events, true);
});

test("store: the feed stays bounded and an old page does not push newer events out", () => {
  const store = ready();
  for (let i = 0; i < 300; i++) send(store, { ...event(`n${i}`, "camera_down", { camera: "cam-1" }, 12), ...later(1000 + i) });
  store.apply_events(page(...Array.from({ length: 300 }, (_, i) => ({ ...event(`o${i}`, "camera_down", { camera: "cam-1" }, 3), ...later(300 - i) }))));
  assert.equal(store.events.length, 300);
  assert.equal(store.events.every((e) => e.event.id.startsWith("n")), true);
});

test("snapshot: a centre too large for one message is asked for commune by commune", async () => {
  const codes = Array.from({ length: 20 }, (_, i) => `95${100 + i}`);
  const asked: (string | undefined)[] = [];
  const answer = (epoch: string) => async (commune?: string) => {
    asked.push(commune);
    return read_snapshot({ ...head("snapshot", 10 + asked.length, epoch), centre: { id: "demo", name: "", department: "95" },
      partial: commune === undefined,
      communes: codes.filter((c) => commune === undefined || c === commune).map((c) => ({ commune: c, name: `C${c}`,
        sites: commune === undefined ? [] : [{ site: `s-${c}`, name: "S", site_kind: "school", state: "live", since: at, cause: "none",
          cameras: Array.from({ length: 250 }, (_, n) => ({ ...camera(`cam-${c}-${n}`), commune: c, site: `s-${c}` })) }] })) }, 0);
  };
  const whole = (await whole_snapshot(answer("e1")))!;
  assert.deepEqual(asked, [undefined, ...codes]);
  assert.equal(whole.cameras.length, 5000);
  const store = new Store();
  store.connected(true, 0);
  send(store, { ...head("camera_state", 12), ...camera("cam-95100-0", "down"), commune: "95100", site: "s-95100" });
  send(store, { ...head("camera_state", 13), ...camera("cam-95119-0", "down"), commune: "95119", site: "s-95119" });
  store.apply_snapshot(whole, 0);
  assert.equal(store.cameras_of("s-95119").length, 250);
  assert.equal(store.communes.length, 20);
  assert.equal(store.camera("cam-95119-0")?.state, "live");
  assert.equal(store.camera("cam-95100-0")?.state, "live");
  send(store, { ...head("camera_state", 40), ...camera("cam-95100-0", "down"), commune: "95100", site: "s-95100" });
  assert.equal(store.camera("cam-95100-0")?.state, "down");
});

test("snapshot: parts of two starts of the node are not put together", async () => {
  const start = (epoch: string, partial: boolean) => ({ ...snapshot(1, epoch), partial });
  assert.equal(await whole_snapshot(async (commune) => start(commune === undefined ? "e1" : "e2", commune === undefined)), null);
  assert.equal(await whole_snapshot(async (commune) => (commune === undefined ? start("e1", true) : null)), null);
  assert.equal((await whole_snapshot(async () => start("e1", false)))?.cameras.length, 2);
});

test("store: what is not a message of ours changes nothing", () => {
  const store = ready();
  for (const text of ["", "{", "[]", "null", "{\"v\":2}", JSON.stringify({ ...head("camera_state", 12), camera: "cam-1", state: "great" })])
    store.apply(text, 100);
  assert.equal(store.camera("cam-1")?.state, "live");
});

test("sequence: a flood of missing numbers is a gap at once", () => {
  const watch = new SequenceWatch("e", 1);
  watch.note(5000, 0);
  assert.equal(watch.has_gap(0), true);
});

test("decode: an error reply becomes a refusal with rule and person", () => {
  const reply = JSON.stringify({ v: 1, kind: "error", correlation: "x", error: { code: "reason_missing", rule: "LEG-33", en: "no", fr: "non", who: "vous" } });
  assert.throws(() => read_live_grant(reply), (e: Refusal) => e.rule === "LEG-33" && e.fr === "non" && e.who === "vous");
  assert.throws(() => read_live_grant("not json"), Refusal);
  assert.equal(parse_object("[1]"), null);
});

test("decode: replay segments come out in order, senseless ones left out", () => {
  const s = (start: string, end: string) => ({ start: `2026-11-21T${start}Z`, end: `2026-11-21T${end}Z`, bytes: 1, url: "u" });
  const grant = read_replay_grant(JSON.stringify({ v: 1, kind: "replay_grant", expires_at: at,
    segments: [s("10:01:00", "10:02:00"), s("10:00:00", "10:01:00"), s("10:05:00", "10:05:00")] }));
  assert.deepEqual(grant.segments.map((x) => x.start), [Date.parse("2026-11-21T10:00:00Z"), Date.parse("2026-11-21T10:01:00Z")]);
});

const segment = (start: number, end: number) => ({ start, end, bytes: 1, url: "u" });

test("timeline: seams are closed, gaps are shown, also at both ends", () => {
  const spans = recorded_spans([segment(10_000, 20_000), segment(20_900, 30_000), segment(50_000, 60_000)]);
  assert.deepEqual(spans, [{ start: 10_000, end: 30_000 }, { start: 50_000, end: 60_000 }]);
  assert.deepEqual(gaps(spans, 0, 70_000), [{ start: 0, end: 10_000 }, { start: 30_000, end: 50_000 }, { start: 60_000, end: 70_000 }]);
  assert.deepEqual(gaps([], 0, 10_000), [{ start: 0, end: 10_000 }]);
});

test("timeline: a click finds its segment, the next one in a gap, nothing past the end", () => {
  const list = [segment(10_000, 20_000), segment(30_000, 40_000)];
  assert.deepEqual(position_at(list, 15_000), { index: 0, offset_s: 5 });
  assert.deepEqual(position_at(list, 25_000), { index: 1, offset_s: 0 });
  assert.deepEqual(position_at(list, 0), { index: 0, offset_s: 0 });
  assert.equal(position_at(list, 40_000), null);
  assert.deepEqual(ticks(5, 31, 10), [10, 20, 30]);
});

test("live clock: latency is told without trusting either clock alone", () => {
  const clock = new LiveClock();
  assert.equal(clock.latency_s(0, 0), null);
  clock.note(10, 1_000_000, 1_000_400, 5000);
  assert.equal(clock.latency_s(10, 5000), 0.4);
  assert.ok(Math.abs(clock.latency_s(10.5, 5800)! - 0.7) < 1e-9);
  clock.note(10, 0, 86_400_000, 5000);
  assert.equal(clock.latency_s(10, 5000), null);
});
