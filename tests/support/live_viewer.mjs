// SPDX-License-Identifier: Apache-2.0
// A viewer of live video that trusts nothing: opens the WebSocket a grant names and counts what comes (RFC 6455).
import crypto from "node:crypto";
import http from "node:http";

export class live_viewer {
  /// Resolves once the gateway has answered; `status` is 101 when it let us in.
  static open(url) {
    const self = new live_viewer();
    self.fragments = 0;
    self.last_ms = null;
    self.closed_ms = null;
    self.texts = [];
    self.waiters = new Set();
    return new Promise((resolve, reject) => {
      const request = http.get(url.replace(/^ws/, "http"), { agent: false, headers: { connection: "Upgrade", upgrade: "websocket",
        "sec-websocket-version": "13", "sec-websocket-key": crypto.randomBytes(16).toString("base64") } });
      request.setTimeout(10_000, () => request.destroy(new Error("the gateway does not answer")));
      request.on("error", reject);
      request.on("response", (response) => {
        self.status = response.statusCode;
        response.resume();
        response.on("end", () => resolve(self));
      });
      request.on("upgrade", (response, socket, head) => {
        self.status = response.statusCode;
        self.socket = socket;
        socket.setTimeout(0);
        let waiting = head;
        const take = (chunk) => {
          waiting = Buffer.concat([waiting, chunk]);
          waiting = self.#read(waiting);
        };
        socket.on("data", take);
        socket.on("error", () => {});
        socket.on("close", () => { self.closed_ms = performance.now(); self.#wake(); });
        take(Buffer.alloc(0));
        resolve(self);
      });
    });
  }
  /// Takes whole frames off `bytes`, gives back the rest.
  #read(bytes) {
    for (;;) {
      if (bytes.length < 2) return bytes;
      let length = bytes[1] & 0x7f, at = 2;
      if (length === 126) { if (bytes.length < 4) return bytes; length = bytes.readUInt16BE(2); at = 4; }
      else if (length === 127) { if (bytes.length < 10) return bytes; length = Number(bytes.readBigUInt64BE(2)); at = 10; }
      if (bytes.length < at + length) return bytes;
      const kind = bytes[0] & 0x0f;
      if (kind === 2 || kind === 0) { this.fragments++; this.last_ms = performance.now(); }
      // A masked, empty close: ours, so that the other side need not wait for it.
      if (kind === 8) this.socket.end(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
      if (kind === 1) this.texts.push(bytes.toString("utf8", at, at + length));
      bytes = bytes.subarray(at + length);
      this.#wake();
    }
  }
  #wake() { for (const waiter of [...this.waiters]) waiter(); }
  /// Resolves when `holds(this)`; rejects, naming `what`, after `limit_ms`.
  wait(what, limit_ms, holds) {
    return new Promise((resolve, reject) => {
      const finish = (act, value) => { clearTimeout(timer); this.waiters.delete(waiter); act(value); };
      const waiter = () => { if (holds(this)) finish(resolve, this); };
      const timer = setTimeout(() => finish(reject, new Error(`waited ${limit_ms} ms in vain: ${what}`)), limit_ms);
      this.waiters.add(waiter);
      waiter();
    });
  }
  close() { this.socket?.destroy(); }
}
