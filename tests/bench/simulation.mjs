// SPDX-License-Identifier: Apache-2.0
// measure: camera-hours a minute of the deterministic simulation, and red seeds among them
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bin_dir } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { seed, seconds, minutes, sites, processes } = options("Camera-hours covered by seeds of chaos", {
  seed: [1, "first seed"], seconds: [60, "real time to spend"], minutes: [60, "virtual minutes of a seed"],
  sites: [16, "sites of 12 cameras"], processes: [os.cpus().length, "run side by side, with seeds of their own"],
});
const TMPDIR = fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();  // the disk is simulated; SQLite's is not

function run(first_seed) {
  return new Promise((resolve) => {
    const child = spawn(path.join(bin_dir, "../tests/vigie-simulate"),
      ["--seed", first_seed, "--seconds", seconds, "--minutes", minutes, "--sites", sites].map(String),
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, VIGIE_BIN: bin_dir, TMPDIR } });
    let out = "", errors = "";
    child.stdout.on("data", (text) => { out += text; });
    child.stderr.on("data", (text) => { errors += text; });
    child.on("exit", () => {
      for (const line of errors.split("\n").filter((l) => l.startsWith("seed "))) console.error(line);
      resolve(JSON.parse(out || "{}"));
    });
  });
}

const results = await Promise.all(Array.from({ length: processes }, (_, i) => run(seed + i * 100_000)));
const sum = (name) => results.reduce((total, result) => total + (result[name] ?? NaN), 0);
const line = { seeds: sum("seeds"), red_seeds: sum("red_seeds"), camera_hours: Math.round(sum("camera_hours")),
  camera_hours_per_minute: Math.round(sum("camera_hours_per_minute")), processes };
console.log(JSON.stringify(line));
process.exit(line.red_seeds === 0 && line.camera_hours > 0 ? 0 : 1);
