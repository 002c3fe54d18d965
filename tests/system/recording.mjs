// SPDX-License-Identifier: Apache-2.0
// What is recorded is whole: no frame missing in a minute, every file plays, and kill -9 costs at most
// the open fragment of each camera.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin, centre, farm, free_ports, make_folder, remove_folder, until, write_config } from "../support/lab.mjs";

const cameras = 24;
const fps = 12;
const gop = 24;
const calm_s = Number(process.env.VIGIE_CALM_SECONDS ?? 60);
const folder = make_folder("recording");
const recordings = path.join(folder, "data/recordings");
const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
let the_farm, the_centre, view;

function verify(...flags) {
  const done = spawnSync(bin("vigie-verify"), ["recordings", recordings, "--json", ...flags], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert(done.stdout, `vigie-verify said nothing: ${done.stderr}`);
  return { ...JSON.parse(done.stdout), code: done.status };
}
const recorded_files = () => execFileSync("find", [recordings, "-name", "*.mp4"], { encoding: "utf8" }).trim().split("\n");

async function start_centre() {
  the_centre = await centre.start({ config: path.join(folder, "centre.toml"), gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  await until("all cameras live", 30_000, () => view.count("live") === cameras);
}
async function recorded_more(frames) {
  const before = view.heartbeats[0]?.recorded_frames ?? 0;
  await until(`${frames} more frames on disk`, 120_000, () => (view.heartbeats[0]?.recorded_frames ?? 0) >= before + frames);
}

try {
  the_farm = await farm.start({ cameras, port: farm_port, control, log: path.join(folder, "farm.log"), args: ["--fps", fps, "--gop", gop] });
  write_config(folder, { cameras, communes: 3, sites: 8, farm_port, ports: { bus, websocket, gateway } });

  await start_centre();
  await recorded_more(cameras * fps * calm_s);
  await view.close();
  assert.equal((await the_centre.stop()).code, 0, the_centre.program.tail());
  const calm = verify();
  console.log("calm:", JSON.stringify(calm));
  assert.equal(calm.code, 0);
  assert.equal(calm.cameras, cameras);
  assert.equal(calm.lost, 0);
  assert.equal(calm.duplicated, 0);
  assert.equal(calm.unplayable, 0);
  assert(calm.frames >= cameras * fps * calm_s);
  for (const file of recorded_files()) {
    const probe = spawnSync("ffprobe", ["-v", "error", "-select_streams", "v", "-show_entries", "stream=codec_name,nb_read_packets", "-count_packets", "-of", "csv=p=0", file], { encoding: "utf8" });
    assert.equal(probe.stderr, "", `ffprobe on ${file}: ${probe.stderr}`);
    assert.match(probe.stdout, /^h264,\d+/);
  }

  await start_centre();
  await recorded_more(cameras * fps * 8);
  the_centre.program.kill("SIGKILL");
  await the_centre.program.ended;
  await view.close();
  const torn = verify("--after-kill");
  console.log("after kill -9:", JSON.stringify(torn));
  assert.equal(torn.unplayable, 0);
  assert.equal(torn.lost, 0);
  const frames_before = torn.frames;

  await start_centre();
  await recorded_more(cameras * fps * 3);
  await view.close();
  assert.equal((await the_centre.stop()).code, 0, the_centre.program.tail());
  const mended = verify();
  console.log("after recovery:", JSON.stringify(mended));
  assert.equal(mended.unplayable, 0);
  assert.equal(mended.lost, 0);
  assert.equal(mended.torn_tail, 0);
  assert(mended.frames > frames_before, "recovery kept what was complete");
} catch (error) {
  console.error(error, "\n", the_centre?.program.tail(30));
  process.exitCode = 1;
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
