// SPDX-License-Identifier: Apache-2.0
// The npm package `onvif`, which nobody here wrote, drives our emulator: device information, profiles,
// stream addresses, a PTZ move, PullPoint events. Ends with "ok" or throws.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import net from "node:net";
import { once } from "node:events";
import { promisify } from "node:util";
import { program, until } from "../../support/lab.mjs";

const { Cam } = createRequire(import.meta.url)("onvif");
const port = 27080, farm_port = 27081, control_port = 27082;

const emulator = new program("vigie-sim", ["onvif", "--cameras", "2", "--port", `${port}`,
  "--farm-port", `${farm_port}`, "--control", `127.0.0.1:${control_port}`, "--event-seconds", "0",
  "--seconds", "60"]);

async function ask(line) {
  const socket = net.connect(control_port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(JSON.stringify(line) + "\n");
  let text = "";
  for await (const part of socket) { text += part; if (text.includes("\n")) break; }
  socket.destroy();
  return JSON.parse(text);
}
const stats_of = async (id) => (await ask({ cmd: "stats" })).cameras.find((one) => one.id === id);

async function drive(hostname, id) {
  const camera = new Cam({ hostname, port, username: "vigie", password: "vigie-demo",
    autoconnect: false, timeout: 5000 });
  const call = (name, ...args) => promisify(camera[name].bind(camera))(...args);
  await call("connect");

  const told = await call("getDeviceInformation");
  assert.equal(told.manufacturer, "Vigie & fils");
  assert.match(told.model, /^VS-[12]00$/);

  const tokens = camera.profiles.map((one) => one.$?.token ?? one.token);
  assert.deepEqual(tokens, ["profile_jpeg", "profile_main"]);

  const stream = await call("getStreamUri", { protocol: "RTSP", profileToken: "profile_main" });
  assert.equal(stream.uri ?? stream, `rtsp://${hostname}:${farm_port}/stream`);

  await call("continuousMove", { x: 0.5, y: 0, zoom: 0, profileToken: "profile_main", timeout: 60000 });
  await until("the head moves", 3000, async () => (await stats_of(id)).pan > 0.02);
  await call("stop", { profileToken: "profile_main", panTilt: true, zoom: true });
  assert.equal((await stats_of(id)).moving, false);
  const presets = await call("getPresets", { profileToken: "profile_main" });
  assert.deepEqual(Object.values(presets).map((one) => one.name ?? one).sort(), ["Entrée", "Parking & cour"]);

  const topics = [];
  camera.on("event", (event) => topics.push(event.topic?._ ?? JSON.stringify(event.topic)));
  await until("a subscription", 5000, async () => (await stats_of(id)).pulls > 0);
  await ask({ cmd: "event", cameras: id, event: "digital_input", active: true });
  await until("the event", 8000, () => topics.some((one) => one.includes("Device/Trigger/DigitalInput")));
  camera.removeAllListeners("event");
}

await until("the control door", 5000, () => ask({ cmd: "stats" }).catch(() => false));
await drive("127.1.0.1", "cam-0001");

const stranger = new Cam({ hostname: "127.1.0.2", port, username: "vigie", password: "wrong",
  autoconnect: false, timeout: 5000 });
await promisify(stranger.connect.bind(stranger))().catch(() => undefined);
await assert.rejects(promisify(stranger.getDeviceInformation.bind(stranger))());
assert.ok((await stats_of("cam-0002")).refused > 0, "a wrong password is refused");

await ask({ cmd: "stop" });
assert.deepEqual(await emulator.ended.then(() => emulator.end), { code: 0, signal: null });
console.log("ok");
process.exit(0);
