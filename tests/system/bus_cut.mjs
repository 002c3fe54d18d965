// SPDX-License-Identifier: Apache-2.0
// A frozen, then a killed nats-server costs no recorded frame and no event.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { centre, farm, free_ports, make_folder, remove_folder, until, write_config } from "../support/lab.mjs";

const cameras = 6;
const folder = make_folder("bus-cut");
const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
let the_farm, the_centre, view;

const server_pid = () => Number(execFileSync("pgrep", ["-P", the_centre.program.pid, "nats-server"], { encoding: "utf8" }));
const metric = async (name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(await the_centre.metrics())[1]);
const health = () => the_centre.health();

/// A camera falls silent and comes back while nobody can hear it; both events must arrive later.
async function outage_unheard(camera) {
  await the_farm.fault([camera], "silence", 4);
  await until("the outage noted", 15_000, async () => (await health()).down === 1);
  await until("the return noted", 30_000, async () => (await health()).live === cameras);
}
async function heard(camera, count) {
  await until(`${count} outages of ${camera} told after the cut`, 20_000,
    () => new Set(view.events.filter((e) => e.camera === camera && e.type === "camera_down").map((e) => e.id)).size === count &&
      new Set(view.events.filter((e) => e.camera === camera && e.type === "camera_restored").map((e) => e.id)).size === count);
}

try {
  the_farm = await farm.start({ cameras, port: farm_port, control, log: path.join(folder, "farm.log") });
  const config = write_config(folder, { cameras, communes: 1, sites: 6, farm_port, ports: { bus, websocket, gateway } });
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  await until("all cameras live", 30_000, () => view.count("live") === cameras);

  // Frozen: sockets stay open, nothing answers.
  const first = server_pid();
  process.kill(first, "SIGSTOP");
  const frozen_at = performance.now();
  await until("the freeze noticed", 4000, async () => !(await health()).bus_connected);
  console.log(`frozen server noticed after ${((performance.now() - frozen_at) / 1000).toFixed(2)} s`);
  const frames = await metric("vigie_recorded_frames_total");
  await outage_unheard("cam-0002");
  assert((await metric("vigie_recorded_frames_total")) > frames + 100, "recording goes on without the bus");
  await until("the frozen server replaced", 20_000, async () => (await health()).bus_connected);
  assert.notEqual(server_pid(), first);

  // Its passwords are those of this start of the centre: the same console reconnects by itself.
  await heard("cam-0002", 1);

  // Killed outright.
  process.kill(server_pid(), "SIGKILL");
  await outage_unheard("cam-0003");
  await heard("cam-0003", 1);
  assert.equal(await metric("vigie_outbox_refused_total"), 0);
  await until("the outbox empty", 10_000, async () => (await metric("vigie_outbox_waiting")) === 0);
  assert.equal(await metric("vigie_recorder_dropped_gops_total"), 0);
  console.log("frozen and killed: nothing lost");
} catch (error) {
  console.error(error, "\n", the_centre?.program.tail(30));
  process.exitCode = 1;
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
process.exit();
