// SPDX-License-Identifier: Apache-2.0
// A client of NATS that hides nothing: speaks the protocol itself, so that each refusal of the server is seen for the
// one line that caused it (https://docs.nats.io/reference/reference-protocols/nats-protocol).
import net from "node:net";

export class raw_bus {
  static async open({ port, user, password }) {
    const self = new raw_bus();
    self.heard = new Set();
    self.pongs = [];
    self.violations = new Set();
    self.sid = 0;
    self.rest = Buffer.alloc(0);
    self.socket = net.connect(port, "127.0.0.1");
    self.socket.on("data", (chunk) => self.#take(chunk));
    self.socket.on("error", () => {});
    self.socket.write(`CONNECT ${JSON.stringify({ verbose: false, pedantic: false, user, pass: password, lang: "vigie-test", version: "1", protocol: 1 })}\r\n`);
    await self.flush();
    return self;
  }
  #take(chunk) {
    let bytes = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const end = bytes.indexOf("\r\n");
      if (end < 0) break;
      const line = bytes.toString("utf8", 0, end);
      if (line.startsWith("MSG ")) {
        const words = line.split(" ");
        const size = Number(words.at(-1));
        if (bytes.length < end + 2 + size + 2) break;
        this.heard.add(words[1]);
        bytes = bytes.subarray(end + 2 + size + 2);
        continue;
      }
      bytes = bytes.subarray(end + 2);
      if (line === "PONG") this.pongs.shift()?.resolve();
      if (line === "PING") this.socket.write("PONG\r\n");
      if (line.startsWith("-ERR")) {
        const subject = /Permissions Violation for (Publish|Subscription) to "([^"]*)"/i.exec(line);
        if (subject) this.violations.add(`${subject[1].toLowerCase()} ${subject[2]}`);
        else for (const pong of this.pongs.splice(0)) pong.reject(new Error(line));
      }
    }
    this.rest = bytes;
  }
  /// Resolves once the server has dealt with all that was sent before.
  flush() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the bus does not answer")), 30_000);
      this.pongs.push({ resolve: () => { clearTimeout(timer); resolve(); }, reject: (error) => { clearTimeout(timer); reject(error); } });
      this.socket.write("PING\r\n");
    });
  }
  /// Whether the server took each publication: subject → boolean.
  async try_publish(subjects) {
    const out = new Map();
    for (let at = 0; at < subjects.length; at += 500) {
      const part = subjects.slice(at, at + 500);
      this.violations.clear();
      for (const subject of part) this.socket.write(`PUB ${subject} 2\r\n{}\r\n`);
      await this.flush();
      for (const subject of part) out.set(subject, !this.violations.has(`publish ${subject}`));
    }
    return out;
  }
  /// Subscribes to each and stays subscribed; whether the server took it.
  async try_subscribe(subjects) {
    const out = new Map();
    for (let at = 0; at < subjects.length; at += 500) {
      const part = subjects.slice(at, at + 500);
      this.violations.clear();
      for (const subject of part) this.socket.write(`SUB ${subject} ${++this.sid}\r\n`);
      await this.flush();
      for (const subject of part) out.set(subject, !this.violations.has(`subscription ${subject}`));
    }
    return out;
  }
  close() { this.socket.destroy(); }
}
