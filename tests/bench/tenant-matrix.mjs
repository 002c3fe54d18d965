// SPDX-License-Identifier: Apache-2.0
// measure: every role x 150 communes x every subject and path x {publish, subscribe, request, media}, leaks
// Generated from docs/asyncapi.yaml and tests/tenants/rules.yaml, executed against the real nats-server and gateway of
// a running centre. Each role has one person, who has every other commune. A leak is anything that the rules do not
// allow and that happened; a cell that the rules allow and that did not happen is `missing`, and fails as well.
import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { connect } from "@nats-io/transport-node";
import { bus_view } from "../support/bus_view.mjs";
import { camera_name, centre, farm, free_ports, make_folder, remove_folder, root, until, vigie_user, write_centre } from "../support/lab.mjs";
import { live_viewer } from "../support/live_viewer.mjs";
import { options } from "../support/options.mjs";
import { raw_bus } from "../support/raw_bus.mjs";

const { communes: wanted, fps } = options("Who gets what, asked of the running centre", {
  communes: [150, "communes, one camera each, 254 at most"], fps: [4, "frames a second of the cameras"] });
const say = (text) => console.error(`tenant-matrix: ${text}`);
const rules = JSON.parse(execFileSync("python3", [path.join(root, "tests/tenants/check_rules.py"), "--json"], { encoding: "utf8" }));
const folder = make_folder("tenants");
const [farm_port, control, bus, websocket, gateway] = await free_ports(5);
const password = "a password of the matrix";
const prefix = "vigie.v1.request.{user}.";
const totals = { cells: 0, executed: 0, leaks: 0, missing: 0, publish: 0, subscribe: 0, request: 0, media: 0, http: 0 };
const complaints = [];
let the_farm, the_centre, view;

/// One cell: what happened beside what the rules say.
function cell(kind, allowed, happened, what) {
  totals.cells++;
  if (happened === undefined) { complaints.push(`not executed: ${what}`); return; }
  totals.executed++;
  totals[kind]++;
  if (happened && !allowed) { totals.leaks++; complaints.push(`leak: ${kind} ${what}`); }
  if (!happened && allowed) { totals.missing++; complaints.push(`missing: ${kind} ${what}`); }
}
const pattern_of = (channel) => new RegExp(`^${channel.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
const rule_of = (channel) => rules.channels[channel] ??
  Object.entries(rules.channels).find(([name]) => name.includes("*") && pattern_of(name).test(channel))?.[1];
const has_role = (list, role) => list === "all" || (Array.isArray(list) && list.includes(role));

/// The subjects of a channel in one commune; `user` is whose request it would be.
const subject_in = (channel, commune, user = "nobody") => channel.replace("{commune}", commune).replace("{site}", "probe")
  .replace("{camera}", "probe").replace("{type}", "camera_down").replace("{node}", `probe-${commune}`).replace("{user}", user)
  .replace(/\{\w+\}/g, "probe").replace("*", "probe");

async function each(items, width, act) {
  const queue = items.values();
  await Promise.all(Array.from({ length: width }, async () => { for (const item of queue) await act(item); }));
}

try {
  the_farm = await farm.start({ cameras: wanted, port: farm_port, control, log: path.join(folder, "farm.log"), args: ["--fps", fps, "--kbps", 64, "--gop", fps] });
  const department = "95";
  const communes = Array.from({ length: wanted }, (_, i) => `${department}${String(i + 1).padStart(3, "0")}`);
  const cameras = communes.map((_, i) => camera_name(i + 1));
  const config = write_centre(folder, { bus, websocket, gateway }, communes.map((code, i) => `[[commune]]
insee = "${code}"
  [[commune.site]]
  id = "site-${i + 1}"
    [[commune.site.camera]]
    id = "${cameras[i]}"
    url = "rtsp://127.1.0.${i + 1}:${farm_port}/stream"
`).join(""));
  const camera_of = new Map(communes.map((code, i) => [code, cameras[i]]));
  const own = new Set(communes.filter((_, i) => i % 2 === 0));
  const name_of = (role) => `p-${role}`;
  for (const role of rules.roles)
    vigie_user(config, ["add", name_of(role), "--role", role, "--communes", [...own].join(","), "--live", "yes", "--replay", "yes",
      "--on-duty", "--department", department, "--until", "2099-12-31", "--reason", "tenant matrix"], { password });
  the_centre = await centre.start({ config, gateway_port: gateway, log: path.join(folder, "vigie.log") });
  view = await bus_view.open(await the_centre.console(), bus);
  await until("all cameras live and recorded", 240_000, () => view.count("live") === wanted && view.heartbeats[0]?.recording === wanted, 500);
  say(`${wanted} cameras live; ${rules.roles.length} roles, ${rules.documented.length} channels, ${Object.keys(rules.paths).length} paths`);

  const vigie_password = /user: "vigie"\s+password: "(\w+)"/.exec(fs.readFileSync(path.join(folder, "data/nats/nats-server.conf"), "utf8"))[1];
  const node = await raw_bus.open({ port: bus, user: "vigie", password: vigie_password });
  const requests = rules.documented.filter((c) => c.startsWith(prefix));
  const facts = rules.documented.filter((c) => !c.startsWith(prefix));
  for (const pattern of Object.keys(rules.channels))  // documented or not yet: the server must know already
    if (pattern.includes("*") && !rules.documented.some((c) => pattern_of(pattern).test(c)))
      (pattern.startsWith(prefix) ? requests : facts).push(pattern);

  // -- publish and subscribe ---------------------------------------------------------------------
  for (const role of rules.roles) {
    const client = await raw_bus.open({ port: bus, user: name_of(role), password });
    const published = await client.try_publish([...communes.flatMap((c) => [...facts.map((f) => subject_in(f, c)),
      ...requests.map((r) => subject_in(r, c, `agent-${c}`))])]);
    for (const c of communes) {
      for (const f of facts) cell("publish", false, published.get(subject_in(f, c)), `${role} as the centre on ${subject_in(f, c)}`);
      for (const r of requests) cell("publish", false, published.get(subject_in(r, c, `agent-${c}`)), `${role} as agent-${c} on ${r}`);
    }
    const listened = await client.try_subscribe(communes.flatMap((c) => [...facts.map((f) => subject_in(f, c)),
      ...requests.map((r) => subject_in(r, c, `agent-${c}`)), `_INBOX_agent-${c}.>`]));
    // Wider patterns than anybody's: all of a kind, and everything.
    const greedy = [">", "vigie.>", "vigie.v1.>", "vigie.v1.state.>", "vigie.v1.event.>", "vigie.v1.incident.>", "vigie.v1.*.*.>",
      "vigie.v1.request.>", "_INBOX.>", "_INBOX*.>", "$SYS.>"];
    const wide = await client.try_subscribe(greedy);
    for (const g of greedy) cell("subscribe", false, wide.get(g), `${role} to ${g}`);
    client.heard.clear();
    for (const c of communes) {
      for (const f of facts) node.socket.write(`PUB ${subject_in(f, c)} 2\r\n{}\r\n`);
      for (const r of requests) node.socket.write(`PUB ${subject_in(r, c, `agent-${c}`)} 2\r\n{}\r\n`);
      node.socket.write(`PUB _INBOX_agent-${c}.1 2\r\n{}\r\n`);
    }
    await node.flush();
    await client.flush();
    for (const c of communes) {
      for (const f of facts) {
        const subject = subject_in(f, c);
        const rule = rule_of(f);
        const allowed = has_role(rule.subscribe, role) && (rule.in === "everywhere" || own.has(c));
        // Taken and delivered, or neither: a server that says yes and sends nothing would hide the other way round.
        const taken = listened.get(subject), delivered = client.heard.has(subject);
        cell("subscribe", allowed, allowed ? taken && delivered : taken || delivered, `${role} to ${subject}`);
      }
      for (const r of requests) {
        const subject = subject_in(r, c, `agent-${c}`);
        cell("subscribe", false, listened.get(subject) || client.heard.has(subject), `${role} to ${subject}`);
      }
      cell("subscribe", false, listened.get(`_INBOX_agent-${c}.>`) || client.heard.has(`_INBOX_agent-${c}.1`), `${role} to the inbox of agent-${c}`);
    }
    client.close();
  }
  say(`publish and subscribe: ${totals.executed} cells`);

  // -- requests and media ------------------------------------------------------------------------
  const ask = {};
  for (const role of rules.roles)
    ask[role] = await connect({ servers: `127.0.0.1:${bus}`, user: name_of(role), pass: password, inboxPrefix: `_INBOX_${name_of(role)}` });
  const request = async (role, verb, body) => (await ask[role].request(`vigie.v1.request.${name_of(role)}.${verb}`,
    JSON.stringify({ v: 1, correlation: "m", ...body }), { timeout: 30_000 })).json();
  const now = Date.now();
  const purpose_of = (c) => view.cameras.get(camera_of.get(c)).purposes[0];
  const named = (c) => ({ camera: camera_of.get(c), authority: c, purpose: purpose_of(c), reason: "tenant matrix" });
  const body_in = {
    "state.snapshot": (c) => ({ commune: c }),
    "live.open": named,
    "replay.open": (c) => ({ ...named(c), from: new Date(now - 600_000).toISOString(), to: new Date(now + 600_000).toISOString() }),
  };
  // Harmless in themselves: what they would change does not exist, or is as it was.
  const body_of = (role) => ({
    "people.duty": { on_duty: true, reason: "tenant matrix" },
    "people.suspend": { name: "nobody-at-all", suspended: true, reason: "tenant matrix" },
    "proposals.open": { change: { maintenance_technician: "mask_removal", plugin_administrator: "enable_analytics" }[role] ?? "external_access", subject: "tenant matrix", reason: "tenant matrix" },
    "proposals.decide": { number: 999_999, decision: "rejected", reason: "tenant matrix" },
    "sessions.end": { session: "view-999999", reason: "tenant matrix" },
    "plugins.why": { plugin: "fr.vigie.none", camera: cameras[0] },
    "plugins.exercise": { plugin: "fr.vigie.none", recipient: "none" },
  });
  /// Answered, as far as rules of access go: what was asked for may still not exist.
  const is_answered = (reply) => reply.kind !== "error" || !["access_denied", "bus_unknown"].includes(reply.error.code);
  /// Grants that were given, to be altered: two of different cameras for each kind of media.
  const given = { live: new Map(), clip: new Map() };
  const keep = (kind, camera, url) => { if (url && given[kind].size < 2) given[kind].set(camera, url); };
  const of_another = (kind, camera) => [...given[kind]].find(([known]) => known !== camera)?.[1];
  for (const channel of requests) {
    const verb = channel.slice(prefix.length).replace("*", "probe");
    const rule = rule_of(channel);
    const in_commune = body_in[verb];
    for (const role of rules.roles) {
      if (!in_commune) {
        const reply = await request(role, verb, body_of(role)[verb] ?? {});
        const allowed = has_role(rule.request, role) && rules.documented.includes(channel);
        // One answer, looked at for each commune: it may tell of the own ones and of no other.
        const words = JSON.stringify(reply);
        for (const c of communes) {
          if (own.has(c)) cell("request", allowed, is_answered(reply), `${role} ${verb}`);
          else cell("request", false, verb !== "people.list" && (words.includes(`"${c}"`) || words.includes(`.${c}.`) || words.includes(`"${camera_of.get(c)}"`)), `${role} ${verb} tells of ${c}`);
        }
        continue;
      }
      await each(communes, 16, async (c) => {
        const reply = await request(role, verb, in_commune(c));
        const allowed = has_role(rule.request, role) && (rule.in === "everywhere" || own.has(c));
        cell("request", allowed, reply.kind !== "error", `${role} ${verb} in ${c}: ${JSON.stringify(reply.error ?? {})}`);
        if (!rule.media) return;
        if (rule.media === "live") {
          // Without a grant: the token of somebody's own session, altered to this camera.
          keep("live", camera_of.get(c), reply.url);
          const url = reply.url ?? of_another("live", camera_of.get(c));
          if (!url) return cell("media", allowed, undefined, `${role} live in ${c}`);
          const altered = reply.url ? url : url.replace(/[^/]+$/, (t) => forge(t, camera_of.get(c)));
          const viewer = await live_viewer.open(altered);
          if (viewer.status === 101) await viewer.wait("a frame", 30_000, (v) => v.fragments > 0 || v.closed_ms !== null);
          cell("media", allowed, viewer.fragments > 0, `${role} live in ${c}: HTTP ${viewer.status}`);
          viewer.close();
        } else {
          keep("clip", camera_of.get(c), reply.segments?.[0]?.url);
          const url = reply.segments?.[0]?.url ?? of_another("clip", camera_of.get(c));
          if (!url || (allowed && !reply.segments?.[0])) return cell("media", allowed, undefined, `${role} clip in ${c}`);
          const altered = allowed ? url : url.replace(/\/clip\/([^/]+)\//, (_, t) => `/clip/${forge(t, camera_of.get(c))}/`);
          const clip = await fetch(altered);
          const bytes = (await clip.arrayBuffer()).byteLength;
          cell("media", allowed, clip.ok && bytes > 0, `${role} clip in ${c}: HTTP ${clip.status}`);
        }
      });
    }
  }
  say(`requests and media: ${totals.request} and ${totals.media} cells`);

  // -- the gateway's doors -----------------------------------------------------------------------
  const secrets = [password, vigie_password, "$2a$"];
  for (const [kind, { path: door, access }] of Object.entries(rules.paths))
    for (const role of rules.roles)
      await each(communes, 16, async (c) => {
        const target = door.replace("{token}", "AAAA.AAAA").replace("{segment}", camera_of.get(c));
        const reply = await fetch(`http://127.0.0.1:${gateway}${target}`);
        const body = await reply.text();
        const told = secrets.some((s) => body.includes(s)) || body.includes(`"${c}"`) || body.includes(camera_of.get(c)) || body.includes(name_of(role));
        if (access === "token") cell("http", false, reply.ok, `${kind} without a token: HTTP ${reply.status}`);
        else cell("http", false, told, `${kind} tells of ${c}`);
      });
  // A snapshot of everything is one of the own communes.
  for (const role of rules.roles) {
    const told = JSON.stringify(await request(role, "state.snapshot", {}));
    for (const c of communes) cell("request", own.has(c), told.includes(`"${c}"`), `${role} state.snapshot of everything, ${c}`);
  }
  for (const role of rules.roles) await ask[role].close();
  node.close();
} catch (error) {
  complaints.push(error.message);
  console.error(error);
  console.error(the_centre?.program.tail(20));
  process.exitCode = 1;
} finally {
  await view?.close();
  await the_centre?.stop();
  await the_farm?.stop();
  remove_folder(folder);
}

/// The claims of a token with another camera, under the signature it had.
function forge(token, camera) {
  const [payload, mac] = token.split(".");
  const bytes = Buffer.from(payload, "base64url");
  const length = bytes.readUInt16BE(2);
  const name = Buffer.from(camera);
  const head = Buffer.alloc(4);
  bytes.copy(head, 0, 0, 2);
  head.writeUInt16BE(name.length, 2);
  return `${Buffer.concat([head, name, bytes.subarray(4 + length)]).toString("base64url")}.${mac}`;
}

for (const complaint of complaints.slice(0, 30)) say(complaint);
if (totals.leaks + totals.missing > 0 || totals.executed !== totals.cells || totals.cells === 0) process.exitCode = 1;
console.log(JSON.stringify(totals));
