// SPDX-License-Identifier: Apache-2.0
// The purpose gate from outside. Without a legal basis the zone_intrusion plugin runs and sees nothing, and the
// refusal names its rule. With a signed basis of a simulated centre and two persons' decision an entry into the
// drawn zone becomes a signal; the second their decision ends, pictures end.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin, bin_dir, centre, farm, free_ports, make_folder, remove_folder, until, write_centre } from "../support/lab.mjs";

const plugin = "fr.vigie.zone_intrusion";
const folder = make_folder("zone-intrusion");
const [farm_port, farm_control, bus, websocket, gateway] = await free_ports(5);

/// `vigie` to its end; {code, out}.
const vigie = (...args) => {
  const run = spawnSync(bin("vigie"), args, { encoding: "utf8", env: { ...process.env, VIGIE_CAMERA_PASSWORD: "x" } });
  return { code: run.status, out: run.stdout + run.stderr };
};
const why = (config) => {
  const run = spawnSync(bin("vigie"), ["plugin", "why", "cam-0003", plugin, "--config", config, "--json"],
    { encoding: "utf8", env: { ...process.env, VIGIE_CAMERA_PASSWORD: "x" } });
  return { code: run.status, answer: JSON.parse(run.stdout) };
};
const metric = async (of, name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(await of.metrics())?.[1]);
const conditions = (answer) => Object.fromEntries(answer.conditions.map((c) => [c.name, c]));

/// The basis of a simulated centre: everything invented, for this camera and a while.
const write_basis = (until_utc) => fs.writeFileSync(path.join(folder, "legal-bases.toml"), `[[basis]]
id = "EXERCISE-1"
law = "none: a simulated centre"
order = "exercise order 1"
enabled = true
valid_from = 2026-01-01
valid_until = ${until_utc.toISOString()}
events = ["forbidden_zone"]
controllers = ["municipal_police"]
place = "the simulated yard"
cameras = ["cam-0003"]
`);
const sign = () => vigie("legal", "sign", path.join(folder, "legal-bases.toml"), "--secret", path.join(folder, "legal.key"),
  "--public", path.join(folder, "legal-bases.pub"));

/// A plugin administrator's proposal, confirmed by the privacy officer, as the register keeps it.
const two_persons_enable = (data, config, until_utc) => {
  fs.closeSync(fs.openSync(path.join(data, "people.db"), "a"));
  why(config); // brings the register's schema up to date
  execFileSync("/usr/bin/python3", ["-c", `
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
db.execute("INSERT INTO proposal (change, subject, author, reason, proposed_at, state, decided_by, decided_at)"
           " VALUES ('enable_analytics', ?, 'alba', 'an exercise', ?, 'confirmed', 'bruno', ?)",
           (sys.argv[2], int(time.time() * 1e6) - 2, int(time.time() * 1e6) - 1))
db.commit()`, path.join(data, "people.db"), `${plugin} cam-0003 until ${until_utc.toISOString()}`]);
};

let the_farm, the_centre, view;
const start_centre = async () => {
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  await until("the camera live", 60_000, () => view.cameras.get("cam-0003")?.state === "live");
};
const stop_centre = async () => {
  await view.close();
  assert.equal((await the_centre.stop()).code, 0, the_centre.program.tail());
};
let config;
try {
  the_farm = await farm.start({ cameras: 3, port: farm_port, control: farm_control, log: path.join(folder, "farm.log"),
    args: ["--gop", 12] });
  config = write_centre(folder, { bus, websocket, gateway }, `[[plugin]]
id = "${plugin}"
path = "${path.join(bin_dir, "../plugins/zone_intrusion")}"
cameras = ["cam-0003"]
[plugin.config.cameras.cam-0003]
zone = [[820, 760], [1000, 760], [1000, 1000], [820, 1000]]
hours = ["00:00-24:00"]
[[commune]]
insee = "95018"
name = "Argenteuil"
controller = "municipal_police"
[[commune.site]]
id = "school"
  [[commune.site.camera]]
  id = "cam-0003"
  url = "rtsp://127.1.0.3:${farm_port}/stream"
`, `username = "vigie"
password_env = "VIGIE_CAMERA_PASSWORD"
purposes = ["public_buildings_protection"]`);

  // -- no basis: refused, and told why -------------------------------------------------------------
  let asked = why(config);
  assert.equal(asked.code, 1);
  assert.equal(asked.answer.rule, "LEG-50");
  assert.match(vigie("plugin", "why", "all", plugin, "--config", config, "--lang", "fr").out, /ne peut pas voir cam-0003.*LEG-50/);
  await start_centre();
  const refused = await until("the refusal on the bus", 20_000, async () =>
    (await view.request("events.recent", { limit: 50 })).events.find((e) => e.type === "analysis_refused"));
  assert.match(refused.detail, /LEG-50/);
  let reply = await view.request("plugins.why", { plugin, camera: "cam-0003" });
  assert.equal(reply.kind, "plugin_why", JSON.stringify(reply));
  assert.equal(reply.open, false);
  assert.equal(conditions(reply).legal_basis.rule, "LEG-50");
  assert(conditions(reply).legal_basis.who_fr.length > 0);
  await the_farm.fault(["cam-0003"], "intruder");
  await until("the plugin running", 20_000, async () =>
    (await view.request("plugins.list")).plugins.find((p) => p.id === plugin)?.state === "running");
  assert.equal((await view.request("plugins.list")).plugins.find((p) => p.id === plugin).frames_offered, 0);
  assert.equal(await metric(the_centre, "vigie_analysis_refused_total"), 1);
  assert.equal(await metric(the_centre, "vigie_analysis_open"), 0);
  await the_farm.fault(["cam-0003"], "none");
  await stop_centre();
  const acts = execFileSync(bin("vigie"), ["audit", "show", "--data", path.join(folder, "data")], { encoding: "utf8" });
  assert.match(acts, /LEG-50.*analysis refused/);

  // -- a basis nobody signed counts for nothing ------------------------------------------------------
  const lasts_until = new Date(Date.now() + 3_600_000);
  write_basis(lasts_until);
  assert.equal(vigie("legal", "diff", "/dev/null", path.join(folder, "legal-bases.toml")).code, 1);
  assert.equal(conditions(why(config).answer).signature.holds, false);
  assert.equal(sign().code, 0);
  assert.equal(vigie("legal", "check", path.join(folder, "legal-bases.toml")).code, 0);
  asked = why(config);
  assert.equal(conditions(asked.answer).legal_basis.holds, true);
  assert.equal(asked.answer.rule, "M17");
  fs.appendFileSync(path.join(folder, "legal-bases.toml"), "# changed by somebody\n");
  assert.equal(vigie("legal", "check", path.join(folder, "legal-bases.toml")).code, 1);
  assert.equal(why(config).answer.rule, "LEG-53");

  // -- a signed basis and two persons: from the frame to the signal -----------------------------------
  write_basis(lasts_until);
  assert.equal(sign().code, 0);
  two_persons_enable(path.join(folder, "data"), config, new Date("2099-12-31"));
  asked = why(config);
  assert.equal(asked.code, 0, JSON.stringify(asked.answer));
  assert.equal(asked.answer.basis, "EXERCISE-1");
  assert.equal(asked.answer.open_until, lasts_until.toISOString());
  await start_centre();
  const now_open = () => metric(the_centre, "vigie_analysis_open");
  await until("the gate open", 30_000, async () => (await now_open()) === 1);
  const offered = async () => (await view.request("plugins.list")).plugins.find((p) => p.id === plugin).frames_offered;
  const detections = () => view.events.filter((e) => e.type === "detection");
  // It learns what is usual before it signals anything.
  await until("pictures shown", 60_000, async () => (await offered()) >= 10, 500);
  assert.equal(detections().length, 0, JSON.stringify(detections()));
  await the_farm.fault(["cam-0003"], "intruder");
  const signal = await until("the signal", 60_000, () => detections()[0]);
  assert.equal(signal.camera, "cam-0003");
  assert.match(signal.detail, /^forbidden_zone began \(fr\.vigie\.zone_intrusion, score 0\.\d+|^forbidden_zone began \(fr\.vigie\.zone_intrusion, score 1\.00/);
  await the_farm.fault(["cam-0003"], "none");
  await until("its end", 60_000, () => detections().some((e) => e.detail.startsWith("forbidden_zone ended")));

  // -- they decide anew: the second it ends, pictures end --------------------------------------------------
  const ends = new Date(Date.now() + 4000);
  two_persons_enable(path.join(folder, "data"), config, ends);
  await until("the end of the decision", 60_000, async () => (await now_open()) === 0);
  assert(Date.now() >= ends.getTime(), "it did not end before its time");
  const at_end = await offered();
  await until("the end told", 20_000, () => view.events.some((e) => e.type === "analysis_ended"));
  reply = await view.request("plugins.why", { plugin, camera: "cam-0003" });
  assert.equal(reply.open, false);
  assert.equal(conditions(reply).two_persons.rule, "M17");
  const heard = detections().length;
  await the_farm.fault(["cam-0003"], "intruder");
  const frames = (await the_farm.stats()).cameras[2].sent_frames;
  await until("more pictures of the camera", 30_000, async () => (await the_farm.stats()).cameras[2].sent_frames > frames + 48);
  assert.equal(await offered(), at_end);
  assert.equal(detections().length, heard);
  await stop_centre();
  const record = execFileSync(bin("vigie"), ["audit", "show", "--data", path.join(folder, "data")], { encoding: "utf8" });
  assert.match(record, /may look under EXERCISE-1.*analysis begins/);
  assert.match(record, /analysis ends/);
  console.log("refused without a signed basis and two persons; with both, an entry is signalled until the decision ends");
} catch (error) {
  console.error(error, "\n", the_centre?.program.tail(30), "\n", the_farm?.program.tail(5));
  process.exitCode = 1;
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
