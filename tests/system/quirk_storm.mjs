// SPDX-License-Identifier: Apache-2.0
// A tenth of a farm has the habits of real cameras, every one of tests/quirks/catalogue.toml in turn.
// The other cameras must lose nothing, the odd ones end in the state the catalogue asks for, and the
// centre's memory stays in its budget.
//   node tests/system/quirk_storm.mjs                        50 cameras, 5 odd ones at a time, habits of every group
//   node tests/system/quirk_storm.mjs --cameras 500 --all    every habit
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bus_view } from "../support/bus_view.mjs";
import { bin, camera_name, centre, farm, free_ports, make_folder, remove_folder, root, until, usage, write_config }
  from "../support/lab.mjs";

const number_after = (flag, usual) => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const wanted = number_after("--cameras", 50);
const every_habit = process.argv.includes("--all");
const memory_budget_kib = 160;  // of a camera, a GOP of 400 kbit/s included

/// Rows of the catalogue that a live camera shows over TCP: their fault's name, and the counter that tells it.
function habits_of_catalogue() {
  const rows = fs.readFileSync(path.join(root, "tests/quirks/catalogue.toml"), "utf8").split("[[row]]").slice(1);
  const field = (row, name) => new RegExp(`^${name} = "?([^"\\n]+)"?`, "m").exec(row)?.[1];
  const named = new Map();
  for (const row of rows) {
    const number = Number(field(row, "row"));
    if (field(row, "fault") && number < 98 && !named.has(field(row, "policy")))
      named.set(field(row, "policy"), field(row, "counter"));
  }
  return named;
}
/// Habits no centre can record by: an answer without end, UDP only on a farm without it, silence, a picture without end.
const cannot_live = new Set(["message_bounds", "transport", "stall", "endless_au"]);
/// A camera whose clock jumps is recorded, and told as one whose clock is wrong; the farm's H.265 pictures repeat
/// themselves every second, and may be told as frozen.
const lives_degraded = new Set(["clock_step", "donl"]);
/// An old server that still owes data to a lost session is left alone until it has forgotten it, after 65 s.
const patience_ms = (habit) => (habit === "stale_session_guard" ? 120_000 : 30_000);
/// One of each group, for the short run: framing, messages, sessions, descriptions, packets, time.
const short_run = ["resync", "unassigned_channel", "server_request", "cseq", "base_schemeless", "redirects",
  "stale_nonce", "keepalive", "session_id", "bad_media", "sdp_lines", "fmtp", "foreign_payload_type", "early_marker",
  "annexb_in_nal", "fu_start_end", "donl", "max_jump", "unknown_rtcp_ssrc", "message_bounds", "endless_au", "stall",
  "no_marker", "preroll_burst", "clock_drift"];

const known = habits_of_catalogue();
const habits = every_habit ? [...known.keys()] : short_run.filter((name) => known.has(name));
assert.ok(habits.length >= 20, "the catalogue is there");
const at_a_time = Math.max(1, Math.floor(wanted / 10));
const folder = make_folder("quirks");
const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
let the_farm, the_centre, view;

/// The odd cameras are the last tenth; each round gives each of them another habit.
const odd = Array.from({ length: at_a_time }, (_, i) => camera_name(wanted - i));
const state_of = (camera) => view.cameras.get(camera)?.state;
/// Live by the centre's word, with a session by the farm's, for a second.
async function is_served(camera, habit) {
  const account = async () => (await the_farm.stats()).cameras.find((one) => one.id === camera);
  const before = await account();
  const is_well = () => state_of(camera) === "live" || (lives_degraded.has(habit) && state_of(camera) === "degraded");
  if (!is_well() || before.sessions === 0) return false;
  await pause(1000);
  const after = await account();
  assert.equal(after.fault, habit);
  return is_well() && after.sessions_total === before.sessions_total
    && after.sent_frames > before.sent_frames;
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

try {
  the_farm = await farm.start({ cameras: wanted, port: farm_port, control, log: path.join(folder, "farm.log"),
    args: ["--gop", 12, "--seconds", 900] });
  const config = write_config(folder, { cameras: wanted, communes: 3, sites: Math.max(3, Math.ceil(wanted / 8)), farm_port,
    ports: { bus, websocket, gateway } });
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  await until("all cameras live", 90_000, () =>
    [...view.cameras.values()].filter((c) => c.state === "live").length === wanted);
  const before_kib = usage(the_centre.program.pid).rss_kib;

  const failures = [], told = [], untold = [];
  for (let from = 0; from < habits.length; from += at_a_time) {
    const round = habits.slice(from, from + at_a_time);
    for (const [i, habit] of round.entries()) assert.ok((await the_farm.fault([odd[i]], habit)).ok, habit);
    // Whoever can be recorded must be live again, and stay so for a while; the others must be told apart.
    await pause(3000);
    for (const [i, habit] of round.entries()) {
      const camera = odd[i];
      if (cannot_live.has(habit))
        await until(`${habit}: the camera is not called live`, 30_000, () => state_of(camera) !== "live")
          .catch((error) => failures.push(error.message));
      else
        await until(`${habit}: the camera is live and is sent pictures`, patience_ms(habit), () => is_served(camera, habit), 250)
          .catch((error) => failures.push(`${error.message} (${state_of(camera)})`));
    }
    for (const [i, habit] of round.entries()) {
      const counter = known.get(habit);
      if (counter) (view.cameras.get(odd[i]).quirks?.[counter] > 0 ? told : untold).push(habit);
    }
    for (const camera of odd) await the_farm.fault([camera], "none");
  }
  await until("the odd cameras are well again", 120_000, () => odd.every((c) => state_of(c) === "live"))
    .catch((error) => failures.push(error.message));
  const beat = view.heartbeats[0];
  const grown_kib = usage(the_centre.program.pid).rss_kib - before_kib;

  const sent = path.join(folder, "sent.json");
  await the_centre.stop();
  fs.writeFileSync(sent, JSON.stringify(await the_farm.stats()));
  let text;
  try {
    text = execFileSync(bin("vigie-verify"), ["recordings", path.join(folder, "data/recordings"), "--sent", sent, "--json",
      "--per-camera"], { encoding: "utf8", maxBuffer: 1 << 28 });
  } catch (error) { text = error.stdout; }  // odd cameras may lose pictures: theirs to lose
  const verdict = JSON.parse(text.trim().split("\n").pop());
  const sound = Object.entries(verdict.per_camera).filter(([camera]) => !odd.includes(camera)).map(([, one]) => one);
  const lost = sound.reduce((sum, one) => sum + one.lost + one.gaps.length, 0);
  assert.equal(sound.length, wanted - odd.length);
  assert.equal(lost, 0, "the other cameras lose nothing");
  assert.ok(grown_kib < memory_budget_kib * wanted, `the centre grew by ${grown_kib} KiB`);
  assert.ok(beat.camera_memory_bytes < memory_budget_kib * 1024 * wanted, `cameras hold ${beat.camera_memory_bytes} bytes`);
  assert.deepEqual(failures, []);
  // What a camera does is told with its state; some habits take longer to show than this test waits.
  assert.ok(told.length >= untold.length, `on the bus: ${told}; not: ${untold}`);
  console.log(JSON.stringify({ cameras: wanted, habits: habits.length, odd_at_a_time: odd.length,
    lost_by_the_others: lost, grown_kib, held_kib: Math.round(beat.camera_memory_bytes / 1024), told_on_the_bus: told.length, untold, ok: true }));
} finally {
  await view?.close().catch(() => {});
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}
