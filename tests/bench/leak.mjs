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
// Each fake camera runs in the same process: its connections count among the descriptors.
line.held = line.bytes_per_reconnect <= 8 && line.descriptors_max - line.descriptors_min <= 2 * cameras;
console.log(JSON.stringify(line));
process.exit(line.held ? 0 : 1);
