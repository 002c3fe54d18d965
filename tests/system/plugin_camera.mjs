// SPDX-License-Identifier: Apache-2.0
// A camera reached through a protocol plugin in its sandboxed process: the ONVIF plugin asks an emulated
// device where its video is, the centre pulls and records it. A refused plugin is told and harms nobody.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin_dir, camera_password, centre, farm, free_ports, make_folder, program, remove_folder, until, write_centre } from "../support/lab.mjs";

const folder = make_folder("plugin-camera");
const [farm_port, farm_control, onvif_port, onvif_control, bus, websocket, gateway] = await free_ports(7);
let the_farm, devices, the_centre, view;
try {
  the_farm = await farm.start({ cameras: 2, port: farm_port, control: farm_control, log: path.join(folder, "farm.log") });
  devices = new program("vigie-sim", ["onvif", "--cameras", "2", "--port", String(onvif_port), "--farm-port", String(farm_port),
    "--control", `127.0.0.1:${onvif_control}`, "--user", "vigie", "--password", camera_password], { log: path.join(folder, "onvif.log") });
  await until("the emulated devices", 10_000, () =>
    fetch(`http://127.1.0.1:${onvif_port}/`).then(() => true, (error) => error.cause?.code !== "ECONNREFUSED"));
  const config = write_centre(folder, { bus, websocket, gateway }, `[[plugin]]
id = "fr.vigie.onvif"
path = "${path.join(bin_dir, "../plugins/onvif")}"
[[plugin]]
id = "fr.vigie.absent"
path = "${folder}/absent"
[[commune]]
insee = "95018"
name = "Argenteuil"
[[commune.site]]
id = "gate"
  [[commune.site.camera]]
  id = "by-onvif"
  url = "http://127.1.0.1:${onvif_port}"
  protocol = "fr.vigie.onvif"
  [[commune.site.camera]]
  id = "by-rtsp"
  url = "rtsp://127.1.0.2:${farm_port}/stream"
  [[commune.site.camera]]
  id = "orphan"
  url = "http://127.1.0.2:${onvif_port}"
  protocol = "fr.vigie.absent"
`);
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  await until("both cameras live", 30_000, () =>
    view.cameras.get("by-onvif")?.state === "live" && view.cameras.get("by-rtsp")?.state === "live");
  await until("the orphan told down", 10_000, () => view.cameras.get("orphan")?.state === "down");
  const history = await view.request("events.recent", { limit: 50 });
  const faults = history.events.filter((e) => e.type === "plugin_fault");
  assert(faults.some((e) => e.detail.startsWith("fr.vigie.absent: refused_manifest")), JSON.stringify(faults));
  await until("frames of the ONVIF camera on disk", 20_000, () => fs.existsSync(path.join(folder, "data/recordings")) &&
    fs.readdirSync(path.join(folder, "data/recordings")).some((day) => fs.existsSync(path.join(folder, "data/recordings", day, "by-onvif"))));
  await view.close();
  assert.equal((await the_centre.stop()).code, 0, the_centre.program.tail());
  console.log("a camera behind a plugin is live and recorded; a refused plugin is told");
} catch (error) {
  console.error(error, "\n", the_centre?.program.tail(30), "\n", devices?.tail(5));
  process.exitCode = 1;
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await devices?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
