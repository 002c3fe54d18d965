// SPDX-License-Identifier: Apache-2.0
// measure: hostile plugins in a recording centre: faults named, frames lost, time to the bus, escapes
import { execFileSync } from "node:child_process";
import dgram from "node:dgram";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { connect } from "@nats-io/transport-node";
import { bin, bin_dir, camera_name, centre, farm, free_ports, make_folder, percentile, program, remove_folder, root, until, write_config } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { cameras, batch, fps, kbps, gop, only } = options("Every hostile plugin of tests/evil beside recorded cameras", {
  cameras: [500, "simulated cameras"], batch: [8, "hostile plugins let in together"], fps: [4, "frames a second"],
  kbps: [100, "kbit/s of a camera"], gop: [8, "frames from key to key"], only: ["", "one plugin, by name"],
});
const say = (text) => console.error(`evil: ${text}`);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const folder = make_folder("evil");
const [farm_port, control, bus, websocket, gateway, outside_port] = await free_ports(6);
const plugins = path.join(bin_dir, "../evil");
const table = JSON.parse(fs.readFileSync(path.join(root, "tests/evil/plugins.json"), "utf8"))
  .filter((entry) => only === "" || entry.name === only);
const results = new Map();  // name → {entry, seen: Map fault → {count, latencies}}
const escapes = [];
const live = new Set();
const all_live = () => live.size >= cameras;
let the_farm, the_bus, the_centre, nc, frames = 0, lost = 0, unplayable = 0;

/// Doors that no plugin may reach; who comes in is noted. 127.0.0.1 is some plugins' permitted camera.
async function open_doors() {
  const doors = [];
  for (const [host, permitted] of [["127.0.0.1", true], ["127.0.0.2", false]]) {
    const visit = (how) => doors.visits.push({ host, how, permitted });
    const tcp = net.createServer((socket) => { visit("tcp"); socket.destroy(); });
    await new Promise((done, fail) => tcp.once("error", fail).listen(outside_port, host, done));
    const udp = dgram.createSocket("udp4").on("message", () => visit("udp"));
    await new Promise((done) => udp.bind(outside_port, host, done));
    doors.push(tcp, udp);
  }
  return doors;
}

/// The centre's configuration with these plugins; who speaks a protocol gets a camera of its own, who looks
/// at pictures looks at one of the farm.
function configure(entries, home) {
  const file = write_config(home, { cameras, communes: 2, sites: Math.ceil(cameras / 8), farm_port,
    ports: { bus, websocket, gateway } });
  let text = fs.readFileSync(file, "utf8").replace(/\[bus\]\nport = .*\nwebsocket_port = .*\n/, `[bus]\nurl = "nats://127.0.0.1:${bus}"\n`);
  const kind = (entry) => entry.says_kind ?? entry.kind;
  for (const entry of entries)
    text += `\n[[plugin]]\nid = "evil.${entry.name}"\npath = "${path.join(plugins, entry.name)}"\n` +
      (kind(entry) === "analytics" ? `cameras = ["${camera_name(1 + entries.indexOf(entry))}"]\n` : "") +
      `config = { file = "${file}", unix = "${folder}/nowhere", port = ${outside_port} }\n`;
  text += `\n[[commune]]\ninsee = "95999"\nname = "Evil"\n[[commune.site]]\nid = "evil"\nname = "Evil"\n`;
  for (const entry of entries.filter((each) => kind(each) === "protocol"))
    text += `  [[commune.site.camera]]\n  id = "evil-${entry.name.replaceAll("_", "-")}"\n  url = "http://127.0.0.1/${entry.name}"\n  protocol = "evil.${entry.name}"\n`;
  fs.writeFileSync(file, text);
  return file;
}

/// A centre that starts 500 cameras and its plugins at once is busier than it will be: what is named meanwhile
/// is told apart. "evil.crash_call: crashed, camera …: signal 6 during resolve_stream, 3 ms after it began".
function note_fault(body) {
  const told = /^evil\.([a-z0-9_]+): ([a-z_]+)(.*)$/s.exec(body.detail ?? "");
  const result = told && results.get(told[1]);
  if (!result) return;
  const seen = result.seen.get(told[2]) ?? { count: 0, latencies: [], starting: [] };
  result.seen.set(told[2], seen);
  seen.count++;
  // The centre counts from the call's begin to the fault; the bus adds the rest.
  const age = /(\d+) ms/.exec(told[3]);
  if (age) (all_live() ? seen.latencies : seen.starting).push(Number(age[1]) + Date.now() - Date.parse(body.since));
}

const is_named = ({ entry, seen }) => entry.any ? entry.faults.some((f) => seen.has(f)) : entry.faults.every((f) => seen.has(f));

/// Our child programs still there, when nobody should be.
function survivors() {
  return fs.readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try { return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(bin("vigie-plugin-host")); } catch { return false; }
  });
}

function verify(home) {
  let verdict;
  const args = ["recordings", path.join(home, "data/recordings"), "--json"];
  try {
    verdict = JSON.parse(execFileSync(bin("vigie-verify"), args, { encoding: "utf8", maxBuffer: 1 << 28 }));
  } catch (error) { verdict = JSON.parse(error.stdout); }
  frames += verdict.frames;
  lost += verdict.lost;
  unplayable += verdict.unplayable;
  return verdict;
}

async function run_batch(entries, doors) {
  const home = path.join(folder, entries[0].name);
  fs.mkdirSync(home);
  for (const entry of entries) results.set(entry.name, { entry, seen: new Map() });
  live.clear();
  const states = nc.subscribe("vigie.v1.state.>", { callback: (_, message) => {
    const body = message.json();
    if (body.kind === "camera_state") live[body.state === "live" ? "add" : "delete"](body.camera);
  } });
  const log = path.join(home, "vigie.log");
  the_centre = await centre.start({ config: configure(entries, home), gateway_port: gateway, log });
  await until("all cameras live", 180_000, all_live);
  await until("every plugin named", 120_000, () => entries.every((e) => is_named(results.get(e.name)))).catch(() => {});
  await sleep(8000);  // what the last one does to its neighbours has time to show
  if (!all_live()) say(`${cameras - live.size} cameras are not live`);
  states.unsubscribe();
  await the_centre.stop();
  for (const line of fs.readFileSync(log, "utf8").split("\n")) if (line.includes("says: escaped")) escapes.push(line);
  for (const visit of doors.visits.splice(0))
    if (!visit.permitted || !entries.some((e) => e.permissions?.includes("camera"))) escapes.push(`${visit.how} at ${visit.host}`);
  await sleep(200);
  for (const pid of survivors()) escapes.push(`process ${pid} survived`);
  const verdict = verify(home);
  say(`${entries.map((e) => e.name).join(" ")}: ${verdict.frames} frames, ${verdict.lost} lost`);
  remove_folder(home);
}

try {
  const doors = await open_doors();
  doors.visits = [];
  the_farm = await farm.start({ cameras, port: farm_port, control, log: path.join(folder, "farm.log"),
    args: ["--fps", fps, "--kbps", kbps, "--gop", gop] });
  the_bus = new program("nats-server", ["-a", "127.0.0.1", "-p", String(bus)],
    { command: fs.existsSync("/usr/sbin/nats-server") ? "/usr/sbin/nats-server" : "nats-server", log: path.join(folder, "nats.log") });
  nc = await until("the bus", 10_000, () => connect({ servers: `127.0.0.1:${bus}` }).catch(() => null));
  nc.subscribe("vigie.v1.event.>", { callback: (_, message) => {
    const body = message.json();
    if (body.type === "plugin_fault") note_fault(body);
  } });
  await nc.flush();
  for (let at = 0; at < table.length; at += batch) await run_batch(table.slice(at, at + batch), doors);
  for (const door of doors) door.close();
} catch (error) {
  say(error.stack);
  say(the_centre?.program.tail() ?? "");
  process.exitCode = 1;
} finally {
  await nc?.close().catch(() => {});
  await the_centre?.stop();
  await the_bus?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}

const all = { crash: [], hang: [] }, starting = { crash: [], hang: [] };
console.log("plugin               expected                 seen                                    to the bus, ms (all cameras live | starting)");
for (const { entry, seen } of results.values()) {
  const wanted = { crash: "crashed", hang: "hung" }[entry.measure];
  const times = (wanted && seen.get(wanted)) ?? { latencies: [], starting: [] };
  if (wanted) {
    all[entry.measure].push(...times.latencies);
    starting[entry.measure].push(...times.starting);
  }
  const told = [...seen].map(([fault, { count }]) => `${fault} ×${count}`).join(" ");
  console.log(`${entry.name.padEnd(20)} ${entry.faults.join(" ").padEnd(24)} ${(told || "nothing").padEnd(39)} ${times.latencies.map(Math.round).join(" ")} | ${times.starting.map(Math.round).join(" ")}`);
}
for (const escape of escapes) console.log(`escape: ${escape}`);
const unnamed = [...results.values()].filter((r) => !is_named(r)).map((r) => r.entry.name);
const p95 = (values) => (values.length > 0 ? Math.round(percentile(values, 0.95)) : null);
const line = { plugins: results.size, cameras, fps, kbps, recorded_frames: frames, foreign_frames_lost: lost, unplayable,
  crashes: all.crash.length, crash_p95_ms: p95(all.crash), hangs: all.hang.length, hang_p95_ms: p95(all.hang),
  starting_crash_p95_ms: p95(starting.crash), starting_hang_p95_ms: p95(starting.hang),
  escapes: escapes.length, unnamed };
console.log(JSON.stringify(line));
if (lost !== 0 || unplayable !== 0 || escapes.length > 0 || unnamed.length > 0 || !(line.crash_p95_ms <= 100) || !(line.hang_p95_ms <= 1000))
  process.exitCode = 1;
process.exit();
