// SPDX-License-Identifier: Apache-2.0
// measure: bytes and descriptors that a reconnect leaves behind
import { execFileSync } from "node:child_process";
import path from "node:path";
import { bin_dir } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { cycles, cameras, port } = options("Cameras that show a picture and cut the connection, over and over", {
  cycles: [100_000, "reconnects"], cameras: [32, "fake cameras, one connection each"],
  port: [22_000, "TCP port of the first of them, on loopback"],
});
const line = JSON.parse(execFileSync(path.join(bin_dir, "../tests/vigie-reconnects"),
  ["--cycles", cycles, "--cameras", cameras, "--port", port].map(String), { encoding: "utf8" }));
// Each fake camera runs in the same process: its connections come and go among the descriptors, up to three of each.
// Flat is what does not grow with the reconnects: less than one descriptor in ten thousand.
line.held = line.bytes_per_reconnect <= 8 && Math.abs(line.descriptors_per_1000_reconnects) < 0.1
  && line.descriptors_max - line.descriptors_min <= 4 * cameras;
console.log(JSON.stringify(line));
process.exit(line.held ? 0 : 1);
