// SPDX-License-Identifier: Apache-2.0
// Cameras whose pictures a plugin brings, and an analysis that looks at cameras: MPEG-TS over HTTP through libav_source
// is live and recorded; motion JPEG is told as a codec that is not recorded; a covered lens that only the
// camera_health plugin looks at (the centre's own measures are off) degrades its camera, until it is cleared.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin_dir, centre, farm, free_ports, make_folder, remove_folder, until, write_centre } from "../support/lab.mjs";

const folder = make_folder("pushed-camera");
const [farm_port, farm_control, http_port, bus, websocket, gateway] = await free_ports(6);
const plugins = path.join(bin_dir, "../plugins");
const outputs = {
  "/stream.ts": ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "24", "-f", "mpegts", "-"],
  "/motion.mjpg": ["-c:v", "mjpeg", "-f", "mpjpeg", "-"],
};
const types = { "/stream.ts": "video/mp2t", "/motion.mjpg": "multipart/x-mixed-replace;boundary=ffmpeg" };
const encoders = new Set();
/// An HTTP camera: every request gets the scene from now on, for two minutes at most.
const camera = http.createServer((request, response) => {
  const output = outputs[request.url];
  if (output === undefined) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": types[request.url] });
  const encoder = spawn("ffmpeg", ["-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=12",
    "-t", "120", "-pix_fmt", "yuvj420p", ...output], { stdio: ["ignore", "pipe", "ignore"] });
  encoders.add(encoder);
  encoder.stdout.pipe(response);
  response.on("close", () => encoder.kill("SIGKILL"));
  encoder.on("exit", () => encoders.delete(encoder));
});
let the_farm, the_centre, view;
try {
  await new Promise((done) => camera.listen(http_port, "127.0.0.1", done));
  the_farm = await farm.start({ cameras: 2, port: farm_port, control: farm_control, log: path.join(folder, "farm.log") });
  const config = write_centre(folder, { bus, websocket, gateway }, `[picture]
enabled = false
[[plugin]]
id = "fr.vigie.libav_source"
path = "${plugins}/libav_source"
[[plugin]]
id = "fr.vigie.camera_health"
path = "${plugins}/camera_health"
cameras = ["watched"]
[[commune]]
insee = "95018"
name = "Argenteuil"
[[commune.site]]
id = "gate"
  [[commune.site.camera]]
  id = "watched"
  url = "rtsp://127.1.0.1:${farm_port}/stream"
  [[commune.site.camera]]
  id = "unwatched"
  url = "rtsp://127.1.0.2:${farm_port}/stream"
  [[commune.site.camera]]
  id = "over-http"
  url = "http://127.0.0.1:${http_port}/stream.ts"
  protocol = "fr.vigie.libav_source"
  [[commune.site.camera]]
  id = "motion-jpeg"
  url = "http://127.0.0.1:${http_port}/motion.mjpg"
  protocol = "fr.vigie.libav_source"
`);
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  const state_of = (id) => view.cameras.get(id);
  await until("three cameras live", 60_000, () =>
    ["watched", "unwatched", "over-http"].every((id) => state_of(id)?.state === "live"));
  await until("motion JPEG told as a codec that is not recorded", 30_000, () =>
    state_of("motion-jpeg")?.state === "down" && state_of("motion-jpeg").cause === "codec");
  assert.equal(state_of("over-http").width, 320);

  await the_farm.fault("all", "black");
  await until("the covered lens told by the plugin", 120_000, () => state_of("watched")?.state === "degraded");
  assert.equal(state_of("watched").cause, "black_picture");
  assert.equal(state_of("unwatched").state, "live", "nobody looks at it");
  const events = (await view.request("events.recent", { limit: 100 })).events;
  const seen = events.filter((e) => e.type === "detection");
  assert(seen.some((e) => e.camera === "watched" && e.detail.startsWith("picture_black began (fr.vigie.camera_health")),
    JSON.stringify(seen));
  assert.deepEqual(events.filter((e) => e.type === "plugin_fault"), []);
  await the_farm.fault("all", "none");
  await until("the lens told clear", 120_000, () => state_of("watched")?.state === "live");

  for (const encoder of encoders) encoder.kill("SIGKILL");  // the HTTP camera cuts its connection
  await until("the cut seen and the stream opened anew", 60_000, () => view.events.some((e) =>
    e.type === "camera_restored" && e.camera === "over-http"));
  await view.close();
  assert.equal((await the_centre.stop()).code, 0, the_centre.program.tail());
  const recordings = path.join(folder, "data/recordings");
  const clips = fs.readdirSync(recordings).flatMap((day) => {
    const of_camera = path.join(recordings, day, "over-http");
    return fs.existsSync(of_camera) ? fs.readdirSync(of_camera).map((name) => path.join(of_camera, name)) : [];
  });
  assert(clips.length >= 2, "a file before the cut and one after");
  let frames_read = 0;
  for (const clip of clips) {
    const frames = JSON.parse(execFileSync("ffprobe", ["-v", "error", "-count_frames", "-select_streams", "v",
      "-show_entries", "stream=nb_read_frames,width", "-of", "json", clip], { encoding: "utf8" })).streams[0];
    assert.equal(frames.width, 320);
    frames_read += Number(frames.nb_read_frames);
  }
  assert(frames_read > 100, `${frames_read} frames in ${clips.length} files`);
  console.log("pushed pictures are live and recorded; an analysis degrades and restores its camera");
} catch (error) {
  console.error(error, "\n", the_centre?.program.tail(40));
  process.exitCode = 1;
} finally {
  camera.closeAllConnections?.();
  camera.close();
  for (const encoder of encoders) encoder.kill("SIGKILL");
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
