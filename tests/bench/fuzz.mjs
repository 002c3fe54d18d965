// SPDX-License-Identifier: Apache-2.0
// measure: executions of every fuzz target under libFuzzer and sanitizers, and what they found
// build: fuzz fuzz_targets
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { options } from "../support/options.mjs";

const { executions, jobs, minutes, target: only, longest, seed } = options("Hostile bytes for every parser", {
  executions: [10_000_000, "in all targets together"], jobs: [2, "targets at a time"],
  minutes: [14, "for all targets together; fast ones make up for slow ones"], target: ["", "only this one"], longest: [2048, "bytes of an input"], seed: [0, "of the mutations; 0: a new one each time"],
});
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const build = path.join(root, "build/fuzz");
const names = fs.readdirSync(path.join(root, "tests/fuzz/targets")).map((file) => path.basename(file, ".cpp"))
  .filter((name) => !only || name === only).sort();
const missing = names.filter((name) => !fs.existsSync(path.join(build, "fuzz", `fuzz_${name}`)));
if (names.length === 0 || missing.length > 0) {
  console.error(names.length === 0 ? `no target is called ${only}` : `not built: ${missing.join(" ")}`);
  process.exit(64);
}

function folder(...parts) {
  const made = path.join(build, ...parts);
  fs.mkdirSync(made, { recursive: true });
  return made;
}
const deadline = Date.now() + minutes * 60_000;
const findings_of = (name) => fs.readdirSync(folder("findings", name)).map((file) => path.join(build, "findings", name, file));

/// What an earlier run found and this build no longer does is mended: only what still breaks counts.
function forget_mended(name) {
  const program = path.join(build, "fuzz", `fuzz_${name}`);
  for (const file of findings_of(name))
    if (spawnSync(program, [file, "-timeout=10", "-rss_limit_mb=512", "-malloc_limit_mb=64"], { stdio: "ignore" }).status === 0)
      fs.rmSync(file);
}

/// Runs one target `runs` times or `seconds` long; what it learned stays in build/fuzz/grown for the next time.
function run(state, runs, seconds) {
  const { name } = state;
  const program = path.join(build, "fuzz", `fuzz_${name}`);
  const start = folder("start", name);
  spawnSync(program, ["--write-seeds", start], { stdio: "ignore" });
  const dictionary = path.join(start, "words.dict");
  const corpora = [folder("grown", name), path.join(start, "seeds"), path.join(root, "tests/fuzz/corpus", name)]
    .filter((one) => fs.existsSync(one));
  const words = [...corpora, `-runs=${runs}`, `-max_total_time=${seconds}`, `-max_len=${longest}`, "-timeout=10",
    "-rss_limit_mb=512", "-malloc_limit_mb=64", "-print_final_stats=1", `-artifact_prefix=${folder("findings", name)}/`];
  if (fs.statSync(dictionary).size > 0) words.push(`-dict=${dictionary}`);
  if (seed > 0) words.push(`-seed=${seed}`);
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    child.stderr.on("data", (text) => { told = (told + text).slice(-60_000); });
    child.on("close", (code) => {
      const number = (pattern) => Number(told.match(pattern)?.[1] ?? 0);
      const done = number(/stat::number_of_executed_units:\s+(\d+)/);
      state.executions += done;
      console.error(`${name}: ${done}`);
      state.edges = number(/.*cov: (\d+)/s) || state.edges;
      state.is_red ||= code !== 0;
      if (code !== 0) console.error(`${told}\n${name}: finding`);
      resolve();
    });
  });
}

/// One round: every target gets its share of executions and of the time, `jobs` at a time.
async function round(states, share, seconds) {
  const waiting = [...states];
  const worker = async () => {
    while (waiting.length > 0) {
      const state = waiting.shift();
      const start = Date.now();
      await run(state, share, seconds);
      state.seconds += (Date.now() - start) / 1000;
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

names.forEach(forget_mended);
const states = names.map((name) => ({ name, executions: 0, seconds: 0, edges: 0, is_red: false }));
const total = () => states.reduce((sum, { executions: done }) => sum + done, 0);
const seconds_left = () => (deadline - Date.now()) / 1000;
/// Every target first, in two thirds of the time; what is missing then comes from the faster half of those that go on.
for (let group = states, part = 2 / 3; total() < executions && group.length > 0 && seconds_left() > 5; part = 0.9) {
  const seconds = Math.max(3, Math.floor((seconds_left() * part * jobs) / group.length));
  await round(group, Math.ceil((executions - total()) / group.length), seconds);
  const whole = states.filter((s) => !s.is_red).sort((a, b) => b.executions / b.seconds - a.executions / a.seconds);
  group = whole.slice(0, Math.ceil(whole.length / 2));
}

console.log("target                 executions   per s   edges  findings");
for (const { name, executions: done, seconds: took, edges } of states)
  console.log(name.padEnd(20), String(done).padStart(12), String(Math.round(done / took)).padStart(7),
    String(edges).padStart(7), String(findings_of(name).length).padStart(9));
const found = states.flatMap(({ name }) => findings_of(name).map((file) => ({ name, file })));
for (const { name, file } of found)
  console.log(`again: ${path.relative(root, path.join(build, "fuzz", `fuzz_${name}`))} ${path.relative(root, file)}`);
const reds = states.filter((s) => s.is_red).length;
console.log(JSON.stringify({ targets: states.length, executions: total(), findings: Math.max(found.length, reds),
  edges: states.reduce((sum, s) => sum + s.edges, 0), seconds: Math.round(states.reduce((sum, s) => sum + s.seconds, 0) / jobs) }));
process.exit(found.length + reds === 0 && total() >= executions ? 0 : 1);
