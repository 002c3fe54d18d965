// SPDX-License-Identifier: Apache-2.0
// measure: lost frames, CPU and memory per recorded feed, beside the raw loop and ffmpeg -c copy
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin, bin_dir, camera_password, centre, farm, free_ports, make_folder, program, remove_folder, until, usage, write_config } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { feeds, seconds, fps, kbps, gop, ffmpegs } = options("Cost and loss of recorded feeds", {
  feeds: [200, "simulated cameras"], seconds: [60, "measured time"], fps: [12, "frames a second"],
  kbps: [400, "kbit/s of a camera"], gop: [24, "frames from key to key"],
  ffmpegs: [4, "ffmpeg -c copy processes run for comparison"],
});
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

async function ffmpeg_reference() {
  const clips = path.join(folder, "ffmpeg");
  fs.mkdirSync(clips);
  const runs = [];
  for (let i = 1; i <= ffmpegs; i++)
    runs.push(new program("ffmpeg", ["-v", "error", "-nostdin", "-rtsp_transport", "tcp", "-i",
      `rtsp://vigie:${camera_password}@127.1.0.${i}:${farm_port}/stream`, "-c", "copy", "-t", "60", "-y",
      path.join(clips, `${i}.mp4`)], { command: "ffmpeg", log: path.join(folder, "ffmpeg.log") }));
  await sleep(6);  // its probing phase is not what we compare
  const cpu = await cpu_over(runs.map((r) => r.pid), 15) / ffmpegs;
  const rss = runs.reduce((sum, r) => sum + usage(r.pid).rss_kib, 0) / ffmpegs;
  await Promise.all(runs.map((r) => r.stop()));
  return { cpu, rss };
}

try {
  say("the raw loop");
  const raw = JSON.parse(execFileSync(path.join(bin_dir, "../tests/vigie-raw-loop"), ["--feeds", feeds, "--fps", fps,
    "--kbps", kbps, "--gop", gop, "--seconds", 20, "--folder", path.join(folder, "raw")].map(String), { encoding: "utf8" }));
  fs.rmSync(path.join(folder, "raw"), { recursive: true });

  the_farm = await farm.start({ cameras: feeds, port: farm_port, control, log: path.join(folder, "farm.log"),
    args: ["--fps", fps, "--kbps", kbps, "--gop", gop] });
  say("ffmpeg -c copy");
  const ffmpeg = await ffmpeg_reference();

  say(`vigie with ${feeds} feeds`);
  const config = write_config(folder, { cameras: feeds, communes: 10, sites: Math.ceil(feeds / 8), farm_port, ports: { bus, websocket, gateway } });
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  const empty_rss = usage(the_centre.program.pid).rss_kib;
  view = await bus_view.open(await the_centre.console(), bus);
  await until("all cameras live", 120_000, () => view.count("live") === feeds);
  await sleep(5);
  const farm_before = usage(the_farm.program.pid).cpu_s;
  const children = execFileSync("pgrep", ["-P", the_centre.program.pid, "-f", "vigie-picture-decoder"], { encoding: "utf8" }).trim().split("\n");
  const child_before = children.map((pid) => usage(Number(pid)).cpu_s);
  const cpu = await cpu_over([the_centre.program.pid], seconds);
  const child_cpu = children.reduce((sum, pid, i) => sum + usage(Number(pid)).cpu_s - child_before[i], 0) / seconds * 100;
  const rss = usage(the_centre.program.pid).rss_kib;
  const farm_cpu = (usage(the_farm.program.pid).cpu_s - farm_before) / seconds * 100;
  const live = view.count("live");
  await view.close();
  await the_centre.stop();
  const sent = path.join(folder, "sent.json");
  fs.writeFileSync(sent, JSON.stringify(await the_farm.stats()));
  await the_farm.stop();

  say("the independent checker");
  let verdict;
  try {
    verdict = JSON.parse(execFileSync(bin("vigie-verify"), ["recordings", path.join(folder, "data/recordings"), "--json"],
      { encoding: "utf8", maxBuffer: 1 << 28 }));
  } catch (error) { verdict = JSON.parse(error.stdout); }

  const per_feed = cpu / feeds;
  const line = {
    feeds, seconds, live, lost_frames: verdict.lost, recorded_frames: verdict.frames, unplayable: verdict.unplayable,
    cpu_pct_per_feed: +per_feed.toFixed(5), rss_kib_per_feed: Math.round((rss - empty_rss) / feeds), rss_kib: rss,
    picture_child_cpu_pct_per_feed: +(child_cpu / feeds).toFixed(5), farm_cpu_pct: +farm_cpu.toFixed(1),
    raw_cpu_pct_per_feed: raw.cpu_pct_per_feed, ffmpeg_cpu_pct_per_feed: +ffmpeg.cpu.toFixed(3), ffmpeg_rss_kib: Math.round(ffmpeg.rss),
    ratio_to_raw: +(per_feed / raw.cpu_pct_per_feed).toFixed(2), ratio_to_ffmpeg: +(per_feed / ffmpeg.cpu).toFixed(4),
  };
  console.log(JSON.stringify(line));
  if (line.lost_frames !== 0 || live !== feeds) process.exitCode = 1;
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
