// SPDX-License-Identifier: Apache-2.0
// Everything a lab's centre needs to tell somebody: simulated recipients with certificates of their own, and the
// lines of configuration that lead to them. Loopback only; what it signs is worth two days.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { program, until } from "./lab.mjs";

const secret = "un secret partagé du laboratoire";

function openssl(folder, ...args) { execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] }); }

function make_certificates(folder) {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(folder, "req", "-x509", ...key, "-days", "2", "-subj", "/CN=lab", "-keyout", "ca.key", "-out", "ca.pem");
  const signed = (name, extension) => {
    fs.writeFileSync(path.join(folder, `${name}.ext`), `${extension}\n`);
    openssl(folder, "req", ...key, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    openssl(folder, "x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
      "-extfile", `${name}.ext`, "-out", `${name}.pem`);
  };
  signed("server", "subjectAltName=IP:127.0.0.1");
  signed("client", "extendedKeyUsage=clientAuth");
}

/// Who is told in department `code`: State forces and rescue by CAP, municipal police and guards by a signed webhook,
/// the contractor by mail. `kind` is the word of `[[recipient]]`.
const offices = (code) => [
  { id: `cic-${code}`, kind: "national_police_cic", name: "CIC du laboratoire", by: "cap" },
  { id: `corg-${code}`, kind: "gendarmerie_corg", name: "CORG du laboratoire", by: "cap" },
  { id: `cta-${code}`, kind: "fire_rescue_cta", name: "CTA-CODIS du laboratoire", by: "cap" },
  { id: "police-municipale", kind: "municipal_police", name: "Police municipale du laboratoire", by: "webhook" },
  { id: "gardiennage", kind: "guarding_company", name: "Gardiennage du laboratoire", by: "webhook" },
  { id: "mainteneur", kind: "maintenance_contractor", name: "Mainteneur du laboratoire", by: "smtp" },
];

export class alerting {
  /// `communes` are INSEE codes; the first is police zone, the others gendarmerie, by turns. `ports` are seven free ones.
  static async start({ folder, code, communes, ports, extra_kinds = {} }) {
    const self = new alerting();
    const pki = path.join(folder, "pki");
    fs.mkdirSync(pki);
    make_certificates(pki);
    const [control, ...listen] = ports;
    self.control = control;
    self.desks = offices(code).map((office, at) => ({ ...office, port: listen[at] }));
    const config = path.join(folder, "recipients.toml");
    fs.writeFileSync(config, `control = "127.0.0.1:${control}"
[tls]
certificate_file = "${pki}/server.pem"
key_file = "${pki}/server.key"
client_ca_file = "${pki}/ca.pem"
${self.desks.map((d) => `[[desk]]
name = "${d.id}"
kind = "${d.by}"
listen = "127.0.0.1:${d.port}"
${d.by === "cap" ? `sender = "${d.id}.example"` : d.by === "webhook" ? `secret = "${secret}"` : `tls = "implicit"`}`).join("\n")}
`);
    self.report = path.join(folder, "ledger.json");
    self.program = new program("vigie-sim", ["recipients", "--config", config, "--report", self.report], { log: path.join(folder, "recipients.log") });
    await until("the recipients' control door", 20_000, () => self.ledger().catch(() => null));
    self.config_text = self.#config(code, communes, pki, extra_kinds);
    return self;
  }

  #config(code, communes, pki, extra_kinds) {
    const pem = (name) => `'''\n${fs.readFileSync(path.join(pki, name), "utf8")}'''`;
    const endpoints = (by, line) => this.desks.filter((d) => d.by === by).map(line).join("\n");
    const valid = `[recipient.permission]
  act = "arrêté du laboratoire"
  signed_on = 2026-01-01
  valid_from = 2026-01-01
  valid_until = 2027-12-31
  night_clause = "convention du laboratoire, article 3"`;
    const scheme = this.desks.map((d) => {
      const types = extra_kinds[d.kind] ?? (d.kind === "guarding_company" ? ["intrusion"] : null);
      const place = d.kind === "municipal_police" ? [communes[0]] : d.kind === "guarding_company" ? communes : null;
      return `[[recipient]]
id = "${d.id}"
kind = "${d.kind}"
name = "${d.name}"
notifier = "fr.vigie.${d.by === "cap" ? "cap_https" : d.by}"
${place ? `communes = ${JSON.stringify(place)}` : ""}
${types ? `incidents = ${JSON.stringify(types)}` : ""}
${d.kind === "municipal_police" ? valid : ""}`;
    });
    return `
[[plugin]]
id = "fr.vigie.cap_https"
[plugin.config]
sender = "centre-${code}.example"
${endpoints("cap", (d) => `[plugin.config.recipients.${d.id}]
url = "https://127.0.0.1:${d.port}/cap"
timeout_ms = 2000
ca = ${pem("ca.pem")}
certificate = ${pem("client.pem")}
key = ${pem("client.key")}`)}
[[plugin]]
id = "fr.vigie.webhook"
[plugin.config]
${endpoints("webhook", (d) => `[plugin.config.recipients.${d.id}]
url = "https://127.0.0.1:${d.port}/alerts"
secret = "${secret}"
timeout_ms = 2000
ca = ${pem("ca.pem")}`)}
[[plugin]]
id = "fr.vigie.smtp"
[plugin.config]
from = "centre@lab.example"
${endpoints("smtp", (d) => `[plugin.config.recipients.${d.id}]
url = "smtps://127.0.0.1:${d.port}"
to = ["mainteneur@lab.example"]
timeout_ms = 2000
ca = ${pem("ca.pem")}`)}
${communes.map((insee, at) => `[[zone]]
commune = "${insee}"
force = "${at % 2 === 0 ? "police" : "gendarmerie"}"`).join("\n")}
${scheme.join("\n")}
`;
  }

  ask(command) {
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.control, "127.0.0.1", () => socket.write(`${JSON.stringify(command)}\n`));
      let text = "";
      socket.setTimeout(5000, () => socket.destroy(new Error("the recipients do not answer")));
      socket.on("data", (chunk) => {
        text += chunk;
        if (!text.endsWith("\n")) return;
        socket.destroy();
        resolve(JSON.parse(text));
      });
      socket.on("error", reject);
    });
  }
  ledger() { return this.ask({ cmd: "ledger" }); }
  behave(recipient, behaviour, { times = 1, delay_ms = 500 } = {}) {
    return this.ask({ cmd: "behave", recipient, behaviour, delay_ms, times });
  }
  stop() { return this.program.stop(); }
}
