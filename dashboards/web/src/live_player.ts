// SPDX-License-Identifier: Apache-2.0
// Plays a live stream (fMP4 fragments over a WebSocket) through Media Source Extensions, as close to
// the present as the network's rhythm allows, and says honestly when what it shows is not live.
import { LiveClock } from "./model/live_clock.ts";
import { parse_object, time } from "./model/json.ts";
import type { LiveGrant } from "./model/types.ts";

export type LiveStatus =
  | { readonly kind: "opening" }
  | { readonly kind: "waiting" }
  | { readonly kind: "live"; readonly latency_s: number | null }
  | { readonly kind: "stalled"; readonly for_s: number }
  | { readonly kind: "reconnecting" }
  | { readonly kind: "ended"; readonly reason: string }
  | { readonly kind: "refused"; readonly error: unknown };

/** No fragment for this long: the picture on the screen is no longer the present. */
const stall_ms = 2000;
const kept_behind_s = 8;
const jump_s = 2.5;
const tick_ms = 200;
const level_window_ms = 4000;
const retry_floor_ms = 500;
const retry_ceiling_ms = 5000;
/** Ends after which asking again by ourselves would be wrong: a human must want it. */
const final_reasons = new Set(["revoked", "session_over"]);

export class LivePlayer {
  #socket: WebSocket | null = null;
  #source: MediaSource | null = null;
  #buffer: SourceBuffer | null = null;
  #pending: ArrayBuffer[] = [];
  #mime = "";
  #expects_init = false;
  #clock = new LiveClock();
  #levels: { at: number; level_s: number }[] = [];
  #last_fragment_at: number | null = null;
  #is_paused_by_feed = false;
  #dropped_gops = 0;
  #retry_ms = retry_floor_ms;
  #is_stopped = false;
  #is_between = false;
  #timer: number;

  constructor(
    private readonly video: HTMLVideoElement,
    /** Asks for a new grant; called at the start and for each reconnection. */
    private readonly open: () => Promise<LiveGrant>,
    private readonly report: (status: LiveStatus) => void,
  ) {
    this.#timer = window.setInterval(() => this.#tick(), tick_ms);
    report({ kind: "opening" });
    void this.#connect();
  }

  get dropped_gops(): number { return this.#dropped_gops; }

  stop(): void {
    this.#is_stopped = true;
    window.clearInterval(this.#timer);
    this.#socket?.close();
    this.#detach();
  }

  async #connect(): Promise<void> {
    let grant: LiveGrant;
    try {
      grant = await this.open();
    } catch (error) {
      if (this.#is_stopped) return;
      this.#is_stopped = true;
      window.clearInterval(this.#timer);
      this.report({ kind: "refused", error });
      return;
    }
    if (this.#is_stopped) return;
    this.#is_between = false;
    this.#last_fragment_at = null;
    this.#is_paused_by_feed = false;
    this.#clock = new LiveClock();
    const socket = new WebSocket(grant.url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) => {
      if (typeof message.data === "string") this.#on_text(message.data);
      else this.#on_bytes(message.data);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#reconnect();
    };
    this.#socket = socket;
  }

  #reconnect(): void {
    this.#socket = null;
    if (this.#is_stopped) return;
    this.#is_between = true;
    this.report({ kind: "reconnecting" });
    const wait = this.#retry_ms * (0.5 + Math.random() / 2);
    this.#retry_ms = Math.min(this.#retry_ms * 2, retry_ceiling_ms);
    window.setTimeout(() => {
      if (this.#is_stopped) return;
      this.#detach();
      void this.#connect();
    }, wait);
  }

  #on_text(text: string): void {
    const body = parse_object(text);
    switch (body?.["kind"]) {
      case "init":
        this.#mime = `video/mp4; codecs="${String(body["codecs"])}"`;
        this.#expects_init = true;
        break;
      case "time": {
        const capture = time(body["capture"]);
        const sent = time(body["sent"]);
        if (capture !== null && sent !== null)
          this.#clock.note(Number(body["media_s"]), capture, sent, performance.now());
        break;
      }
      case "paused":
        this.#is_paused_by_feed = true;
        break;
      case "dropped":
        this.#dropped_gops = Number(body["gops"]);
        break;
      case "end":
        this.#on_end(String(body["reason"]));
        break;
    }
  }

  #on_end(reason: string): void {
    if (!final_reasons.has(reason)) return; // the socket closes next and we come back
    this.#is_stopped = true;
    window.clearInterval(this.#timer);
    this.#socket?.close();
    this.#detach();
    this.report({ kind: "ended", reason });
  }

  #on_bytes(bytes: ArrayBuffer): void {
    if (this.#expects_init) {
      this.#expects_init = false;
      if (!MediaSource.isTypeSupported(this.#mime)) {
        this.#on_end_by_us("codec");
        return;
      }
      if (!this.#source) {
        this.#attach(bytes);
        return;
      }
      this.#pending.push(bytes);
    } else {
      this.#last_fragment_at = performance.now();
      this.#is_paused_by_feed = false;
      this.#retry_ms = retry_floor_ms;
      this.#note_level();
      this.#pending.push(bytes);
    }
    this.#append();
  }

  #on_end_by_us(reason: string): void {
    this.stop();
    this.report({ kind: "ended", reason });
  }

  #attach(init: ArrayBuffer): void {
    const source = new MediaSource();
    this.#source = source;
    this.#pending = [init];
    source.addEventListener("sourceopen", () => {
      if (this.#source !== source) return;
      URL.revokeObjectURL(this.video.src);
      this.#buffer = source.addSourceBuffer(this.#mime);
      this.#buffer.addEventListener("updateend", () => this.#append());
      this.#append();
    }, { once: true });
    this.video.src = URL.createObjectURL(source);
    this.video.play().catch(() => undefined); // muted: only a stop in between refuses
  }

  #detach(): void {
    this.#pending = [];
    this.#levels = [];
    this.#buffer = null;
    this.#source = null;
    this.#expects_init = false;
  }

  #append(): void {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#source?.readyState !== "open") return;
    const behind = this.video.currentTime - kept_behind_s;
    const first = buffer.buffered.length > 0 ? buffer.buffered.start(0) : 0;
    try {
      if (behind - first > kept_behind_s) {
        buffer.remove(0, behind);
        return;
      }
      const next = this.#pending.shift();
      if (next) buffer.appendBuffer(next);
    } catch {
      // A full or broken buffer is not repaired, it is made anew.
      this.#socket?.close();
    }
  }

  #level_s(): number {
    const ranges = this.video.buffered;
    return ranges.length === 0 ? 0 : ranges.end(ranges.length - 1) - this.video.currentTime;
  }

  /** The level just before new data arrives is what we could do without. */
  #note_level(): void {
    const now = performance.now();
    this.#levels.push({ at: now, level_s: this.#level_s() });
    while (this.#levels.length > 0 && now - this.#levels[0]!.at > level_window_ms) this.#levels.shift();
  }

  #chase(): void {
    const video = this.video;
    const ranges = video.buffered;
    if (ranges.length === 0) return;
    const start = ranges.start(ranges.length - 1);
    const end = ranges.end(ranges.length - 1);
    const at = video.currentTime;
    if (at < start) {
      video.currentTime = Math.max(start, end - 0.5); // first pictures, or beyond a hole
      return;
    }
    if (end - at > jump_s) {
      video.currentTime = end - 0.4;
      this.#levels = [];
      return;
    }
    const spare = this.#levels.length < 4 ? 0.15 : Math.min(...this.#levels.map((l) => l.level_s));
    video.playbackRate = spare > 0.6 ? 1.15 : spare > 0.25 ? 1.05 : spare < 0.04 ? 0.96 : 1;
  }

  #tick(): void {
    if (this.#is_between || this.#is_stopped || !this.#socket) return;
    this.#chase();
    const now = performance.now();
    if (this.video.error) {
      this.#socket.close();
      return;
    }
    if (this.#last_fragment_at === null || this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      this.report({ kind: "waiting" });
      return;
    }
    const silent_ms = now - this.#last_fragment_at;
    if (this.#is_paused_by_feed || silent_ms > stall_ms) this.report({ kind: "stalled", for_s: silent_ms / 1000 });
    else this.report({ kind: "live", latency_s: this.#clock.latency_s(this.video.currentTime, now) });
  }
}
