// SPDX-License-Identifier: Apache-2.0
import type { ShownState } from "../model/types.ts";

/** A state told by shape as well as by colour: disc, triangle, crossed square, ring, diamond. */
export function StateIcon({ state, size = 14 }: { state: ShownState; size?: number }) {
  return (
    <svg class={`state-icon ${state}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {state === "live" && <circle cx="8" cy="8" r="5.5" fill="currentColor" />}
      {state === "degraded" && <path d="M8 1.5 15.2 14H.8z" fill="currentColor" />}
      {state === "down" && (
        <>
          <rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="currentColor" />
          <path d="M5 5l6 6M11 5l-6 6" class="knockout" stroke-width="2" stroke-linecap="round" />
        </>
      )}
      {state === "starting" && <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2.4" stroke-dasharray="6 2.4" />}
      {state === "unknown" && (
        <>
          <path d="M8 1 15 8l-7 7-7-7z" fill="none" stroke="currentColor" stroke-width="1.8" />
          <path d="M8 5v3.6" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
          <circle cx="8" cy="11" r="1" fill="currentColor" />
        </>
      )}
    </svg>
  );
}

const paths: Record<string, string> = {
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5 14 14",
  play: "M5 3v10l8-5z",
  pause: "M5 3v10M11 3v10",
  back: "M8 3 4 7l4 4M4.5 7H12",
  frame: "M2 3.5h12v9H2z",
};

export function Icon({ name, size = 16 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} fill={name === "play" ? "currentColor" : "none"} stroke="currentColor"
        stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 16c4.2-7.4 8.6-9.5 13-9.5S24.8 8.6 29 16c-4.2 7.4-8.6 9.5-13 9.5S7.2 23.4 3 16z"
        fill="none" stroke="currentColor" stroke-width="2.4" />
      <circle cx="16" cy="16" r="4.3" fill="currentColor" />
    </svg>
  );
}
