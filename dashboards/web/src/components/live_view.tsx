// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "preact/hooks";
import type { Access } from "../bus.ts";
import { decimal } from "../format.ts";
import { LivePlayer, type LiveStatus } from "../live_player.ts";
import type { Camera } from "../model/types.ts";
import { useDesk } from "./context.ts";
import { StateIcon } from "./icons.tsx";
import { RefusalBox } from "./viewer.tsx";

export function LiveView({ camera, access }: { camera: Camera; access: Access }) {
  const { t, bus } = useDesk();
  const video = useRef<HTMLVideoElement>(null);
  const [status, set_status] = useState<LiveStatus>({ kind: "opening" });
  const [attempt, set_attempt] = useState(0);

  useEffect(() => {
    if (!video.current) return;
    const player = new LivePlayer(video.current, () => bus.open_live(camera, access), set_status);
    return () => player.stop();
  }, [camera.id, access, attempt]);

  const is_live = status.kind === "live";
  const is_over = status.kind === "ended" || status.kind === "refused";
  const again = () => set_attempt((n) => n + 1);
  return (
    <div class="showing" data-testid="live-view" data-status={status.kind}>
      <div class={`strip ${is_live ? "live" : "stale"}`} role="status">
        <span class="tally">
          {is_live ? <><span class="dot" aria-hidden="true" />{t.live.live}</>
            : <><StateIcon state="unknown" size={12} />{status.kind === "stalled" ? t.live.stalled_short : t.live[status.kind]}</>}
        </span>
        {is_live && status.latency_s !== null && (
          <span data-testid="latency" data-seconds={status.latency_s}>{t.live.latency(decimal(t, status.latency_s, 1))}</span>
        )}
        {is_live && camera.width > 0 && <span class="end">{t.live.size(camera.width, camera.height)}</span>}
      </div>
      <div class={`screen ${is_live ? "is-live" : "is-stale"}`}>
        <video ref={video} muted playsInline data-testid="live-video" />
        {!is_live && !is_over && (
          <div class="screen-message" role="status">
            {status.kind === "stalled" ? t.live.stalled(decimal(t, status.for_s, 0)) : t.live[status.kind]}
          </div>
        )}
        {status.kind === "refused" && <RefusalBox error={status.error} on_retry={again} />}
        {status.kind === "ended" && (
          <div class="screen-message" role="alert">
            <b>{t.live.ended}</b>
            <p>{t.live.reasons[status.reason] ?? status.reason}</p>
            <button type="button" class="primary" onClick={again}>{t.viewer.retry}</button>
          </div>
        )}
      </div>
    </div>
  );
}
