// SPDX-License-Identifier: Apache-2.0
// What the bus says, as the console keeps it. Times are milliseconds since 1970 UTC.

export type CameraState = "starting" | "live" | "degraded" | "down";
/** What a card shows: a state nobody has confirmed lately is unknown, never its last value. */
export type ShownState = CameraState | "unknown";

export interface Camera {
  readonly id: string;
  readonly name: string;
  readonly commune: string;
  readonly site: string;
  /** The viewing authority to name in requests (LEG-03). */
  readonly authority: string;
  readonly purposes: readonly string[];
  readonly state: CameraState;
  readonly rung: string;
  readonly cause: string;
  readonly detail: string;
  readonly since: number;
  readonly fps: number;
  readonly kbps: number;
  readonly width: number;
  readonly height: number;
  readonly lost_packets: number;
  readonly last_frame_at: number | null;
  readonly clock_offset_ms: number | null;
  /** When the node said so, by its clock. */
  readonly at: number;
  readonly seq: number;
  /** When we heard it, monotonic. */
  readonly heard_at: number;
}

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly commune: string;
  readonly state: "live" | "degraded" | "outage";
  readonly since: number;
  readonly cause: string;
  readonly seq: number;
}

export interface Commune {
  readonly id: string;
  readonly name: string;
}

export interface BusEvent {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly since: number;
  readonly commune: string;
  readonly site: string;
  readonly camera: string | null;
  readonly cause: string;
  readonly detail: string;
  readonly cameras: readonly string[];
}

export interface Centre {
  readonly id: string;
  readonly name: string;
  readonly department: string;
}

export interface LiveGrant {
  readonly url: string;
  readonly expires_at: number;
}

export interface ReplaySegment {
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
  readonly url: string;
}

export interface ReplayGrant {
  readonly expires_at: number;
  readonly segments: readonly ReplaySegment[];
}

/** Why a request was refused, in the reader's language. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly rule: string | null,
    readonly en: string,
    readonly fr: string,
    readonly who: string | null,
  ) {
    super(en);
  }
}
