// SPDX-License-Identifier: Apache-2.0
// What an operator reads: help that teaches, errors with file, line, rule and remedy, honest exit codes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bin, make_folder, remove_folder, root } from "../support/lab.mjs";

const run = (name, ...args) => spawnSync(bin(name), args, { encoding: "utf8", env: { ...process.env, VIGIE_CAMERA_PASSWORD: "x" } });
const folder = make_folder("command-line");
try {
  const help = run("vigie", "--help");
  assert.equal(help.status, 0);
  for (const word of ["check", "run", "scripts/demo"]) assert(help.stdout.includes(word), `--help tells of ${word}`);
  assert.equal(run("vigie").status, 64, "no subcommand is a usage error");
  assert.equal(run("vigie", "observe").status, 64);
  assert.equal(run("vigie-sim", "--help").status, 0);

  const good = run("vigie", "check", path.join(root, "configs/demo.toml"));
  assert.equal(good.status, 0, good.stdout);
  assert.match(good.stdout, /3 communes, 8 sites, 24 cameras/);

  const plugins = run("vigie", "plugin", "--help");
  for (const word of ["new", "check", "list"]) assert(plugins.stdout.includes(word), `plugin --help tells of ${word}`);
  assert.equal(run("vigie", "plugin", "check", path.join(folder, "none.so")).status, 2, "what is not there was not checked");
  assert.equal(run("vigie", "plugin", "check", folder, "--case", "nothing").status, 2);
  assert.equal(run("vigie", "plugin", "check", folder).status, 1, "a folder without plugin.toml does not conform");
  const missing = path.join(folder, "plugins.toml");
  fs.writeFileSync(missing, ["[centre]", 'id = "x"', 'name = "X"', 'department = "95"', `data_dir = "${folder}"`,
    "[defaults]", "retention_days = 7", 'purposes = ["persons_and_property_safety"]',
    "[[plugin]]", 'id = "org.example.absent"', 'path = "absent"',
    "[[commune]]", 'insee = "95018"', 'name = "Argenteuil"', "[[commune.site]]", 'id = "s"', 'name = "S"',
    "[[commune.site.camera]]", 'id = "a"', 'url = "rtsp://10.0.0.1/a"'].join("\n"));
  const listed = run("vigie", "plugin", "list", "--config", missing, "--json");
  assert.equal(listed.status, 1, listed.stdout + listed.stderr);
  const absent_plugin = JSON.parse(listed.stdout).plugins.find((p) => p.id === "org.example.absent");
  assert(absent_plugin.named && absent_plugin.refusal, JSON.stringify(absent_plugin));
  assert.match(run("vigie", "plugin", "list", "--config", missing).stdout, /org\.example\.absent .* refused/);

  const example = path.join(root, "configs/routing-example.toml");
  const explain = (...args) => run("vigie", "route", "explain", example, ...args);
  const routed = JSON.parse(explain("cergy-prefecture", "intrusion", "2026-11-22T23:30", "--json").stdout);
  assert.deepEqual(routed.told.map((one) => one.id), ["cic-95", "gardien"]);
  assert.equal(routed.not_told.find((one) => one.id === "pm-cergy").rule, "CSI L512-6");
  assert.match(explain("meriel-gare-2", "theft", "2026-11-22T12:00").stdout, /the operator chooses: the camera has no position/);
  for (const wrong of [["cam-x", "theft", "now"], ["meriel-gare-1", "thef", "now"], ["meriel-gare-1", "theft", "2026-03-29T02:30"]]) {
    const refusal = explain(...wrong);
    assert.equal(refusal.status, 64, wrong.join(" "));
    assert.match(refusal.stderr, /^vigie: .*; |does not exist/);
  }
  assert.match(explain("meriel-gare-1", "theft", "2026-10-25T02:30").stderr, /2026-10-25T00:30:00.000Z for the first/);

  const bad = path.join(folder, "bad.toml");
  fs.writeFileSync(bad, [
    "[centre]", 'id = "x"', 'name = "X"', 'department = "95"', `data_dir = "${folder}"`,
    "[[commune]]", 'insee = "95018"', 'name = "Argenteuil"',
    "[[commune.site]]", 'id = "s"', 'name = "S"', 'kind = "school"',
    "[[commune.site.camera]]", 'id = "a"', 'url = "rtsp://10.0.0.1/a"', "retention_days = 45", "audio = true",
  ].join("\n"));
  const refused = run("vigie", "check", bad);
  assert.equal(refused.status, 78);
  for (const expected of [/bad\.toml:16:.*LEG-30/, /bad\.toml:17:.*LEG-21/, /LEG-10/])
    assert.match(refused.stdout, expected);

  const absent = run("vigie", "check", path.join(folder, "absent.toml"));
  assert.equal(absent.status, 78);
  assert.match(absent.stdout, /absent\.toml/);
  console.log("the command line teaches and refuses clearly");
} finally {
  remove_folder(folder);
}
