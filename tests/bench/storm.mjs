// SPDX-License-Identifier: Apache-2.0
// measure: cold start of a fleet, and its return after every connection was cut at once
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { camera_name, centre, farm, free_ports, make_folder, remove_folder, until, usage, write_config } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { feeds, kbps, fps, cold_bound_s, back_bound_s } = options("A fleet that comes at once, and comes back at once", {
  feeds: [5000, "simulated cameras"], kbps: [128, "kbit/s of a camera"], fps: [12, "frames a second"],
  cold_bound_s: [20, "a cold start may take"], back_bound_s: [15, "the return may take"],
});
const say = (text) => console.error(`storm: ${text}`);
const folder = make_folder("storm");
const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
const sleep = (s) => new Promise((done) => setTimeout(done, s * 1000));
let the_farm, the_centre, view, stop_telling;

/// Most connections that one camera of the farm held at a time. The farm counts at every dial, by the state the kernel
/// gives each earlier one: exactly, whatever the centre says of itself.
const most_dials = async () => Math.max(...(await the_farm.stats()).cameras.map((camera) => camera.most_connections));

const health = () => the_centre.health().catch(() => ({}));
const all_recorded = async () => view.count("live") === feeds && (await health()).recording === feeds;

/// Tells how far the fleet is, once a second, until told to stop.
function tell_progress() {
  const begun = performance.now();
  const timer = setInterval(async () => {
    const now = await health();
    const cpu = [the_centre, the_farm].map((one) => usage(one.program.pid).cpu_s.toFixed(1));
    say(`${((performance.now() - begun) / 1000).toFixed(0)} s: live ${view?.count("live")}, recording ${now.recording}, `
      + `down ${now.down}; processor seconds: centre ${cpu[0]}, farm ${cpu[1]}`);
  }, 1000);
  return () => clearInterval(timer);
}

try {
  the_farm = await farm.start({ cameras: feeds, port: farm_port, control, log: path.join(folder, "farm.log"),
    args: ["--fps", fps, "--kbps", kbps, "--loop-seconds", 64] });
  const config = write_config(folder, { cameras: feeds, communes: Math.max(1, Math.ceil(feeds / 33)),
    sites: Math.ceil(feeds / 8), farm_port, ports: { bus, websocket, gateway }, extra: ["--profile", "oise"] });
  const begun = performance.now();
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  stop_telling = tell_progress();
  view = await bus_view.open(await the_centre.console(), bus);
  await until("every camera recorded", 180_000, all_recorded, 100);
  const cold_start_s = (performance.now() - begun) / 1000;
  say(`cold start ${cold_start_s.toFixed(1)} s`);

  await sleep(8);
  const events_before = view.events.length;
  const everyone = Array.from({ length: feeds }, (_, i) => camera_name(i + 1));
  const cpu_before = usage(the_centre.program.pid).cpu_s;
  const cut = performance.now();
  await the_farm.fault(everyone, "rst", 1);
  await until("the cut is seen", 30_000, () => view.count("live") < feeds / 10, 20);
  const all_seen_s = (performance.now() - cut) / 1000;
  await until("every camera is back", 180_000, all_recorded, 100);
  const all_back_s = (performance.now() - cut) / 1000;
  const cpu_s = usage(the_centre.program.pid).cpu_s - cpu_before;
  const dials = await most_dials();
  const told = view.events.slice(events_before);
  const line = {
    feeds, cold_start_s: +cold_start_s.toFixed(2), all_back_s: +all_back_s.toFixed(2),
    max_dials_in_flight_per_camera: dials, seen_s: +all_seen_s.toFixed(2),
    site_outages: new Set(told.filter((e) => e.type === "site_outage").map((e) => e.site)).size,
    camera_downs: told.filter((e) => e.type === "camera_down").length, storm_cpu_s: +cpu_s.toFixed(2),
  };
  line.held = cold_start_s <= cold_bound_s && all_back_s <= back_bound_s && dials === 1;
  console.log(JSON.stringify(line));
  if (!line.held) process.exitCode = 1;
} catch (error) {
  say(error.message);
  say(the_centre?.program.tail() ?? "");
  process.exitCode = 1;
} finally {
  stop_telling?.();
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
