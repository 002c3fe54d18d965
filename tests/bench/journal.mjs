// SPDX-License-Identifier: Apache-2.0
// measure: mutations of a stored journal that two audits find, of which one is independent; durable entries beside the disk's fsync rate
import { spawnSync } from "node:child_process";
import path from "node:path";
import { make_folder, remove_folder, root } from "../support/lab.mjs";
import { options } from "../support/options.mjs";

const { mutations, seed, seconds, independent } = options("A journal harmed in many ways, and its cost", {
  mutations: [10000, "times the stored journal is harmed"], seed: [1, "of the mutations"], seconds: [3, "of each rate"],
  independent: [102, "harmed journals that tests/verify/journal_check.py judges"],
});
const kinds = 17; // of tests/support/journal_mutations.hpp
const folder = make_folder("journal");
const bench = (...args) =>
  spawnSync(path.join(root, "build/release/tests/vigie-journal-bench"), args.map(String), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/// What the checker that shares no code with the journal says of the journal written into `at`: 0 whole, 1 not.
function judged(at, ...how) {
  if (bench("--write", at, ...how).status !== 0) throw new Error(`no journal was written into ${at}`);
  const status = spawnSync("/usr/bin/python3", [path.join(root, "tests/verify/journal_check.py"), at], { encoding: "utf8" }).status;
  remove_folder(at);
  return status;
}

const done = bench("--mutations", mutations, "--seed", seed, "--seconds", seconds, "--folder", folder);
const lines = done.stdout.trimEnd().split("\n");
console.error(lines.slice(0, -1).join("\n"));
let refused = 0, accepted = independent === 0;
for (let i = 0; i < independent; i++) {
  const harmed = path.join(folder, `harmed-${i}`);
  if (judged(harmed, "--kind", i % kinds, "--seed", seed + i) === 1) refused++;
  else console.error(`journal: kind ${i % kinds} with seed ${seed + i} passes the independent checker`);
}
if (independent > 0) accepted = judged(path.join(folder, "whole")) === 0;
remove_folder(folder);
console.log(JSON.stringify({ ...JSON.parse(lines.at(-1)), independent, independent_found: refused, independent_accepts_whole: accepted }));
process.exit(done.status === 0 && refused === independent && accepted ? 0 : 1);
