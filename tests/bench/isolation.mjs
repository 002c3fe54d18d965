// SPDX-License-Identifier: Apache-2.0
// measure: CPU per 1,000 pictures of 640×360 shown to a plugin, in a child and in process
import { execFileSync } from "node:child_process";
import path from "node:path";
import { bin_dir } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { frames, block, window } = options("What a process of its own costs an analysis", {
  frames: [4000, "pictures shown on each side"], block: [250, "pictures in a row on one side, then on the other"],
  window: [1, "pictures under way at once; 1: each is answered before the next, the costliest for a child"],
});
const run = (plugin) => JSON.parse(execFileSync(path.join(bin_dir, "../tests/vigie-isolation-measure"),
  [path.join(bin_dir, "..", plugin), frames, block, window].map(String), { encoding: "utf8" }));

const health = run("plugins/camera_health");
const bare = run("test_plugins/every_pixel");
console.log("plugin          in process     child   ratio   (CPU seconds per 1,000 pictures, parent and child together)");
for (const [name, one] of [["camera_health", health], ["every_pixel", bare]])
  console.log(`${name.padEnd(14)} ${one.in_process_cpu_s_per_1000.toFixed(4).padStart(11)} ${one.child_cpu_s_per_1000.toFixed(4).padStart(9)} ${one.ratio.toFixed(2).padStart(7)}`);
console.log(JSON.stringify({ ...health, block, window, bare_in_process_cpu_s_per_1000: bare.in_process_cpu_s_per_1000,
  bare_child_cpu_s_per_1000: bare.child_cpu_s_per_1000, bare_ratio: bare.ratio }));
process.exit(health.ratio <= 1.3 ? 0 : 1);
