// SPDX-License-Identifier: Apache-2.0

/** How long a number may be missing: events travel another way than states and may come later. */
const patience_ms = 1500;
const most_missing = 512;

/**
 * Watches the numbers of one epoch. Every state, event and heartbeat of a node's start carries the
 * next number; one that stays away means that we missed something and must ask for a snapshot.
 */
export class SequenceWatch {
  #missing = new Map<number, number>();
  #overflowed = false;

  constructor(
    readonly epoch: string,
    private highest: number,
  ) {}

  note(seq: number, now: number): void {
    if (seq <= this.highest) {
      this.#missing.delete(seq);
      return;
    }
    if (seq - this.highest > most_missing) this.#overflowed = true;
    else for (let lost = this.highest + 1; lost < seq; lost++) this.#missing.set(lost, now);
    this.highest = seq;
  }

  has_gap(now: number): boolean {
    if (this.#overflowed) return true;
    for (const since of this.#missing.values()) if (now - since > patience_ms) return true;
    return false;
  }
}
