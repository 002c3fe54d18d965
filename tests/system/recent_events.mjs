// SPDX-License-Identifier: Apache-2.0
// A reader that was away learns what happened: events outlive a killed centre, each told once; a snapshot
// may be asked for one commune.
import assert from "node:assert/strict";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { centre, free_ports, make_folder, remove_folder, until, write_centre } from "../support/lab.mjs";

const folder = make_folder("recent-events");
const [nobody, bus, websocket, gateway] = await free_ports(4);
let the_centre, view;

const commune = (insee, camera) => `
[[commune]]
insee = "${insee}"
name = "Commune ${insee}"
[[commune.site]]
id = "site-${insee}"
name = "Gate"
kind = "public_road"
[[commune.site.camera]]
id = "${camera}"
url = "rtsp://127.0.0.1:${nobody}/${camera}"
purposes = ["persons_and_property_safety", "rescue_and_fire"]
`;
const config = write_centre(folder, { bus, websocket, gateway }, `${commune("95018", "first")}${commune("95127", "second")}`, "");

async function start() {
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
}
const recent = (ask = {}) => view.request("events.recent", ask);
const starts = (page) => page.events.filter((e) => e.type === "node_started").map((e) => e.epoch);

try {
  await start();
  const before = await until("both outages remembered", 30_000, async () => {
    const page = await recent();
    return new Set(page.events.map((e) => e.camera).filter((camera) => camera !== null)).size === 2 && page;
  });
  assert.equal(before.kind, "events");
  assert.equal(starts(before).length, 1);
  await until("all events confirmed", 10_000, () => view.heartbeats[0]?.outbox === 0);

  const part = await view.request("state.snapshot", { commune: "95127" });
  assert.equal(part.partial, false);
  assert.deepEqual(part.communes.map((c) => c.commune), ["95127"]);
  assert.deepEqual(part.communes[0].sites[0].cameras[0].purposes, ["persons_and_property_safety", "rescue_and_fire"]);
  assert.deepEqual(view.cameras.get("first").purposes, ["persons_and_property_safety", "rescue_and_fire"]);
  const unknown = await view.request("state.snapshot", { commune: "75056" });
  assert.equal(unknown.error.code, "not_found");

  await view.close();
  the_centre.program.kill("SIGKILL");
  await the_centre.program.ended;
  await start();
  const after = await until("the second start remembered", 10_000, async () => {
    const page = await recent({ limit: 500 });
    return starts(page).length === 2 && page;
  });
  assert.notEqual(starts(after)[0], starts(after)[1]);
  const ids = after.events.map((e) => e.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id } of before.events) assert(ids.includes(id), `${id} was forgotten`);
  const old = new Set(before.events.map((e) => e.id));
  assert(!view.events.some((e) => old.has(e.id)), "what the bus had confirmed was published again");

  const two = await recent({ limit: 2 });
  assert.equal(two.more, true);
  const next = await recent({ limit: 1, before: two.events[0].id });
  assert.equal(next.events[0].id, two.events[1].id);
  assert.equal((await recent({ limit: 501 })).error.code, "bus_malformed");
  await view.close();
  assert.equal((await the_centre.stop()).code, 0);
  console.log(`${ids.length} events remembered over a kill, ${before.events.length} of them from before it`);
} catch (error) {
  console.error(error, the_centre?.program.tail(30));
  process.exitCode = 1;
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  remove_folder(folder);
}
