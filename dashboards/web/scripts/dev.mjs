// SPDX-License-Identifier: Apache-2.0
// Rebuilds the console at every change and serves it with an imagined centre: http://127.0.0.1:24080.
// Needs nats-server, ffmpeg and the packages of tests/ (scripts/build-lab).
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const scripts = path.dirname(fileURLToPath(import.meta.url));
const run = (file, ...args) => spawn(process.execPath, [file, ...args], { stdio: "inherit" });
const children = [
  run(path.join(scripts, "build.mjs"), "--watch"),
  run(path.resolve(scripts, "../../../tests/browser/fake_centre.mjs")),
];
const stop = () => { for (const child of children) child.kill(); };
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);
for (const child of children) child.on("exit", stop);
