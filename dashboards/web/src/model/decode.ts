// SPDX-License-Identifier: Apache-2.0
// Reads bus bodies. A body that is not what it should be gives null, never half an object.
import { number, objects, parse_object, refuse_errors, text, texts, time, type Json } from "./json.ts";
import type { BusEvent, Camera, CameraState, Centre, Commune, LiveGrant, ReplayGrant, Site } from "./types.ts";

const camera_states: ReadonlySet<string> = new Set(["starting", "live", "degraded", "down"]);
const site_states: ReadonlySet<string> = new Set(["live", "degraded", "outage"]);

export interface Stamp {
  readonly epoch: string;
  readonly seq: number;
  readonly at: number;
}

export function read_stamp(body: Json): Stamp | null {
  const at = time(body["at"]);
  if (typeof body["epoch"] !== "string" || typeof body["seq"] !== "number" || at === null) return null;
  return { epoch: body["epoch"], seq: body["seq"], at };
}

/** `before` fills what only the snapshot tells (purposes, authority). */
export function read_camera(body: Json, stamp: Stamp, heard_at: number, before?: Camera): Camera | null {
  const state = text(body["state"]);
  const id = text(body["camera"]);
  if (!camera_states.has(state) || id === "") return null;
  const commune = text(body["commune"]);
  return {
    id,
    name: text(body["name"]) || id,
    commune,
    site: text(body["site"]),
    authority: text(body["authority"]) || before?.authority || commune,
    purposes: Array.isArray(body["purposes"]) ? texts(body["purposes"]) : before?.purposes ?? [],
    state: state as CameraState,
    rung: text(body["rung"]),
    cause: text(body["cause"]) || "none",
    detail: text(body["detail"]),
    since: time(body["since"]) ?? stamp.at,
    fps: number(body["fps"]),
    kbps: number(body["kbps"]),
    width: number(body["width"]),
    height: number(body["height"]),
    lost_packets: number(body["lost_packets"]),
    last_frame_at: time(body["last_frame_at"]),
    clock_offset_ms: typeof body["clock_offset_ms"] === "number" ? body["clock_offset_ms"] : null,
    at: stamp.at,
    seq: stamp.seq,
    heard_at,
  };
}

export function read_site(body: Json, stamp: Stamp): Site | null {
  const state = text(body["state"]);
  const id = text(body["site"]);
  if (!site_states.has(state) || id === "") return null;
  return {
    id,
    name: text(body["name"]) || id,
    kind: text(body["site_kind"]),
    commune: text(body["commune"]),
    state: state as Site["state"],
    since: time(body["since"]) ?? stamp.at,
    cause: text(body["cause"]) || "none",
    seq: stamp.seq,
  };
}

export function read_event(body: Json): BusEvent | null {
  const at = time(body["at"]);
  const id = text(body["id"]);
  const type = text(body["type"]);
  if (at === null || id === "" || type === "") return null;
  return {
    id,
    type,
    at,
    since: time(body["since"]) ?? at,
    commune: text(body["commune"]),
    site: text(body["site"]),
    camera: text(body["camera"]) || null,
    cause: text(body["cause"]) || "none",
    detail: text(body["detail"]),
    cameras: texts(body["cameras"]),
  };
}

export interface Snapshot {
  readonly stamp: Stamp;
  readonly centre: Centre;
  /** Too large for one message: sites and cameras are to be asked for commune by commune. */
  readonly partial: boolean;
  readonly communes: readonly Commune[];
  readonly sites: readonly Site[];
  readonly cameras: readonly Camera[];
}

export function read_snapshot(body: Json, heard_at: number): Snapshot | null {
  const stamp = read_stamp(body);
  const centre = body["centre"] as Json | undefined;
  if (!stamp || typeof centre !== "object" || !Array.isArray(body["communes"])) return null;
  const communes: Commune[] = [];
  const sites: Site[] = [];
  const cameras: Camera[] = [];
  for (const c of objects(body["communes"])) {
    const commune = text(c["commune"]);
    communes.push({ id: commune, name: text(c["name"]) || commune });
    for (const s of objects(c["sites"])) {
      const site = read_site({ commune, ...s }, stamp);
      if (!site) continue;
      sites.push(site);
      for (const item of objects(s["cameras"])) {
        const camera = read_camera({ commune, site: site.id, ...item }, stamp, heard_at);
        if (camera) cameras.push(camera);
      }
    }
  }
  return {
    stamp,
    centre: { id: text(centre["id"]), name: text(centre["name"]), department: text(centre["department"]) },
    partial: body["partial"] === true,
    communes,
    sites,
    cameras,
  };
}

/** The last born first. */
export function read_events(reply: string): BusEvent[] {
  const body = refuse_errors(parse_object(reply), "events");
  return objects(body["events"]).map(read_event).filter((event): event is BusEvent => event !== null);
}

export function read_live_grant(reply: string): LiveGrant {
  const body = refuse_errors(parse_object(reply), "live_grant");
  return { url: text(body["url"]), expires_at: time(body["expires_at"]) ?? 0 };
}

export function read_replay_grant(reply: string): ReplayGrant {
  const body = refuse_errors(parse_object(reply), "replay_grant");
  const segments = objects(body["segments"])
    .map((s) => ({
      start: time(s["start"]) ?? 0,
      end: time(s["end"]) ?? 0,
      bytes: number(s["bytes"]),
      url: text(s["url"]),
    }))
    .filter((s) => s.end > s.start && s.url !== "")
    .sort((a, b) => a.start - b.start);
  return { expires_at: time(body["expires_at"]) ?? 0, segments };
}
