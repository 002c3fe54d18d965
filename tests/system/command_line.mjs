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
