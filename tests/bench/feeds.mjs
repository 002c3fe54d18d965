// SPDX-License-Identifier: Apache-2.0
// measure: lost frames, CPU and memory per recorded feed, beside the raw loop and other recorders
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin, bin_dir, camera_password, centre, farm, free_ports, make_folder, program, remove_folder, until, usage, write_config } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { feeds, seconds, fps, kbps, gop, raw_seconds, references, copies, sweep_ms, picture_ms } = options("Cost and loss of recorded feeds", {
  feeds: [200, "simulated cameras"], seconds: [60, "measured time"], fps: [12, "frames a second"],
  kbps: [512, "kbit/s of a camera"], gop: [24, "frames from key to key"],
  raw_seconds: [20, "the raw loop runs, before and after"],
  references: ["", "other recorders beside: ffmpeg,gstreamer,motion"], copies: [4, "processes of each of them"],
  sweep_ms: [250, "as [node] sweep_ms; 0: read at every arrival"],
  picture_ms: [2000, "as [picture] interval_ms; 0: no picture is decoded"],
});
const known = ["ffmpeg", "gstreamer", "motion"];
const asked = references.split(",").filter((name) => name !== "" && name !== "none");
for (const name of asked)
  if (!known.includes(name)) { console.error(`unknown reference ${name}; known: ${known.join(", ")}`); process.exit(64); }
const say = (text) => console.error(`feeds: ${text}`);
const folder = make_folder("feeds");
const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
const sleep = (s) => new Promise((done) => setTimeout(done, s * 1000));
let the_farm, the_centre, view;

/// CPU seconds per wall second of a set of processes, in percent of one core.
async function cpu_over(pids, span) {
  const before = pids.map((pid) => usage(pid).cpu_s);
  const begun = performance.now();
  await sleep(span);
  const wall = (performance.now() - begun) / 1000;
  return pids.reduce((sum, pid, i) => sum + (usage(pid).cpu_s - before[i]), 0) / wall * 100;
}

/// The worst that a reader of /metrics sees of the cameras' health until `stop`, asked once a second.
function watch_health() {
  const worst = { judged_s: 0, evidence_s: 0, stale: 0, fewest_live: feeds, reads: 0 };
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      const text = await the_centre.metrics();
      const read = (name) => Number(new RegExp(`^${name} (.*)$`, "m").exec(text)[1]);
      worst.judged_s = Math.max(worst.judged_s, read("vigie_health_judged_seconds"));
      worst.evidence_s = Math.max(worst.evidence_s, read("vigie_health_evidence_seconds"));
      worst.stale = Math.max(worst.stale, read("vigie_cameras_stale_health"));
      worst.fewest_live = Math.min(worst.fewest_live, read('vigie_cameras{state="live"}'));
      worst.reads++;
      await sleep(1);
    }
  })();
  return async () => { stopped = true; await done; return worst; };
}

/// How each reference records the camera behind `url` into `out`, without transcoding.
const recorders = {
  ffmpeg: (url, out) => ["ffmpeg", ["-v", "error", "-nostdin", "-rtsp_transport", "tcp", "-i", url, "-c", "copy",
    "-t", "120", "-y", `${out}.mp4`]],
  gstreamer: (url, out) => ["gst-launch-1.0", ["-q", "rtspsrc", `location=${url}`, "protocols=tcp", "!", "rtph264depay",
    "!", "h264parse", "!", "splitmuxsink", `location=${out}-%05d.mp4`, "max-size-time=60000000000"]],
  motion: (url, out) => {
    fs.mkdirSync(out);
    fs.writeFileSync(`${out}/motion.conf`, ["daemon off", `netcam_url ${url}`, "netcam_params rtsp_transport=tcp",
      "movie_output on", "movie_passthrough on", "emulate_motion on", "picture_output off", `target_dir ${out}`, "webcontrol_port 0",
      "stream_port 0", "width 704", "height 576", `framerate ${fps}`, `pid_file ${out}/pid`, ""].join("\n"));
    return ["motion", ["-n", "-c", `${out}/motion.conf`]];
  },
};

/// CPU and resident KiB of one camera recorded by `name`; null where it is not installed.
async function reference(name) {
  const command = recorders[name]("", path.join(folder, "probe"))[0];
  try { execFileSync("which", [command]); } catch { say(`${command} is not installed`); return null; }
  fs.rmSync(path.join(folder, "probe"), { recursive: true, force: true });
  say(name);
  const runs = [];
  for (let i = 1; i <= copies; i++) {
    const [program_name, args] = recorders[name](`rtsp://vigie:${camera_password}@127.1.0.${i}:${farm_port}/stream`,
      path.join(folder, `${name}-${i}`));
    runs.push(new program(name, args, { command: program_name, log: path.join(folder, `${name}.log`) }));
  }
  await sleep(6);  // its probing phase is not what we compare
  const cpu = await cpu_over(runs.map((r) => r.pid), 15) / copies;
  const rss = runs.reduce((sum, r) => sum + usage(r.pid).rss_kib, 0) / copies;
  await Promise.all(runs.map((r) => r.stop()));
  return { cpu, rss };
}

function raw_loop() {
  const where = path.join(folder, "raw");
  const line = execFileSync(path.join(bin_dir, "../tests/vigie-raw-loop"), ["--feeds", feeds, "--fps", fps,
    "--kbps", kbps, "--gop", gop, "--seconds", raw_seconds, "--folder", where].map(String), { encoding: "utf8" });
  fs.rmSync(where, { recursive: true });
  return JSON.parse(line).cpu_pct_per_feed;
}

try {
  say("the raw loop");
  const raw_before = raw_loop();

  the_farm = await farm.start({ cameras: feeds, port: farm_port, control, log: path.join(folder, "farm.log"),
    args: ["--fps", fps, "--kbps", kbps, "--gop", gop] });
  const others = {};
  for (const name of asked) others[name] = await reference(name);

  say(`vigie with ${feeds} feeds`);
  const config = write_config(folder, { cameras: feeds, communes: 10, sites: Math.ceil(feeds / 8), farm_port, ports: { bus, websocket, gateway } });
  fs.writeFileSync(config, fs.readFileSync(config, "utf8").replace(/^sweep_ms = \d+/m, `sweep_ms = ${sweep_ms}`)
    .replace(/^enabled = true\ninterval_ms = \d+/m, picture_ms > 0 ? `enabled = true\ninterval_ms = ${picture_ms}` : "enabled = false"));
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  const empty_rss = usage(the_centre.program.pid).rss_kib;
  view = await bus_view.open(await the_centre.console(), bus);
  await until("all cameras live", 120_000, () => view.count("live") === feeds);
  await sleep(5);
  const farm_before = usage(the_farm.program.pid).cpu_s;
  const children = picture_ms === 0 ? []
    : execFileSync("pgrep", ["-P", the_centre.program.pid, "-f", "vigie-picture-decoder"], { encoding: "utf8" }).trim().split("\n");
  const child_before = children.map((pid) => usage(Number(pid)).cpu_s);
  const watched = watch_health();
  const cpu = await cpu_over([the_centre.program.pid], seconds);
  const health = await watched();
  const child_cpu = children.reduce((sum, pid, i) => sum + usage(Number(pid)).cpu_s - child_before[i], 0) / seconds * 100;
  const rss = usage(the_centre.program.pid).rss_kib;
  const farm_cpu = (usage(the_farm.program.pid).cpu_s - farm_before) / seconds * 100;
  const live = view.count("live");
  await view.close();
  await the_centre.program.stop(60_000);
  const sent = path.join(folder, "sent.json");
  fs.writeFileSync(sent, JSON.stringify(await the_farm.stats()));
  await the_farm.stop();

  say("the independent checker");
  const verifying = performance.now();
  let verdict;
  try {
    verdict = JSON.parse(execFileSync(bin("vigie-verify"), ["recordings", path.join(folder, "data/recordings"), "--sent", sent, "--json"],
      { encoding: "utf8", maxBuffer: 1 << 28 }));
  } catch (error) { verdict = JSON.parse(error.stdout); }
  const verify_s = (performance.now() - verifying) / 1000;

  say("the raw loop again");
  const raw_after = raw_loop();
  const raw = (raw_before + raw_after) / 2;
  const per_feed = cpu / feeds;
  const rss_per_feed = (rss - empty_rss) / feeds;
  const gop_kib = kbps / 8 * 1000 / 1024 * gop / fps;
  const line = {
    ratio_to_raw: +(per_feed / raw).toFixed(2),
    ...Object.fromEntries(Object.entries(others).filter(([, r]) => r).map(([name, r]) => [`ratio_to_${name}`, +(per_feed / r.cpu).toFixed(4)])),
    feeds, kbps, fps, seconds, live, fewest_live: health.fewest_live, lost_frames: verdict.lost,
    recorded_frames: verdict.frames, unplayable: verdict.unplayable, verify_s: +verify_s.toFixed(1),
    health_judged_max_s: +health.judged_s.toFixed(2), health_evidence_max_s: +health.evidence_s.toFixed(2),
    cameras_with_stale_health: health.stale, health_reads: health.reads,
    cpu_pct_per_feed: +per_feed.toFixed(5), raw_cpu_pct_per_feed: +raw.toFixed(5),
    raw_before: raw_before, raw_after: raw_after,
    rss_kib_per_feed: Math.round(rss_per_feed), rss_kib_per_feed_beyond_gop: Math.round(rss_per_feed - gop_kib), rss_kib: rss,
    picture_child_cpu_pct_per_feed: +(child_cpu / feeds).toFixed(5), farm_cpu_pct: +farm_cpu.toFixed(1), sweep_ms, picture_ms,
    ...Object.fromEntries(Object.entries(others).filter(([, r]) => r).flatMap(([name, r]) =>
      [[`${name}_cpu_pct`, +r.cpu.toFixed(3)], [`${name}_rss_kib`, Math.round(r.rss)]])),
  };
  console.log(JSON.stringify(line));
  if (line.lost_frames !== 0 || live !== feeds || health.stale > 0) process.exitCode = 1;
} catch (error) {
  say(error.message);
  say(the_centre?.program.tail() ?? "");
  process.exitCode = 1;
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
