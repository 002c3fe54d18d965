// SPDX-License-Identifier: Apache-2.0
// A centre of 24 imagined cameras to develop the console against, without building Vigie: a real
// nats-server, states that drift, faults on command (as the camera farm takes them), live pictures and
// clips drawn by ffmpeg. Usage: node fake_centre.mjs [--port 24080] [--control 24085] [--dist folder]
// [--person name:password], who then has to sign in.
import { connect } from "@nats-io/transport-node";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fake_desk } from "./fake_desk.mjs";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const here = path.dirname(fileURLToPath(import.meta.url));
const port = Number(option("port", 24080));
const control_port = Number(option("control", port + 5));
const dist = path.resolve(option("dist", path.join(here, "../../dashboards/web/dist")));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vigie-fake-"));
const [user, password] = option("person", "console:console").split(":");
const children = new Set();

const start = (command, args, options = {}) => {
  const child = spawn(command, args, { stdio: "ignore", ...options });
  children.add(child);
  child.on("exit", () => children.delete(child));
  return child;
};
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(0));

// -- the bus ------------------------------------------------------------------------------------
fs.writeFileSync(path.join(folder, "nats.conf"), `
listen: 127.0.0.1:${port + 1}
websocket { listen: "127.0.0.1:${port + 2}", no_tls: true }
authorization { users: [
  { user: node, password: node }
  { user: "${user}", password: "${password}", permissions: { publish: "vigie.v1.request.${user}.>", subscribe: ["vigie.v1.>", "_INBOX_${user}.>"] } }
] }
`);
const server_binary = ["/usr/sbin/nats-server", "/usr/bin/nats-server"].find((file) => fs.existsSync(file)) ?? "nats-server";
start(server_binary, ["-c", path.join(folder, "nats.conf")]);

async function connect_when_up() {
  for (let left = 50; ; left--) {
    try {
      return await connect({ servers: `127.0.0.1:${port + 1}`, user: "node", pass: "node" });
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
const bus = await connect_when_up();

// -- the centre ---------------------------------------------------------------------------------
const centre = { id: "demo", name: "Centre de démonstration", department: "95" };
const communes = [
  ["95018", "Argenteuil", [
    ["college-hugo", "Collège Victor-Hugo", "school", ["Portail principal", "Cour nord", "Abri à vélos"]],
    ["mairie-argenteuil", "Hôtel de ville", "town_hall", ["Parvis", "Entrée du personnel", "Parking"]],
    ["gare-argenteuil", "Gare routière", "station", ["Quai A", "Quai B", "Abribus 4"]],
  ]],
  ["95127", "Cergy", [
    ["musee-cergy", "Musée départemental", "museum", ["Accueil", "Galerie est", "Réserve"]],
    ["prefecture", "Place de la Préfecture", "public_road", ["Angle nord", "Angle sud", "Passerelle"]],
    ["lycee-cergy", "Lycée Galilée", "school", ["Entrée", "Internat", "Gymnase"]],
  ]],
  ["95500", "Pontoise", [
    ["pont-oise", "Pont sur l'Oise", "public_road", ["Rive droite", "Rive gauche", "Tablier"]],
    ["archives", "Archives départementales", "public_building", ["Hall", "Quai de livraison", "Façade rue"]],
  ]],
];
const purposes_of = (kind) => kind === "public_road"
  ? ["transport_flow_regulation", "persons_and_property_safety"] : ["public_buildings_protection"];
const epoch = `${Date.now()}`;
let seq = 0;
const cameras = [];
const sites = [];
for (const [commune, , list] of communes)
  for (const [site, name, site_kind, names] of list) {
    sites.push({ commune, site, name, site_kind, state: "live", since: Date.now() - 7.5e6, cause: "none" });
    for (const camera_name of names)
      cameras.push({
        commune, site, camera: `cam-${String(cameras.length + 1).padStart(4, "0")}`, name: camera_name,
        state: "live", rung: "clock_right", cause: "none", since: Date.now() - 3e5 - cameras.length * 1.7e6, detail: "",
        purposes: purposes_of(site_kind), authority: commune, last_frame_at: Date.now(),
        lost_packets: cameras.length % 5 === 0 ? 12 : 0,
      });
  }

const iso = (ms) => new Date(ms).toISOString();
const state_of = (c) => ({
  commune: c.commune, site: c.site, camera: c.camera, name: c.name, state: c.state, rung: c.rung, cause: c.cause,
  since: iso(c.since), detail: c.detail, purposes: c.purposes, authority: c.authority,
  fps: c.state === "down" ? 0 : 12 + Math.random() * 0.1 - 0.05, kbps: c.state === "down" ? 0 : 405 + Math.random() * 40,
  width: 640, height: 360, lost_packets: c.lost_packets, last_frame_at: c.last_frame_at === null ? null : iso(c.last_frame_at),
  clock_offset_ms: 3,
});
const site_of = (s) => {
  const mine = cameras.filter((c) => c.site === s.site);
  return { ...s, since: iso(s.since), live: mine.filter((c) => c.state === "live").length, total: mine.length };
};
const commune_of = (id, name) => {
  const mine = cameras.filter((c) => c.commune === id);
  const count = (state) => mine.filter((c) => c.state === state).length;
  return { commune: id, name, live: count("live"), degraded: count("degraded"), down: count("down"), starting: count("starting"), total: mine.length };
};
const publish = (subject, kind, body) =>
  bus.publish(`vigie.v1.${subject}`, JSON.stringify({ v: 1, kind, epoch, seq: ++seq, at: iso(Date.now()), ...body }));
const publish_camera = (c) => publish(`state.${c.commune}.${c.site}.${c.camera}`, "camera_state", state_of(c));
const publish_site = (s) => publish(`state.${s.commune}.${s.site}._`, "site_state", site_of(s));
const remembered = [];
function publish_event(type, site, camera, cause, list = []) {
  const body = { v: 1, kind: "event", epoch, seq, at: iso(Date.now()), id: `${epoch}-${remembered.length}`, type,
    commune: site.commune, site: site.site, camera, cause, since: iso(Date.now()), detail: "", cameras: list };
  remembered.unshift(body);
  bus.publish(`vigie.v1.event.${site.commune}.${site.site}.${camera ?? "_"}.${type}`, JSON.stringify(body));
}

const causes = { refuse: "refused", rst: "reset", silence: "silence", rtcp_only: "rtcp_only", drip: "drip", wrong_password: "wrong_password", slow_start: "protocol" };
const pictures = { freeze: "frozen_picture", black: "black_picture" };

function set_fault(ids, fault) {
  const touched = new Map();
  for (const id of ids) {
    const c = cameras.find((camera) => camera.camera === id);
    if (!c) continue;
    [c.state, c.cause] = fault === "none" ? ["live", "none"] : fault in pictures ? ["degraded", pictures[fault]] : ["down", causes[fault] ?? "silence"];
    c.since = Date.now();
    if (c.state !== "down") c.last_frame_at = Date.now();
    publish_camera(c);
    touched.set(c.site, [...(touched.get(c.site) ?? []), c]);
  }
  for (const [id, list] of touched) {
    const site = sites.find((s) => s.site === id);
    const all = cameras.filter((c) => c.site === id);
    const before = site.state;
    site.state = all.every((c) => c.state === "down") ? "outage" : all.some((c) => c.state !== "live") ? "degraded" : "live";
    site.cause = list[0].cause;
    site.since = Date.now();
    publish_site(site);
    if (site.state === "outage") publish_event("site_outage", site, null, site.cause, all.map((c) => c.camera));
    else if (before === "outage") publish_event("site_restored", site, null, "none", all.map((c) => c.camera));
    else for (const c of list) publish_event(c.state === "live" ? "camera_restored" : c.state === "down" ? "camera_down" : "camera_degraded", site, c.camera, c.cause, [c.camera]);
  }
}

setInterval(() => {
  for (const c of cameras) if (c.state !== "down") c.last_frame_at = Date.now() - Math.random() * 80;
  publish("node.node-1.heartbeat", "heartbeat", { node: "node-1", cameras: 24, live: cameras.filter((c) => c.state === "live").length, recording: 24, outbox: 0, recorded_frames: 1, recorded_bytes: 1, dropped_gops: 0, uptime_s: 1 });
}, 1000);
setInterval(() => { cameras.forEach(publish_camera); sites.forEach(publish_site); }, 10_000);

const refusal = (correlation, code, rule, en, fr, who) => ({ v: 1, kind: "error", correlation, error: { code, rule, en, fr, who } });

const desk = new fake_desk(publish);
desk.raise("inc-0001", { kind: "intrusion", origin: "alarm_panel", source: "centrale-hugo", commune: "95018", site: "college-hugo", camera: "cam-0002", ago_s: 200, signals: 4 });
desk.raise("inc-0002", { kind: "panic", origin: "alarm_panel", source: "bouton-accueil", commune: "95018", site: "mairie-argenteuil", camera: "cam-0005", ago_s: 25 });
desk.raise("inc-0003", { kind: "theft", origin: "operator_seen", source: "l.martin", commune: "95127", site: "prefecture", camera: "cam-0014", ago_s: 900, state: "verifying", owner: "l.martin" });
desk.raise("inc-0004", { kind: "camera_outage", origin: "camera_health", source: "cam-0021", commune: "95500", site: "pont-oise", camera: "cam-0021", ago_s: 1300 });
desk.raise("inc-0005", { kind: "damage", origin: "alarm_panel", source: "centrale-archives", commune: "95500", site: "archives", ago_s: 5000, state: "closed" });

function answer(subject, body) {
  const [, , , user, service, verb] = subject.split(".");
  const { correlation } = body;
  if (service === "incidents") return desk.answer(user, verb, body, refusal);
  if (service === "state")
    return { v: 1, kind: "snapshot", correlation, epoch, seq, at: iso(Date.now()), centre, partial: false,
      communes: communes.map(([id, name]) => ({ ...commune_of(id, name), sites: sites.filter((s) => s.commune === id)
        .map((s) => ({ ...site_of(s), cameras: cameras.filter((c) => c.site === s.site).map(state_of) })) })) };
  if (service === "events")
    return { v: 1, kind: "events", correlation, events: remembered.slice(0, body.limit ?? 100), more: remembered.length > (body.limit ?? 100) };
  if (service === "people")
    return { v: 1, kind: "me", correlation, acts: ["read_states", "read_incidents", "handle_incident", "view_live", "view_replay"],
      person: { name: user, full_name: "Camille Durand", role: "video_operator", on_duty: body.on_duty ?? true, suspended: false,
        live: true, replay: true, communes: communes.map(([id]) => id),
        approvals: [{ department: "95", valid_from: iso(0), valid_until: iso(4102444800000), suspended: false }] },
      subjects: ["vigie.v1.state.>", "vigie.v1.event.>", "vigie.v1.node.>", "vigie.v1.incident.>"] };
  const camera = cameras.find((c) => c.camera === body.camera);
  if (!camera) return refusal(correlation, "not_found", null, "no such camera", "caméra inconnue", null);
  if (!body.reason?.trim()) return refusal(correlation, "reason_missing", "LEG-33", "no reason given", "aucun motif donné", "l'opérateur");
  if (body.reason.includes("refus"))
    return refusal(correlation, "access_denied", "LEG-03", "this commune has not granted you viewing", "Cette commune ne vous a pas ouvert la visualisation.", "le maire d'Argenteuil");
  if (service === "live")
    return { v: 1, kind: "live_grant", correlation, camera: camera.camera, session: "view-1", url: `ws://127.0.0.1:${port}/live/${camera.camera}`, expires_at: iso(Date.now() + 30_000) };
  if (service === "replay" && verb === "open") {
    const segments = [];
    const from = Date.parse(body.from);
    const to = Math.floor(Date.parse(body.to) / 60_000) * 60_000;
    for (let at = Math.ceil(from / 60_000) * 60_000; at + 60_000 <= to; at += 60_000) {
      const age_min = (to - at) / 60_000;
      if (age_min > 38 && age_min < 46) continue;
      segments.push({ start: iso(at), end: iso(at + 60_000), bytes: 1, url: `http://127.0.0.1:${port}/clip/${camera.camera}/${at}.mp4` });
    }
    return { v: 1, kind: "replay_grant", correlation, camera: camera.camera, session: "view-2", expires_at: iso(Date.now() + 900_000), segments };
  }
  return refusal(correlation, "bus_unknown", null, "no such service", "service inconnu", null);
}
bus.subscribe("vigie.v1.request.>", { callback: (error, message) => {
  if (!error) message.respond(JSON.stringify(answer(message.subject, message.json())));
} });

// -- pictures -----------------------------------------------------------------------------------
const source = (name) => `testsrc2=size=640x360:rate=12,drawtext=text='${name}':x=20:y=300:fontsize=36:fontcolor=white:box=1:boxcolor=black@0.6`;
const encode = ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "main", "-bf", "0", "-g", "24", "-b:v", "400k", "-pix_fmt", "yuv420p"];
const clip = path.join(folder, "clip.mp4");
spawnSync("ffmpeg", ["-loglevel", "error", "-f", "lavfi", "-i", source("enregistrement"), "-t", "60", ...encode,
  "-movflags", "empty_moov+default_base_moof+frag_keyframe", clip]);

function send_frame(socket, opcode, payload) {
  const head = payload.length < 126 ? Buffer.from([0x80 | opcode, payload.length])
    : payload.length < 65536 ? Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 255])
    : Buffer.concat([Buffer.from([0x80 | opcode, 127, 0, 0, 0, 0]), Buffer.from(new Uint32Array([payload.length]).buffer).swap32()]);
  socket.write(Buffer.concat([head, payload]));
}
const tell = (socket, body) => send_frame(socket, 1, Buffer.from(JSON.stringify(body)));

function serve_live(request, socket) {
  const key = request.headers["sec-websocket-key"];
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const id = request.url.split("/").pop();
  const camera = cameras.find((c) => c.camera === id);
  const ffmpeg = start("ffmpeg", ["-loglevel", "error", "-re", "-f", "lavfi", "-i", source(`${id}  %{pts\\:hms}`), ...encode, "-f", "mp4",
    "-frag_duration", "333333", "-movflags", "empty_moov+default_base_moof", "-flush_packets", "1", "pipe:1"], { stdio: ["ignore", "pipe", "ignore"] });
  let bytes = Buffer.alloc(0);
  let part = [];
  let fragments = 0;
  ffmpeg.stdout.on("data", (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 8 && bytes.length >= bytes.readUInt32BE(0)) {
      const size = bytes.readUInt32BE(0);
      const type = bytes.toString("latin1", 4, 8);
      part.push(bytes.subarray(0, size));
      bytes = bytes.subarray(size);
      if (type !== "moov" && type !== "mdat") continue;
      const whole = Buffer.concat(part);
      part = [];
      if (type === "moov") {
        const avcc = whole.indexOf("avcC") + 4;
        tell(socket, { kind: "init", codecs: `avc1.${whole.toString("hex", avcc + 1, avcc + 4)}`, width: 640, height: 360, generation: 1 });
      } else {
        if (camera.state === "down") continue;
        const media_s = fragments++ / 3;
        tell(socket, { kind: "time", media_s, capture: iso(Date.now() - 420), sent: iso(Date.now()) });
      }
      send_frame(socket, 2, whole);
    }
  });
  socket.on("error", () => undefined);
  socket.on("close", () => ffmpeg.kill("SIGKILL"));
  socket.resume();
}

// -- HTTP and control ---------------------------------------------------------------------------
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };
const page = http.createServer((request, response) => {
  const target = new URL(request.url, "http://x").pathname;
  if (target === "/console.json") {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ bus: { url: `ws://127.0.0.1:${port + 2}`, ...(option("person") ? {} : { user, password }) } }));
    return;
  }
  const file = target.startsWith("/clip/") ? clip : path.join(dist, target === "/" ? "index.html" : path.normalize(target));
  if (!fs.existsSync(file)) { response.statusCode = 404; response.end(); return; }
  const data = fs.readFileSync(file);
  response.setHeader("content-type", target.startsWith("/clip/") ? "video/mp4" : types[path.extname(file)] ?? "application/octet-stream");
  response.setHeader("content-security-policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self' ws:");
  response.setHeader("accept-ranges", "bytes");
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (!range) { response.end(data); return; }
  const last = range[2] === "" ? data.length - 1 : Math.min(Number(range[2]), data.length - 1);
  response.writeHead(206, { "content-range": `bytes ${range[1]}-${last}/${data.length}` });
  response.end(data.subarray(Number(range[1]), last + 1));
});
page.on("upgrade", serve_live);
page.listen(port, "127.0.0.1");

net.createServer((socket) => {
  let text = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    text += chunk;
    for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
      const command = JSON.parse(text.slice(0, end));
      if (command.cmd === "fault") {
        set_fault(command.cameras === "all" ? cameras.map((c) => c.camera) : command.cameras, command.fault);
        if (command.seconds) setTimeout(() => set_fault(command.cameras, "none"), command.seconds * 1000);
      }
      socket.write("{\"ok\":true}\n");
    }
  });
}).listen(control_port, "127.0.0.1");

console.log(`http://127.0.0.1:${port}  control 127.0.0.1:${control_port}`);
if (option("for")) setTimeout(() => process.exit(0), Number(option("for")) * 1000);
