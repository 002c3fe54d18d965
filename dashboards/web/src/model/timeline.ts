// SPDX-License-Identifier: Apache-2.0
// The arithmetic of a replay's time line. Pure.
import type { ReplaySegment } from "./types.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Segments closer than this are one recording to the eye. */
const seam_ms = 1500;

/** What is recorded, with seams between segments closed. */
export function recorded_spans(segments: readonly ReplaySegment[]): Span[] {
  const spans: { start: number; end: number }[] = [];
  for (const s of segments) {
    const last = spans[spans.length - 1];
    if (last && s.start - last.end <= seam_ms) last.end = Math.max(last.end, s.end);
    else spans.push({ start: s.start, end: s.end });
  }
  return spans;
}

/** What is missing between `from` and `to`. */
export function gaps(spans: readonly Span[], from: number, to: number): Span[] {
  const out: Span[] = [];
  let at = from;
  for (const s of spans) {
    if (s.start - at > seam_ms) out.push({ start: at, end: Math.min(s.start, to) });
    at = Math.max(at, s.end);
  }
  if (to - at > seam_ms) out.push({ start: at, end: to });
  return out;
}

export const recorded_ms = (spans: readonly Span[]): number =>
  spans.reduce((sum, s) => sum + s.end - s.start, 0);

export interface Position {
  readonly index: number;
  readonly offset_s: number;
}

/** The segment that shows `instant`, or the next one after a gap; null past the last. */
export function position_at(segments: readonly ReplaySegment[], instant: number): Position | null {
  for (let index = 0; index < segments.length; index++) {
    const s = segments[index]!;
    if (instant < s.start) return { index, offset_s: 0 };
    if (instant < s.end) return { index, offset_s: (instant - s.start) / 1000 };
  }
  return null;
}

/** Round instants inside [from, to] for labels. */
export function ticks(from: number, to: number, step_ms: number): number[] {
  const out: number[] = [];
  for (let t = Math.ceil(from / step_ms) * step_ms; t <= to; t += step_ms) out.push(t);
  return out;
}
