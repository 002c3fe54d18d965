// SPDX-License-Identifier: Apache-2.0
// A vendor's way from an empty folder into a running centre, for the three kinds of plugins: SDK installed, project
// written, built and checked, then loaded together. The protocol brings a camera live and recorded, the analysis
// signals a black picture, the notifier is tried with an exercise.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin, bin_dir, camera_name, centre, farm, free_ports, make_folder, remove_folder, until, write_centre } from "../support/lab.mjs";

const kinds = ["protocol", "analytics", "notifier"];
const folder = make_folder("first-plugin");
const run = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: "utf8",
  env: { ...process.env, CMAKE_PREFIX_PATH: path.join(folder, "sdk") } });
const [farm_port, farm_control, bus, websocket, gateway] = await free_ports(5);
let the_farm, the_centre, view;
try {
  run("cmake", "--install", path.join(bin_dir, ".."), "--component", "sdk", "--prefix", path.join(folder, "sdk"));
  for (const kind of kinds) {
    run(bin("vigie"), "plugin", "new", `my_${kind}`, "--kind", kind);
    run("cmake", "-S", `my_${kind}`, "-B", `my_${kind}/build`);
    run("cmake", "--build", `my_${kind}/build`);
    const report = JSON.parse(run(bin("vigie"), "plugin", "check", `my_${kind}/build/my_${kind}`, "--seed", "1", "--json"));
    assert(report.conforms && report.passed === report.cases.length && report.passed > 20, JSON.stringify(report, null, 1));
    fs.cpSync(path.join(folder, `my_${kind}/build/my_${kind}`), path.join(folder, "plugins", `my_${kind}`), { recursive: true });
  }
  const listed = JSON.parse(run(bin("vigie"), "plugin", "list", "--folder", "plugins", "--json")).plugins;
  assert.deepEqual(listed.map((p) => [p.id, p.refusal]), kinds.map((k) => [`org.example.my_${k}`, null]).sort());

  the_farm = await farm.start({ cameras: 2, port: farm_port, control: farm_control, log: path.join(folder, "farm.log") });
  const plugin = (kind) => `[[plugin]]\nid = "org.example.my_${kind}"\npath = "plugins/my_${kind}"\n`;
  const config = write_centre(folder, { bus, websocket, gateway }, `${kinds.map(plugin).join("")}
[[commune]]
insee = "95018"
name = "Argenteuil"
[[commune.site]]
id = "gate"
  [[commune.site.camera]]
  id = "by-plugin"
  url = "rtsp://127.1.0.1:${farm_port}/stream"
  protocol = "org.example.my_protocol"
  [[commune.site.camera]]
  id = "seen"
  url = "rtsp://127.1.0.2:${farm_port}/stream"
`);
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  const is_live = () => view.cameras.get("by-plugin")?.state === "live";
  await until("the plugin's camera live", 60_000, is_live);
  const recorded = path.join(folder, "data/recordings");
  await until("its pictures on disk", 60_000, () => fs.existsSync(recorded) &&
    fs.readdirSync(recorded).some((day) => fs.existsSync(path.join(recorded, day, "by-plugin"))));

  await until("the other camera live", 60_000, () => view.cameras.get("seen")?.state === "live");
  await the_farm.fault([camera_name(2)], "black");
  const is_signal = (phase) => (e) => e.type === "detection" && e.camera === "seen" &&
    e.detail.startsWith(`picture_black ${phase} (org.example.my_analytics`);
  await until("the analysis signals a black picture", 60_000, () => view.events.some(is_signal("began")));
  await the_farm.fault([camera_name(2)], "none");
  await until("the analysis signals its end", 60_000, () => view.events.some(is_signal("ended")));

  const { plugins } = await view.request("plugins.list");
  assert.deepEqual(plugins.map((p) => [p.id, p.state, p.faults]), kinds.map((k) => [`org.example.my_${k}`, "running", 0]).sort());
  const told = await view.request("plugins.exercise", { plugin: "org.example.my_notifier", recipient: "corg-95" });
  assert.equal(told.outcome, "needs_human", JSON.stringify(told));
  assert.match(told.detail, /^EXERCICE\. /, "an exercise never sounds like the real thing");
  assert(!view.events.some((e) => e.type === "plugin_fault"), "no fault of any of them");
  await view.close();
  assert.equal((await the_centre.stop()).code, 0, the_centre.program.tail());
  console.log("three kinds of plugins, from an empty folder into a running centre");
} catch (error) {
  console.error(error, "\n", error.stdout ?? "", "\n", the_centre?.program.tail(30));
  process.exitCode = 1;
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
