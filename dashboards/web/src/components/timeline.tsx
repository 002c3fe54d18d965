// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from "preact/hooks";
import { clock_time, short_time } from "../format.ts";
import { gaps, ticks, type Span } from "../model/timeline.ts";
import { useDesk } from "./context.ts";

const label_step_ms = 10 * 60_000;
const key_step_ms = 10_000;

interface TimelineProps {
  spans: readonly Span[];
  from: number;
  to: number;
  instant: number | null;
  on_seek: (instant: number) => void;
}

/** The last hour: what is recorded, what is missing, where we are. Drawn as SVG, in thousandths. */
export function Timeline({ spans, from, to, instant, on_seek }: TimelineProps) {
  const { t } = useDesk();
  const bar = useRef<SVGSVGElement>(null);
  const [hovered, set_hovered] = useState<number | null>(null);
  const x = (at: number) => ((Math.min(Math.max(at, from), to) - from) / (to - from)) * 1000;
  const at_pointer = (event: PointerEvent | MouseEvent): number => {
    const box = bar.current?.getBoundingClientRect();
    return box ? from + ((event.clientX - box.left) / box.width) * (to - from) : from;
  };
  const on_key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -key_step_ms, ArrowRight: key_step_ms, PageDown: -label_step_ms, PageUp: label_step_ms }[event.key];
    if (step === undefined || instant === null) return;
    event.preventDefault();
    on_seek(Math.min(Math.max(instant + step, from), to));
  };
  return (
    <div class="timeline">
      <div class="timeline-hover" aria-hidden="true">{hovered !== null && clock_time(t, hovered)}</div>
      <svg ref={bar} viewBox="0 0 1000 28" preserveAspectRatio="none" role="slider" tabIndex={0} data-testid="timeline"
        aria-label={t.replay.timeline} aria-valuemin={from} aria-valuemax={to} aria-valuenow={instant ?? to}
        aria-valuetext={instant === null ? "" : clock_time(t, instant)} onKeyDown={on_key}
        onClick={(event) => on_seek(at_pointer(event))} onPointerMove={(event) => set_hovered(at_pointer(event))}
        onPointerLeave={() => set_hovered(null)}>
        <defs>
          <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2.5" height="7" class="hatch" />
          </pattern>
        </defs>
        {gaps(spans, from, to).map((g) => (
          <rect key={g.start} x={x(g.start)} width={x(g.end) - x(g.start)} y="4" height="20" fill="url(#hatch)">
            <title>{`${t.replay.gap} : ${clock_time(t, g.start)} – ${clock_time(t, g.end)}`}</title>
          </rect>
        ))}
        {spans.map((s) => <rect key={s.start} class="recorded-span" x={x(s.start)} width={Math.max(x(s.end) - x(s.start), 1)} y="4" height="20" />)}
        {instant !== null && <rect class="cursor" x={x(instant) - 1.5} width="3" y="0" height="28" />}
      </svg>
      <div class="timeline-labels" aria-hidden="true">
        {ticks(from, to, label_step_ms).map((at) => (
          <span key={at} ref={(node) => { if (node) node.style.left = `${x(at) / 10}%`; }}>{short_time(t, at)}</span>
        ))}
      </div>
    </div>
  );
}
