// SPDX-License-Identifier: Apache-2.0
// measure: how long until each kind of failure is on the bus (p50, p99 and max of N trials)
import { performance } from "node:perf_hooks";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { camera_name, centre, farm, free_ports, make_folder, percentile, remove_folder, until, write_config } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { feeds, trials, fps, kbps } = options("Detection times, seen by a subscriber of the bus; the bounds hold for the p99", {
  feeds: [48, "simulated cameras"], trials: [100, "trials of each fault"], fps: [12, "frames a second"],
  kbps: [0, "kbit/s of a camera; 0: 400, above 1,000 cameras 128"],
});
const sites_at_a_time = 25;
const say = (text) => console.error(`detection: ${text}`);
const folder = make_folder("detection");
const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
const faults = [
  { fault: "rst", name: "rst", cause: "reset", state: "down", bound_s: 1 },
  { fault: "silence", name: "silence", cause: "silence", state: "down", bound_s: 2 },
  { fault: "rtcp_only", name: "rtcp_only", cause: "rtcp_only", state: "down", bound_s: 2 },
  { fault: "drip", name: "drip", cause: "drip", state: "down", bound_s: 2 },
  { fault: "freeze", name: "frozen", cause: "frozen_picture", state: "degraded", bound_s: 10 },
  { fault: "black", name: "black", cause: "black_picture", state: "degraded", bound_s: 10 },
];
const results = {};
let flaps = 0, site_extra = 0, the_farm, the_centre, view;

/// Cuts `batch` cameras of different sites, each a trial of its own, and waits for each on the bus.
async function trial_batch(kind, batch) {
  const begun = performance.now();
  const seen = batch.map((camera) => view.wait(`${camera} ${kind.state} by ${kind.name}`, 30_000,
    (m) => m.kind === "camera_state" && m.camera === camera && m.state === kind.state));
  await the_farm.fault(batch, kind.fault);
  const messages = await Promise.all(seen);
  for (const m of messages) {
    results[kind.name].push((m.received_ms - begun) / 1000);
    if (m.cause !== kind.cause && !(kind.name === "rst" && m.cause === "refused"))
      say(`${m.camera}: cause ${m.cause}, expected ${kind.cause}`);
  }
}

/// A silent camera still answers RTSP: while it does, its state must not move.
async function watch_for_flaps(batch, seconds) {
  const bad = [];
  const watcher = (m) => { if (m.kind === "camera_state" && batch.includes(m.camera) && m.state !== "down") bad.push(m); };
  view.waiters.add(watcher);
  await new Promise((done) => setTimeout(done, seconds * 1000));
  view.waiters.delete(watcher);
  flaps += bad.length;
}

async function heal(batch) {
  await the_farm.fault(batch, "none");
  await until("cameras live again", 120_000, () => batch.every((c) => view.cameras.get(c)?.state === "live"));
}

/// Cuts whole sites, each a trial of its own: one outage each, and not one camera's event.
async function site_trials(names) {
  const members = [...view.cameras.values()].filter((c) => names.includes(c.site)).map((c) => c.camera);
  const before = view.events.length;
  const begun = performance.now();
  const seen = names.map((site) => view.wait(`outage of ${site}`, 30_000,
    (m) => m.kind === "event" && m.type === "site_outage" && m.site === site));
  await the_farm.fault(members, "rst");
  for (const message of await Promise.all(seen)) results.site.push((message.received_ms - begun) / 1000);
  await new Promise((done) => setTimeout(done, 2500));
  for (const site of names) {
    const own = view.events.slice(before).filter((e) => e.site === site && (e.type === "camera_down" || e.type === "site_outage"));
    site_extra += new Set(own.map((e) => e.id)).size - 1;
  }
  await heal(members);
}

try {
  const sites = Math.max(8, Math.ceil(feeds / 6));
  the_farm = await farm.start({ cameras: feeds, port: farm_port, control, log: path.join(folder, "farm.log"),
    args: ["--fps", fps, "--kbps", kbps || (feeds > 1000 ? 128 : 400), "--loop-seconds", 64] });
  const config = write_config(folder, { cameras: feeds, communes: feeds > 1000 ? 151 : 4, sites, farm_port,
    ports: { bus, websocket, gateway }, extra: ["--profile", "oise"] });
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  await until("all cameras live", 180_000, () => view.count("live") === feeds);
  // Pictures need two measures to compare, and what is usual of each camera must be known.
  await new Promise((done) => setTimeout(done, 16_000));

  const one_per_site = [...new Map([...view.cameras.values()].map((c) => [c.site, c.camera])).values()];
  for (const kind of faults) {
    results[kind.name] = [];
    while (results[kind.name].length < trials) {
      const batch = one_per_site.slice(0, trials - results[kind.name].length);
      await trial_batch(kind, batch);
      if (kind.name === "silence") await watch_for_flaps(batch, 9);
      await heal(batch);
    }
    say(`${kind.name} done`);
  }
  results.site = [];
  const site_names = [...view.sites.values()].filter((s) => s.total >= 4).map((s) => s.site);
  while (results.site.length < trials) {
    const from = results.site.length % site_names.length;
    await site_trials(site_names.slice(from, from + Math.min(sites_at_a_time, trials - results.site.length)));
  }
} catch (error) {
  say(error.message);
  say(the_centre?.program.tail() ?? "");
  process.exitCode = 1;
} finally {
  await view?.close();
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}

const bounds = Object.fromEntries(faults.map((f) => [f.name, f.bound_s]));
bounds.site = 3;
console.log("fault        trials   p50 s   p99 s   max s   bound s");
const line = { feeds, trials, fps };
let held = process.exitCode !== 1;
for (const [name, values] of Object.entries(results)) {
  if (values.length === 0) { held = false; continue; }
  const told = { p50: percentile(values, 0.5), p99: percentile(values, 0.99), max: Math.max(...values) };
  const columns = Object.values(told).map((s) => s.toFixed(3).padStart(7)).join(" ");
  console.log(`${name.padEnd(12)} ${String(values.length).padStart(6)} ${columns} ${String(bounds[name]).padStart(9)}`);
  for (const [what, s] of Object.entries(told)) line[`${name}_${what}_s`] = +s.toFixed(3);
  held &&= values.length >= trials && told.p99 <= bounds[name];
}
line.flaps = flaps;
line.extra_events_per_site_cut = site_extra;
line.held = held && flaps === 0 && site_extra === 0;
console.log(JSON.stringify(line));
process.exit(line.held ? 0 : 1);
