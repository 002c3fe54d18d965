// SPDX-License-Identifier: Apache-2.0
// The console's picture of the centre: a snapshot, kept current by what the bus says afterwards.
// Pure: time is given, nothing is asked.
import { read_camera, read_event, read_site, read_stamp, type Snapshot, type Stamp } from "./decode.ts";
import { parse_object } from "./json.ts";
import { SequenceWatch } from "./sequence.ts";
import type { BusEvent, Camera, CameraState, Centre, Commune, ShownState, Site } from "./types.ts";

/** A node that has not spoken for this long is not there. */
export const heartbeat_limit_ms = 4000;
/** States are repeated every 10 s; one that was not repeated twice is nobody's word any more. */
export const state_limit_ms = 25_000;
/** Kept in the feed; the node tells at most 500 at once. */
export const most_events = 300;
/** A camera's failure belongs to a site outage announced within this time. */
const outage_window_ms = 10_000;
const most_buffered = 20_000;

export interface EventEntry {
  readonly event: BusEvent;
  /** Failures of single cameras that a site outage explains. */
  readonly explained: readonly BusEvent[];
}

export type Counts = Record<ShownState, number>;
export const no_counts = (): Counts => ({ live: 0, degraded: 0, down: 0, starting: 0, unknown: 0 });

export class Store {
  centre: Centre | null = null;
  communes: readonly Commune[] = [];
  /** In the configuration's order: cards keep their places. */
  sites: readonly string[] = [];
  cameras: readonly string[] = [];
  events: readonly EventEntry[] = [];
  /** The bus connection is up. */
  is_connected = false;
  /** Something is missing: ask for a snapshot. */
  needs_snapshot = true;
  /** Events may have been missed: ask for the recent ones. */
  needs_events = true;
  /** Grows with every change. */
  version = 0;
  /** When the bus was lost, monotonic. */
  lost_at: number | null = null;

  #site = new Map<string, Site>();
  #camera = new Map<string, Camera>();
  #sites_of = new Map<string, string[]>();
  #cameras_of = new Map<string, string[]>();
  #commune_name = new Map<string, string>();
  #watch: SequenceWatch | null = null;
  #buffered: { text: string; now: number }[] | null = [];
  #heartbeat_heard_at: number | null = null;
  /** Node's clock minus ours. */
  #clock_lead_ms = 0;
  #seen_events = new Set<string>();
  /** The node started anew and we do not know its states yet. */
  #is_other_start = false;

  camera(id: string): Camera | undefined { return this.#camera.get(id); }
  site(id: string): Site | undefined { return this.#site.get(id); }
  commune_name(id: string): string { return this.#commune_name.get(id) ?? id; }
  sites_of(commune: string): readonly string[] { return this.#sites_of.get(commune) ?? []; }
  cameras_of(site: string): readonly string[] { return this.#cameras_of.get(site) ?? []; }

  /** The node's time, so that durations do not depend on this machine's clock. */
  node_time(wall_now: number): number { return wall_now + this.#clock_lead_ms; }

  heartbeat_age(now: number): number | null {
    return this.#heartbeat_heard_at === null ? null : now - this.#heartbeat_heard_at;
  }

  /** What we show is somebody's word of the last seconds. */
  is_current(now: number): boolean {
    const age = this.heartbeat_age(now);
    return this.is_connected && this.centre !== null && !this.#is_other_start && age !== null && age <= heartbeat_limit_ms;
  }

  shown_state(camera: Camera, now: number): ShownState {
    return this.is_current(now) && now - camera.heard_at <= state_limit_ms ? camera.state : "unknown";
  }

  counts(ids: readonly string[], now: number): Counts {
    const counts = no_counts();
    for (const id of ids) {
      const camera = this.#camera.get(id);
      if (camera) counts[this.shown_state(camera, now)]++;
    }
    return counts;
  }

  connected(is_connected: boolean, now: number): void {
    if (!is_connected && this.is_connected) this.lost_at = this.#heartbeat_heard_at ?? now;
    this.is_connected = is_connected;
    if (is_connected) this.request_snapshot();
    else this.#heartbeat_heard_at = null;
    this.version++;
  }

  /** From now on what the bus says is kept for after the snapshot. */
  request_snapshot(): void {
    this.needs_snapshot = true;
    this.needs_events = true;
    this.#buffered ??= [];
  }

  apply_snapshot(snapshot: Snapshot, now: number): void {
    this.centre = snapshot.centre;
    this.communes = snapshot.communes;
    this.#commune_name = new Map(snapshot.communes.map((c) => [c.id, c.name]));
    this.sites = snapshot.sites.map((s) => s.id);
    this.cameras = snapshot.cameras.map((c) => c.id);
    this.#site = new Map(snapshot.sites.map((s) => [s.id, s]));
    this.#camera = new Map(snapshot.cameras.map((c) => [c.id, c]));
    this.#sites_of = grouped(snapshot.sites, (s) => s.commune);
    this.#cameras_of = grouped(snapshot.cameras, (c) => c.site);
    this.#watch = new SequenceWatch(snapshot.stamp.epoch, snapshot.stamp.seq);
    this.needs_snapshot = false;
    this.#is_other_start = false;
    const buffered = this.#buffered ?? [];
    this.#buffered = null;
    for (const message of buffered) this.apply(message.text, message.now);
    this.version++;
    this.check(now);
  }

  /** What the node remembers, the last born first; what we know already is not added again. */
  apply_events(events: readonly BusEvent[]): void {
    for (const event of [...events].reverse()) this.#add_event(event);
    this.needs_events = false;
    this.version++;
  }

  apply(text: string, now: number): void {
    // While a snapshot is awaited, what can be applied is applied, and all of it once more afterwards.
    if (this.#buffered && this.#buffered.length < most_buffered) this.#buffered.push({ text, now });
    const body = parse_object(text);
    const stamp = body && read_stamp(body);
    if (!body || !stamp || body["v"] !== 1) return;
    const kind = body["kind"];
    if (stamp.epoch !== this.#watch?.epoch) {
      // An event may be an old one, sent again from the outbox; anything else is a new start.
      if (kind === "event") this.#add_event(read_event(body));
      else this.#is_other_start = true;
      if (this.#is_other_start) this.request_snapshot();
      if (kind === "heartbeat") this.#note_heartbeat(stamp, now);
      this.version++;
      return;
    }
    this.#watch.note(stamp.seq, now);
    switch (kind) {
      case "camera_state": this.#set_camera(body, now); break;
      case "site_state": this.#set_site(body); break;
      case "event": this.#add_event(read_event(body)); break;
      case "heartbeat": this.#note_heartbeat(stamp, now); break;
    }
    this.version++;
  }

  /** Looks for gaps; call it every second or so. */
  check(now: number): void {
    if (!this.needs_snapshot && this.#watch?.has_gap(now)) this.request_snapshot();
  }

  #set_camera(body: Record<string, unknown>, now: number): void {
    const stamp = read_stamp(body);
    const before = this.#camera.get(String(body["camera"]));
    if (!stamp) return;
    if (!before) {
      this.request_snapshot();
      return;
    }
    if (stamp.seq <= before.seq) return;
    const camera = read_camera(body, stamp, now, before);
    if (camera) this.#camera.set(camera.id, camera);
  }

  #set_site(body: Record<string, unknown>): void {
    const stamp = read_stamp(body);
    const site = stamp && read_site(body, stamp);
    const before = site && this.#site.get(site.id);
    if (site && before && site.seq > before.seq) this.#site.set(site.id, site);
  }

  #note_heartbeat(stamp: Stamp, now: number): void {
    this.#heartbeat_heard_at = now;
    this.#clock_lead_ms = stamp.at - Date.now();
  }

  #add_event(event: BusEvent | null): void {
    if (!event || this.#seen_events.has(event.id)) return;
    this.#seen_events.add(event.id);
    const outage = this.events.find((e) => explains(e.event, event));
    if (outage) {
      this.events = this.events.map((e) =>
        e === outage ? { event: e.event, explained: [...e.explained, event] } : e);
      return;
    }
    const explained = this.events.filter((e) => explains(event, e.event)).map((e) => e.event);
    const others = explained.length === 0 ? this.events : this.events.filter((e) => !explained.includes(e.event));
    const entries = [{ event, explained }, ...others].sort((a, b) => b.event.at - a.event.at);
    for (const forgotten of entries.slice(most_events))
      for (const gone of [forgotten.event, ...forgotten.explained]) this.#seen_events.delete(gone.id);
    this.events = entries.slice(0, most_events);
  }
}

function explains(outage: BusEvent, event: BusEvent): boolean {
  return outage.type === "site_outage" && event.type === "camera_down" && event.site === outage.site &&
    event.camera !== null && outage.cameras.includes(event.camera) &&
    Math.abs(event.at - outage.at) <= outage_window_ms;
}

function grouped<T extends { readonly id: string }>(items: readonly T[], key: (item: T) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item.id);
    else groups.set(key(item), [item.id]);
  }
  return groups;
}

export const is_problem = (state: CameraState | ShownState): boolean =>
  state === "down" || state === "degraded" || state === "unknown";
