// SPDX-License-Identifier: Apache-2.0
// What a dashboard sees of the bus: state and events as they come, with the time each arrived.
import { connect } from "@nats-io/transport-node";

export class bus_view {
  static async open({ bus, user }, tcp_port) {
    const self = new bus_view();
    self.user = user;
    self.cameras = new Map();
    self.sites = new Map();
    self.events = [];
    self.heartbeats = [];
    self.waiters = new Set();
    self.nc = await connect({ servers: `127.0.0.1:${tcp_port}`, user: bus.user, pass: bus.password,
      inboxPrefix: `_INBOX_${user}`, maxReconnectAttempts: -1, reconnectTimeWait: 200, pingInterval: 1000, maxPingOut: 2 });
    self.me = await self.request("people.me");
    for (const subject of self.me.subjects)
      self.#follow(subject, (body) => {
        if (body.kind === "camera_state") self.cameras.set(body.camera, body);
        if (body.kind === "site_state") self.sites.set(body.site, body);
        if (body.kind === "event") self.events.push(body);
        if (body.kind === "heartbeat") self.heartbeats = [body];
      });
    await self.nc.flush();
    await self.take_snapshot();
    return self;
  }
  #follow(subject, take) {
    this.nc.subscribe(subject, { callback: (error, message) => {
      if (error) return;
      const body = message.json();
      body.received_ms = performance.now();
      take(body, message.subject);
      for (const waiter of [...this.waiters]) waiter(body);
    } });
  }
  async take_snapshot() {
    const snapshot = await this.request("state.snapshot");
    for (const commune of snapshot.communes)
      for (const site of commune.sites) {
        this.sites.set(site.site, site);
        for (const camera of site.cameras) if (!this.cameras.has(camera.camera)) this.cameras.set(camera.camera, camera);
      }
    return snapshot;
  }
  async request(service, body = {}) {
    const subject = `vigie.v1.request.${this.user}.${service}`;
    const correlation = Math.random().toString(36).slice(2);
    const reply = await this.nc.request(subject, JSON.stringify({ v: 1, correlation, ...body }), { timeout: 5000 });
    return reply.json();
  }
  /// The first message (from now on, or matching now) for which `matches` holds.
  wait(what, limit_ms, matches) {
    return new Promise((resolve, reject) => {
      const finish = (act, value) => { clearTimeout(timer); this.waiters.delete(waiter); act(value); };
      const waiter = (body) => { if (matches(body)) finish(resolve, body); };
      const timer = setTimeout(() => finish(reject, new Error(`waited ${limit_ms} ms in vain: ${what}`)), limit_ms);
      this.waiters.add(waiter);
    });
  }
  count(state) { return [...this.cameras.values()].filter((camera) => camera.state === state).length; }
  close() { return this.nc.close(); }
}
