// SPDX-License-Identifier: Apache-2.0
// measure: precision and recall of camera_health per fault, false alarms a camera-day, its CPU
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bin_dir } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { seed, seeds, days, cameras, threads } = options("camera_health on labelled scenes it was not tuned on", {
  seed: [1000, "first seed; thresholds were chosen on seeds below 1000"], seeds: [20, "scenes, each in 6 weathers, healthy and with 5 faults"],
  days: [1, "camera-days of 8,640 key frames in each of 7 weathers"], cameras: [300, "cameras with a state of their own, for the CPU figure"],
  threads: [os.cpus().length, "run side by side"],
});

function run(verb, args) {
  const done = spawnSync(path.join(bin_dir, "../tests/vigie-camera-health-measure"), [verb, ...args.map(String)],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 24 });
  if (done.status !== 0) throw new Error(`${verb} ended with ${done.status}`);
  return JSON.parse(done.stdout);
}

const cpu = run("cpu", ["--cameras", cameras]);
const faults = run("faults", ["--seed", seed, "--seeds", seeds, "--threads", threads]);
const healthy = run("days", ["--seed", seed, "--days", days, "--threads", threads]);

console.error(`${faults.sequences} sequences, ${healthy.camera_days} camera-days`);
console.error("fault      precision  recall");
const kinds = ["black", "frozen", "blurred", "covered", "moved"];
for (const kind of kinds)
  console.error(`${kind.padEnd(10)} ${faults[`${kind}_precision`].toFixed(3).padStart(9)} ${faults[`${kind}_recall`].toFixed(3).padStart(7)}`);
for (const [weather, alarms] of Object.entries(healthy.false_alarms)) console.error(`${weather}: ${alarms} false alarms in ${days} camera-day(s)`);
console.error(`CPU: ${cpu.us_per_picture.toFixed(0)} µs a picture, measured on ${cpu.cameras} cameras in turn;`
  + ` 3,000 cameras at one key frame per 10 s are 300 pictures a second: ${cpu.cpu_pct_3000.toFixed(1)} % of one core, without decoding`);

const round = (value) => Math.round(value * 10_000) / 10_000;
const line = {};
for (const kind of kinds) {
  line[`${kind}_precision`] = round(faults[`${kind}_precision`]);
  line[`${kind}_recall`] = round(faults[`${kind}_recall`]);
}
line.false_alarms_per_camera_day = round(healthy.false_alarms_per_camera_day);
line.cpu_pct_3000 = round(cpu.cpu_pct_3000);
console.log(JSON.stringify(line));
const good = kinds.every((kind) => line[`${kind}_precision`] >= 0.95 && line[`${kind}_recall`] >= 0.95);
process.exit(good && line.false_alarms_per_camera_day === 0 ? 0 : 1);
