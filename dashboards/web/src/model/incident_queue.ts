// SPDX-License-Identifier: Apache-2.0
// The alarms of the centre as this page knows them: a list asked for, kept current by what the bus says.
// Pure: nothing is asked, and time is given.
import type { Refusal } from "./types.ts";
import type { IncidentList, Place } from "./incident_decode.ts";
import { comes_before, is_closed, is_mine, is_waiting, type Incident } from "./incident.ts";

/** Ranks grow with waiting, and nobody tells that: the list is asked for again every so often … */
const list_age_ms = 30_000;
/** … and at most this often when numbers are missing: who may not see every commune misses some for good. */
const gap_pause_ms = 10_000;

/** Closed incidents that stay in sight. */
export const most_closed = 50;

export interface QueueParts {
  /** Wait for anybody. */
  readonly waiting: readonly Incident[];
  readonly mine: readonly Incident[];
  readonly others: readonly Incident[];
  /** The last closed first. */
  readonly closed: readonly Incident[];
}

interface Heard {
  readonly incident: Incident;
  readonly heard_at: number;
}

export class IncidentQueue {
  /** Something may have been missed: ask for the list. */
  needs_list = true;
  /** The list was too long: the least urgent open incidents are not in it. */
  has_more = false;
  /** False: this centre has no alarm desk; nothing is said about alarms then, not that there are none. */
  has_desk = true;
  /** Why the list was not given; null: it was. */
  refusal: Refusal | null = null;
  version = 0;

  #heard = new Map<string, Heard>();
  #place: Place | null = null;
  #listed_at = 0;
  #has_gap = false;

  get(id: string): Incident | undefined { return this.#heard.get(id)?.incident; }
  get size(): number { return this.#heard.size; }

  /** The bus was lost or a number was missed. What is known stays in sight until the list comes. */
  request_list(): void { this.needs_list = true; }

  /** The list was refused; it is asked for again later. A centre that does not know the question has no alarm desk. */
  note_refused(refusal: Refusal, now: number): void {
    this.has_desk = refusal.code !== "bus_unknown";
    this.refusal = refusal;
    this.needs_list = false;
    this.#listed_at = now;
    this.version++;
  }

  /** Where the bus stands with this message. */
  note_place(place: Place): void {
    if (this.#place && (place.store !== this.#place.store || place.seq > this.#place.seq + 1)) this.#has_gap = true;
    if (!this.#place || place.store !== this.#place.store || place.seq > this.#place.seq) this.#place = place;
  }

  /** Looks whether it is time for another list; call it every second or so. */
  check(now: number): void {
    const age = now - this.#listed_at;
    if (this.has_desk && (age > list_age_ms || (this.#has_gap && age > gap_pause_ms))) this.needs_list = true;
  }

  /** What the bus says of one incident. True: it is one we did not know and that waits for somebody. */
  apply(incident: Incident, now: number): boolean {
    const before = this.#heard.get(incident.id)?.incident;
    if (before && is_older(incident, before)) return false;
    // The answer to an act does not tell of the delivery, the bus does.
    const delivery = incident.delivery ?? (before?.revision === incident.revision ? before.delivery : null);
    this.#heard.set(incident.id, { incident: { ...incident, delivery }, heard_at: now });
    this.#forget_old_ones();
    this.version++;
    return !before && is_waiting(incident);
  }

  /** The whole list, asked for at `asked_at`: what it does not hold and nobody told of since is gone. */
  apply_list(list: IncidentList, asked_at: number, now: number): void {
    const listed = new Set(list.incidents.map((i) => i.id));
    for (const [id, { heard_at }] of this.#heard)
      if (!listed.has(id) && heard_at < asked_at) this.#heard.delete(id);
    for (const incident of list.incidents) this.apply(incident, now);
    if (!this.#place || this.#place.store !== list.place.store || this.#place.seq < list.place.seq) this.#place = list.place;
    this.#listed_at = now;
    this.#has_gap = false;
    this.has_more = list.more;
    this.refusal = null;
    this.needs_list = false;
    this.has_desk = true;
    this.version++;
  }

  parts(me: string): QueueParts {
    const all = Array.from(this.#heard.values(), (h) => h.incident).sort(comes_before);
    const open = all.filter((i) => !is_closed(i));
    return {
      waiting: open.filter(is_waiting),
      mine: open.filter((i) => is_mine(i, me)),
      others: open.filter((i) => !is_waiting(i) && !is_mine(i, me)),
      closed: all.filter(is_closed).sort((a, b) => b.since - a.since),
    };
  }

  #forget_old_ones(): void {
    const closed = Array.from(this.#heard.values(), (h) => h.incident).filter(is_closed);
    if (closed.length <= most_closed) return;
    closed.sort((a, b) => b.since - a.since);
    for (const old of closed.slice(most_closed)) this.#heard.delete(old.id);
  }
}

/** An incident moves with its revision, and between two revisions only its signals grow. */
const is_older = (a: Incident, b: Incident): boolean =>
  a.revision < b.revision || (a.revision === b.revision && a.signals < b.signals);

/** Who comes after `id` in the order shown; for the arrow keys. Past the ends nothing moves. */
export function neighbour(parts: QueueParts, id: string | null, step: number): string | null {
  const order = [...parts.waiting, ...parts.mine, ...parts.others, ...parts.closed].map((i) => i.id);
  if (order.length === 0) return null;
  const at = id === null ? -1 : order.indexOf(id);
  if (at < 0) return order[0] ?? null;
  return order[Math.min(Math.max(at + step, 0), order.length - 1)] ?? null;
}
