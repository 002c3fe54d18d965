// SPDX-License-Identifier: Apache-2.0
// A stranger's camera: a GStreamer RTSP server is live and recorded with a three-line configuration.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin_dir, centre, free_ports, make_folder, program, remove_folder, until, write_centre } from "../support/lab.mjs";

const folder = make_folder("stranger");
const [rtsp, bus, websocket, gateway] = await free_ports(4);
let camera, the_centre, view;
try {
  camera = new program("gst_camera", [String(rtsp), "100"],
    { command: path.join(bin_dir, "../tests/gst_camera"), log: path.join(folder, "gst.log") });
  await until("gst-rtsp-server", 10_000, () => camera.tail().includes("ready") || assert(!camera.end, camera.tail()));

  const config = write_centre(folder, { bus, websocket, gateway }, `[[commune]]
insee = "95018"
name = "Argenteuil"
[[commune.site]]
id = "gate"
name = "Gate"
kind = "public_road"
[[commune.site.camera]]
id = "stranger"
url = "rtsp://127.0.0.1:${rtsp}/stranger"
purposes = ["persons_and_property_safety"]
`, "");
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  await until("the stranger live", 20_000, () => view.cameras.get("stranger")?.state === "live");
  await until("5 s recorded", 20_000, () => view.heartbeats[0]?.recorded_frames > 75);
  const seen = view.cameras.get("stranger");
  assert.equal(`${seen.width}x${seen.height}`, "640x360");
  await view.close();
  assert.equal((await the_centre.stop()).code, 0);

  const files = execFileSync("find", [path.join(folder, "data/recordings"), "-name", "*.mp4"], { encoding: "utf8" })
    .trim().split("\n").filter(Boolean);
  assert(files.length > 0, "no file was recorded");
  let frames = 0;
  for (const file of files) {
    const told = execFileSync("ffprobe", ["-v", "error", "-count_frames", "-select_streams", "v",
      "-show_entries", "stream=nb_read_frames,codec_name", "-of", "json", file], { encoding: "utf8" });
    const stream = JSON.parse(told).streams[0];
    assert.equal(stream.codec_name, "h264");
    frames += Number(stream.nb_read_frames);
  }
  assert(frames > 75, `ffprobe decodes ${frames} frames`);
  console.log(`a GStreamer camera: live, ${frames} frames recorded and decoded`);
} catch (error) {
  console.error(error, the_centre?.program.tail(30));
  process.exitCode = 1;
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await camera?.stop();
  remove_folder(folder);
}
