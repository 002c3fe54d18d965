// SPDX-License-Identifier: Apache-2.0

/** Beyond these bounds the camera's clock is wrong and a figure would mislead. */
const least_s = -0.5;
const most_s = 30;

/**
 * Estimates how old the picture on the screen is. Compares the node's instants with each other and
 * ours with each other, never one with the other: this machine's clock does not matter. The way over
 * the network is not seen.
 */
export class LiveClock {
  #last: { media_s: number; capture: number; sent: number; heard_at: number } | null = null;

  note(media_s: number, capture: number, sent: number, heard_at: number): void {
    if (Number.isFinite(media_s)) this.#last = { media_s, capture, sent, heard_at };
  }

  /** Seconds, or null when it cannot be known. `now` is monotonic, like `heard_at`. */
  latency_s(position_s: number, now: number): number | null {
    if (!this.#last) return null;
    const { media_s, capture, sent, heard_at } = this.#last;
    const latency = (sent - capture + (now - heard_at)) / 1000 - (position_s - media_s);
    return latency < least_s || latency > most_s ? null : Math.max(latency, 0);
  }
}
