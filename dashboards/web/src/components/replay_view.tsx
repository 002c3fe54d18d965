// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "preact/hooks";
import type { Access } from "../bus.ts";
import { clock_time, duration } from "../format.ts";
import { position_at, recorded_ms, recorded_spans } from "../model/timeline.ts";
import type { Camera, ReplayGrant } from "../model/types.ts";
import { useDesk } from "./context.ts";
import { Icon } from "./icons.tsx";
import { Timeline } from "./timeline.tsx";
import { RefusalBox } from "./viewer.tsx";

const hour_ms = 3_600_000;
const speeds = [1, 2, 4, 8] as const;
/** A grant is renewed this long before it ends. */
const renewal_margin_ms = 30_000;
/** Where replay starts: a minute ago, when that is recorded. */
const first_look_ms = 60_000;

interface Loaded {
  readonly grant: ReplayGrant;
  readonly from: number;
  readonly to: number;
}

/** Two video elements take turns, so that the next segment is ready when one ends. */
export function ReplayView({ camera, access }: { camera: Camera; access: Access }) {
  const { t, bus, store } = useDesk();
  const [loaded, set_loaded] = useState<Loaded | null>(null);
  const [error, set_error] = useState<unknown>(null);
  const [front, set_front] = useState(0);
  const [instant, set_instant] = useState<number | null>(null);
  const [is_playing, set_playing] = useState(true);
  const [speed, set_speed] = useState<number>(1);
  const [has_failed, set_failed] = useState(false);
  const [is_at_end, set_at_end] = useState(false);
  const videos = [useRef<HTMLVideoElement>(null), useRef<HTMLVideoElement>(null)] as const;
  const index = useRef<[number, number]>([-1, -1]);
  const wanted_play = useRef(true);

  const segments = loaded?.grant.segments ?? [];
  const element = (slot: number) => videos[slot as 0 | 1].current;

  const load = async (keep: number | null) => {
    set_error(null);
    try {
      const to = store.node_time(Date.now());
      const from = to - hour_ms;
      const grant = await bus.open_replay(camera, access, from, to);
      index.current = [-1, -1];
      set_loaded({ grant, from, to });
      const last = grant.segments[grant.segments.length - 1];
      if (last) seek_in(grant, keep ?? Math.max(grant.segments[0]!.start, last.end - first_look_ms));
    } catch (refused) {
      set_error(refused);
    }
  };
  useEffect(() => { void load(null); }, [camera.id, access]);

  /** Puts a segment into a slot; the browser fetches it at once. */
  const put = (slot: number, grant: ReplayGrant, at: number) => {
    const video = element(slot);
    const segment = grant.segments[at];
    if (!video || !segment || index.current[slot as 0 | 1] === at) return;
    index.current[slot as 0 | 1] = at;
    video.src = segment.url;
    video.playbackRate = speed;
    video.load();
  };

  const show = (slot: number, grant: ReplayGrant, at: number, offset_s: number) => {
    put(slot, grant, at);
    const video = element(slot);
    if (!video) return;
    set_failed(false);
    set_at_end(false);
    const other = element(1 - slot);
    other?.pause();
    const start = () => {
      if (Math.abs(video.currentTime - offset_s) > 0.05) video.currentTime = offset_s;
      video.playbackRate = speed;
      if (wanted_play.current) video.play().catch(() => undefined);
    };
    if (video.readyState >= HTMLMediaElement.HAVE_METADATA) start();
    else video.addEventListener("loadedmetadata", start, { once: true });
    set_front(slot);
    set_instant((grant.segments[at]?.start ?? 0) + offset_s * 1000);
    if (at + 1 < grant.segments.length) put(1 - slot, grant, at + 1);
  };

  const seek_in = (grant: ReplayGrant, to: number) => {
    const position = position_at(grant.segments, to);
    if (!position) {
      set_at_end(true);
      return;
    }
    const ready = index.current.indexOf(position.index);
    show(ready >= 0 ? ready : front, grant, position.index, position.offset_s);
  };

  const seek = (to: number) => {
    if (!loaded) return;
    if (loaded.grant.expires_at - store.node_time(Date.now()) < renewal_margin_ms) void load(to);
    else seek_in(loaded.grant, to);
  };

  const on_time = (slot: number) => {
    const video = element(slot);
    const segment = segments[index.current[slot as 0 | 1]];
    if (slot === front && video && segment) set_instant(segment.start + video.currentTime * 1000);
  };

  const on_ended = (slot: number) => {
    if (slot !== front || !loaded) return;
    const next = index.current[slot as 0 | 1] + 1;
    if (next < segments.length) show(1 - slot, loaded.grant, next, 0);
    else set_at_end(true);
  };

  const toggle = () => {
    const video = element(front);
    wanted_play.current = !is_playing;
    set_playing(!is_playing);
    if (is_playing) video?.pause();
    else if (is_at_end && loaded) void load(null);
    else video?.play().catch(() => undefined);
  };

  const change_speed = (value: number) => {
    set_speed(value);
    for (const ref of videos) if (ref.current) ref.current.playbackRate = value;
  };

  const spans = recorded_spans(segments);
  return (
    <div class="replay" data-testid="replay-view" data-segments={segments.length}>
      <div class="strip replayed">
        <span class="tally">{t.replay.title}</span>
        {instant !== null && segments.length > 0 && <time data-testid="replay-time">{clock_time(t, instant)}</time>}
        {segments.length > 0 && <span class="end">{t.replay.recorded(duration(t, recorded_ms(spans)))}</span>}
      </div>
      <div class="screen">
        {([0, 1] as const).map((slot) => (
          <video key={slot} ref={videos[slot]} muted playsInline preload="auto" class={slot === front ? "" : "behind"}
            data-testid={slot === front ? "replay-video" : undefined}
            onTimeUpdate={() => on_time(slot)} onEnded={() => on_ended(slot)}
            onError={() => slot === front && index.current[slot] >= 0 && set_failed(true)} />
        ))}
        {error !== null && <RefusalBox error={error} on_retry={() => void load(null)} />}
        {error === null && !loaded && <div class="screen-message" role="status">{t.replay.loading}</div>}
        {loaded && segments.length === 0 && <div class="screen-message">{t.replay.nothing}</div>}
        {has_failed && <div class="screen-message" role="alert">{t.replay.failed}</div>}
        {is_at_end && !has_failed && segments.length > 0 && (
          <div class="screen-message">
            <p>{t.replay.end}</p>
            <button type="button" class="primary" onClick={() => void load(null)}>{t.replay.refresh}</button>
          </div>
        )}
      </div>
      {loaded && segments.length > 0 && (
        <>
          <Timeline spans={spans} from={loaded.from} to={loaded.to} instant={instant} on_seek={seek} />
          <div class="transport">
            <button type="button" class="square" aria-label={is_playing ? t.replay.pause : t.replay.play} onClick={toggle}>
              <Icon name={is_playing ? "pause" : "play"} />
            </button>
            <button type="button" aria-label={t.replay.back10} onClick={() => seek((instant ?? loaded.to) - 10_000)}>−10 s</button>
            <button type="button" aria-label={t.replay.forward10} onClick={() => seek((instant ?? loaded.to) + 10_000)}>+10 s</button>
            <div class="segmented" role="group" aria-label={t.replay.speed}>
              {speeds.map((s) => <button key={s} type="button" aria-pressed={speed === s} onClick={() => change_speed(s)}>{s}×</button>)}
            </div>
          </div>
        </>
      )}
    </div>
  );
}
