// SPDX-License-Identifier: Apache-2.0
// The demonstration department: what ./scripts/demo runs once everything is built.
import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { bus_view } from "../support/bus_view.mjs";
import { bin, centre, chief, farm, root, until } from "../support/lab.mjs";

const wanted = 24;
const farm_port = 8554;
const control_port = 8555;
const gateway_port = 8080;
const bus_port = 4222;
const data = path.join(root, "build/demo");

const seconds = (() => {
  const at = process.argv.indexOf("--for");
  if (at < 0) return 0;
  const value = Number(process.argv[at + 1]);
  if (!(value >= 10 && value <= 86_400)) {
    console.error("demo: --for takes a number of seconds from 10 to 86400");
    process.exit(64);
  }
  return value;
})();
const say = (text) => console.error(`demo: ${text}`);

fs.rmSync(data, { recursive: true, force: true });
fs.mkdirSync(data, { recursive: true });
let the_farm, the_centre, view;
let stopping = false;

async function stop_all() {
  stopping = true;
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
}

/// One camera falls silent, then a whole site is cut: what a room sees on a bad evening.
async function scripted_outage(run_seconds) {
  const single = "cam-0005";
  const site_of = view.cameras.get(single).site;
  const other = [...view.sites.values()].find((site) => site.site !== site_of && site.total >= 3);
  const members = [...view.cameras.values()].filter((c) => c.site === other.site).map((c) => c.camera);
  const seen = view.wait(`${single} down on the bus`, 10_000,
    (m) => m.kind === "event" && m.type === "camera_down" && m.camera === single);
  await the_farm.fault([single], "silence", Math.min(6, run_seconds / 4));
  await seen;
  const outage = view.wait(`outage of site ${other.site} on the bus`, 10_000,
    (m) => m.kind === "event" && m.type === "site_outage" && m.site === other.site);
  await the_farm.fault(members, "rst", Math.min(5, run_seconds / 5));
  await outage;
}

async function verdict() {
  const recordings = path.join(data, "recordings");
  let report;
  try {
    report = JSON.parse(execFileSync(bin("vigie-verify"), ["recordings", recordings, "--json"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
  } catch (error) {
    report = JSON.parse(error.stdout || "{}");
  }
  return report;
}

async function run_for(total) {
  const begun = performance.now();
  await until("all cameras live", Math.max(20_000, total * 500), () => view.count("live") === wanted);
  say(`${wanted} cameras live after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  const failures = [];
  await scripted_outage(total).catch((error) => failures.push(error.message));
  await until("every camera live again", total * 1000 + 30_000, () => view.count("live") === wanted)
    .catch((error) => failures.push(error.message));
  const left = total * 1000 - (performance.now() - begun);
  if (left > 0) await new Promise((done) => setTimeout(done, left));
  const live = view.count("live");
  const events = new Set(view.events.map((e) => e.id)).size;
  const outages = view.events.filter((e) => e.type === "camera_down" || e.type === "site_outage").length;
  await stop_all();
  const report = await verdict();
  const summary = {
    cameras: wanted, live, recorded_cameras: report.cameras ?? 0,
    recorded_seconds: Math.round(report.seconds ?? 0), events, outages_detected: outages,
    lost_frames: report.lost ?? null, unplayable_files: report.unplayable ?? null, failures,
  };
  summary.ok = failures.length === 0 && live === wanted && summary.recorded_cameras === wanted &&
    outages >= 2 && report.lost === 0 && report.unplayable === 0 &&
    summary.recorded_seconds >= wanted * total * 0.5;
  console.log(JSON.stringify(summary));
  return summary.ok ? 0 : 1;
}

process.on("SIGINT", async () => {
  if (stopping) return;
  say("stopping");
  await stop_all();
  process.exit(seconds ? 1 : 0);
});

try {
  say("starting the camera farm (24 cameras)");
  the_farm = await farm.start({ cameras: wanted, port: farm_port, control: control_port,
    log: path.join(data, "farm.log"), args: ["--fps", 12, "--kbps", 400] });
  say("starting the centre");
  the_centre = await centre.start({ config: path.join(root, "configs/demo.toml"), gateway_port,
    log: path.join(data, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus_port);
  say(`the console is at ${the_centre.url}/; sign in as "${chief.name}" with "${chief.password}"`);
  say(`cut a camera: build/release/bin/vigie-sim fault --control 127.0.0.1:${control_port} --camera cam-0003 --fault silence --seconds 10`);
  if (seconds) process.exit(await run_for(seconds));
  say("Ctrl-C stops everything");
  const ended = await Promise.race([the_centre.program.ended, the_farm.program.ended]);
  if (!stopping) {
    say(`a program ended by itself: ${JSON.stringify(ended)}\n${the_centre.program.tail()}\n${the_farm.program.tail()}`);
    await stop_all();
    process.exit(1);
  }
} catch (error) {
  say(error.message);
  if (the_centre?.program) say(the_centre.program.tail());
  await stop_all();
  process.exit(1);
}
