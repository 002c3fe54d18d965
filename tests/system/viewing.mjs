// SPDX-License-Identifier: Apache-2.0
// No frame without a session: forged, replayed and borrowed tokens, people without approval, of another department or
// commune get none, and a right that ends takes the frames away within a second. Against the built binaries.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { connect } from "@nats-io/transport-node";
import { bus_view } from "../support/bus_view.mjs";
import { bin, centre, farm, free_ports, make_folder, remove_folder, until, vigie_user, write_centre } from "../support/lab.mjs";
import { live_viewer } from "../support/live_viewer.mjs";

const folder = make_folder("viewing");
const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
const password = "a password of the test";
const limit_ms = 1000;
const views = [];
let the_farm, the_centre, config;

const camera = (n) => `    [[commune.site.camera]]
    id = "cam-000${n}"
    url = "rtsp://127.1.0.${n}:${farm_port}/stream"
`;
const site = (id, ...numbers) => `  [[commune.site]]\n  id = "${id}"\n${numbers.map(camera).join("")}`;
const add = (name, role, communes, ...more) => vigie_user(config, ["add", name, "--role", role, "--communes", communes,
  "--live", "yes", "--replay", "yes", "--on-duty", "--reason", "viewing test", ...more], { password });
const approval = ["--department", "95", "--until", "2099-12-31"];

/// Signs in as a dashboard does.
async function sign_in(name) {
  const told = await fetch(`${the_centre.url}/console.json`).then((reply) => reply.json());
  assert.deepEqual(Object.keys(told.bus), ["url"], "the gateway tells where the bus is and nothing more");
  const view = await bus_view.open({ bus: { user: name, password }, user: name }, bus);
  views.push(view);
  return view;
}
const ask_live = (view, camera, authority = "95018", reason = "levée de doute", more = {}) =>
  view.request("live.open", { camera, authority, purpose: "persons_and_property_safety", reason, ...more });
const ask_replay = (view, camera, authority = "95018") => view.request("replay.open", { camera, authority,
  purpose: "persons_and_property_safety", reason: "plainte", from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() });
const refused = async (promise, rule, what) => {
  const reply = await promise;
  assert.equal(reply.kind, "error", `${what}: ${JSON.stringify(reply)}`);
  assert.equal(reply.error.rule, rule, `${what}: ${reply.error.en}`);
  assert(reply.error.fr && reply.error.fr !== reply.error.en, what);
};
async function watch(view, ...ask) {
  const grant = await ask_live(view, ...ask);
  assert.equal(grant.kind, "live_grant", JSON.stringify(grant));
  const viewer = await live_viewer.open(grant.url);
  assert.equal(viewer.status, 101);
  await viewer.wait("live frames", 20_000, (v) => v.fragments > 1);
  return { grant, viewer };
}
/// Frames must have ended `limit_ms` after `since` (performance.now()) at the latest.
async function ends(viewer, since, what) {
  await viewer.wait(`${what}: the stream to end`, 15_000, (v) => v.closed_ms !== null);
  const took = Math.max(0, Math.round(viewer.last_ms - since));
  console.log(`${what}: the last frame came after ${took} ms, the end after ${Math.round(viewer.closed_ms - since)} ms`);
  assert(took <= limit_ms, `${what}: ${took} ms`);
}
const status_of = async (url) => (await live_viewer.open(url)).status;

try {
  the_farm = await farm.start({ cameras: 4, port: farm_port, control, log: path.join(folder, "farm.log"), args: ["--fps", 12, "--gop", 6] });
  config = write_centre(folder, { bus, websocket, gateway }, `[[commune]]
insee = "95018"
name = "Argenteuil"
${site("college", 1, 2)}
[[commune]]
insee = "95127"
name = "Cergy"
${site("gare", 3)}
[[commune]]
insee = "95277"
name = "Gonesse"
viewing_hours = []
viewing_on_alarm = true
${site("mairie", 4)}`);
  add("ana", "video_operator", "95018", ...approval);
  add("bob", "video_operator", "95018,95127,95277", ...approval);
  add("noap", "video_operator", "95018");
  add("oise", "video_operator", "95018", "--department", "60", "--until", "2099-12-31");
  add("maire", "mayor", "95018");
  add("technicien", "maintenance_technician", "95018", ...approval);
  add("superviseur", "supervisor", "95018,95127", ...approval);
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  const people = {};
  for (const name of ["ana", "bob", "noap", "oise", "maire", "technicien", "superviseur", "chief"])
    people[name] = name === "chief" ? await bus_view.open(await the_centre.console(), bus) : await sign_in(name);
  views.push(people.chief);
  await until("all cameras live", 60_000, () => people.chief.count("live") === 4);

  // Who may not is refused by the rule's name, and nobody hears of other communes.
  await refused(ask_live(people.noap, "cam-0001"), "LEG-02", "no approval");
  await refused(ask_replay(people.noap, "cam-0001"), "LEG-02", "no approval, recorded");
  await refused(ask_live(people.oise, "cam-0001"), "LEG-02", "another department");
  await refused(ask_live(people.maire, "cam-0003", "95127"), "LEG-04", "mayor of another commune");
  await refused(ask_live(people.maire, "cam-0003", "95018"), "LEG-04", "mayor with a borrowed authority");
  await refused(ask_live(people.technicien, "cam-0001"), "LEG-04", "a role without images");
  await refused(ask_live(people.superviseur, "cam-0001"), "LEG-04", "a supervisor");
  await refused(ask_live(people.bob, "cam-0001", "95127"), "LEG-03", "another authority");
  await refused(ask_live(people.bob, "cam-0001", "95018", " "), "LEG-33", "no reason");
  await refused(ask_live(people.bob, "cam-0004", "95277"), "M24", "outside the commune's hours");
  await refused(ask_live(people.bob, "cam-0004", "95277", "alarme", { alarm: "no-such-alarm" }), "M24", "an alarm nobody raised");
  await refused(people.ana.request("people.suspend", { name: "bob", suspended: true, reason: "x" }), "LEG-04", "an operator suspends");
  await refused(people.chief.request("people.suspend", { name: "chief", suspended: true, reason: "x" }), "M10", "suspending oneself");
  assert.deepEqual([...people.maire.cameras.keys()].sort(), ["cam-0001", "cam-0002"]);
  assert.equal((await people.maire.request("state.snapshot", { commune: "95127" })).error.rule, "LEG-04");
  const early = await fetch(`${the_centre.url}/live/AAAA.BBBB`);
  assert.equal(early.status, 403);

  // A token is signed, for one camera, for one use.
  const first = await watch(people.ana, "cam-0001");
  assert.equal(await status_of(first.grant.url), 403, "a token opens once");
  const token = first.grant.url.split("/").pop();
  const [payload, mac] = token.split(".");
  const other_camera = Buffer.from(payload, "base64url").toString("latin1").replace("cam-0001", "cam-0003");
  const forged = Buffer.from(other_camera, "latin1").toString("base64url");
  const base = first.grant.url.slice(0, -token.length);
  for (const bad of [`${forged}.${mac}`, `${payload}.${"A".repeat(mac.length)}`, `${payload}.${mac.slice(0, -2)}`, `${payload}`, mac])
    assert.equal(await status_of(base + bad), 403, "a forged token");
  const recorded = await until("a recording", 60_000, async () => {
    const grant = await ask_replay(people.bob, "cam-0001");
    assert.equal(grant.kind, "replay_grant", JSON.stringify(grant));
    return grant.segments.length > 0 ? grant : null;
  }, 500);
  const clip = recorded.segments[0].url;
  assert.equal((await fetch(clip)).status, 200);
  assert.equal(await status_of(base + clip.split("/")[4]), 403, "a token of recordings opens nothing live");
  const elsewhere = await until("a recording elsewhere", 60_000, async () => {
    const grant = await ask_replay(people.bob, "cam-0003", "95127");
    return grant.segments.length > 0 ? grant : null;
  }, 500);
  const mixed = clip.replace(/[^/]+$/, elsewhere.segments[0].url.split("/").pop());
  assert.equal((await fetch(mixed)).status, 404, "another session's segment");
  assert.notEqual(elsewhere.session, recorded.session, "another commune, another session");

  // What ends a right ends the frames.
  const seen = (await people.chief.request("sessions.list")).sessions;
  assert(seen.some((s) => s.session === first.grant.session && s.user === "ana" && s.authority === "95018"));
  let since = performance.now();
  assert.equal((await people.chief.request("sessions.end", { session: first.grant.session, reason: "fin de la levée de doute" })).kind, "sessions");
  await ends(first.viewer, since, "a room chief ends the session");

  const second = await watch(people.ana, "cam-0002");
  since = performance.now();
  assert.equal((await people.ana.request("people.duty", { on_duty: false, reason: "fin de service" })).person.on_duty, false);
  await ends(second.viewer, since, "off duty");
  await refused(ask_live(people.ana, "cam-0002"), "M10", "off duty");
  await people.ana.request("people.duty", { on_duty: true, reason: "prise de service" });

  const third = await watch(people.bob, "cam-0001");
  vigie_user(config, ["suspend", "bob", "--approval-only", "--reason", "ordre du préfet"]);
  await ends(third.viewer, performance.now(), "approval suspended by vigie user");
  await refused(ask_live(people.bob, "cam-0001"), "LEG-02", "a suspended approval");
  assert.equal((await fetch(clip)).status, 403, "clips of a suspended person");
  vigie_user(config, ["restore", "bob", "--approval-only", "--reason", "levée"]);
  await until("the approval to be back", 10_000, async () => (await ask_live(people.bob, "cam-0001")).kind === "live_grant");

  const fourth = await watch(people.ana, "cam-0001");
  since = performance.now();
  assert.equal((await people.chief.request("people.suspend", { name: "ana", suspended: true, reason: "urgence" })).kind, "people");
  await ends(fourth.viewer, since, "suspended by a room chief");
  await until("ana to be signed out of the bus", 10_000, async () => {
    const again = await connect({ servers: `127.0.0.1:${bus}`, user: "ana", pass: password, maxReconnectAttempts: 0 }).catch((error) => error);
    if (again instanceof Error) return true;
    await again.close();
    return false;
  });
  await refused(people.chief.request("people.suspend", { name: "ana", suspended: false, reason: "x" }), "LEG-04", "a room chief restores");
  assert.equal((await people.superviseur.request("people.suspend", { name: "ana", suspended: false, reason: "enquête close" })).kind, "people");

  // All of it stands in the journal, with author and reason, and the journal is whole.
  const data = path.join(folder, "data");
  const lines = execFileSync(bin("vigie"), ["audit", "show", "--data", data, "--json"], { encoding: "utf8", maxBuffer: 1 << 26 })
    .trim().split("\n").map((line) => JSON.parse(line));
  const has = (what, matches) => assert(lines.some(matches), `the journal has no ${what}`);
  const detail = (line) => line.detail ?? "";
  has("opening", (l) => l.author === "ana" && l.verb === "consultation" && l.camera === "cam-0001" && detail(l) === "opens a session");
  has("end by the chief", (l) => l.author === "chief" && detail(l) === `ends ${first.grant.session} of ana: ended`);
  has("end by the approval", (l) => l.author === "vigie" && detail(l).startsWith(`ends ${third.grant.session} of bob: LEG-02`));
  has("suspension", (l) => l.author === "chief" && l.reason === "urgence" && detail(l) === "people: suspend ana");
  has("change by hand", (l) => l.author.startsWith("os/") && detail(l) === "people: suspend_approval bob");
  assert(!lines.some((l) => ["noap", "oise", "technicien"].includes(l.author)), "who was refused saw nothing");
  execFileSync(bin("vigie"), ["audit", "verify", "--data", data], { stdio: "ignore" });
} catch (error) {
  console.error(the_centre?.program.tail(40));
  throw error;
} finally {
  for (const view of views) await view.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
