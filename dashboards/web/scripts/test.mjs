// SPDX-License-Identifier: Apache-2.0
// Bundles test/*.test.ts and runs them with Node's own test runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vigie-console-"));
try {
  const tests = fs.readdirSync(path.join(root, "test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    absWorkingDir: root,
    entryPoints: tests.map((name) => path.join("test", name)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: ["node18"],
    logLevel: "warning",
  });
  const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
  process.exitCode = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
