// SPDX-License-Identifier: Apache-2.0
// The bench on which system tests and measurements run the built programs: starts them, speaks to
// them as their users do, and stops them whatever happens. Loopback only.
import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const bin_dir = process.env.VIGIE_BIN ?? path.join(root, "build/release/bin");
export const bin = (name) => path.join(bin_dir, name);
export const camera_password = "vigie-demo";

const running = new Set();
const kill_all = () => { for (const child of running) child.kill("SIGKILL"); };
process.on("exit", kill_all);
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(128));

/// A free folder under the system's temporary one; removed by `remove_folder`.
export const make_folder = (name) => fs.mkdtempSync(path.join(os.tmpdir(), `vigie-${name}-`));
export const remove_folder = (folder) => fs.rmSync(folder, { recursive: true, force: true });

/// `count` TCP ports that are free now, below the kernel's ephemeral range.
export async function free_ports(count) {
  const ports = [];
  for (let port = 11000 + (process.pid * 37) % 9000; ports.length < count; port++) {
    const probe = net.createServer();
    probe.listen({ port, host: "127.0.0.1", exclusive: true });
    const free = await new Promise((resolve) => {
      probe.once("listening", () => resolve(true));
      probe.once("error", () => resolve(false));
    });
    if (free) { ports.push(port); await new Promise((done) => probe.close(done)); }
  }
  return ports;
}

/// Resolves with `check()`'s first truthy value; rejects, naming `what`, after `limit_ms`.
export async function until(what, limit_ms, check, every_ms = 50) {
  const deadline = performance.now() + limit_ms;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`waited ${limit_ms} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, every_ms));
  }
}

/// Runs one of our programs; its stderr goes to `log` and its end is known.
export class program {
  constructor(name, args, { env = {}, log, command } = {}) {
    this.name = name;
    this.log_path = log;
    const out = log ? fs.openSync(log, "a") : "ignore";
    this.child = spawn(command ?? bin(name), args,
      { stdio: ["ignore", out, out], env: { ...process.env, ...env } });
    if (log) fs.closeSync(out);
    running.add(this.child);
    this.ended = once(this.child, "exit").then(([code, signal]) => {
      running.delete(this.child);
      return (this.end = { code, signal });
    });
    this.child.on("error", (error) => { this.end = { code: -1, signal: null, error }; });
  }
  get pid() { return this.child.pid; }
  kill(signal = "SIGKILL") { this.child.kill(signal); }
  /// Ends in order within `limit_ms`, else by force. Returns {code, signal}.
  async stop(limit_ms = 8000) {
    if (this.end) return this.end;
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), limit_ms);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }
  tail(lines = 15) {
    if (!this.log_path) return "";
    return fs.readFileSync(this.log_path, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }
}

/// A running camera farm and the line to its control port.
export class farm {
  static async start({ cameras, port, control, log, args = [] }) {
    const self = new farm();
    self.control_port = control;
    self.program = new program("vigie-sim", ["farm", "--cameras", String(cameras), "--port", String(port),
      "--control", `127.0.0.1:${control}`, ...args.map(String)], { log });
    await until("the farm's control port", 60_000, async () => {
      if (self.program.end) throw new Error(`vigie-sim farm ended:\n${self.program.tail()}`);
      return self.ask({ cmd: "stats" }).catch(() => null);
    });
    return self;
  }
  /// One command, one reply.
  ask(command) {
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.control_port, "127.0.0.1");
      let text = "";
      socket.setTimeout(5000, () => socket.destroy(new Error("the farm does not answer")));
      socket.on("connect", () => socket.write(JSON.stringify(command) + "\n"));
      socket.on("data", (chunk) => {
        text += chunk;
        const end = text.indexOf("\n");
        if (end < 0) return;
        socket.destroy();
        resolve(JSON.parse(text.slice(0, end)));
      });
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("the farm closed the control connection")));
    });
  }
  fault(cameras, fault, seconds) {
    return this.ask({ cmd: "fault", cameras, fault, ...(seconds ? { seconds } : {}) });
  }
  stats() { return this.ask({ cmd: "stats" }); }
  stop() { return this.program.stop(); }
}

/// Writes a centre configuration for a farm, in a folder of its own.
export function write_config(folder, { cameras, communes, sites, farm_port, ports, extra = [] }) {
  const text = execFileSync(bin("vigie-sim"), ["config", "--cameras", cameras, "--communes", communes,
    "--sites", sites, "--port", farm_port, "--data-dir", path.join(folder, "data"),
    "--bus-port", ports.bus, "--websocket-port", ports.websocket, "--gateway-port", ports.gateway,
    ...extra].map(String), { encoding: "utf8" });
  const file = path.join(folder, "centre.toml");
  fs.writeFileSync(file, text);
  return file;
}

/// Writes a centre configuration by hand: `text` are its plugins, communes and cameras, which log in to a farm unless
/// `defaults` says otherwise.
export function write_centre(folder, ports, text, defaults = `username = "vigie"
password_env = "VIGIE_CAMERA_PASSWORD"
purposes = ["persons_and_property_safety"]`) {
  const file = path.join(folder, "centre.toml");
  fs.writeFileSync(file, `[centre]
id = "lab"
name = "Lab"
department = "95"
data_dir = "data"
[bus]
port = ${ports.bus}
websocket_port = ${ports.websocket}
[gateway]
port = ${ports.gateway}
[defaults]
retention_days = 7
${defaults}
${text}`);
  return file;
}

/// The person as whom tests and measurements look: sees every commune, live and recorded, on duty.
export const chief = { name: "chief", password: "chief-of-the-lab" };

/// Runs `vigie user` on a configuration's register, with a password on standard input when one is given.
export function vigie_user(config, args, { password, env = {} } = {}) {
  return execFileSync(bin("vigie"), ["user", ...args, "--config", config].map(String), { encoding: "utf8",
    input: password ? `${password}\n` : "", env: { ...process.env, VIGIE_CAMERA_PASSWORD: camera_password, ...env },
    stdio: ["pipe", "pipe", "inherit"] });
}

/// Adds a room chief who may do all a test asks for, unless the register has one from before.
function add_chief(config, env) {
  const known = JSON.parse(vigie_user(config, ["list", "--json"], { env }));
  if (known.some((person) => person.name === chief.name)) return;
  const department = /^department = "(\w+)"/m.exec(fs.readFileSync(config, "utf8"))?.[1] ?? "95";
  vigie_user(config, ["add", chief.name, "--role", "room_chief", "--full-name", "Chef de salle", "--communes", "all",
    "--live", "yes", "--replay", "yes", "--on-duty", "--department", department, "--until", "2099-12-31",
    "--reason", "test bench"], { password: chief.password, env });
}

/// A running `vigie run`.
export class centre {
  static async start({ config, gateway_port, log, env = {} }) {
    const self = new centre();
    add_chief(config, env);
    self.url = `http://127.0.0.1:${gateway_port}`;
    self.program = new program("vigie", ["run", config],
      { log, env: { VIGIE_CAMERA_PASSWORD: camera_password, ...env } });
    await until("the centre's gateway", 30_000, async () => {
      if (self.program.end) throw new Error(`vigie run ended:\n${self.program.tail()}`);
      return fetch(`${self.url}/console.json`).then((r) => (r.ok ? r : null)).catch(() => null);
    });
    return self;
  }
  /// What a dashboard connects with: where the bus is, and who signs in.
  async console() {
    const told = await fetch(`${this.url}/console.json`).then((reply) => reply.json());
    return { bus: { ...told.bus, user: chief.name, password: chief.password }, user: chief.name };
  }
  health() { return fetch(`${this.url}/healthz`).then((reply) => reply.json()); }
  async metrics() { return (await fetch(`${this.url}/metrics`)).text(); }
  stop() { return this.program.stop(); }
}

/// CPU seconds and resident KiB of a process, from /proc.
export function usage(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    cpu_s: (Number(fields[11]) + Number(fields[12])) / 100,
    rss_kib: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0),
  };
}

export const percentile = (values, p) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)];
};

/// Ids "cam-0001" … as the farm names its cameras.
export const camera_name = (i) => `cam-${String(i).padStart(4, "0")}`;
