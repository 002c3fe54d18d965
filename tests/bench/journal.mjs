// SPDX-License-Identifier: Apache-2.0
// measure: mutations of a stored journal that its audit finds and locates; durable entries beside the disk's fsync rate
import { spawnSync } from "node:child_process";
import path from "node:path";
import { make_folder, remove_folder, root } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { mutations, seed, seconds } = options("A journal harmed in many ways, and its cost", {
  mutations: [10000, "times the stored journal is harmed"], seed: [1, "of the mutations"], seconds: [3, "of each rate"],
});
const folder = make_folder("journal");
const done = spawnSync(path.join(root, "build/release/tests/vigie-journal-bench"),
  ["--mutations", mutations, "--seed", seed, "--seconds", seconds, "--folder", folder].map(String), { stdio: "inherit" });
remove_folder(folder);
process.exit(done.status ?? 1);
